extension KeyMatches {
  /// Open-addressing tables, each over a part of the numbers that is small enough for the cache.
  init(hashed numbers: JoinNumbers, leftCount: Int, rightCount: Int) throws {
    let right = try HashPartitions(numbers.right, rowCount: rightCount, for: rightCount)
    let leftIds = try Buffer<UInt32>(filledWith: noRow, count: leftCount)
    if right.count == 1 {
      var table = try NumberSlots(right, 0, rightIds: nil)
      var rightIds: Buffer<UInt32>?
      if !table.isUnique {
        let ids = try Buffer<UInt32>(filledWith: noRow, count: rightCount)
        table = try NumberSlots(right, 0, rightIds: ids)
        rightIds = ids
      }
      try Workers.run(parts: Workers.partCount(leftCount)) { [table] part in
        try numbers.left.forEachBlock(in: Workers.part(part, of: leftCount)) { rows, numbers in
          table.find(numbers, rows.count, ids: leftIds.base + rows.lowerBound)
        }
      }
      self.init(leftIds: leftIds, rightIds: rightIds, idCount: rightCount, rightCount: rightCount)
      return
    }
    let left = try HashPartitions(numbers.left, rowCount: leftCount, for: rightCount)
    let isUnique = try Workers.map(parts: right.count) { part in
      let table = try NumberSlots(right, part, rightIds: nil)
      if table.isUnique { try table.find(left, part, ids: leftIds) }
      return table.isUnique
    }
    var rightIds: Buffer<UInt32>?
    if isUnique.contains(false) {
      let ids = try Buffer<UInt32>(filledWith: noRow, count: rightCount)
      try Workers.run(parts: right.count) { part in
        let table = try NumberSlots(right, part, rightIds: ids)
        try table.find(left, part, ids: leftIds)
      }
      rightIds = ids
    }
    self.init(leftIds: leftIds, rightIds: rightIds, idCount: rightCount, rightCount: rightCount)
  }
}

/// Numbers of keys with their rows, dealt to parts by hash; rows ascend within each part.
private struct HashPartitions: Sendable {
  let numbers: Buffer<UInt64>
  let rows: Buffer<UInt32>
  private let starts: [Int]
  private let bits: UInt64

  var count: Int { starts.count - 1 }

  func range(_ part: Int) -> Range<Int> { starts[part]..<starts[part + 1] }

  /// Deals the rows of either side to as many parts as suit `builtCount` rows on the right: a
  /// table of one part should fit the second-level cache.
  init(_ keys: KeyNumbers, rowCount: Int, for builtCount: Int) throws {
    let bits = UInt64((0..<11).first { builtCount >> $0 <= 8192 } ?? 11)
    self.bits = bits
    let partCount = 1 << Int(bits)
    let chunkCount = max(min(Workers.partCount(rowCount), 32), 1)
    let next = try Buffer<UInt32>(repeating: 0, count: chunkCount * partCount)
    try Workers.run(parts: chunkCount) { chunk in
      let own = next.base + chunk * partCount
      try keys.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { rows, numbers in
        for place in 0..<rows.count where numbers[place] != noKey {
          // SAFETY: there is a count for each part.
          own[HashPartitions.part(numbers[place], bits)] &+= 1
        }
      }
    }
    var starts: [Int] = []
    var total: UInt32 = 0
    for part in 0..<partCount {
      starts.append(Int(total))
      for chunk in 0..<chunkCount {
        let size = next.base[chunk * partCount + part]
        next.base[chunk * partCount + part] = total
        total += size
      }
    }
    starts.append(Int(total))
    self.starts = starts
    let (dealt, dealtRows) = (
      try Buffer<UInt64>(count: Int(total)), try Buffer<UInt32>(count: Int(total))
    )
    numbers = dealt
    rows = dealtRows
    try Workers.run(parts: chunkCount) { chunk in
      let own = next.base + chunk * partCount
      try keys.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { rows, numbers in
        // SAFETY: the places of each chunk and part were counted.
        let (targets, targetRows) = (dealt.base, dealtRows.base)
        for place in 0..<rows.count where numbers[place] != noKey {
          let part = HashPartitions.part(numbers[place], bits)
          let target = Int(own[part])
          own[part] &+= 1
          targets[target] = numbers[place]
          targetRows[target] = UInt32(truncatingIfNeeded: rows.lowerBound &+ place)
        }
      }
    }
  }

  /// The upper bits of the hash; slots go by the lower ones.
  @inline(__always)
  private static func part(_ number: UInt64, _ bits: UInt64) -> Int {
    Int(truncatingIfNeeded: (hashed(number) &>> 32) &>> (32 &- bits))
  }
}

