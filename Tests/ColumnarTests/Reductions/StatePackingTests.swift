import Testing

@testable import Columnar

/// Counts and integer sums that share a word, against sums of rows one by one.
@Suite struct StatePackingTests {
  private static let rowCount = 2 * AggregationPart.size + 1

  /// A column's values by row, nil for null.
  private struct Values: Sendable {
    let name: String
    let value: @Sendable (Int) -> Int64?

    init(
      _ name: String, _ bounds: ClosedRange<Int64>,
      isNull: @escaping @Sendable (Int) -> Bool = { _ in false }
    ) {
      self.name = name
      let span = UInt64(bounds.upperBound - bounds.lowerBound) + 1
      value = { row in
        // Each bound occurs, and the greatest fills the first part.
        if isNull(row) { return nil }
        if row < AggregationPart.size { return bounds.upperBound }
        var bits = UInt64(row) &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 29
        return bounds.lowerBound + Int64(bits % span)
      }
    }

    func column() throws -> Column { try .ints((0..<StatePackingTests.rowCount).map(value)) }
  }

  /// What the groups' sums must be, by the group's key.
  private static func expected(_ values: Values, _ key: (Int) -> Int) -> [Int: (Int64, Int64)] {
    var sums: [Int: (Int64, Int64)] = [:]
    for row in 0..<rowCount {
      let value = values.value(row)
      let known = sums[key(row)] ?? (0, 0)
      sums[key(row)] = (known.0 + (value == nil ? 0 : 1), known.1 + (value ?? 0))
    }
    return sums
  }

  private static func check(
    _ all: [Values], by key: (Int) -> Int, with more: [Reduction] = [], _ label: String
  ) throws {
    let keys = try Column.ints((0..<rowCount).map { Int64(key($0)) })
    let columns = try all.map { try $0.column() }
    let items = try columns.flatMap { column in
      try ([.sum, .countValid] + more).map { try GroupItem($0, [column]) }
    }
    let result = try aggregate(items, by: [keys], rowCount: rowCount)
    let groups = result.keys[0].scalars
    for (place, values) in all.enumerated() {
      let expected = expected(values, key)
      #expect(groups.count == expected.count)
      let sums = result.values[place * (2 + more.count)].scalars
      let counts = result.values[place * (2 + more.count) + 1].scalars
      let isRight = groups.indices.allSatisfy { group in
        guard case .int(let key) = groups[group], let (count, sum) = expected[Int(key)]
        else { return false }
        return counts[group] == .int(count) && (count == 0 || sums[group] == .int(sum))
      }
      #expect(isRight, "\(values.name) \(label)")
    }
  }

  private static let small = Values("1 to 5", 1...5)
  private static let sets: [[Values]] = [
    // With a part's count these take all 64 bits, and the count loses one.
    [small, Values("1 to 15", 1...15)],
    [small],
    [Values("a byte", -128...127), Values("16 bits", -32_768...32_767), small],
    [Values("32 bits", Int64(Int32.min)...Int64(Int32.max)), small],
    [Values("far from 0", 1_000_000_000...1_000_000_006), Values("below 0", -9...(-2))],
    [Values("one value", -7...(-7)), Values("zeros", 0...0)],
    [
      small, Values("with nulls", -3...4) { $0 % 3 == 0 },
      Values("all null at first", 5...6) { $0 < AggregationPart.size + 9 },
    ],
    [
      Values("a", 0...100), Values("b", 0...100), Values("c", 0...100), Values("d", 0...100),
      Values("e", 0...100), Values("f", 0...100), Values("g", -30_000...100),
    ],
  ]

  private static let keys: [(String, @Sendable (Int) -> Int)] = [
    ("a group a part", { $0 / AggregationPart.size }),
    ("seven groups", { $0 % 7 }),
    ("70,000 groups", { $0 &* 31 % 70_000 }),
  ]

  @Test(arguments: sets.indices, keys.indices)
  func sumsAreThoseOfTheRows(set: Int, key: Int) throws {
    try Self.check(Self.sets[set], by: Self.keys[key].1, Self.keys[key].0)
  }

  @Test func othersStandBeside() throws {
    for (label, key) in Self.keys {
      try Self.check(Self.sets[6], by: key, with: [.max, .first, .variance], label)
    }
  }

