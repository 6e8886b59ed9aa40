import TestSupport
import Testing

@testable import Columnar

/// The kernels behind `describe`, `tabulate` and `correlate` against one row after the other.
@Suite struct SummaryKernelTests {
  static let counts =
    boundaryCounts + [Workers.partSize - 1, Workers.partSize, Workers.partSize + 1]

  @Test(arguments: [SampleKind.bool, .int8, .int16, .fewTexts, .manyTexts, .date, .int64Extremes])
  func talliesCountEachValue(_ kind: SampleKind) throws {
    for count in Self.counts {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let counts = try ValueCounts(column)
        let expected = Dictionary(grouping: column.scalars, by: { $0 }).mapValues(\.count)
        #expect(counts.counts.count == expected.count)
        for place in 0..<counts.counts.count {
          #expect(Int(counts.counts[place]) == expected[counts.values[place]])
          if place > 0 {
            #expect(!Oracle.precedes(counts.values[place], counts.values[place - 1]))
          }
        }
      }
    }
  }

  @Test(arguments: SampleKind.allCases)
  func distinctValuesAreCounted(_ kind: SampleKind) throws {
    for count in Self.counts {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let values = Set(column.scalars.filter { !$0.isNull })
        #expect(try column.distinctValueCount() == values.count, "\(count) \(nulls)")
      }
    }
  }

  /// Where texts were coded as a whole, null rows hold the code of the empty text, which may be any.
  @Test func nullsAreNoTextOfTheirCode() throws {
    let codes = try Buffer<UInt8>([0, 1, 2, 1, 0, 2, 2])
    let column = Column(
      type: .text,
      storage: .dictionary(.uint8(codes), TextDictionary(try TextStorage(["a", "b", "c"]))),
      validity: try Bitmap([true, false, true, true, false, false, false]))
    #expect(try column.distinctValueCount() == 3)
    let counts = try ValueCounts(column)
    #expect(counts.values.scalars == [.text("a"), .text("b"), .text("c"), .null])
    #expect((0..<4).map { counts.counts[$0] } == [1, 1, 1, 4])
  }

  /// Rows behind those in which all values have been seen are not looked at, but any may hold the
  /// last of them.
  @Test(arguments: [3, 5000, 200_000])
  func theLastOfTheValuesIsCounted(_ valueCount: Int) throws {
    let rowCount = 7 * Workers.partSize + 1
    for place in [0, Workers.partSize, rowCount / 2, rowCount - 1] {
      let column = try Column.ints(
        (0..<rowCount).map { row in
          Int64(row == place ? valueCount - 1 : row * 7919 % (valueCount - 1))
        })
      #expect(try column.distinctValueCount() == valueCount)
    }
  }

  @Test(arguments: [
    SampleKind.floats, .fewFloats, .floatExtremes, .int8, .int16, .int32, .int64Extremes, .date,
  ])
  func summariesAgreeWithRows(_ kind: SampleKind) throws {
    for count in Self.counts {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let summary = try ColumnSummary(column)
        let values = column.scalars.filter { !$0.isNull }
        let numbers = values.compactMap { value -> Double? in
          if case .date(let days) = value { Double(days) } else { value.number }
        }
        let sorted = numbers.sorted()
        func number(_ value: Scalar) -> Double? {
          if case .date(let days) = value { Double(days) } else { value.number }
        }
        #expect(number(summary.minimum) == sorted.first)
        #expect(number(summary.maximum) == sorted.last)
        guard let low = sorted.first, let high = sorted.last else { continue }
        let mean = numbers.reduce(0) { $0 + $1 / Double(numbers.count) }
        if mean.isFinite, column.type != .date {
          let spread = max(abs(low), abs(high), 1)
          #expect(abs((summary.mean.number ?? .nan) - mean) <= 1e-9 * spread)
          let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          if numbers.count > 1, squares.isFinite {
            let deviation = (squares / Double(numbers.count - 1)).squareRoot()
            #expect(
              abs((summary.standardDeviation.number ?? .nan) - deviation) <= 1e-9 * spread,
              "\(kind) \(count) \(nulls)")
          }
        }
        if !summary.histogram.isEmpty {
          #expect(summary.histogram.count == 8)
          #expect(summary.histogram.reduce(0, +) == numbers.count)
          let edges = (0..<8).map { low + (high - low) / 8 * Double($0) } + [high]
          let second = numbers.count { $0 >= edges[1] && $0 < edges[2] }
          #expect(summary.histogram[1] == second)
        }
      }
    }
  }

  /// Few rows in a part, so that blocks of odd length occur, and every number of columns that
  /// leaves another rest of a tile.
  @Test func correlationsOfManyColumnsAgreeWithPairs() throws {
    for count in [2, 3, 255, 256, 257, 700] {
      for size in 1...7 {
        let columns = try (0..<size).map {
          try sampleColumn(
            [.floats, .int8, .fewFloats, .int32][$0 % 4], count: count, seed: UInt64($0 + 1))
        }
        let matrix = try CorrelationMatrix(columns)
        for i in 0..<size {
          for j in i..<size {
            let expected = try reduce(
              .correlation, [columns[i], columns[j]], by: .whole(rowCount: count))[0].number
            guard let value = matrix[i, j], let expected else {
              #expect(matrix[i, j] == nil && expected == nil)
              continue
            }
            #expect(abs(value - expected) < 1e-9 && matrix[j, i] == value)
            #expect(matrix.count(i, j) == count)
          }
        }
      }
    }
  }

  /// The same bits whatever the number of threads.
  @Test func summariesDoNotDependOnThreads() throws {
    let count = 3 * Workers.partSize + 77
    let columns = try [SampleKind.floats, .int8, .int64, .int32].enumerated().map {
      try sampleColumn($1, count: count, nulls: $0 % 2 == 0 ? .random : .none, seed: UInt64($0))
    }
    let before = Workers.threadCount
    defer { Workers.threadCount = before }
    var seen: Set<[UInt64]> = []
    for threads in [1, 2, 3, 8] {
      Workers.threadCount = threads
      var bits: [UInt64] = []
      for column in columns {
        let summary = try ColumnSummary(column)
        for value in [summary.mean, summary.standardDeviation, summary.median, summary.maximum] {
          bits.append((value.number ?? 0).bitPattern)
        }
        bits += summary.histogram.map { UInt64($0) }
      }
      let matrix = try CorrelationMatrix(columns)
      for i in 0..<4 { for j in 0..<4 { bits.append((matrix[i, j] ?? 0).bitPattern) } }
      seen.insert(bits)
    }
    #expect(seen.count == 1)
  }

  @Test func approximateQuantilesHaveExactEnds() throws {
    let count = (1 << 20) + 5
    let column = try Column.floats((0..<count).map { Double(($0 * 7919) % count) })
    let quantiles = try column.approximateQuantiles([0, 0.5, 1]).map { $0.number ?? .nan }
    #expect(quantiles[0] == 0 && quantiles[2] == Double(count - 1))
    #expect(abs(quantiles[1] / Double(count) - 0.5) < 0.01)
  }
}
