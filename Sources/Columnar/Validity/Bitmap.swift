/// One bit a row in 64-bit words, the lowest bit first; bits past the count are 0.
///
/// As a column's validity a set bit means that the row has a value; as a mask, that it is selected.
package struct Bitmap: Sendable {
  package let count: Int
  package let words: Buffer<UInt64>

  /// A bitmap over `words`, of which bits past `count` must be 0.
  package init(words: Buffer<UInt64>, count: Int) {
    precondition(words.count == Bitmap.wordCount(count))
    self.words = words
    self.count = count
  }

  package init(repeating bit: Bool, count: Int) throws {
    let words = try Buffer<UInt64>(repeating: bit ? ~0 : 0, count: Bitmap.wordCount(count))
    if bit, count & 63 != 0 { words.base[count >> 6] = (1 << UInt64(count & 63)) - 1 }
    self.init(words: words, count: count)
  }

  package init(_ bits: [Bool]) throws {
    try self.init(repeating: false, count: bits.count)
    for (row, bit) in bits.enumerated() where bit { words.base[row >> 6] |= 1 << UInt64(row & 63) }
  }

  package static func wordCount(_ count: Int) -> Int { (count + 63) >> 6 }

  package subscript(row: Int) -> Bool {
    precondition(row >= 0 && row < count)
    return words.base[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  /// How many bits are set. Linear in the number of words.
  package var setCount: Int {
    var total = 0
    for word in words.elements { total += word.nonzeroBitCount }
    return total
  }
}
