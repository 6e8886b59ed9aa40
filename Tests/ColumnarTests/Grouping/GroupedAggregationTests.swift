import TestSupport
import Testing

@testable import Columnar

/// Aggregates by groups against the oracle, whichever way the keys make the engine take.
@Suite struct GroupedAggregationTests {
  private static let reductions: [Reduction] = [
    .countValid, .countNull, .countDistinct, .sum, .mean, .min, .max, .variance,
    .standardDeviation, .median, .quantile(0.3), .first, .last, .mode, .any, .all, .skewness,
    .kurtosis,
  ]

  private func agree(_ actual: Scalar, _ expected: Scalar) -> Bool {
    if actual == expected { return true }
    switch (actual, expected) {
    case (.float(let actual), .float(let expected)):
      return abs(actual - expected) <= 1e-7 * max(abs(expected), 1e-3)
    case (.duration(let actual), .duration(let expected)):
      return abs(actual.microseconds - expected.microseconds) <= 1
    default: return false
    }
  }

  /// All reductions that apply, in one call, over the rows of the mask.
  private func check(
    _ columns: [Column], by keys: [Column], where bits: [Bool]?, count: Int, _ label: String
  ) throws {
    var items: [(Reduction, [Column])] = [(.count, [])]
    for column in columns {
      for reduction in Self.reductions
      where (try? reduction.resultType(for: [column.type])) != nil {
        items.append((reduction, [column]))
      }
    }
    for reduction in [Reduction.correlation, .covariance, .weightedMean] {
      let pair = Array(columns.prefix(2))
      if (try? reduction.resultType(for: pair.map(\.type))) != nil {
        items.append((reduction, pair))
      }
    }
    let rows = (0..<count).filter { bits?[$0] ?? true }
    let groups = Oracle.groups(
      keys.map { key in rows.map { key.scalars[$0] } }, rowCount: rows.count
    ).map { $0.map { rows[$0] } }
    let result = try aggregate(
      try items.map { try GroupItem($0.0, $0.1) }, by: keys,
      where: try bits.map { try Bitmap($0) }, rowCount: count)
    #expect(result.groupCount == groups.count, "\(label)")
    for (key, column) in zip(keys, result.keys) {
      let known = key.scalars
      #expect(column.type == key.type)
      #expect(column.scalars == groups.map { known[$0[0]] }, "keys \(label)")
    }
    for ((reduction, arguments), column) in zip(items, result.values) {
      let scalars = arguments.map(\.scalars)
      let type = try reduction.resultType(for: arguments.map(\.type))
      let expected = groups.map {
        Oracle.reduce(reduction, scalars, rows: $0, type: type) ?? .null
      }
      #expect(column.type == type)
      let agrees = zip(column.scalars, expected).allSatisfy { agree($0, $1) }
      #expect(agrees && column.count == expected.count, "\(reduction) \(label)")
    }
  }

  private static let keyKinds: [[SampleKind]] = [
    [], [.bool], [.fewTexts], [.int8], [.date], [.fewFloats], [.int32], [.int64], [.plainText],
    [.fewTexts, .int8], [.bool, .fewTexts, .int8], [.manyTexts, .int16], [.int32, .floats],
    [.int64Extremes, .int64Extremes], [.floatExtremes, .int64Extremes, .fewTexts],
  ]

  @Test(arguments: keyKinds)
  func agreesWithTheOracle(_ kinds: [SampleKind]) throws {
    for count in [0, 1, 2, 63, 64, 65, 129] {
      for nulls in [NullPattern.none, .random, .all] {
        let keys = try kinds.enumerated().map {
          try sampleColumn($1, count: count, nulls: nulls, seed: UInt64($0 + 5))
        }
        let columns = try [SampleKind.int8, .int16, .fewFloats, .int32].enumerated().map {
          try sampleColumn($1, count: count, nulls: nulls, seed: UInt64($0 + 50))
        }
        let bits = (0..<count).map { $0 % 3 != 1 }
        for mask in [nil, bits, (0..<count).map { _ in false }] {
          try check(columns, by: keys, where: mask, count: count, "\(kinds) \(count) \(nulls)")
        }
      }
    }
  }

  @Test(arguments: SampleKind.allCases)
  func allTypesAgreeWithTheOracle(_ kind: SampleKind) throws {
    // Sums of these overflow, and moments of them are infinite.
    if kind == .int64Extremes || kind == .floatExtremes { return }
    let key = try sampleColumn(.fewTexts, count: 130, nulls: .random, seed: 3)
    for nulls in NullPattern.allCases {
      let column = try sampleColumn(kind, count: 130, nulls: nulls, seed: 8)
      try check([column], by: [key], where: nil, count: 130, "\(kind) \(nulls)")
      try check([column], by: [], where: nil, count: 130, "\(kind) \(nulls)")
    }
  }

