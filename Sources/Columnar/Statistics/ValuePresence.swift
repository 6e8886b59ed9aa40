import Synchronization

/// Counts how many values of a column of few possible ones occur, by a flag for each.
///
/// No further row is read once all have been seen: of ten times the rows often as many are read. The
/// count does not depend on which rows those were.
enum ValuePresence {
  /// The rows after which threads tell one another what they have seen, or more of them where the
  /// flags are many.
  private static let chunkSize = Workers.partSize
  /// Where there are as many values at most, flags are bytes: equal neighbours do not wait for one
  /// another as they do where a bit is added to a word.
  private static let byteLimit = 1 << 12

  /// Nil for floats, for plain text, and where more values are possible than may have a slot each.
  /// Null is no value.
  static func count(_ column: Column) throws -> Int? {
    let limit = Int(GroupNumbers.slotLimit(rowCount: column.count))
    func count<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<Element>
    ) throws -> Int? {
      let bounds = try buffer.bounds()
      let (span, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
      guard !overflow, span < limit else { return nil }
      return try self.count(buffer, column.validity, bounds.lowerBound, Int(span) + 1)
    }
    switch column.storage {
    case .int8(let buffer): return try count(buffer)
    case .int16(let buffer): return try count(buffer)
    case .int32(let buffer): return try count(buffer)
    case .int64(let buffer): return try count(buffer)
    case .dictionary(let codes, let dictionary):
      let slotCount = max(dictionary.count, 1)
      guard slotCount <= limit else { return nil }
      switch codes {
      case .uint8(let buffer): return try self.count(buffer, column.validity, 0, slotCount)
      case .uint16(let buffer): return try self.count(buffer, column.validity, 0, slotCount)
      case .uint32(let buffer): return try self.count(buffer, column.validity, 0, slotCount)
      }
    case .float, .text: return nil
    }
  }

  /// How many of `slotCount` values from `lowest` on occur in rows that are not null; no other may.
  private static func count<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ buffer: Buffer<Element>, _ validity: Bitmap?, _ lowest: Int64, _ slotCount: Int
  ) throws -> Int {
    let hasBytes = slotCount <= byteLimit
    let wordCount = hasBytes ? (slotCount + 7) / 8 : (slotCount + 63) / 64
    let rowCount = buffer.count
    let chunkSize = max(Self.chunkSize, slotCount / Self.chunkSize * Self.chunkSize)
    let seen = Mutex(Array(repeating: UInt64(0), count: wordCount))
    let seenCount = Atomic<Int>(0)
    let free = Mutex<[Buffer<UInt64>]>([])
    try Workers.run(parts: Workers.partCount(rowCount, partSize: chunkSize)) { chunk in
      if seenCount.load(ordering: .relaxed) == slotCount { return }
      let own =
        try free.withLock { $0.popLast() } ?? Buffer<UInt64>(repeating: 0, count: wordCount)
      let rows = Workers.part(chunk, of: rowCount, partSize: chunkSize)
      // SAFETY: rows are in bounds; values of valid rows lie within the slots, each of which has a
      // flag in the words.
      let (source, words) = (buffer.base, own.base)
      @inline(__always) func slot(_ row: Int) -> Int {
        Int(truncatingIfNeeded: Int64(truncatingIfNeeded: source[row]) &- lowest)
      }
      if hasBytes {
        let flags = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt8.self)
        try forEachValidRow(validity, in: rows) { row in flags[slot(row)] = 1 }
      } else {
        try forEachValidRow(validity, in: rows) { row in
          let slot = slot(row)
          words[slot &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: slot & 63)
        }
      }
      seen.withLock { seen in
        var count = 0
        for word in 0..<wordCount {
          seen[word] |= words[word]
          count += seen[word].nonzeroBitCount
        }
        seenCount.store(count, ordering: .relaxed)
      }
      free.withLock { $0.append(own) }
    }
    return seenCount.load(ordering: .relaxed)
  }
}
