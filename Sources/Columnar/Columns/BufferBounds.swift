extension Buffer where Element: FixedWidthInteger & Sendable {
  /// The least and the greatest of the elements, 0...0 if there are none. Linear the first time,
  /// and remembered.
  func bounds() throws -> ClosedRange<Int64> {
    if let known = knownBounds.withLock({ $0 }) { return known }
    let parts: [ClosedRange<Element>] = try Workers.map(parts: Workers.partCount(count)) { part in
      let rows = Workers.part(part, of: count)
      // SAFETY: a part has at least one row, and they lie within the buffer.
      let base = base
      var lowest = base[rows.lowerBound]
      var highest = lowest
      for row in rows {
        lowest = Swift.min(lowest, base[row])
        highest = Swift.max(highest, base[row])
      }
      return lowest...highest
    }
    let lowest = parts.map(\.lowerBound).min() ?? 0
    let highest = parts.map(\.upperBound).max() ?? 0
    let bounds = Int64(truncatingIfNeeded: lowest)...Int64(truncatingIfNeeded: highest)
    knownBounds.withLock { $0 = bounds }
    return bounds
  }
}
