import Columnar
import TestSupport
import Testing

/// The same bits with one thread and with many.
@Suite(.serialized) struct DeterminismTests {
  private func bits(_ column: Column) -> [UInt64] {
    guard case .float(let buffer) = column.storage else {
      return column.scalars.map { UInt64(bitPattern: Int64($0.number ?? -1)) }
    }
    return buffer.map(\.bitPattern)
  }

  @Test func threadsDoNotChangeBits() throws {
    let count = 4 * Workers.partSize + 77
    let floats = try sampleColumn(.floats, count: count, nulls: .random)
    let other = try sampleColumn(.int16, count: count, nulls: .random, seed: 3)
    let few = try Column.ints((0..<count).map { Int64($0 * 7 % 5) })
    let many = try Column.ints((0..<count).map { Int64($0) * 1_000_003 % 90_001 * 1_000_003 })
    defer { Workers.threadCount = 0 }
    var known: [[UInt64]]?
    for threads in [1, 2, 8] {
      Workers.threadCount = threads
      var results: [[UInt64]] = []
      for keys in [[], [few], [many]] {
        let grouping = try Grouping(keys: keys, rowCount: count)
        for reduction in [Reduction.sum, .variance] {
          results.append(bits(try reduce(reduction, [floats], by: grouping)))
        }
        results.append(bits(try reduce(.correlation, [floats, other], by: grouping)))
      }
      let rows = try sortedRows([SortColumn(column: floats)], rowCount: count)
      results.append(rows.map { UInt64($0) })
      results.append(bits(try Column.floats(floats.quantiles([0.1, 0.5]).map(\.number))))
      if let known { #expect(known == results) } else { known = results }
    }
  }
}
