/// How many values fall into each of some intervals.
package struct BinCounts: Sendable, Hashable {
  /// One more than there are bins, ascending. A bin holds its lower edge; the last also its upper.
  package let edges: [Double]
  package let counts: [Int]
  /// Values below the first and above the last edge.
  package let below: Int
  package let above: Int
  /// Rows without a value.
  package let nullCount: Int

  /// Counts the values of a numeric, bool, date, datetime or duration column in `binCount` bins
  /// from `binStart` on, each `binWidth` wide; only rows set in `mask` if there is one. Throws
  /// `type` for text, `value` unless the width is positive and finite and there are bins.
  package init(
    _ column: Column, binStart: Double, binWidth: Double, binCount: Int, mask: Bitmap? = nil
  ) throws {
    guard binWidth > 0, binWidth.isFinite, binStart.isFinite, binCount > 0, binCount <= 1 << 20
    else {
      throw DataError(.invalidValue, "a histogram takes 1 to 1048576 bins of a positive width")
    }
    let edges = (0...binCount).map { binStart + Double($0) * binWidth }
    try self.init(column, edges: edges, mask: mask)
  }

  /// Counts the values between `edges`, at least two and ascending, else `value` is thrown.
  package init(_ column: Column, edges: [Double], mask: Bitmap? = nil) throws {
    guard edges.count > 1, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DataError(.invalidValue, "the edges of a histogram must ascend and be at least two")
    }
    precondition(mask == nil || mask?.count == column.count)
    let numbers = try column.numbers()
    let rows = try Bitmap.intersection(column.validity, mask)
    let binCount = edges.count - 1
    let parts = try Workers.map(parts: Workers.partCount(column.count)) { part in
      var counts = [Int](repeating: 0, count: binCount + 2)
      try forEachValidRow(rows, in: Workers.part(part, of: column.count)) { row in
        counts[BinCounts.place(numbers.base[row], edges)] += 1
      }
      return counts
    }
    var totals = [Int](repeating: 0, count: binCount + 2)
    for part in parts { for place in part.indices { totals[place] += part[place] } }
    self.edges = edges
    counts = Array(totals[1...binCount])
    below = totals[0]
    above = totals[binCount + 1]
    nullCount = (mask?.setCount ?? column.count) - (rows?.setCount ?? column.count)
  }

  /// 0 below the first edge, 1 in the first bin, and so on.
  private static func place(_ value: Double, _ edges: [Double]) -> Int {
    if value == edges[edges.count - 1] { return edges.count - 1 }
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
