import Columnar
import TestSupport
import Testing

/// `in`, of lists that are written and of columns, against Swift's own sets.
@Suite struct MembershipTests {
  /// For each row whether its value is a member; nil for a null.
  private func apply(_ membership: Membership, _ column: Column) throws -> [Bool?] {
    var found: [Bool?] = []
    for start in stride(from: 0, to: column.count, by: Vector.batchSize) {
      let rows = start..<min(start + Vector.batchSize, column.count)
      var context = KernelContext(firstRow: start, count: rows.count)
      let result = try membership.apply([column.vector(rows)], &context)
      found += (0..<rows.count).map { result.isNull($0) ? nil : result.bools[$0] == 1 }
    }
    return found
  }

  private func numbers(_ count: Int, seed: UInt64) -> [Int64?] {
    var generator = RandomGenerator(seed: seed)
    let odd: [Int64?] = [nil, 0, -1, 1, .min, .max, 1 << 53]
    return (0..<count).map { _ in
      generator.next(below: 5) == 0
        ? odd[Int(generator.next(below: 7))] : Int64(generator.next(below: 3_000)) - 1_500
    }
  }

  @Test(arguments: [0, 1, 8, 9, 64, 1_000, 5_000]) func integers(_ count: Int) throws {
    let (members, values) = (numbers(count, seed: 5), numbers(9_000, seed: 6))
    let known = Set(members.compactMap { $0 })
    let wanted = values.map { $0.map(known.contains) }
    let column = try Column.ints(values)
    #expect(try apply(Membership(try Column.ints(members), type: .int), column) == wanted)
    let listed = members.compactMap { $0.map(Scalar.int) }
    #expect(try apply(Membership(listed, type: .int), column) == wanted)
    let withNull = try apply(Membership(listed + [.null], type: .int), column)
    #expect(withNull == wanted.map { $0 ?? true })
  }

  @Test(arguments: [0, 1, 9, 1_000]) func floats(_ count: Int) throws {
    let members = numbers(count, seed: 7).map { $0.map { Double($0) / 4 } } + [-0.0, .infinity]
    let values = numbers(9_000, seed: 8).map { $0.map { Double($0) / 4 } } + [0, -0.0, -.infinity]
    let known = Set(members.compactMap { $0 })
    let wanted = values.map { $0.map(known.contains) }
    let column = try Column.floats(values)
    #expect(try apply(Membership(try Column.floats(members), type: .float), column) == wanted)
    let ints = numbers(count, seed: 9)
    let widened = Set(ints.compactMap { $0.map(Double.init) })
    #expect(
      try apply(Membership(try Column.ints(ints), type: .float), column)
        == values.map { $0.map(widened.contains) })
  }

  @Test(arguments: [0, 1, 9, 1_000]) func texts(_ count: Int) throws {
    func words(_ count: Int, seed: UInt64) -> [String?] {
      numbers(count, seed: seed).map { $0.map { $0 == 0 ? "" : "é\($0)" } }
    }
    let (members, values) = (words(count, seed: 10), words(9_000, seed: 11))
    let known = Set(members.compactMap { $0 })
    let wanted = values.map { $0.map(known.contains) }
    let column = try Column.texts(values)
    for list in [try Column.texts(members), try Column.texts(members).dictionaryEncoded()] {
      #expect(try apply(Membership(list, type: .text), column) == wanted)
    }
  }

  @Test func daysAreMidnights() throws {
    let days = try Column.ints([0, nil, 19_783], type: .date)
    let times = try Column.ints([0, 1, nil, 19_783 * 86_400_000_000], type: .datetime)
    #expect(try apply(Membership(days, type: .datetime), times) == [true, false, nil, true])
  }
}