  /// More groups than have slots, in several ranges of groups.
  @Test func manyGroupsAgree() throws {
    let count = 3 * Workers.partSize + 11
    let keys = (0..<count).map { Int64($0 % 150_000) * 1_000_003 }
    let values = try Column.ints((0..<count).map { Int64($0 % 1000) - 500 })
    let floats = try sampleColumn(.floats, count: count, nulls: .random)
    let result = try aggregate(
      [
        try GroupItem(.sum, [values]), try GroupItem(.count, []), try GroupItem(.max, [floats]),
        try GroupItem(.variance, [values]),
      ], by: [.ints(keys), .ints(keys.map { $0 % 7 })], rowCount: count)
    #expect(result.groupCount == 150_000)
    var sums = [Int64](repeating: 0, count: 150_000)
    var squares = [Int64](repeating: 0, count: 150_000)
    var counts = [Int64](repeating: 0, count: 150_000)
    var most = [Double](repeating: -.infinity, count: 150_000)
    let known = floats.scalars
    for row in 0..<count {
      let value = Int64(row % 1000) - 500
      sums[row % 150_000] += value
      squares[row % 150_000] += value * value
      counts[row % 150_000] += 1
      most[row % 150_000] = max(most[row % 150_000], known[row].number ?? -.infinity)
    }
    #expect(result.keys[0].scalars == (0..<150_000).map { .int(Int64($0) * 1_000_003) })
    #expect(result.keys[1].scalars == (0..<150_000).map { .int(Int64($0) * 1_000_003 % 7) })
    #expect(result.values[0].scalars == sums.map { .int($0) })
    #expect(result.values[1].scalars == counts.map { .int($0) })
    #expect(
      result.values[2].scalars == most.map { $0 == -.infinity ? .null : .float($0) })
    let variances = result.values[3].scalars
    for group in stride(from: 0, to: 150_000, by: 997) where counts[group] > 1 {
      let n = Double(counts[group])
      let expected = (Double(squares[group]) - Double(sums[group] * sums[group]) / n) / (n - 1)
      #expect(abs((variances[group].number ?? -1) - expected) <= 1e-9 * max(expected, 1))
    }
  }

  /// Few values are told apart by bits, many by grouping; both over several parts.
  @Test func distinctValuesOfManyRowsAgree() throws {
    let count = 3 * Workers.partSize + 11
    let keys = try sampleColumn(.fewTexts, count: count, nulls: .random, seed: 2)
    let names = keys.scalars
    for kind in [SampleKind.int8, .int16, .fewTexts, .bool, .date, .int32, .fewFloats] {
      for nulls in [NullPattern.none, .random, .all] {
        let column = try sampleColumn(kind, count: count, nulls: nulls, seed: 9)
        let result = try aggregate(
          [try GroupItem(.countDistinct, [column])], by: [keys], rowCount: count)
        var known: [Scalar: Set<Scalar>] = [:]
        for (name, value) in zip(names, column.scalars) {
          known[name, default: []].formUnion(value.isNull ? [] : [value])
        }
        let expected = result.keys[0].scalars.map { Scalar.int(Int64(known[$0]?.count ?? -1)) }
        #expect(result.values[0].scalars == expected, "\(kind) \(nulls)")
      }
    }
  }

  @Test func overflowNamesItsItemAndGroup() throws {
    let values = try Column.ints([1, .max, 2, 1, .min, -1])
    let keys = try Column.texts(["a", "b", "a", "b", "c", "c"])
    let failure = #expect(throws: GroupFailure.self) {
      try aggregate(
        [try GroupItem(.count, []), try GroupItem(.sum, [values])], by: [keys], rowCount: 6)
    }
    #expect(failure?.item == 1 && failure?.keys == [.text("b")])
    #expect(failure?.error.code == .overflow)
  }
}

/// Parts, threads and batches do not change a bit.
@Suite(.serialized) struct AggregationPartTests {
  private static let items: [(Reduction, [Int])] = [
    (.count, []), (.sum, [0]), (.mean, [0]), (.variance, [0]), (.kurtosis, [0]), (.skewness, [0]),
    (.correlation, [0, 1]), (.sum, [1]), (.mean, [1]), (.standardDeviation, [1]), (.min, [0]),
    (.max, [1]), (.weightedMean, [0, 1]), (.first, [2]), (.last, [2]), (.min, [2]), (.max, [2]),
    (.correlation, [1, 3]), (.sum, [3]), (.countNull, [0]), (.any, [4]),
  ]

