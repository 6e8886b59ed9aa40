/// How large a join becomes, known before its rows are made.
package struct JoinSize: Sendable, Hashable {
  /// Left rows of which the key is on the right.
  package let leftMatched: Int
  /// Pairs of rows of equal keys.
  package let pairs: Int

  /// Saturates, where no memory would hold the rows anyway.
  package static func product(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? Int.max : product
  }
}

extension KeyMatches {
  /// How many rows match. Linear in the left rows, and in the right ones where keys occur twice.
  package func size() throws -> JoinSize {
    let sizes = try rightIds.map { try rightSizes($0) }
    let parts = try Workers.map(parts: Workers.partCount(leftCount)) { part in
      try Cancellation.check()
      var (matched, pairs) = (0, 0)
      // SAFETY: the part lies within the rows, and ids are below their number.
      let ids = leftIds.base
      if let sizes {
        for row in Workers.part(part, of: leftCount) where ids[row] != noRow {
          matched &+= 1
          pairs &+= Int(sizes.base[Int(ids[row])])
        }
      } else {
        for row in Workers.part(part, of: leftCount) { matched &+= ids[row] == noRow ? 0 : 1 }
        pairs = matched
      }
      return JoinSize(leftMatched: matched, pairs: pairs)
    }
    return JoinSize(
      leftMatched: parts.reduce(0) { $0 + $1.leftMatched },
      pairs: parts.reduce(0) { $0 + $1.pairs })
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

  /// The right rows of which the key is on the left.
  package func matchedRight() throws -> Bitmap {
    // Each chunk of left rows marks the numbers it finds in bits of its own; one more bit, which stands
    // for rows without a match, saves a branch.
    let chunkCount = max(min(Workers.partCount(leftCount), 8), 1)
    let size = Bitmap.wordCount(idCount + 1)
    let marks = try Buffer<UInt64>(filledWith: 0, count: size * chunkCount)
    try Workers.run(parts: chunkCount) { chunk in
      // SAFETY: ids are below their number or `noRow`.
      let (own, ids) = (marks.base + chunk * size, leftIds.base)
      let none = UInt32(truncatingIfNeeded: idCount)
      for row in chunkRange(chunk, of: chunkCount, leftCount) {
        if row & 8191 == 0 { try Cancellation.check() }
        let id = min(ids[row], none)
        own[Int(id &>> 6)] |= 1 &<< UInt64(id & 63)
      }
    }
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(idCount))
    for word in 0..<words.count {
      var all: UInt64 = 0
      for chunk in 0..<chunkCount { all |= marks.base[chunk * size + word] }
      let isPartial = word == words.count - 1 && idCount & 63 != 0
      words.base[word] = isPartial ? all & ((1 << UInt64(idCount & 63)) - 1) : all
    }
    let known = Bitmap(words: words, count: idCount)
    guard let rightIds else { return known }
    let rows = try Bitmap(repeating: false, count: rightCount)
    for row in 0..<rightCount {
      if row & 8191 == 0 { try Cancellation.check() }
      let id = rightIds.base[row]
      if id != noRow, known.words.base[Int(id >> 6)] >> UInt64(id & 63) & 1 == 1 {
        rows.words.base[row >> 6] |= 1 << UInt64(row & 63)
      }
    }
    return rows
  }
}
