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
  let candidates = try Buffer(least.rows(at: places).sorted())
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
  private let count: Int
  private let slotCount: Int
  /// Slot after slot its least numbers, ascending, and their rows; `.max` and `noRow` behind them.
  private let numbers: Buffer<UInt64>
  private let rows: Buffer<UInt32>

  init(_ slots: SlotKeys, _ number: PackedNumber, count: Int, rowCount: Int) throws {
    self.count = count
    slotCount = slots.slotCount
    let size = slots.slotCount * count
    numbers = try Buffer(repeating: .max, count: size)
    rows = try Buffer(repeating: noRow, count: size)
    let parts = AggregationPart.count(rowCount)
    let atOnce = max(min(Workers.threadCount, parts), 1)
    let partNumbers = try Buffer<UInt64>(repeating: .max, count: size * atOnce)
    let partRows = try Buffer<UInt32>(repeating: noRow, count: size * atOnce)
    for first in stride(from: 0, to: parts, by: atOnce) {
      let running = min(atOnce, parts - first)
      try Workers.run(parts: running) { place in
        let least = LeastInSlots(
          count: count, numbers: partNumbers.base + place * size,
          rows: partRows.base + place * size)
        let room = BlockRoom()
        try number.forEachBlock(in: AggregationPart.rows(first + place, of: rowCount)) {
          block, packed in
          var start = block.lowerBound
          while start < block.upperBound {
            let range = start..<min(start + RowBlock.size, block.upperBound)
            // SAFETY: the block lies within the keys and the numbers.
            slots.fill(range, stride: count, into: room.offsets)
            least.add(range, packed + (start - block.lowerBound), room.offsets)
            start = range.upperBound
          }
        }
      }
      let (numbers, rows) = (numbers, rows)
      let chunk = 1024
      try Workers.run(parts: Workers.partCount(slots.slotCount, partSize: chunk)) { part in
        let least = LeastInSlots(count: count, numbers: numbers.base, rows: rows.base)
        let range = Workers.part(part, of: slots.slotCount, partSize: chunk)
        let entries = range.lowerBound * count..<range.upperBound * count
        for place in 0..<running {
          // SAFETY: entries of all parts lie at the same distances.
          let (known, knownRows) = (partNumbers.base + place * size, partRows.base + place * size)
          for entry in entries where knownRows[entry] != noRow {
            least.insert(known[entry], knownRows[entry], entry / count * count)
          }
        }
        // Of later rows only those count whose numbers are less than the last kept so far.
        for place in 0..<running {
          let (known, knownRows) = (partNumbers.base + place * size, partRows.base + place * size)
          for entry in entries {
            known[entry] = numbers.base[entry / count * count + count - 1]
            knownRows[entry] = noRow
          }
        }
      }
    }
  }

  /// The rows at `places` of each slot that has as many.
  func rows(at places: Range<Int>) -> [UInt32] {
    var taken: [UInt32] = []
    for slot in 0..<slotCount {
      for place in places {
        let row = rows[slot * count + place]
        if row == noRow { break }
        taken.append(row)
      }
    }
    return taken
  }
}

/// SAFETY: the pointers lead to `count` entries for each slot, which one thread works on.
private struct LeastInSlots {
  let count: Int
  let numbers: UnsafeMutablePointer<UInt64>
  let rows: UnsafeMutablePointer<UInt32>

  func add(
    _ range: Range<Int>, _ packed: UnsafeMutablePointer<UInt64>,
    _ slots: UnsafeMutablePointer<UInt32>
  ) {
    for place in 0..<range.count {
      let slot = Int(slots[place])
      if packed[place] < numbers[slot &+ count &- 1] {
        insert(packed[place], UInt32(truncatingIfNeeded: range.lowerBound &+ place), slot)
      }
    }
  }

  /// Inserts behind all numbers that are not greater, and drops the last.
  @inline(__always)
  func insert(_ number: UInt64, _ row: UInt32, _ slot: Int) {
    var place = count &- 1
    if numbers[slot &+ place] <= number { return }
    while place > 0, numbers[slot &+ place &- 1] > number {
      numbers[slot &+ place] = numbers[slot &+ place &- 1]
      rows[slot &+ place] = rows[slot &+ place &- 1]
      place &-= 1
    }
    numbers[slot &+ place] = number
    rows[slot &+ place] = row
  }
}