  private func bits(_ columns: [Column]) -> [[UInt64]] {
    columns.map { column in
      if case .float(let buffer) = column.storage { return buffer.map(\.bitPattern) }
      return column.scalars.map { value in
        switch value {
        case .text(let text): text.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
        default: UInt64(bitPattern: Int64(value.number ?? -1))
        }
      }
    }
  }

  private func columns(_ count: Int) throws -> [Column] {
    try [
      sampleColumn(.floats, count: count, nulls: .random),
      sampleColumn(.int16, count: count, nulls: .none, seed: 3),
      sampleColumn(.fewTexts, count: count, nulls: .random, seed: 5),
      sampleColumn(.int8, count: count, nulls: .none, seed: 6),
      sampleColumn(.bool, count: count, nulls: .random, seed: 7),
    ]
  }

  @Test func threadsAndWaysDoNotChangeBits() throws {
    let count = AggregationPart.size + 4321
    let columns = try columns(count)
    let few = (0..<count).map { Int64($0 * 7 % 5) }
    let items = try Self.items.map { try GroupItem($0.0, $0.1.map { columns[$0] }) }
    defer { Workers.threadCount = 0 }
    var known: [[UInt64]]?
    for threads in [1, 2, 3, 8] {
      Workers.threadCount = threads
      // By slots, by a hash table, and from numbers of groups: the same groups.
      var ways = [try aggregate(items, by: [.ints(few)], rowCount: count).values]
      if threads == 2 {
        let wide = try Column.ints(few.map { $0 * 1_000_000_007 })
        ways.append(try aggregate(items, by: [wide], rowCount: count).values)
        ways.append(try reduce(items, by: Grouping(keys: [.ints(few)], rowCount: count)))
      }
      for values in ways {
        let bits = bits(values)
        if let known { #expect(known == bits, "\(threads)") } else { known = bits }
      }
    }
  }

  /// Slots whose states fit the cache, and more of them where the states are small.
  @Test(arguments: [(131_072, [0, 1, 2, 3, 4, 5, 6, 7]), (150_001, [0, 1]), (150_001, [0, 7])])
  func manyGroupsOverPartsAreTheSameBitsBySlotsAndBySorting(
    groups: Int, items: [Int]
  ) throws {
    let count = AggregationPart.size + 99_999
    let columns = try columns(count)
    let items = try items.map { Self.items[$0] }
      .map { try GroupItem($0.0, $0.1.map { columns[$0] }) }
    let keys = (0..<count).map { Int64($0) &* 7919 % Int64(groups) }
    defer { Workers.threadCount = 0 }
    Workers.threadCount = 2
    let stride = items.count == 2 ? 3 : 50
    let limit = SlotKeys.limit(rowCount: count, stride: stride)
    #expect(try SlotKeys([.ints(keys)], rowCount: count, limit: limit)?.slotCount == groups)
    let slots = try aggregate(items, by: [.ints(keys)], rowCount: count)
    let wide = keys.map { $0 * 1_000_000_007 }
    let sorted = try aggregate(
      items, by: [.ints(wide), .ints(wide.map { -$0 }), .ints(wide)], rowCount: count)
    #expect(slots.groupCount == groups && sorted.groupCount == groups)
    #expect(bits(slots.values) == bits(sorted.values))
  }

  /// Rows are counted by counters of their own, which no two threads share.
  @Test(arguments: [1, 31, 32, 33, 5000, 150_000])
  func rowsOfGroupsAreCounted(_ groups: Int) throws {
    let count = 2 * AggregationPart.size + 4097
    let keys = (0..<count).map { Int64($0 &* 7919 % (groups + 7) % groups) }
    let bits = try Bitmap((0..<count).map { $0 % 5 != 2 })
    let before = Workers.threadCount
    defer { Workers.threadCount = before }
    for mask in [nil, bits] {
      var expected = [Int64](repeating: 0, count: groups)
      for (row, key) in keys.enumerated() where mask?[row] ?? true { expected[Int(key)] += 1 }
      for threads in [1, 3] {
        Workers.threadCount = threads
        let counted = try aggregate(
          [try GroupItem(.count, [])], by: [.ints(keys)], where: mask, rowCount: count)
        #expect(counted.values[0].scalars == expected.filter { $0 > 0 }.map { .int($0) })
        let grouping = try Grouping(keys: [.ints(keys)], rowCount: count)
        #expect(try grouping.sizes(of: mask).map { Int64($0) } == expected)
      }
    }
  }

  /// A batch's counts are added to those of groups that lie at places of their own: the first batch has
  /// the upper half of the keys.
  @Test func rowsOfBatchesAreCounted() throws {
    let size = AggregationPart.size
    var batches = GroupedAggregator([GroupedAggregator.Item(.count, [])], narrow: [])
    var expected = [Int64](repeating: 0, count: 1000)
    for (batch, count) in [size, size, 5000].enumerated() {
      let keys = (0..<count).map { batch == 0 ? 500 + $0 % 500 : $0 % 1000 }
      for key in keys { expected[key] += 1 }
      try batches.add(
        [], by: [.ints(keys.map { Int64($0) * 1_000_000_007 })], rowCount: count)
    }
    let counted = try batches.finish()
    #expect(counted.keys[0].scalars == (0..<1000).map { .int(Int64($0) * 1_000_000_007) })
    #expect(counted.values[0].scalars == expected.map { .int($0) })
  }

  @Test func batchesGiveTheBitsOfAllRowsAtOnce() throws {
    let size = AggregationPart.size
    let count = size + 777
    let columns = try columns(count)
    let key = try Column.texts((0..<count).map { $0 < size ? "k\($0 % 3)" : "k\($0 % 4)" })
    for keys in [[], [key]] {
      let whole = try aggregate(
        try Self.items.map { try GroupItem($0.0, $0.1.map { columns[$0] }) }, by: keys,
        rowCount: count)
      for batchSize in [size, 2 * size] {
        var batches = GroupedAggregator(
          Self.items.map { GroupedAggregator.Item($0.0, $0.1) },
          narrow: [false, true, false, true, true])
        for start in stride(from: 0, to: count, by: batchSize) {
          let rows = start..<min(start + batchSize, count)
          // Another batch has other texts, in another order.
          let texts = try Column.texts(
            rows.map { row in
              if case .text(let text) = columns[2][row] { return text }
              return nil
            })
          var arguments = try columns.map { try $0.slice(rows) }
          arguments[2] = texts
          try batches.add(
            arguments, by: try keys.map { try $0.slice(rows) }, rowCount: rows.count)
        }
        let finished = try batches.finish()
        #expect(finished.keys.map(\.scalars) == whole.keys.map(\.scalars))
        #expect(bits(finished.values) == bits(whole.values), "\(batchSize)")
      }
    }
  }

  /// Keys that are text, some of it null, some behind a mask only, in dictionaries of their own.
  @Test func textKeysOfBatchesAreTheSameInAll() throws {
    let size = AggregationPart.size
    let count = 2 * size + 99
    let texts = (0..<count).map { row -> String? in
      row % 13 == 4 ? nil : "t\((row &* 7919 &+ row / size) % 3000)"
    }
    let plain = (0..<count).map { "p\($0 % 5)" }
    let values = try Column.ints((0..<count).map { Int64($0 % 100) })
    let bits = (0..<count).map { $0 % 3 != 1 && $0 % 13 != 5 }
    for mask in [nil, bits] {
      for names in [[0], [0, 1], [1]] {
        func keys(_ rows: Range<Int>) throws -> [Column] {
          try names.map { try .texts($0 == 0 ? Array(texts[rows]) : Array(plain[rows])) }
        }
        let whole = try aggregate(
          [try GroupItem(.sum, [values]), try GroupItem(.count, [])], by: try keys(0..<count),
          where: try mask.map { try Bitmap($0) }, rowCount: count)
        var batches = GroupedAggregator([.init(.sum, [0]), .init(.count, [])], narrow: [false])
        for start in stride(from: 0, to: count, by: size) {
          let rows = start..<min(start + size, count)
          try batches.add(
            [try values.slice(rows)], by: try keys(rows),
            where: try mask.map { try Bitmap(Array($0[rows])) }, rowCount: rows.count)
        }
        let finished = try batches.finish()
        #expect(finished.keys.map(\.scalars) == whole.keys.map(\.scalars))
        #expect(finished.values.map(\.scalars) == whole.values.map(\.scalars))
      }
    }
  }

  @Test func batchesThatCannotMergeAreErrors() throws {
    var medians = GroupedAggregator([.init(.median, [0])], narrow: [true])
    #expect(throws: DataError.self) { try medians.add([.ints([1])], by: [], rowCount: 1) }
    #expect(!GroupedAggregator.merges(.median) && GroupedAggregator.merges(.kurtosis))
    var sums = GroupedAggregator([.init(.sum, [0])], narrow: [true])
    #expect(throws: DataError.self) { try sums.add([.ints([70_000])], by: [], rowCount: 1) }
    var ended = GroupedAggregator([.init(.sum, [0])], narrow: [true])
    try ended.add([.ints([1])], by: [], rowCount: 1)
    #expect(throws: DataError.self) { try ended.add([.ints([1])], by: [], rowCount: 1) }
    #expect(try ended.finish().values[0].scalars == [.int(1)])
    var none = GroupedAggregator([.init(.sum, [0])], narrow: [true])
    #expect(throws: DataError.self) { try none.finish() }
    none = ended
  }
}