  @Test func statesAreOneWordForCountAndSmallSums() throws {
    var state = GroupState()
    for values in Self.sets[0] {
      _ = try state.add(try GroupItem(.sum, [try values.column()]))
    }
    _ = try state.add(try GroupItem(.sum, [try .floats([1])]))
    #expect(state.stride == 4)
    #expect(try StatePacking(state, rows: AggregationPart.size)?.stride == 2)
    // Nothing is gained where a sum takes the word for itself.
    var wide = GroupState()
    _ = try wide.add(try GroupItem(.sum, [try Self.sets[3][0].column()]))
    #expect(try StatePacking(wide, rows: AggregationPart.size) == nil)
  }

  /// Parts' words are added up as they are where all rows' sums have room: also that of a group with
  /// so many rows that their count takes one bit more, and beside it all that is no such sum.
  @Test(arguments: [2 * AggregationPart.size, 2 * AggregationPart.size + 1])
  func wordsOfPartsAreAddedUp(rowCount: Int) throws {
    func key(_ row: Int) -> Int { 4...5 ~= row ? 1 : 0 }
    func number(_ row: Int) -> Int64 { Int64(row % 5) + 1 }
    func wide(_ row: Int) -> Int64 { row % 2 == 0 ? 1 << 62 : Int64(row % 3) - (1 << 62) }
    func float(_ row: Int) -> Double { 1 / Double(row + 1) - 0.5 }
    let rows = 0..<rowCount
    let columns = [
      try Column.ints(rows.map(number)), try .ints(rows.map(wide)), try .floats(rows.map(float)),
    ]
    let asked: [(Reduction, Column)] = [
      (.countValid, columns[0]), (.sum, columns[0]), (.min, columns[0]), (.max, columns[0]),
      (.first, columns[0]), (.last, columns[0]), (.sum, columns[1]), (.sum, columns[2]),
    ]
    let items = try asked.map { try GroupItem($0.0, [$0.1]) }
    for oneGroup in [false, true] {
      let keys = try Column.ints(rows.map { oneGroup ? 3 : Int64(key($0)) })
      let values = try aggregate(items, by: [keys], rowCount: rowCount).values
      for group in 0..<(oneGroup ? 1 : 2) {
        let own = rows.filter { oneGroup || key($0) == group }
        // Floats are added up row by row in a part, and then the parts.
        var sum = 0.0
        for start in stride(from: 0, to: rowCount, by: AggregationPart.size) {
          sum += own.lazy.filter { $0 / AggregationPart.size == start / AggregationPart.size }
            .reduce(0) { $0 + float($1) }
        }
        let wanted: [Scalar] = [
          .int(Int64(own.count)), .int(own.reduce(0) { $0 + number($1) }),
          .int(own.map(number).min() ?? 0), .int(own.map(number).max() ?? 0),
          .int(number(own[0])), .int(number(own[own.count - 1])),
          .int(Int64(truncatingIfNeeded: own.reduce(Int128(0)) { $0 + Int128(wide($1)) })),
          .float(sum),
        ]
        #expect(values.map { $0[group] } == wanted, "\(rowCount) \(oneGroup) \(group)")
      }
    }
  }

  /// Also of squares and of products, which the spread of integers is made of.
  @Test func spreadIsThatOfTheRows() throws {
    let values = Values("a byte", -128...127)
    let others = Values("others", -5...9)
    for (label, key) in Self.keys.prefix(2) {
      let keys = try Column.ints((0..<Self.rowCount).map { Int64(key($0)) })
      let pair = [try values.column(), try others.column()]
      let result = try aggregate(
        [try GroupItem(.covariance, pair), try GroupItem(.variance, [pair[0]])], by: [keys],
        rowCount: Self.rowCount)
      for (group, name) in result.keys[0].scalars.enumerated() {
        guard case .int(let wanted) = name else { continue }
        let rows = (0..<Self.rowCount).filter { key($0) == Int(wanted) }
        let x = rows.map { Double(values.value($0) ?? 0) }
        let y = rows.map { Double(others.value($0) ?? 0) }
        let count = Double(rows.count)
        let (xMean, yMean) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        let products = zip(x, y).map { ($0 - xMean) * ($1 - yMean) }.reduce(0, +)
        let squares = x.map { ($0 - xMean) * ($0 - xMean) }.reduce(0, +)
        for (column, sum) in [(result.values[0], products), (result.values[1], squares)] {
          if rows.count == 1 {
            #expect(column.scalars[group] == .null, "\(label)")
            continue
          }
          guard case .float(let value) = column.scalars[group] else {
            Issue.record("no float: \(label)")
            continue
          }
          let known = sum / (count - 1)
          #expect(abs(value - known) <= 1e-9 * max(abs(known), 1), "\(label) \(wanted)")
        }
      }
    }
  }
}
