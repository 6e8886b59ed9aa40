#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TextStorage {
  /// The rows in the order of their texts' bytes, equal ones in their old order.
  ///
  /// The bytes behind those that all texts begin with are compared eight at a time, as numbers are
  /// sorted; only texts that are equal for `wordLimit` of these words are compared as texts.
  func sortedRows() throws -> Buffer<UInt32> {
    let (start, end) = try extent()
    let wordCount = (end - start + 7) / 8
    var number = try words(at: start)
    let (sorted, rows) = try OrderedRows.sorted(PackedNumber(number), rowCount: count)
    var isStart = try OrderedRows.changes(sorted)
    for word in 1..<max(min(wordCount, TextStorage.wordLimit), 1) where isStart.setCount < count {
      number = try words(at: start + 8 * word)
      isStart = try OrderedRows.refine(rows, isStart, by: PackedNumber(number))
    }
    if isStart.setCount < count { try sortRuns(of: rows, isStart, from: start) }
    return rows
  }

  private static let wordLimit = 4

  /// How many bytes all texts begin with, and the length of the longest.
  private func extent() throws -> (start: Int, end: Int) {
    guard count > 0 else { return (0, 0) }
    let parts = try Workers.map(parts: Workers.partCount(count)) { part -> (start: Int, end: Int) in
      let first = utf8(0)
      var (start, end) = (first.count, 0)
      for row in Workers.part(part, of: count) {
        let text = utf8(row)
        end = max(end, text.count)
        start = min(start, text.count)
        for index in 0..<start where text[index] != first[index] {
          start = index
          break
        }
      }
      return (start, end)
    }
    return (parts.map(\.start).min() ?? 0, parts.map(\.end).max() ?? 0)
  }

  /// Eight bytes of each text, the first the most significant; 0 past the end.
  private func words(at position: Int) throws -> Buffer<UInt64> {
    let words = try Buffer<UInt64>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      for row in Workers.part(part, of: count) {
        let text = utf8(row)
        let length = text.count - position
        var word: UInt64 = 0
        if length >= 8 {
          let bytes = UnsafeRawBufferPointer(text)
          word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        } else if length > 0 {
          for index in 0..<length {
            word |= UInt64(text[position + index]) << UInt64(56 - 8 * index)
          }
        }
        words.base[row] = word
      }
    }
    return words
  }

  /// Sorts the rows of each run whose words are equal by the texts from `start` on.
  private func sortRuns(of rows: Buffer<UInt32>, _ isStart: Bitmap, from start: Int) throws {
    let partSize = 8192
    try Workers.run(parts: Workers.partCount(count, partSize: partSize)) { part in
      let range = Workers.part(part, of: count, partSize: partSize)
      var place = isStart.next(from: range.lowerBound)
      var compared = 0
      while place < range.upperBound {
        let end = isStart.next(from: place + 1)
        if end - place > 1 {
          // SAFETY: runs do not overlap, and each begins in one part.
          var run = UnsafeMutableBufferPointer(start: rows.base + place, count: end - place)
          try run.sort { left, right in
            compared &+= 1
            if compared & 4095 == 0 { try Cancellation.check() }
            return precedes(Int(left), Int(right), from: start)
          }
        }
        place = end
      }
    }
  }

  /// Whether the text of one row comes before that of the other, or is equal and its row is lower.
  private func precedes(_ left: Int, _ right: Int, from start: Int) -> Bool {
    let (first, second) = (utf8(left), utf8(right))
    let length = min(first.count, second.count)
    if length > start, let first = first.baseAddress, let second = second.baseAddress {
      // SAFETY: both texts are at least as long.
      let order = memcmp(first + start, second + start, length - start)
      if order != 0 { return order < 0 }
    }
    return first.count == second.count ? left < right : first.count < second.count
  }
}

extension TextDictionary {
  /// The place of each entry among the entries sorted by their bytes; one 0 where there are none, for
  /// rows that are null. Made once, on first use.
  package var ranks: Buffer<UInt32> {
    get throws {
      if let known = knownRanks { return known }
      let order = try entries.sortedRows()
      let ranks = try Buffer<UInt32>(repeating: 0, count: max(count, 1))
      try Workers.run(parts: Workers.partCount(count)) { part in
        for rank in Workers.part(part, of: count) {
          // SAFETY: the order holds each entry once.
          ranks.base[Int(order.base[rank])] = UInt32(truncatingIfNeeded: rank)
        }
      }
      knownRanks = ranks
      return ranks
    }
  }

  /// The entries in the order of their bytes.
  var entriesByRank: [UInt32] {
    get throws {
      let ranks = try ranks
      var entries = [UInt32](repeating: 0, count: count)
      for entry in 0..<count { entries[Int(ranks[entry])] = UInt32(entry) }
      return entries
    }
  }
}
