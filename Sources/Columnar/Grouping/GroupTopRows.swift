import CMemory
import Synchronization

/// Of the rows in the order of `order`, those whose places within their groups of equal `keys` lie
/// in `places`, counted from 0; in that order. What sorting all rows and then picking would give.
///
/// Where `places` ends early and groups are few the rows are gone through once, each group keeping
/// its first rows so far; otherwise all rows are sorted.
package func topRows(
  _ order: [SortColumn], by keys: [Column], places: Range<Int>, rowCount: Int
) throws -> Buffer<UInt32> {
  let places = places.clamped(to: 0..<rowCount)
  if places.isEmpty { return try Buffer<UInt32>(count: 0) }
  let packing = try KeyPacking(order, rowCount: rowCount)
  guard packing.numbers.count == 1, packing.numbers[0].maximum < .max, places.upperBound <= 32,
    let slots = try SlotKeys.orGrouping(keys, rowCount: rowCount),
    slots.slotCount * places.upperBound <= 1 << 22
  else { return try sortedTopRows(packing, keys, places, rowCount) }
  let least = try GroupLeastRows(
    slots, packing.numbers[0], count: places.upperBound, rowCount: rowCount)
  let candidates = try least.rows(at: places, of: rowCount)
  let sorted = try sortedRows(
    try order.map {
      SortColumn(
        column: try $0.column.takeChecked(candidates, hasNone: false),
        isDescending: $0.isDescending)
    }, rowCount: candidates.count)
  return try candidates.gathered(sorted, absent: nil)
}

private func sortedTopRows(
  _ packing: KeyPacking, _ keys: [Column], _ places: Range<Int>, _ rowCount: Int
) throws -> Buffer<UInt32> {
  let rows = try OrderedRows(packing).rows
  let grouping = try Grouping(keys: keys, rowCount: rowCount)
  let ids = try grouping.ids
  let seen = try Buffer<UInt32>(repeating: 0, count: grouping.groupCount)
  let taken = try Bitmap(repeating: false, count: rowCount)
  for place in 0..<rowCount {
    if place & 4095 == 0 { try Cancellation.check() }
    // SAFETY: ids are below the number of groups, and rows those of the frame.
    let group = Int(ids.base[Int(rows.base[place])])
    if places.contains(Int(seen.base[group])) {
      taken.words.base[place >> 6] |= 1 << UInt64(place & 63)
    }
    seen.base[group] &+= 1
  }
  return try rows.gathered(taken.rows(), absent: nil)
}

extension SlotKeys {
  /// A slot for each combination that could occur, or else for each that does; nil if there are too
  /// many.
  static func orGrouping(_ keys: [Column], rowCount: Int) throws -> SlotKeys? {
    if let slots = try SlotKeys(keys, rowCount: rowCount) { return slots }
    let grouping = try Grouping(keys: keys, rowCount: rowCount)
    if grouping.groupCount > SlotKeys.limit { return nil }
    return SlotKeys(ids: try grouping.ids, slotCount: grouping.groupCount)
  }
}

/// The rows with the least numbers of each slot, the lower row first among equals.
private struct GroupLeastRows {
  private let slotCount: Int
  private let least: LeastInSlots
  /// Keeps the entries alive.
  private let entries: Buffer<UInt64>

  init(_ slots: SlotKeys, _ number: PackedNumber, count: Int, rowCount: Int) throws {
    slotCount = slots.slotCount
    let parts = AggregationPart.count(rowCount)
    let atOnce = max(min(Workers.threadCount, parts), 1)
    let size = slots.slotCount * LeastInSlots.stride(count)
    // No entry is beyond these, and a row of them is none.
    let entries = try Buffer<UInt64>(repeating: .max, count: size * atOnce)
    self.entries = entries
    least = LeastInSlots(count: count, entries: entries.base)
    // Which parts share entries depends on the threads, what is left in the end does not.
    let free = Mutex(Array(0..<atOnce))
    try Workers.run(parts: parts) { part in
      let own = free.withLock { $0.removeLast() }
      defer { free.withLock { $0.append(own) } }
      let least = LeastInSlots(
        count: count, isSpread: size > 1 << 15, entries: entries.base + own * size)
      let room = BlockRoom()
      try number.forEachBlock(in: AggregationPart.rows(part, of: rowCount)) { block, packed in
        var start = block.lowerBound
        while start < block.upperBound {
          let range = start..<min(start + RowBlock.size, block.upperBound)
          // SAFETY: the block lies within the keys and the numbers.
          slots.fill(range, stride: least.stride, into: room.offsets)
          least.add(range, packed + (start - block.lowerBound), room.offsets)
          start = range.upperBound
        }
      }
    }
    let chunk = 1024
    try Workers.run(parts: Workers.partCount(slots.slotCount, partSize: chunk)) { [least] part in
      for slot in Workers.part(part, of: slots.slotCount, partSize: chunk) {
        // SAFETY: entries of all threads lie at the same distances.
        for place in 1..<atOnce { least.merge(entries.base + place * size, slot) }
      }
    }
  }

