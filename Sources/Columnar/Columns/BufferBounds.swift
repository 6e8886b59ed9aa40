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

extension Buffer where Element == Double {
  /// The least and the greatest float, 0...0 if there is none. Linear the first time, and
  /// remembered.
  func bounds() throws -> ClosedRange<Double> {
    if let known = knownBounds.withLock({ $0 }) {
      // Remembered as integers in the order of the floats.
      return FloatKeys.value(
        UInt64(bitPattern: known.lowerBound) ^ 1 << 63)...FloatKeys.value(
          UInt64(bitPattern: known.upperBound) ^ 1 << 63)
    }
    let parts = try Workers.map(parts: Workers.partCount(count)) { part in
      var lanes = FloatLanes()
      // SAFETY: the part lies within the buffer.
      lanes.add(base, Workers.part(part, of: count))
      return lanes.minimum + 0...lanes.maximum + 0
    }
    let bounds = parts.dropFirst().reduce(parts.first ?? 0...0) {
      Swift.min($0.lowerBound, $1.lowerBound)...Swift.max($0.upperBound, $1.upperBound)
    }
    knownBounds.withLock {
      $0 =
        Int64(
          bitPattern: FloatKeys.key(bounds.lowerBound) ^ 1 << 63)...Int64(
          bitPattern: FloatKeys.key(bounds.upperBound) ^ 1 << 63)
    }
    return bounds
  }
}
