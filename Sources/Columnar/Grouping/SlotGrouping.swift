extension GroupNumbers {
  /// Gives each key that could occur a slot, and numbers those that do.
  init(slots number: PackedNumber, rowCount: Int) throws {
    let slotCount = Int(number.maximum) + 1
    let ids = try Buffer<UInt32>(count: rowCount)
    // Each chunk has a table of first rows; all of them together stay below the rows in size.
    let chunkCount = max(min(Workers.partCount(rowCount), 16, rowCount / slotCount), 1)
    let firsts = try Buffer<UInt32>(repeating: noRow, count: chunkCount * slotCount)
    try Workers.run(parts: chunkCount) { chunk in
      let own = firsts.base + chunk * slotCount
      let range = chunkRange(chunk, of: chunkCount, rowCount)
      var start = range.lowerBound
      while start < range.upperBound {
        try Cancellation.check()
        let rows = start..<min(start + PackedNumber.blockSize, range.upperBound)
        // SAFETY: the rows lie within the ids, and numbers are below the number of slots.
        let slots = ids.base
        number.pack(rows, into: slots + start)
        for row in rows {
          let slot = Int(slots[row])
          if own[slot] == noRow { own[slot] = UInt32(truncatingIfNeeded: row) }
        }
        start = rows.upperBound
      }
    }
    let numbers = try Buffer<UInt32>(count: slotCount)
    let firstRows = try Buffer<UInt32>(count: slotCount)
    var groupCount = 0
    for slot in 0..<slotCount {
      var first = noRow
      for chunk in 0..<chunkCount {
        first = firsts.base[chunk * slotCount + slot]
        if first != noRow { break }
      }
      numbers.base[slot] = UInt32(truncatingIfNeeded: groupCount)
      if first != noRow {
        firstRows.base[groupCount] = first
        groupCount += 1
      }
    }
    if groupCount == slotCount {
      self.init(ids: ids, firstRows: firstRows)
      return
    }
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      let (ids, numbers) = (ids.base, numbers.base)
      for row in Workers.part(part, of: rowCount) {
        // SAFETY: numbers of slots are below their count.
        ids[row] = numbers[Int(ids[row])]
      }
    }
    self.init(ids: ids, firstRows: try firstRows.slice(0..<groupCount))
  }
}
