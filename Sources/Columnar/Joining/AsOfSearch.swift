/// A value that rows are ordered by, with the gap between two of them.
protocol Moment: Comparable, BitwiseCopyable, Sendable {
  associatedtype Gap: Comparable, Sendable

  /// How far this is above `lower`, which is not above it.
  func gap(above lower: Self) -> Gap
}

extension Int64: Moment {
  func gap(above lower: Int64) -> UInt64 { UInt64(bitPattern: self &- lower) }
}

extension Double: Moment {
  // Equal infinities are no distance apart.
  func gap(above lower: Double) -> Double { self == lower ? 0 : self - lower }
}

/// Finds for moments the nearest among sorted ones of the same key.
struct AsOfSearch<Value: Moment> {
  let moments: Buffer<Value>
  /// The key of each moment; `noRow` for none.
  let ids: Buffer<UInt32>
  /// The moments to find, by key and then in order.
  let rightMoments: Buffer<Value>
  /// Where each key's begin.
  let starts: Buffer<UInt32>
  let direction: AsOfDirection
  let tolerance: Value.Gap?

  /// For each moment the element of `rows` at the place found; `noRow` where there is none.
  func rows(_ rows: Buffer<UInt32>) throws -> Buffer<UInt32> {
    let found = try Buffer<UInt32>(count: moments.count)
    let keyCount = starts.count - 1
    // Where moments ascend, the next is found near the last of its key.
    let hintCount = keyCount <= 1024 ? keyCount : 0
    try Workers.run(parts: Workers.partCount(moments.count)) { part in
      try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(hintCount, 1)) { hints in
        for key in 0..<hintCount { hints[key] = starts.base[key] }
        for row in Workers.part(part, of: moments.count) {
          if row & 4095 == 0 { try Cancellation.check() }
          // SAFETY: keys are below their number, and places within the moments of a key.
          let key = ids.base[row]
          if key == noRow {
            found.base[row] = noRow
            continue
          }
          let range = Int(starts.base[Int(key)])..<Int(starts.base[Int(key) + 1])
          let hint =
            hintCount > 0 ? Int(hints[Int(key)]) : (range.lowerBound + range.upperBound) / 2
          let place = firstPlace(moments.base[row], range, hint)
          if hintCount > 0 { hints[Int(key)] = UInt32(truncatingIfNeeded: place) }
          found.base[row] = nearest(moments.base[row], range, place).map { rows.base[$0] } ?? noRow
        }
      }
    }
    return found
  }

  /// The place that the direction asks for, given the first place of a moment that is not lower,
  /// or, where it looks back, that is higher.
  @inline(__always)
  private func nearest(_ moment: Value, _ range: Range<Int>, _ place: Int) -> Int? {
    func within(_ gap: Value.Gap) -> Bool { tolerance.map { gap <= $0 } ?? true }
    let found = rightMoments.base
    switch direction {
    case .backward:
      guard place > range.lowerBound, within(moment.gap(above: found[place - 1])) else {
        return nil
      }
      return place - 1
    case .forward:
      guard place < range.upperBound, within(found[place].gap(above: moment)) else { return nil }
      return place
    case .nearest:
      let below = place > range.lowerBound ? moment.gap(above: found[place - 1]) : nil
      let above = place < range.upperBound ? found[place].gap(above: moment) : nil
      if let below, above.map({ below <= $0 }) ?? true { return within(below) ? place - 1 : nil }
      guard let above, within(above) else { return nil }
      // Of equal moments the first; `place` is behind the ones equal to what was asked for.
      return place
    }
  }

  /// The first place in `range` of which the moment is higher, or, looking forward, not lower.
  ///
  /// Gallops from `hint`, then halves what is left.
  @inline(__always)
  private func firstPlace(_ moment: Value, _ range: Range<Int>, _ hint: Int) -> Int {
    let found = rightMoments.base
    let isForward = direction == .forward
    func isBefore(_ place: Int) -> Bool {
      isForward ? found[place] < moment : found[place] <= moment
    }
    var (low, high) = (range.lowerBound, range.upperBound)
    var step = 1
    if hint < high, isBefore(hint) {
      low = hint + 1
      while low + step < high, isBefore(low + step) {
        low += step + 1
        step *= 2
      }
      high = min(high, low + step)
    } else {
      high = min(hint, high)
      while high - step >= low, !isBefore(high - step) {
        high -= step
        step *= 2
      }
      low = max(low, high - step)
    }
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
