import Columnar

/// Rows of a design matrix with what the model explains.
struct FitStretch: Sendable {
  let matrix: DesignMatrix
  let response: InputValues
}

/// The rows that a model is fitted to: one stretch in memory, or stretches that come one after the
/// other. What is computed of them depends on the rows alone, not on how they are cut.
struct FitRows {
  let count: Int
  /// Calls its argument with each stretch, in order, and its first row. Stretches begin at multiples
  /// of `blockRows`.
  let forEach: (_ body: (Int, FitStretch) throws -> Void) throws -> Void
  /// A sixteenth of the rows, as `RowSelection.sampled` takes them; nil where there are too few.
  let sampled: () throws -> FitRows?

  /// Rows in memory.
  init(_ stretch: FitStretch) {
    count = stretch.matrix.rowCount
    forEach = { try $0(0, stretch) }
    sampled = {
      let matrix = stretch.matrix
      return try matrix.selection.sampled().map { selection in
        FitRows(
          FitStretch(
            matrix: DesignMatrix(
              specification: matrix.specification, values: matrix.values, selection: selection),
            response: stretch.response))
      }
    }
  }

  init(
    count: Int, forEach: @escaping (_ body: (Int, FitStretch) throws -> Void) throws -> Void,
    sampled: @escaping () throws -> FitRows?
  ) {
    self.count = count
    self.forEach = forEach
    self.sampled = sampled
  }

  /// The results of `body` for each part of `partSize` rows, a multiple of `blockRows`, in order:
  /// several parts at once, each from `initial` on through the stretches in which its rows lie.
  /// `body` is given rows counted within a stretch, and the number of the first of all rows there.
  func foldParts<Result: Sendable>(
    of partSize: Int, _ initial: Result,
    _ body: @Sendable (inout Result, FitStretch, Range<Int>, Int) throws -> Void
  ) throws -> [Result] {
    let count = count
    var results = Array(repeating: initial, count: Workers.partCount(count, partSize: partSize))
    try forEach { start, stretch in
      let rows = start..<min(start + stretch.matrix.rowCount, count)
      if rows.isEmpty { return }
      let first = rows.lowerBound / partSize
      let known = Array(results[first...(rows.upperBound - 1) / partSize])
      let grown = try Workers.map(parts: known.count) { place in
        var result = known[place]
        let own = Workers.part(first + place, of: count, partSize: partSize).clamped(to: rows)
        try body(&result, stretch, own.lowerBound - start..<own.upperBound - start, start)
        return result
      }
      results.replaceSubrange(first..<first + grown.count, with: grown)
    }
    return results
  }
}

/// Calls `body` with the blocks of `rows`, in order; polls for cancellation.
func forEachBlock(of rows: Range<Int>, _ body: (Range<Int>) throws -> Void) throws {
  for start in stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
    try Cancellation.check()
    try body(start..<min(start + blockRows, rows.upperBound))
  }
}
