/// What the texts of a table have in common.
struct TextShape {
  /// The bytes that all begin with; not the digits that would end them.
  private(set) var prefix: [UInt8] = []
  /// The numbers of what follows, where that is nothing but digits in all of them, and few.
  private(set) var decimals: ClosedRange<UInt64>?
  /// Whether what follows is short in all of them.
  private(set) var isShort = true

  /// The shape of texts that are all a prefix and digits.
  init(prefix: [UInt8], decimals: ClosedRange<UInt64>) {
    (self.prefix, self.decimals) = (prefix, decimals)
  }

  /// Rows that are not set in `validity` do not count.
  init(_ texts: TextStorage, _ validity: Bitmap?) throws {
    @Sendable func isValid(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }
    guard let first = (0..<texts.count).first(where: isValid) else { return }
    let whole = texts.utf8(first)
    let lengths = try Workers.map(parts: Workers.partCount(texts.count)) { part in
      var length = min(texts.utf8(first).count, 64)
      for row in Workers.part(part, of: texts.count) where isValid(row) {
        let text = texts.utf8(row)
        let (known, limit) = (texts.bytes.base + texts.offsets[first], min(length, text.count))
        length = 0
        while length < limit, text[length] == known[length] { length += 1 }
        if length == 0 { break }
      }
      return length
    }
    prefix = Array(whole.prefix(lengths.min() ?? 0))
    while let last = prefix.last, last >= 0x30, last <= 0x39 { prefix.removeLast() }
    let decimal = DecimalTextDigits(texts, prefix: prefix, lowest: 0)
    let prefixLength = prefix.count
    let parts = try Workers.map(parts: Workers.partCount(texts.count)) { part in
      var found: (lowest: UInt64, highest: UInt64, isShort: Bool) = (noKey, 0, true)
      for row in Workers.part(part, of: texts.count) where isValid(row) {
        if row & 4095 == 0 { try Cancellation.check() }
        let number = decimal.digit(row)
        found.lowest = min(found.lowest, number)
        found.highest = max(found.highest, number)
        let isShort = texts.utf8(row).count - prefixLength < 8
        found.isShort = found.isShort && isShort
      }
      return found
    }
    isShort = parts.allSatisfy { $0.isShort }
    let lowest = parts.map(\.lowest).min() ?? noKey
    let highest = parts.map(\.highest).max() ?? noKey
    if lowest <= highest, highest < noKey { decimals = lowest...highest }
  }
}

extension TextShape {
  /// Whether only equal texts have equal numbers.
  var isExact: Bool { decimals != nil || isShort }

  /// No number is larger.
  var maximum: UInt64 { decimals.map { $0.upperBound - $0.lowerBound } ?? noKey - 1 }

  /// The numbers of texts: those of their digits, their bytes or, where neither fits, their hashes.
  func packer(_ texts: TextStorage, _ validity: Bitmap?) -> DigitPacker {
    if let decimals {
      return DigitPacker(
        DecimalTextDigits(texts, prefix: prefix, lowest: decimals.lowerBound), validity)
    }
    return isShort
      ? DigitPacker(ShortTextDigits(texts, prefix: prefix), validity)
      : DigitPacker(HashedTextDigits(texts), validity)
  }

  /// What stands for null: the number of an empty text, which null rows hold, or one behind all
  /// others where no text is empty.
  var nullNumber: UInt64 {
    prefix.isEmpty && (decimals.map { $0.lowerBound == 0 } ?? true) ? 0 : maximum + 1
  }
}
