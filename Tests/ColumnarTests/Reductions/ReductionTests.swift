import Columnar
import TestSupport
import Testing

@Suite struct ReductionTests {
  private static let unary: [Reduction] = [
    .countValid, .countNull, .countDistinct, .sum, .mean, .min, .max, .variance,
    .standardDeviation, .median, .quantile(0), .quantile(0.3), .quantile(1), .first, .last, .nth(1),
    .nth(2), .nth(-1), .nth(Int.min), .mode, .any, .all, .skewness, .kurtosis,
  ]
  private static let binary: [Reduction] = [.correlation, .covariance, .weightedMean]

  /// Integers and everything that is one of the values is exact; float arithmetic is close.
  private func agree(_ actual: Scalar, _ expected: Scalar, _ reduction: Reduction) -> Bool {
    if actual == expected { return true }
    switch (actual, expected) {
    case (.float(let actual), .float(let expected)):
      let scale = max(abs(expected), reduction == .sum || reduction == .mean ? 1e-3 : 1e-6)
      return abs(actual - expected) <= 1e-7 * scale
    case (.duration(let actual), .duration(let expected)):
      return abs(actual.microseconds - expected.microseconds) <= 1
    case (.float(let value), .null), (.null, .float(let value)):
      // Of equal values the naive moments need not be exactly 0.
      return reduction == .skewness || reduction == .kurtosis || abs(value) > 1e300
    default: return false
    }
  }

