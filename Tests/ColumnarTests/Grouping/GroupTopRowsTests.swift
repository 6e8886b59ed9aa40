import Columnar
import TestSupport
import Testing

@Suite(.serialized) struct GroupTopRowsTests {
  /// The rows of the sorted frame whose places in their groups are asked for.
  private func expected(
    _ order: [SortColumn], _ keys: [Column], _ places: Range<Int>, _ count: Int
  ) throws -> [UInt32] {
    let known = keys.map(\.scalars)
    var seen: [[Scalar]: Int] = [:]
    return try sortedRows(order, rowCount: count).filter { row in
      let key = known.map { $0[Int(row)] }
      let place = seen[key, default: 0]
      seen[key] = place + 1
      return places.contains(place)
    }
  }

  @Test(arguments: [SampleKind.floats, .int8, .fewTexts, .int64Extremes, .floatExtremes])
  func areThoseOfTheSortedRows(_ kind: SampleKind) throws {
    for count in [0, 1, 64, 65, 300] {
      for nulls in [NullPattern.none, .random, .all] {
        let values = try sampleColumn(kind, count: count, nulls: nulls)
        let keys = [
          try sampleColumn(.fewTexts, count: count, nulls: .random, seed: 4),
          try sampleColumn(.int64, count: count, nulls: .none, seed: 5),
        ]
        for order in [
          [SortColumn(column: values)], [SortColumn(column: values, isDescending: true)],
          [SortColumn(column: values), SortColumn(column: keys[1], isDescending: true)],
        ] {
          for places in [0..<1, 0..<2, 1..<4, 2..<200, 5..<5] {
            for keys in [[keys[0]], keys] {
              let actual = try topRows(order, by: keys, places: places, rowCount: count)
              #expect(
                try Array(actual) == expected(order, keys, places, count),
                "\(kind) \(nulls) \(count) \(places)")
            }
          }
        }
      }
    }
  }

  @Test func partsMergeInOrder() throws {
    let count = 2 * AggregationPart.size + 5000
    // Many equal values: the lower row comes first.
    let values = try Column.ints((0..<count).map { Int64($0 * 7919 % 50) })
    let order = [SortColumn(column: values, isDescending: true)]
    let outer = Workers.threadCount
    defer { Workers.threadCount = outer }
    // States of few groups fit the cache; those of many are asked for ahead.
    for groups in [1000, 9000] {
      let keys = try Column.ints((0..<count).map { Int64($0 % groups) })
      let wanted = try expected(order, [keys], 0..<3, count)
      for threads in [1, 2, 8] {
        Workers.threadCount = threads
        #expect(try Array(topRows(order, by: [keys], places: 0..<3, rowCount: count)) == wanted)
      }
    }
  }
}
