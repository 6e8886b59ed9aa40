import Columnar
import TestSupport
import Testing

/// Windows beside a row-at-a-time oracle, over sizes and nulls at which kernels go wrong.
@Suite struct WindowTests {
  struct Setup: Sendable, CustomTestStringConvertible {
    var count: Int
    var groups: Int
    var nulls: NullPattern
    var isDescending: Bool

    var testDescription: String { "\(count) rows, \(groups) groups, nulls \(nulls)" }
  }

  static let setups: [Setup] = boundaryCounts.flatMap { count in
    NullPattern.allCases.flatMap { nulls in
      [1, 3, 1000].map { groups in
        Setup(count: count, groups: groups, nulls: nulls, isDescending: count % 2 == 1)
      }
    }
  }

  private func partitions(
    _ setup: Setup, order kind: SampleKind = .date
  ) throws -> (partitions: Partitions, oracle: WindowOracle, times: Column) {
    var generator = RandomGenerator(seed: 7)
    let groups = (0..<setup.count).map { _ in Int(generator.next(below: UInt64(setup.groups))) }
    let keys = setup.groups == 1 ? [] : [try Column.ints(groups.map { Int64($0) })]
    let times = try sampleColumn(kind, count: setup.count, nulls: setup.nulls, seed: 3)
    let grouping = try Grouping(keys: keys, rowCount: setup.count)
    let order = [SortColumn(column: times, isDescending: setup.isDescending)]
    return (
      try Partitions(keys: keys, order: order, grouping: grouping),
      WindowOracle(
        groups: groups, order: times.scalars, isDescending: setup.isDescending), times
    )
  }

  @Test(arguments: setups) func rollsOverRows(_ setup: Setup) throws {
    let (partitions, oracle, _) = try partitions(setup)
    let functions: [Rolling] = [.count, .sum, .mean, .min, .max, .standardDeviation, .median]
    for (width, minimum) in [(1, 1), (3, 2), (64, 1), (500, 5)] {
      for (kind, functions) in [
        (SampleKind.fewFloats, functions), (.floats, functions), (.manyTexts, [.min, .max]),
        (.int16, [.min, .max]),
      ] {
        let column = try sampleColumn(kind, count: setup.count, nulls: setup.nulls)
        let values = column.scalars
        for function in functions {
          let result = try Windows.rolling(
            function, column, over: .rows(width), minimum: minimum,
            type: function == .min || function == .max ? column.type : .float, in: partitions)
          expect(result, "\(function) \(kind) \(width)") { row in
            oracle.rolled(function, oracle.window(values, row, width: width), minimum: minimum)
          }
        }
      }
    }
  }

  @Test(arguments: setups) func rollsOverTime(_ setup: Setup) throws {
    for kind in [SampleKind.date, .datetime] {
      let (partitions, oracle, times) = try partitions(setup, order: kind)
      let column = try sampleColumn(.fewFloats, count: setup.count, nulls: setup.nulls)
      let values = column.scalars
      for days in [1, 30, 10_000] as [Int64] {
        let width = Duration(microseconds: days * 86_400_000_000)
        let extent = try partitions.extents(
          of: width, before: times, isDescending: setup.isDescending)
        for function in [Rolling.sum, .max, .median, .count] {
          let result = try Windows.rolling(
            function, column, over: extent, minimum: 1, type: .float, in: partitions)
          expect(result, "\(function) \(kind) \(days)d") { row in
            guard let window = oracle.window(values, row, time: width.microseconds) else {
              return .null
            }
            return oracle.rolled(function, window, minimum: 1)
          }
        }
      }
    }
  }

  @Test(arguments: setups) func accumulates(_ setup: Setup) throws {
    let (partitions, oracle, _) = try partitions(setup)
    for kind in [SampleKind.fewFloats, .int16, .manyTexts, .bool] {
      let column = try sampleColumn(kind, count: setup.count, nulls: setup.nulls)
      let values = column.scalars
      let functions: [(Cumulative, Rolling)] =
        kind == .manyTexts
        ? [(.min, .min), (.max, .max), (.count, .count)]
        : [(.sum, .sum), (.min, .min), (.max, .max), (.count, .count)]
      for (function, rolling) in functions {
        let type: DataType = kind == .bool && function == .sum ? .int : column.type
        let result = try Windows.cumulative(function, column, type: type, in: partitions)
        expect(result, "\(function) \(kind)") { row in
          oracle.rolled(rolling, oracle.window(values, row), minimum: 1)
        }
      }
    }
  }

  @Test(arguments: setups) func shiftsAndFills(_ setup: Setup) throws {
    let (partitions, oracle, _) = try partitions(setup)
    let column = try sampleColumn(.manyTexts, count: setup.count, nulls: setup.nulls)
    let values = column.scalars
    for offset in [0, 1, -1, 70, .max, .min] {
      expect(try Windows.shifted(column, by: offset, in: partitions), "shift \(offset)") { row in
        let (rows, place) = oracle.partition(of: row)
        let (from, overflow) = place.subtractingReportingOverflow(offset)
        return !overflow && rows.indices.contains(from) ? values[rows[from]] : .null
      }
    }
    for limit in [1, 5, .max] {
      let forward = try Windows.filled(column, isForward: true, limit: limit, in: partitions)
      expect(forward, "fill \(limit)") { row in
        let reach = limit == .max ? nil : limit + 1
        return oracle.window(values, row, width: reach).last { !$0.isNull } ?? .null
      }
    }
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let count = 3 * Workers.partSize + 17
    let column = try sampleColumn(.floats, count: count, nulls: .random)
    let keys = [try sampleColumn(.int8, count: count, seed: 5)]
    let times = try sampleColumn(.datetime, count: count, seed: 6)
    let known = Workers.threadCount
    defer { Workers.threadCount = known }
    var first: [[Scalar]] = []
    for threads in [1, 2, 3, 8] {
      Workers.threadCount = threads
      let partitions = try Partitions(
        keys: keys, order: [SortColumn(column: times)],
        grouping: Grouping(keys: keys, rowCount: count))
      let results = try [Rolling.sum, .standardDeviation, .median].map { function in
        try Windows.rolling(
          function, column, over: .rows(100), minimum: 1, type: .float, in: partitions
        ).scalars
      }
      if first.isEmpty { first = results }
      #expect(results == first, "\(threads) threads")
    }
  }

  @Test func sumsSayWhereTheyOverflow() throws {
    let column = try Column.ints([.max - 1, 1, nil, 1, -5])
    let partitions = try Partitions(
      keys: [], order: [], grouping: .whole(rowCount: column.count))
    let error = #expect(throws: DataError.self) {
      try Windows.cumulative(.sum, column, type: .int, in: partitions)
    }
    #expect(error?.code == .overflow && error?.row == 3)
    // What passes through a window does not count once it has left.
    let sums = try Windows.rolling(
      .sum, column, over: .rows(2), minimum: 1, type: .int, in: partitions)
    #expect(sums.scalars == [.int(.max - 1), .int(.max), .int(1), .int(1), .int(-4)])
  }

  private func expect(
    _ column: Column, _ what: String, _ expected: (Int) -> Scalar,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for row in 0..<column.count {
      let (value, expected) = (column[row], expected(row))
      if value == expected { continue }
      if let a = value.number, let b = expected.number,
        abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)
      {
        continue
      }
      Issue.record("\(what) row \(row): \(value), not \(expected)", sourceLocation: sourceLocation)
      return
    }
  }
}