  private func check(
    _ reduction: Reduction, _ columns: [Column], by keys: [Column], count: Int,
    _ label: String
  ) throws {
    guard let type = try? reduction.resultType(for: columns.map(\.type)) else { return }
    let grouping = try Grouping(keys: keys, rowCount: count)
    let arguments = columns.map(\.scalars)
    let expected = Oracle.groups(keys.map(\.scalars), rowCount: count).map {
      Oracle.reduce(reduction, arguments, rows: $0, type: type)
    }
    if expected.contains(nil) {
      let group = expected.firstIndex(of: nil) ?? 0
      let error = #expect(throws: DataError.self) {
        try reduce(reduction, columns, by: grouping)
      }
      #expect(error?.code == .overflow)
      #expect(error?.row == Int(grouping.firstRows[group]))
      #expect(error?.message.contains("not fit") == true)
      return
    }
    let actual = try reduce(reduction, columns, by: grouping)
    #expect(actual.type == type)
    let agrees =
      actual.count == expected.count
      && zip(actual.scalars, expected).allSatisfy { agree($0, $1 ?? .null, reduction) }
    #expect(agrees, "\(reduction) \(label): \(actual.scalars) is not \(expected)")
  }

  @Test(arguments: SampleKind.allCases)
  func groupsAgreeWithTheOracle(_ kind: SampleKind) throws {
    for count in [0, 1, 2, 65, 128] {
      let key = try sampleColumn(.fewTexts, count: count, nulls: .random, seed: 9)
      let other = try sampleColumn(.fewFloats, count: count, nulls: .random, seed: 11)
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let label = "\(kind) \(nulls) \(count)"
        for reduction in Self.unary {
          try check(reduction, [column], by: [], count: count, label)
          try check(reduction, [column], by: [key], count: count, label)
        }
        for reduction in Self.binary where kind != .floatExtremes && kind != .int64Extremes {
          try check(reduction, [column, other], by: [], count: count, label)
          try check(reduction, [column, other], by: [key], count: count, label)
        }
        try check(.count, [], by: [key], count: count, label)
      }
    }
  }

  @Test func groupsOfOneRowAgreeWithTheOracle() throws {
    let count = 129
    let key = try Column.ints((0..<count).map { Int64($0 * 3 % 129) })
    let column = try sampleColumn(.floats, count: count, nulls: .random)
    for reduction in Self.unary {
      try check(reduction, [column], by: [key], count: count, "alone")
    }
  }

  @Test func severalPartsAndManyGroupsAgree() throws {
    let count = 5 * Workers.partSize + 3
    let column = try sampleColumn(.int16, count: count, nulls: .random)
    // Few groups are accumulated by chunks, many by segments, one by parts.
    for groupCount in [1, 3, 100_000] {
      let keys = (0..<count).map { Int64($0 % groupCount) }
      let grouping = try Grouping(keys: [.ints(keys)], rowCount: count)
      var sums = [Int64](repeating: 0, count: groupCount)
      var counts = [Int64](repeating: 0, count: groupCount)
      var least = [Int64](repeating: .max, count: groupCount)
      for row in 0..<count {
        if case .int(let value) = column[row] {
          sums[row % groupCount] += value
          counts[row % groupCount] += 1
          least[row % groupCount] = min(least[row % groupCount], value)
        }
      }
      let sum = try reduce(.sum, [column], by: grouping).scalars
      #expect(sum == zip(sums, counts).map { $1 == 0 ? .null : .int($0) })
      #expect(try reduce(.countValid, [column], by: grouping).scalars == counts.map { .int($0) })
      let min = try reduce(.min, [column], by: grouping).scalars
      #expect(min == zip(least, counts).map { $1 == 0 ? .null : .int($0) })
    }
  }

  @Test func overflowNamesTheGroup() throws {
    let values = try Column.ints([1, .max, 2, 1, .min, -1])
    let keys = try Column.texts(["a", "b", "a", "b", "c", "c"])
    let grouping = try Grouping(keys: [keys], rowCount: 6)
    let error = #expect(throws: DataError.self) { try reduce(.sum, [values], by: grouping) }
    #expect(error == DataError(.overflow, "the sum does not fit into a 64-bit integer", row: 1))
    // Beyond 64 bits on the way, but not at the end.
    let back = try Column.ints([.max, 1, -2])
    #expect(try reduce(.sum, [back], by: .whole(rowCount: 3))[0] == .int(.max - 1))
  }

  @Test func momentsHaveKnownValues() throws {
    let column = try Column.floats([2, 8, 0, 4, 1, 9, 9, 0])
    let whole = try Grouping.whole(rowCount: 8)
    func value(_ reduction: Reduction) throws -> Double {
      try reduce(reduction, [column], by: whole)[0].number ?? .nan
    }
    // pandas 3 and scipy 1.17.1, without bias.
    #expect(abs(try value(.skewness) - 0.330_582_180_407_974_7) < 1e-12)
    #expect(abs(try value(.kurtosis) - -2.098_602_258_096_087) < 1e-12)
    #expect(try value(.quantile(0.25)) == 0.75)
    // Far from 0 the two passes keep their digits.
    let far = try Column.floats([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    #expect(try reduce(.variance, [far], by: .whole(rowCount: 4))[0] == .float(30))
  }

  @Test func infinitiesStayAndNaNIsNull() throws {
    let infinite = try Column.floats([.infinity, 1, -.infinity])
    let grouping = try Grouping(keys: [.ints([0, 0, 1])], rowCount: 3)
    #expect(
      try reduce(.sum, [infinite], by: grouping).scalars == [.float(.infinity), .float(-.infinity)])
    #expect(try reduce(.sum, [infinite], by: .whole(rowCount: 3)).scalars == [.null])
    #expect(try reduce(.variance, [infinite], by: grouping).scalars == [.null, .null])
    #expect(try reduce(.median, [infinite], by: .whole(rowCount: 3)).scalars == [.float(1)])
  }

  @Test func typesThatDoNotApplyAreErrors() throws {
    let text = try Column.texts(["a"])
    let whole = try Grouping.whole(rowCount: 1)
    for reduction in [Reduction.sum, .mean, .median, .variance, .any, .skewness] {
      let error = #expect(throws: DataError.self) { try reduce(reduction, [text], by: whole) }
      #expect(error?.code == .typeMismatch)
    }
    #expect(throws: DataError.self) { try reduce(.sum, [], by: whole) }
    #expect(throws: DataError.self) { try reduce(.quantile(1.5), [.ints([1])], by: whole) }
    #expect(throws: DataError.self) { try reduce(.quantile(.nan), [.ints([1])], by: whole) }
  }
}