/// The numbers of one part of the right side, in an open-addressing table of which at most half is
/// taken.
///
/// SAFETY: the slots are written while the table is made and never after.
private struct NumberSlots: @unchecked Sendable {
  private struct Slot: BitwiseCopyable {
    var number: UInt64
    /// The number's id; `noRow` where the slot is free.
    var id: UInt32
  }

  private let slots: Buffer<Slot>
  private let mask: Int
  /// Whether no number occurs twice; ids are rows then.
  private(set) var isUnique = true

  /// Inserts the rows of a part. Without `rightIds` a number's id is its row, and the table is of
  /// use only if it is unique; with them it is the place of its first row, and they are written.
  init(_ right: HashPartitions, _ part: Int, rightIds: Buffer<UInt32>?) throws {
    let range = right.range(part)
    var size = 16
    while size < range.count * 2 { size *= 2 }
    mask = size - 1
    slots = try Buffer(repeating: Slot(number: 0, id: noRow), count: size)
    // SAFETY: slots are taken modulo the size; the range and the rows are those of the right side.
    let (slots, numbers, rows) = (slots.base, right.numbers.base, right.rows.base)
    for place in range {
      if place & 4095 == 0 { try Cancellation.check() }
      let number = numbers[place]
      var slot = Int(truncatingIfNeeded: hashed(number)) & mask
      while slots[slot].id != noRow, slots[slot].number != number { slot = (slot &+ 1) & mask }
      let isNew = slots[slot].id == noRow
      if let rightIds {
        if isNew { slots[slot] = Slot(number: number, id: UInt32(truncatingIfNeeded: place)) }
        rightIds.base[Int(rows[place])] = slots[slot].id
      } else if isNew {
        slots[slot] = Slot(number: number, id: rows[place])
      } else {
        isUnique = false
        return
      }
    }
  }

  /// Writes the ids of the left rows of a part, where they are here.
  func find(_ left: HashPartitions, _ part: Int, ids: Buffer<UInt32>) throws {
    // SAFETY: slots are taken modulo the size; ids are as many as the rows of the left side.
    let (slots, numbers, rows, target) = (
      slots.base, left.numbers.base, left.rows.base, ids.base
    )
    for place in left.range(part) {
      if place & 4095 == 0 { try Cancellation.check() }
      target[Int(rows[place])] = NumberSlots.id(numbers[place], slots, mask)
    }
  }

  /// Writes the ids of `count` numbers.
  func find(
    _ numbers: UnsafeMutablePointer<UInt64>, _ count: Int, ids: UnsafeMutablePointer<UInt32>
  ) {
    let slots = slots.base
    for place in 0..<count where numbers[place] != noKey {
      ids[place] = NumberSlots.id(numbers[place], slots, mask)
    }
  }

  @inline(__always)
  private static func id(
    _ number: UInt64, _ slots: UnsafeMutablePointer<Slot>, _ mask: Int
  ) -> UInt32 {
    var slot = Int(truncatingIfNeeded: hashed(number)) & mask
    while slots[slot].id != noRow, slots[slot].number != number { slot = (slot &+ 1) & mask }
    return slots[slot].id
  }
}

/// A hash by 128-bit multiplication, folded.
@inline(__always)
private func hashed(_ number: UInt64) -> UInt64 {
  let product = (number ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
  return product.high ^ product.low
}

extension Buffer where Element: Sendable {
  /// A region in which every element is `value`, filled on all threads.
  convenience init(filledWith value: Element, count: Int) throws {
    try self.init(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      let range = Workers.part(part, of: count)
      // SAFETY: the part lies within the region.
      (base + range.lowerBound).initialize(repeating: value, count: range.count)
    }
  }
}

extension TextStorage {
  /// Whether the hashes of all texts differ, and so the texts. Linear the first time, afterwards
  /// constant.
  func areDistinct() throws -> Bool {
    if let knownDistinct { return knownDistinct }
    let areDistinct = try hashesDiffer()
    knownDistinct = areDistinct
    return areDistinct
  }

  private func hashesDiffer() throws -> Bool {
    var hashes = KeyNumbers()
    hashes.append(HashedTextDigits(self).packer(radix: 0, maximum: noKey - 1, nil))
    let parts = try HashPartitions(hashes, rowCount: count, for: count)
    return try Workers.map(parts: parts.count) {
      try NumberSlots(parts, $0, rightIds: nil).isUnique
    }.allSatisfy { $0 }
  }
}
