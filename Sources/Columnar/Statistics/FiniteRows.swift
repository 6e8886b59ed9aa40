extension Column {
  /// Which rows hold a finite number; nil where none of the values is infinite. Nulls are not set.
  package func finiteRows() throws -> Bitmap? {
    guard case .float(let buffer) = storage else { return nil }
    let bounds = try buffer.bounds()
    if bounds.lowerBound.isFinite, bounds.upperBound.isFinite { return nil }
    let words = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(count))
    let infinite = try Workers.map(parts: Workers.partCount(count)) { part in
      var infinite = 0
      // SAFETY: rows lie within the column, words have a bit for each; parts begin at whole words.
      for row in Workers.part(part, of: count) {
        if buffer.base[row].isFinite {
          words.base[row >> 6] |= 1 << UInt64(row & 63)
        } else {
          infinite += 1
        }
      }
      return infinite
    }
    if infinite.allSatisfy({ $0 == 0 }) { return nil }
    if let validity {
      for word in 0..<words.count { words.base[word] &= validity.words.base[word] }
    }
    return Bitmap(words: words, count: count)
  }
}
