/// Counts distinct values by a bit for each group and value that could occur.
struct DistinctBits {
  private let range: KeyRange
  private let wordsPerGroup: Int
  private let column: Column
  private let grouping: Grouping

  /// Nil where the bits would be many more than the rows.
  init?(_ column: Column, by grouping: Grouping) throws {
    if column.isFloat { return nil }
    if case .text = column.storage { return nil }
    self.column = column
    self.grouping = grouping
    range = try column.keyRange()
    let limit = max(column.count / 4, 1 << 10)
    guard range.span < UInt64(limit) * 64 else { return nil }
    wordsPerGroup = Int(range.span >> 6) + 1
    guard wordsPerGroup <= limit / max(grouping.groupCount, 1) else { return nil }
  }

  /// How many distinct values each group has; null is none.
  func counts() throws -> Column {
    let words = try column.visitKeys(Marker(bits: self, ids: try grouping.ids))
    return try .integers(count: grouping.groupCount, type: .int) { group in
      var total = 0
      // SAFETY: each group has so many words.
      let own = words.base + group * wordsPerGroup
      for word in 0..<wordsPerGroup { total += own[word].nonzeroBitCount }
      return Int64(total)
    }
  }

  private struct Marker: KeyVisitor {
    let bits: DistinctBits
    let ids: Buffer<UInt32>

    func visit<Source: KeySource>(_ source: Source) throws -> Buffer<UInt64> {
      let (lowest, wordsPerGroup) = (bits.range.lowest, bits.wordsPerGroup)
      let (ids, rowCount, validity) = (ids, bits.column.count, bits.column.validity)
      let wordCount = bits.grouping.groupCount * wordsPerGroup
      // As many chunks as have bits of their own without taking more room than the rows do.
      let chunkCount = max(min(Workers.partCount(rowCount), 16, rowCount / max(wordCount, 1)), 1)
      let words = try Buffer<UInt64>(repeating: 0, count: chunkCount * wordCount)
      try Workers.run(parts: chunkCount) { chunk in
        // SAFETY: each chunk has words of its own; ids are below the number of groups and keys
        // within their range.
        let (own, ids) = (words.base + chunk * wordCount, ids.base)
        try forEachValidRow(validity, in: chunkRange(chunk, of: chunkCount, rowCount)) { row in
          let value = source.key(row) &- lowest
          let word = Int(ids[row]) &* wordsPerGroup &+ Int(truncatingIfNeeded: value &>> 6)
          own[word] |= 1 &<< (value & 63)
        }
      }
      try Workers.run(parts: Workers.partCount(wordCount)) { part in
        for word in Workers.part(part, of: wordCount) {
          var all = words.base[word]
          for chunk in 1..<max(chunkCount, 1) { all |= words.base[chunk * wordCount + word] }
          words.base[word] = all
        }
      }
      return words
    }
  }
}
