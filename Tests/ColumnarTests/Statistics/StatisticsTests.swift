import TestSupport
import Testing

@testable import Columnar

@Suite struct StatisticsTests {
  @Test(arguments: SampleKind.allCases)
  func summariesAgreeWithTheOracle(_ kind: SampleKind) throws {
    for count in [0, 1, 2, 129, 700] {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let summary = try ColumnSummary(column, frequentCount: 3)
        let values = column.scalars.filter { !$0.isNull }
        let groups = Oracle.groups([values], rowCount: values.count)
        #expect(summary.count == count && summary.nullCount == count - values.count)
        let isListed = column.type == .text || column.type == .bool
        #expect(summary.distinctCount == (isListed ? groups.count : nil))
        #expect(Oracle.areEqual(summary.minimum, groups.first.map { values[$0[0]] } ?? .null))
        #expect(Oracle.areEqual(summary.maximum, groups.last.map { values[$0[0]] } ?? .null))
        let frequent = groups.sorted {
          $0.count != $1.count
            ? $0.count > $1.count : Oracle.precedes(values[$0[0]], values[$1[0]])
        }
        #expect(
          summary.mostFrequent.map(\.count)
            == (isListed ? frequent.prefix(3).map(\.count) : []))
        #expect(
          zip(summary.mostFrequent, frequent).allSatisfy {
            Oracle.areEqual($0.value, values[$1[0]])
          })
        if column.type == .bool {
          #expect(summary.trueCount == values.count { $0 == .bool(true) })
        }
        if column.type != .text, column.type != .bool {
          let type = try Reduction.median.resultType(for: [column.type])
          for (actual, probability) in [
            (summary.lowerQuartile, 0.25), (summary.median, 0.5), (summary.upperQuartile, 0.75),
          ] {
            let expected = Oracle.reduce(
              .quantile(probability), [column.scalars], rows: Array(0..<count), type: type)
            #expect(actual == expected, "\(kind) \(nulls) \(count) \(probability)")
          }
        }
      }
    }
  }

  @Test func quantilesAgreeWithSorting() throws {
    let probabilities = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
    let count = Workers.partSize + 1
    for kind in [SampleKind.floats, .int8, .floatExtremes, .int64Extremes, .int32] {
      let column = try sampleColumn(kind, count: count, nulls: .random)
      let sorted = column.scalars.filter { !$0.isNull }.map(Oracle.number).sorted()
      let expected = probabilities.map { probability -> Double in
        let place = probability * Double(sorted.count - 1)
        let (low, fraction) = (sorted[Int(place)], place - place.rounded(.down))
        let high = sorted[fraction > 0 ? Int(place) + 1 : Int(place)]
        return low == high ? low : low * (1 - fraction) + high * fraction
      }
      #expect(try column.quantiles(probabilities).map(\.number) == expected)
    }
  }

  @Test func histogramsCountEveryRow() throws {
    let column = try Column.floats([0, 1, 1.5, 2, nil, -1, 2.5, .infinity, -.infinity])
    let histogram = try BinCounts(column, edges: [0, 1, 2])
    #expect(histogram.counts == [1, 3] && histogram.below == 2 && histogram.above == 2)
    #expect(histogram.nullCount == 1)
    let masked = try BinCounts(
      column, binStart: 0, binWidth: 1, binCount: 2,
      mask: Bitmap([true, false, true, true, true, false, false, false, false]))
    #expect(masked.counts == [1, 2] && masked.below == 0 && masked.nullCount == 1)
    #expect(throws: DataError.self) { try BinCounts(column, edges: [1]) }
    #expect(throws: DataError.self) { try BinCounts(column, edges: [1, 1]) }
    #expect(throws: DataError.self) {
      try BinCounts(column, binStart: 0, binWidth: 0, binCount: 2)
    }
    // Uneven bins, one far wider than the rest, and one that takes all there is.
    let uneven = try BinCounts(column, edges: [-.infinity, 0, 1.25, 1e300])
    #expect(uneven.counts == [2, 2, 3] && uneven.below == 0 && uneven.above == 1)
    let widest = try BinCounts(column, edges: [-1.7e308, 0, 1.7e308])
    #expect(widest.counts == [1, 5] && widest.below == 1 && widest.above == 1)
    for kind in [SampleKind.int8, .floats, .fewFloats, .bool, .date, .floatExtremes] {
      let column = try sampleColumn(kind, count: Workers.partSize + 1, nulls: .random)
      let histogram = try BinCounts(column, binStart: -3, binWidth: 0.7, binCount: 9)
      var counts = [Int](repeating: 0, count: 9)
      for value in column.scalars where !value.isNull {
        let number = Oracle.number(value)
        for bin in 0..<9 where number >= histogram.edges[bin] {
          let upper = histogram.edges[bin + 1]
          if number < upper || bin == 8 && number == upper { counts[bin] += 1 }
        }
      }
      #expect(histogram.counts == counts)
      #expect(
        counts.reduce(0, +) + histogram.below + histogram.above + histogram.nullCount
          == column.count)
    }
  }

  /// On an edge and beside it, also where the edges' own steps are as wide as a bin.
  @Test func valuesBesideEdgesFallIntoTheirBins() throws {
    for (start, width, count) in [
      (0.0, 0.1, 30), (-3, 0.7, 9), (1e15, 1, 12), (1e9, 1.0 / 3, 1000), (-1e-9, 1e-12, 7),
      (0, 3.3e300, 5),
    ] {
      let edges = (0...count).map { start + Double($0) * width }
      let values = edges.flatMap { [$0.nextDown, $0, $0.nextUp] }
      let bins = try BinCounts(
        try .floats(values), binStart: start, binWidth: width, binCount: count)
      let expected = (0..<count).map { bin in
        values.count {
          $0 >= edges[bin] && ($0 < edges[bin + 1] || bin == count - 1 && $0 == edges[count])
        }
      }
      #expect(bins.counts == expected, "\(start) \(width)")
      #expect(bins.below == 1 && bins.above == 1, "\(start) \(width)")
    }
  }

  @Test func crossTabulationsCountPairs() throws {
    let first = try sampleColumn(.fewTexts, count: 300, nulls: .random, seed: 2)
    let second = try sampleColumn(.int8, count: 300, nulls: .random, seed: 3)
    let table = try CrossTabulation(rows: first, columns: second)
    for row in 0..<table.rowValues.count {
      for column in 0..<table.columnValues.count {
        let expected = (0..<300).count {
          first[$0] == table.rowValues[row] && second[$0] == table.columnValues[column]
        }
        #expect(table[row, column] == expected)
      }
    }
    #expect(table.counts.reduce(0, +) == 300)
    let wide = try Column.ints((0..<5000).map { Int64($0) })
    #expect(throws: DataError.self) { try CrossTabulation(rows: wide, columns: wide) }
  }

  @Test func duplicatesAndMissingPatterns() throws {
    let frame = Frame(
      names: ["a", "b"],
      columns: [
        try .ints([1, nil, 1, nil, 2, nil]), try .texts(["x", nil, "x", nil, nil, "y"]),
      ])
    #expect(try frame.duplicateRowCount() == 2)
    #expect(
      try frame.missingPatterns() == [
        MissingPattern(columns: [], rowCount: 2), MissingPattern(columns: [0, 1], rowCount: 2),
        MissingPattern(columns: [0], rowCount: 1), MissingPattern(columns: [1], rowCount: 1),
      ])
    let empty = try frame.slice(0..<0)
    #expect(try empty.missingPatterns() == [] && empty.duplicateRowCount() == 0)
  }

  /// Values from scipy 1.17.1: pearsonr, spearmanr and kendalltau.
  @Test func correlationsHaveKnownValues() throws {
    let x = try Column.floats([1, 2, 2, 4, 5, 7, nil, 9])
    let y = try Column.ints([2, 1, 4, 3, 7, 7, 3, nil])
    let pearson = try CorrelationMatrix([x, y])
    let spearman = try CorrelationMatrix([x, y], method: .spearman)
    let kendall = try CorrelationMatrix([x, y], method: .kendall)
    #expect(pearson.count(0, 1) == 6 && pearson.count(0, 0) == 7)
    #expect(pearson[0, 0] == 1 && pearson[0, 1] == pearson[1, 0])
    #expect(abs((pearson[0, 1] ?? 0) - 0.840_168_050_416_806_1) < 1e-12)
    #expect(abs((spearman[0, 1] ?? 0) - 0.794_117_647_058_823_6) < 1e-12)
    #expect(abs((kendall[0, 1] ?? 0) - 0.642_857_142_857_142_9) < 1e-12)
    let constant = try Column.ints([3, 3, 3])
    for method in CorrelationMatrix.Method.allCases {
      #expect(try CorrelationMatrix([constant], method: method)[0, 0] == nil)
    }
    #expect(throws: DataError.self) { try CorrelationMatrix([.texts(["a"])]) }
  }

  @Test func kendallAgreesWithCountingPairs() throws {
    for seed in 1...5 {
      let x = try sampleColumn(.int8, count: 90, seed: UInt64(seed))
      let y = try sampleColumn(.fewFloats, count: 90, seed: UInt64(seed + 50))
      let (a, b) = (x.scalars.map(Oracle.number), y.scalars.map(Oracle.number))
      var (difference, xPairs, yPairs) = (0.0, 0.0, 0.0)
      for i in 0..<90 {
        for j in 0..<i {
          let (dx, dy) = (a[i] - a[j], b[i] - b[j])
          if dx != 0 { xPairs += 1 }
          if dy != 0 { yPairs += 1 }
          if dx * dy != 0 { difference += dx * dy > 0 ? 1 : -1 }
        }
      }
      let tau = try CorrelationMatrix([x, y], method: .kendall)[0, 1] ?? 0
      #expect(abs(tau - difference / (xPairs * yPairs).squareRoot()) < 1e-12)
    }
  }

  @Test func correlationsKeepTheirDigits() throws {
    // 0.1 summed up is not ten times 0.1: a constant must be seen as one all the same.
    let constant = try Column.floats(Array(repeating: 0.1, count: 10))
    let other = try Column.floats((0..<10).map { Double($0) })
    #expect(try CorrelationMatrix([constant, other])[0, 1] == nil)
    #expect(try reduce(.correlation, [constant, other], by: .whole(rowCount: 10))[0] == .null)
    #expect(try reduce(.skewness, [constant], by: .whole(rowCount: 10))[0] == .null)
    #expect(try reduce(.variance, [constant], by: .whole(rowCount: 10))[0] == .float(0))
    // The rows that both have lie far from the mean of the first.
    let far = try Column.floats([1e9, 1e9, 1e9, 1, 1.001, 1.003])
    let few = try Column.floats([nil, nil, nil, 1, 2, 4])
    #expect(abs((try CorrelationMatrix([far, few])[0, 1] ?? 0) - 1) < 1e-9)
  }

  @Test func correlationMatricesAgreeWithPairs() throws {
    let count = 2 * 256 + 77
    let columns = try [SampleKind.floats, .int8, .int16, .bool, .fewFloats].enumerated().map {
      try sampleColumn($1, count: count, nulls: $0 < 2 ? .none : .random, seed: UInt64($0))
    }
    let matrix = try CorrelationMatrix(columns)
    for row in 0..<5 {
      for column in 0..<5 {
        let pair = [columns[row].scalars, columns[column].scalars]
        let expected = Oracle.reduce(
          .correlation, pair, rows: Array(0..<count), type: .float)?.number
        #expect(abs((matrix[row, column] ?? 2) - (expected ?? 3)) < 1e-9)
        #expect(
          matrix.count(row, column)
            == (0..<count).count { !pair[0][$0].isNull && !pair[1][$0].isNull })
      }
    }
  }
}
