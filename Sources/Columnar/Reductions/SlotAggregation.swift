/// How rows are cut for aggregates: a group's floats are added up row by row within a part, and the
/// parts' sums one after the other.
///
/// Parts begin at multiples of `size` rows whatever there is to compute and however many threads do
/// it, so that all ways to group, and batches whose borders are those of parts, give the same bits.
package enum AggregationPart {
  package static let size = 1 << 19

  static func count(_ rows: Int) -> Int { Workers.partCount(rows, partSize: size) }

  static func rows(_ part: Int, of rows: Int) -> Range<Int> {
    Workers.part(part, of: rows, partSize: size)
  }
}

/// Aggregates rows by slots: one pass over the columns, in which each row's slot is worked out in
/// the cache and each slot's state is updated in place.
struct SlotAggregation {
  let slots: SlotKeys
  /// The rows to take; nil for all.
  let mask: Bitmap?
  let rowCount: Int
  private let update: StateUpdate
  private let merging: StateMerge
  private let stride: Int

  init(_ slots: SlotKeys, _ state: GroupState, mask: Bitmap?, rowCount: Int) throws {
    self.slots = slots
    self.mask = mask
    self.rowCount = rowCount
    stride = state.stride
    update = try StateUpdate(
      state, groupCount: slots.slotCount, isWhole: slots.digits.isEmpty)
    merging = StateMerge(state)
  }

  /// The state of each slot; a slot without rows has 0 in its first word.
  ///
  /// As many parts at a time as there are threads have states of their own, which are then merged
  /// in the order of the parts.
  func states() throws -> Buffer<UInt64> {
    let parts = AggregationPart.count(rowCount)
    let words = slots.slotCount * stride
    let total = try Buffer<UInt64>(repeating: 0, count: words)
    if parts <= 1 {
      if parts == 1 { try add(part: 0, to: total.base) }
      return total
    }
    // Where states are small, all parts have some, and no thread waits for another.
    let atOnce = max(min(Workers.threadCount, parts), min(parts, (1 << 18) / words))
    let own = try Buffer<UInt64>(repeating: 0, count: atOnce * words)
    for first in Swift.stride(from: 0, to: parts, by: atOnce) {
      let count = min(atOnce, parts - first)
      try Workers.run(parts: count) { place in
        try add(part: first + place, to: own.base + place * words)
      }
      let chunk = 512
      try Workers.run(parts: Workers.partCount(slots.slotCount, partSize: chunk)) { place in
        let range = Workers.part(place, of: slots.slotCount, partSize: chunk)
        // SAFETY: the range lies within the slots, of which all states have as many.
        let offset = range.lowerBound * stride
        for part in 0..<count {
          let next = own.base + part * words + offset
          merging.merge(next, into: total.base + offset, count: range.count)
          next.update(repeating: 0, count: range.count * stride)
        }
      }
    }
    return total
  }

  private func add(part: Int, to states: UnsafeMutablePointer<UInt64>) throws {
    let room = BlockRoom()
    let rows = AggregationPart.rows(part, of: rowCount)
    try forEachBlock(rows, room) { update.add($0, to: states, room) }
    guard update.needsDeviations else { return }
    update.center(states, count: slots.slotCount)
    try forEachBlock(rows, room) { update.addDeviations($0, to: states, room) }
    update.finishDeviations(states, count: slots.slotCount)
  }

  @inline(__always)
  private func forEachBlock(
    _ rows: Range<Int>, _ room: BlockRoom, _ body: (RowBlock) -> Void
  ) throws {
    var start = rows.lowerBound
    while start < rows.upperBound {
      if start & 0xFFFF == 0 { try Cancellation.check() }
      let range = start..<min(start + RowBlock.size, rows.upperBound)
      start = range.upperBound
      if let mask, !mask.hasBits(range) { continue }
      // SAFETY: blocks begin at multiples of 64 rows and lie within the keys.
      slots.fill(range, stride: stride, into: room.offsets)
      body(room.block(range, mask))
    }
  }
}

extension Bitmap {
  /// Whether a bit is set in the words of `range`, which begins at a multiple of 64.
  fileprivate func hasBits(_ range: Range<Int>) -> Bool {
    var any: UInt64 = 0
    for index in range.lowerBound >> 6..<Bitmap.wordCount(range.upperBound) {
      any |= words.base[index]
    }
    return any != 0
  }
}
