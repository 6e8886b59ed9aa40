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
    guard edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DataError(.invalidValue, "bins \(binWidth) wide from \(binStart) on do not ascend")
    }
    try self.init(column, BinEdges(edges), mask: mask)
  }

  /// Counts the values between `edges`, at least two and ascending, else `value` is thrown.
  package init(_ column: Column, edges: [Double], mask: Bitmap? = nil) throws {
    guard edges.count > 1, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DataError(.invalidValue, "the edges of a histogram must ascend and be at least two")
    }
    try self.init(column, BinEdges(edges), mask: mask)
  }

  private init(_ column: Column, _ bins: BinEdges, mask: Bitmap?) throws {
    precondition(mask == nil || mask?.count == column.count)
    let rows = try Bitmap.intersection(column.validity, mask)
    let totals = try column.visitNumbers(
      BinCounter(bins: bins, rows: rows, rowCount: column.count))
    let binCount = bins.edges.count - 1
    edges = Array(bins.edges)
    counts = Array(totals[1...binCount])
    below = totals[0]
    above = totals[binCount + 1]
    nullCount = (mask?.setCount ?? column.count) - (rows?.setCount ?? column.count)
  }
}

/// Edges and, for bins of about one width, a way straight to the bin.
struct BinEdges: Sendable {
  let edges: Buffer<Double>
  /// Bins per unit; nil for bins of various widths.
  private let scale: Double?
  /// How far, in bins, edges may be from where the scale puts them.
  private let drift: Double

  init(_ edges: [Double]) throws {
    self.edges = try Buffer(edges)
    let first = edges[0]
    let span = edges[edges.count - 1] - first
    let scale = Double(edges.count - 1) / span
    let drift = edges.enumerated().map { abs(($1 - first) * scale - Double($0)) }.max() ?? 0
    // Half a bin off at most, so that the search from there ends at once.
    let isEven = span.isFinite && scale.isFinite && drift <= 0.5
    self.scale = isEven ? scale : nil
    // With room for what a value's own position is rounded by.
    self.drift = drift + 1e-6
  }

  /// 0 below the first edge, 1 in the first bin, and so on.
  @inline(__always)
  func place(_ value: Double) -> Int {
    let last = edges.count &- 1
    // SAFETY: places lie within the edges.
    let edges = edges.base
    if value < edges[0] { return 0 }
    if value >= edges[last] { return value > edges[last] ? last &+ 1 : last }
    guard let scale else { return search(value) }
    let position = (value - edges[0]) * scale
    let bin = Int(Int32(position))
    // Far from an edge there is no doubt; near one the bin may be the next one, and edges decide.
    let within = position - Double(bin)
    if within > drift, within < 1 - drift { return bin &+ 1 }
    let near = min(bin, last &- 1)
    return near &+ 1 &- (value < edges[near] ? 1 : 0) &+ (value >= edges[near &+ 1] ? 1 : 0)
  }

  private func search(_ value: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges.base[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

private struct BinCounter: NumberVisitor {
  let bins: BinEdges
  let rows: Bitmap?
  let rowCount: Int

  func visit<Source: NumberSource>(_ source: Source) throws -> [Int] {
    let (bins, rows, rowCount) = (bins, rows, rowCount)
    let placeCount = bins.edges.count + 1
    let chunkCount = max(min(Workers.partCount(rowCount), 16), 1)
    // Two tables in turn: equal neighbours do not wait for one another.
    let counts = try Buffer<Int>(repeating: 0, count: 2 * chunkCount * placeCount)
    try Workers.run(parts: chunkCount) { chunk in
      // SAFETY: each chunk has counts of its own.
      let own = counts.base + 2 * chunk * placeCount
      try forEachValidRow(rows, in: chunkRange(chunk, of: chunkCount, rowCount)) { row in
        own[bins.place(source.number(row)) &+ (row & 1) &* placeCount] &+= 1
      }
    }
    return (0..<placeCount).map { place in
      (0..<2 * chunkCount).reduce(0) { $0 + counts[$1 * placeCount + place] }
    }
  }
}
