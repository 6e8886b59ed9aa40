/// How many rows have each packed number, counted by chunks.
struct SlotCounts {
  let counts: Buffer<UInt32>

  /// Nil if there could be too many distinct numbers for a table of them.
  init?(_ number: PackedNumber, rowCount: Int) throws {
    guard number.maximum < GroupNumbers.slotLimit(rowCount: rowCount) else { return nil }
    let slotCount = Int(number.maximum) + 1
    let chunkCount = max(min(Workers.partCount(rowCount), 16, rowCount / slotCount), 1)
    let partial = try Buffer<UInt32>(repeating: 0, count: chunkCount * slotCount)
    try Workers.run(parts: chunkCount) { chunk in
      let own = partial.base + chunk * slotCount
      let range = chunkRange(chunk, of: chunkCount, rowCount)
      try withUnsafeTemporaryAllocation(
        of: UInt32.self, capacity: PackedNumber.blockSize
      ) { block in
        guard let block = block.baseAddress else { return }
        var start = range.lowerBound
        while start < range.upperBound {
          try Cancellation.check()
          let rows = start..<min(start + PackedNumber.blockSize, range.upperBound)
          // SAFETY: the block is as long as the rows, and numbers are below the slots.
          number.pack(rows, into: block)
          for place in 0..<rows.count { own[Int(block[place])] &+= 1 }
          start = rows.upperBound
        }
      }
    }
    for chunk in 1..<max(chunkCount, 1) {
      for slot in 0..<slotCount {
        partial.base[slot] &+= partial.base[chunk * slotCount + slot]
      }
    }
    counts = chunkCount == 1 ? partial : try partial.slice(0..<slotCount)
  }
}
