extension KeyMatches {
  /// A slot for each number that a key can have.
  init(slots numbers: JoinNumbers, leftCount: Int, rightCount: Int) throws {
    let slotCount = Int(numbers.maximum) + 1
    // One more, for all that is no key.
    let slots = try Buffer<UInt32>(repeating: noRow, count: slotCount + 1)
    var isUnique = true
    try numbers.right.forEachBlock(in: 0..<rightCount) { rows, numbers in
      // SAFETY: a number is a slot's or, as `noKey`, beyond all of them.
      let slots = slots.base
      for row in rows {
        let slot = Int(min(numbers[row &- rows.lowerBound], UInt64(slotCount)))
        isUnique = isUnique && (slots[slot] == noRow || slot == slotCount)
        slots[slot] = UInt32(truncatingIfNeeded: row)
      }
    }
    var rightIds: Buffer<UInt32>?
    var idCount = rightCount
    if !isUnique {
      slots.base.update(repeating: noRow, count: slotCount + 1)
      let ids = try Buffer<UInt32>(count: rightCount)
      var count: UInt32 = 0
      try numbers.right.forEachBlock(in: 0..<rightCount) { rows, numbers in
        // SAFETY: as above; ids are as many as the rows.
        let (slots, ids) = (slots.base, ids.base)
        for row in rows {
          let number = numbers[row &- rows.lowerBound]
          if number == noKey {
            ids[row] = noRow
            continue
          }
          let slot = Int(number)
          if slots[slot] == noRow {
            slots[slot] = count
            count &+= 1
          }
          ids[row] = slots[slot]
        }
      }
      rightIds = ids
      idCount = Int(count)
    }
    slots.base[slotCount] = noRow
    let leftIds = try Buffer<UInt32>(count: leftCount)
    try Workers.run(parts: Workers.partCount(leftCount)) { part in
      try numbers.left.forEachBlock(in: Workers.part(part, of: leftCount)) { rows, numbers in
        // SAFETY: as above.
        let (slots, ids) = (slots.base, leftIds.base + rows.lowerBound)
        for place in 0..<rows.count {
          ids[place] = slots[Int(min(numbers[place], UInt64(slotCount)))]
        }
      }
    }
    self.init(leftIds: leftIds, rightIds: rightIds, idCount: idCount, rightCount: rightCount)
  }
}