  /// The rows at `places` of each slot that has as many, ascending; `rowCount` is that of all.
  func rows(at places: Range<Int>, of rowCount: Int) throws -> Buffer<UInt32> {
    let taken = try Bitmap(repeating: false, count: rowCount)
    for slot in 0..<slotCount {
      if slot & 0xFFFF == 0 { try Cancellation.check() }
      for place in places {
        // SAFETY: a slot has so many rows, each below the number of all or none.
        let row = least.row(slot * least.stride, place)
        if row == noRow { break }
        taken.words.base[Int(row >> 6)] |= 1 << UInt64(row & 63)
      }
    }
    return try taken.rows()
  }
}

/// The least numbers of each slot, ascending, and behind them their rows: side by side, since a slot
/// is looked at in no order and few of them fit the cache.
///
/// SAFETY: the pointer leads to `stride` words for each slot, which one thread works on.
private struct LeastInSlots: @unchecked Sendable {
  let count: Int
  /// Whether all slots together take more room than most of the second-level cache.
  var isSpread = false
  let entries: UnsafeMutablePointer<UInt64>

  /// Words from one slot to the next.
  var stride: Int { LeastInSlots.stride(count) }

  static func stride(_ count: Int) -> Int { count + (count + 1) / 2 }

  /// The row at a place of a slot that begins at a word.
  @inline(__always)
  func row(_ start: Int, _ place: Int) -> UInt32 {
    UnsafeRawPointer(entries + (start &+ count)).load(fromByteOffset: place &* 4, as: UInt32.self)
  }

  @inline(__always)
  private func setRow(_ start: Int, _ place: Int, _ row: UInt32) {
    UnsafeMutableRawPointer(entries + (start &+ count))
      .storeBytes(of: row, toByteOffset: place &* 4, as: UInt32.self)
  }

  /// Takes in rows with their numbers and where their slots begin.
  func add(
    _ range: Range<Int>, _ packed: UnsafeMutablePointer<UInt64>,
    _ starts: UnsafeMutablePointer<UInt32>
  ) {
    if isSpread {
      add(range, packed, starts, asks: true)
    } else {
      add(range, packed, starts, asks: false)
    }
  }

  @inline(__always)
  private func add(
    _ range: Range<Int>, _ packed: UnsafeMutablePointer<UInt64>,
    _ starts: UnsafeMutablePointer<UInt32>, asks: Bool
  ) {
    for place in 0..<range.count {
      // Which rows are inserted cannot be foreseen, so processors do not run ahead of them.
      if asks { kz_prefetch(entries + Int(starts[place &+ RowBlock.ahead])) }
      let start = Int(starts[place])
      let number = packed[place]
      if number <= entries[start &+ count &- 1] {
        insert(start, number, UInt32(truncatingIfNeeded: range.lowerBound &+ place))
      }
    }
  }

  /// Takes in the entries of a slot from others of the same layout.
  func merge(_ others: UnsafeMutablePointer<UInt64>, _ slot: Int) {
    let start = slot &* stride
    let other = LeastInSlots(count: count, entries: others)
    for place in 0..<count {
      let (number, row) = (others[start &+ place], other.row(start, place))
      if row == noRow { return }
      insert(start, number, row)
    }
  }

  /// Inserts behind all lesser numbers and the same of lower rows, in whatever order rows come, and
  /// drops the last; nothing if that comes before.
  @inline(__always)
  private func insert(_ start: Int, _ number: UInt64, _ newRow: UInt32) {
    func isBehind(_ place: Int) -> Bool {
      let known = entries[start &+ place]
      return known > number || (known == number && row(start, place) > newRow)
    }
    var place = count &- 1
    guard isBehind(place) else { return }
    while place > 0, isBehind(place &- 1) {
      entries[start &+ place] = entries[start &+ place &- 1]
      setRow(start, place, row(start, place &- 1))
      place &-= 1
    }
    entries[start &+ place] = number
    setRow(start, place, newRow)
  }
}
