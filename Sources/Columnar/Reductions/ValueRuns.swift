/// The distinct values of each group with how often each occurs, null left out.
struct ValueRuns {
  private let pairs: Grouping
  private let sizes: Buffer<UInt32>
  private let grouping: Grouping
  private let column: Column
  private let ids: Buffer<UInt32>

  init(_ column: Column, by grouping: Grouping) throws {
    self.column = column
    self.grouping = grouping
    ids = try grouping.ids
    let number = Column(type: .int, storage: .int64(try ids.converted()))
    // A pair's number rises with the group, and within one with the value; null comes last.
    pairs = try Grouping(
      keys: grouping.groupCount == 1 ? [column] : [number, column], rowCount: column.count)
    sizes = try pairs.sizes()
  }

  private func forEachPair(_ body: (_ group: Int, _ row: UInt32, _ size: UInt32) -> Void) {
    for pair in 0..<pairs.groupCount {
      let row = pairs.firstRows[pair]
      if row == noRow || column.isNull(Int(row)) { continue }
      body(Int(ids[Int(row)]), row, sizes[pair])
    }
  }

  func distinctCounts() throws -> Column {
    let counts = try Buffer<Int64>(repeating: 0, count: grouping.groupCount)
    forEachPair { group, _, _ in counts.base[group] += 1 }
    return try Column(integers: counts, type: .int, validity: nil)
  }

  /// A row with the most frequent value of each group, the least value among equals; `noRow`
  /// where there is none.
  func modes() throws -> Buffer<UInt32> {
    let rows = try Buffer<UInt32>(repeating: noRow, count: grouping.groupCount)
    let largest = try Buffer<UInt32>(repeating: 0, count: grouping.groupCount)
    forEachPair { group, row, size in
      if size > largest.base[group] {
        largest.base[group] = size
        rows.base[group] = row
      }
    }
    return rows
  }
}
