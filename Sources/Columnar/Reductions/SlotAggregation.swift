import CMemory

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
  private let state: GroupState
  private let update: StateUpdate
  private let merging: StateMerge
  private let stride: Int
  /// Whether rows may be cut in any way, as long as they are merged in their order.
  private let isExact: Bool

  init(_ slots: SlotKeys, _ state: GroupState, mask: Bitmap?, rowCount: Int) throws {
    self.slots = slots
    self.mask = mask
    self.rowCount = rowCount
    self.state = state
    stride = state.stride
    isExact = state.isExact
    update = try StateUpdate(
      state, groupCount: slots.slotCount, isWhole: slots.digits.isEmpty)
    merging = StateMerge(state)
  }

  /// The state of each slot; a slot without rows has 0 in its first word.
  func states() throws -> Buffer<UInt64> {
    let total = try Buffer<UInt64>(repeating: 0, count: slots.slotCount * stride)
    switch AggregationPart.count(rowCount) {
    case 0: break
    case 1: try add(part: 0, to: total.base, update)
    default: try merge(into: total)
    }
    return total
  }

  /// Merges the states of each part, in the order of the parts, into those in `total`: a slot's into
  /// that at its place, or at its own number where there are no places.
  ///
  /// SAFETY: there must be a state at each place, and no place twice.
  func merge(into total: Buffer<UInt64>, at places: Buffer<UInt32>? = nil) throws {
    if stride == 1, !slots.digits.isEmpty { return try mergeCounts(into: total, at: places) }
    let parts = AggregationPart.count(rowCount)
    let threads = Workers.threadCount
    // Where no rounding depends on it, several parts share a state, and there is less to merge: the
    // more of them the larger it is.
    let turns = slots.slotCount * stride > SlotKeys.limit ? 2 : 4
    let share = isExact ? max(parts / (turns * threads), 1) : 1
    let rows = share * AggregationPart.size
    // Deviations are from means, which need the sums in words of their own.
    guard !slots.digits.isEmpty, !update.needsDeviations,
      let packing = try StatePacking(state, rows: rows)
    else {
      try merge(share, update, merging, into: total, at: places)
      return
    }
    // Floats are added to what there is a part at a time; all else may be added up on the way.
    if places == nil || isExact, let whole = try StatePacking(state, rows: max(rowCount, rows)),
      whole.stride == packing.stride
    {
      let packed = try Buffer<UInt64>.zeros(slots.slotCount * whole.stride)
      try merge(
        share, StateUpdate(state, groupCount: slots.slotCount, packing: whole),
        StateMerge(within: whole, of: state), into: packed, at: nil)
      let unpacking = StateMerge(state, packing: whole)
      let (count, size) = (slots.slotCount, PartMerge.chunkSize)
      try Workers.run(parts: Workers.partCount(count, partSize: size)) { chunk in
        let chosen = Workers.part(chunk, of: count, partSize: size)
        unpacking.merge(packed, of: chosen, into: total, at: places, clears: false)
      }
      return
    }
    try merge(
      share, StateUpdate(state, groupCount: slots.slotCount, packing: packing),
      StateMerge(state, packing: packing), into: total, at: places)
  }

  /// Adds how many rows each slot has to the states, of which that is the only word. Counters of 32
  /// bits, of which no table has enough rows for more, keep twice as many groups in the cache.
  private func mergeCounts(into total: Buffer<UInt64>, at places: Buffer<UInt32>?) throws {
    let parts = AggregationPart.count(rowCount)
    let chunks = min(parts, 2 * Workers.threadCount)
    // No line of the cache has counters of two chunks.
    let size = (slots.slotCount + 31) / 32 * 32
    let counts = try Buffer<UInt32>.zeros(chunks * size)
    try Workers.run(parts: chunks) { chunk in
      let room = BlockRoom()
      let own = counts.base + chunk * size
      for part in parts * chunk / chunks..<parts * (chunk + 1) / chunks {
        try forEachBlock(AggregationPart.rows(part, of: rowCount), 1, room) { block in
          // SAFETY: offsets are slots, of which each has a counter.
          for place in 0..<block.count {
            kz_prefetch(block.next.keys + place &* block.next.size)
            own[Int(block.offsets[place])] &+= 1
          }
        }
      }
    }
    let pieces = Workers.partCount(slots.slotCount, partSize: PartMerge.chunkSize)
    try Workers.run(parts: pieces) { piece in
      for slot in Workers.part(piece, of: slots.slotCount, partSize: PartMerge.chunkSize) {
        var count: UInt64 = 0
        for chunk in 0..<chunks { count &+= UInt64(counts.base[chunk * size + slot]) }
        total.base[places.map { Int($0.base[slot]) } ?? slot] &+= count
      }
    }
  }

  /// Adds up the states of each part, or of so many that share one, by `update`, and merges them.
  private func merge(
    _ share: Int, _ update: StateUpdate, _ merging: StateMerge, into total: Buffer<UInt64>,
    at places: Buffer<UInt32>?
  ) throws {
    let parts = AggregationPart.count(rowCount)
    // Where states are small, all parts may have some; a few more than threads let these go on while
    // one of them is late.
    let words = slots.slotCount * update.stride
    let roomLimit = max(Workers.threadCount + 2, (1 << 18) / max(words, 1))
    let merge = PartMerge(
      merging, slotCount: slots.slotCount, into: total, at: places, roomLimit: roomLimit)
    try merge.run(parts: Workers.partCount(parts, partSize: share)) { place, states in
      for part in Workers.part(place, of: parts, partSize: share) {
        try add(part: part, to: states, update)
      }
    }
  }

  /// The states of each part, one part's after the other's.
  func partStates() throws -> Buffer<UInt64> {
    let parts = AggregationPart.count(rowCount)
    let words = slots.slotCount * stride
    let states = try Buffer<UInt64>(repeating: 0, count: parts * words)
    try Workers.run(parts: parts) { try add(part: $0, to: states.base + $0 * words, update) }
    return states
  }

  /// The slots of which a part has rows; without keys the one there is.
  func occurring(in partStates: Buffer<UInt64>) throws -> Buffer<UInt32> {
    let parts = AggregationPart.count(rowCount)
    // SAFETY: each part has a state for each slot.
    return try Buffer(
      (0..<UInt32(slots.slotCount)).filter { slot in
        slots.digits.isEmpty
          || (0..<parts).contains {
            partStates.base[($0 * slots.slotCount + Int(slot)) * stride] > 0
          }
      })
  }

  /// Merges the parts' states of some slots, in the order of the parts, into those at their places.
  ///
  /// SAFETY: there must be a state in `total` at each place, and no place twice.
  func merge(
    _ partStates: Buffer<UInt64>, of chosen: Buffer<UInt32>, into total: Buffer<UInt64>,
    at places: Buffer<UInt32>
  ) throws {
    let parts = AggregationPart.count(rowCount)
    let chunk = 512
    try Workers.run(parts: Workers.partCount(chosen.count, partSize: chunk)) { piece in
      for index in Workers.part(piece, of: chosen.count, partSize: chunk) {
        let target = total.base + Int(places.base[index]) * stride
        for part in 0..<parts {
          let slot = part * slots.slotCount + Int(chosen.base[index])
          merging.merge(partStates.base + slot * stride, into: target, count: 1)
        }
      }
    }
  }

  private func add(
    part: Int, to states: UnsafeMutablePointer<UInt64>, _ update: StateUpdate
  ) throws {
    let room = BlockRoom()
    let rows = AggregationPart.rows(part, of: rowCount)
    try forEachBlock(rows, update.stride, room) { update.add($0, to: states, room) }
    guard update.needsDeviations else { return }
    update.center(states, count: slots.slotCount)
    try forEachBlock(rows, update.stride, room) { update.addDeviations($0, to: states, room) }
    update.finishDeviations(states, count: slots.slotCount)
  }

  @inline(__always)
  private func forEachBlock(
    _ rows: Range<Int>, _ stride: Int, _ room: BlockRoom, _ body: (RowBlock) -> Void
  ) throws {
    var start = rows.lowerBound
    while start < rows.upperBound {
      if start & 0xFFFF == 0 { try Cancellation.check() }
      let range = start..<min(start + RowBlock.size, rows.upperBound)
      start = range.upperBound
      if let mask, !mask.hasBits(range) { continue }
      // SAFETY: blocks begin at multiples of 64 rows and lie within the keys.
      slots.fill(range, stride: stride, into: room.offsets)
      body(room.block(range, mask, next: slots.firstKeys(from: range.upperBound)))
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
