/// How many rows match, and which: all that one look at the left rows tells.
package struct MatchCounts: Sendable {
  package let size: JoinSize
  /// The right rows of which the key is on the left.
  package let matchedRight: Bitmap
  /// How many left rows match in each part of `Workers.partSize` rows.
  let parts: [Int]
}

extension KeyMatches {
  /// Linear in the left rows, and in the right ones where keys occur twice.
  package func counts() throws -> MatchCounts {
    let sizes = try rightIds.map { try rightSizes($0) }
    let parts = Workers.partCount(leftCount)
    // Each chunk of parts marks the numbers it finds in room of its own; one more number, which stands
    // for rows without a match, saves a branch. Few numbers have a byte each: a bit among others of a
    // word would have to wait for the row before.
    let chunkCount = max(min(parts, 8), 1)
    let hasBytes = idCount < 1 << 15
    let size = hasBytes ? (idCount + 8) / 8 : Bitmap.wordCount(idCount + 1)
    let marks = try Buffer<UInt64>(filledWith: 0, count: size * chunkCount)
    let counted = try Workers.map(parts: chunkCount) { chunk in
      let own = marks.base + chunk * size
      var counts: [(matched: Int, pairs: Int)] = []
      for part in parts * chunk / chunkCount..<parts * (chunk + 1) / chunkCount {
        try Cancellation.check()
        let rows = Workers.part(part, of: leftCount)
        let matched = hasBytes ? markBytes(rows, own) : markBits(rows, own)
        var pairs = matched
        if let sizes {
          // SAFETY: ids are below their number.
          pairs = 0
          for row in rows where leftIds.base[row] != noRow {
            pairs &+= Int(sizes.base[Int(leftIds.base[row])])
          }
        }
        counts.append((matched, pairs))
      }
      return counts
    }.flatMap { $0 }
    let words = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(idCount))
    for chunk in 0..<chunkCount {
      let own = marks.base + chunk * size
      if hasBytes {
        own.withMemoryRebound(to: UInt8.self, capacity: size * 8) { bytes in
          for id in 0..<idCount { words.base[id >> 6] |= UInt64(bytes[id]) << UInt64(id & 63) }
        }
      } else {
        for word in 0..<words.count { words.base[word] |= own[word] }
      }
    }
    if idCount & 63 != 0 { words.base[words.count - 1] &= (1 << UInt64(idCount & 63)) - 1 }
    return MatchCounts(
      size: JoinSize(
        leftMatched: counted.reduce(0) { $0 + $1.matched },
        pairs: counted.reduce(0) { $0 + $1.pairs }),
      matchedRight: try rightRows(of: Bitmap(words: words, count: idCount)),
      parts: counted.map(\.matched))
  }

  /// Sets the bytes of the numbers of left rows; returns how many have one.
  private func markBytes(_ rows: Range<Int>, _ marks: UnsafeMutablePointer<UInt64>) -> Int {
    let none = UInt32(truncatingIfNeeded: idCount)
    var matched = 0
    // SAFETY: ids are below their number or `noRow`, and there is a byte for each of them.
    marks.withMemoryRebound(to: UInt8.self, capacity: idCount + 1) { bytes in
      for row in rows {
        let id = min(leftIds.base[row], none)
        bytes[Int(id)] = 1
        matched &+= id == none ? 0 : 1
      }
    }
    return matched
  }

  /// The same with a bit for each number.
  private func markBits(_ rows: Range<Int>, _ marks: UnsafeMutablePointer<UInt64>) -> Int {
    let none = UInt32(truncatingIfNeeded: idCount)
    var matched = 0
    for row in rows {
      let id = min(leftIds.base[row], none)
      marks[Int(id &>> 6)] |= 1 &<< UInt64(id & 63)
      matched &+= id == none ? 0 : 1
    }
    return matched
  }

  /// How many right rows have each key.
  func rightSizes(_ rightIds: Buffer<UInt32>) throws -> Buffer<UInt32> {
    let sizes = try Buffer<UInt32>(repeating: 0, count: idCount)
    for row in 0..<rightCount {
      if row & 4095 == 0 { try Cancellation.check() }
      // SAFETY: ids are below their number.
      let id = rightIds.base[row]
      if id != noRow { sizes.base[Int(id)] &+= 1 }
    }
    return sizes
  }

  /// The right rows with one of the numbers.
  private func rightRows(of numbers: Bitmap) throws -> Bitmap {
    guard let rightIds else { return numbers }
    let rows = try Bitmap(repeating: false, count: rightCount)
    for row in 0..<rightCount {
      if row & 8191 == 0 { try Cancellation.check() }
      let id = rightIds.base[row]
      if id != noRow, numbers.words.base[Int(id >> 6)] >> UInt64(id & 63) & 1 == 1 {
        rows.words.base[row >> 6] |= 1 << UInt64(row & 63)
      }
    }
    return rows
  }
}
