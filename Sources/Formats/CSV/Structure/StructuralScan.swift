/// Finds the delimiters and newlines outside quotes, 64 bytes at a time.
struct StructuralScan {
  private let delimiter: SIMD16<UInt8>
  private let quote: SIMD16<UInt8>
  /// All ones where the dialect has a quote, else 0.
  private let quoteMask: UInt64

  /// All ones inside quotes, else 0.
  private(set) var inQuotes: UInt64 = 0
  /// 1 where the byte before lets a quote open: a delimiter, a newline or a quote.
  private(set) var mayOpen: UInt64 = 1
  /// 1 where the byte before is a quote that closed, so that the field must end or the quote double.
  private(set) var mustEnd: UInt64 = 0
  /// Whether a quote stands where none may.
  private(set) var isMalformed = false
  private(set) var newlineCount = 0
  /// Whether a byte beyond ASCII may have been met.
  private(set) var hasHighBytes = false
  /// Whether a NUL may have been met.
  private(set) var hasNUL = false

  /// A scan that begins at the start of a record.
  init(_ dialect: CSVDialect) {
    delimiter = SIMD16(repeating: dialect.delimiter)
    quote = SIMD16(repeating: dialect.quote ?? 0)
    quoteMask = dialect.quote == nil ? 0 : ~0
  }

  /// Writes the places of delimiters and newlines in `range` to `places` and returns how many.
  ///
  /// SAFETY: 64 bytes past the range can be read, and `places` has room for as many entries as the
  /// range has bytes, and 64 more.
  mutating func run(
    _ text: UnsafePointer<UInt8>, _ range: Range<Int>, _ places: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let newline = SIMD16<UInt8>(repeating: 0x0A)
    var written = 0
    var union = SIMD16<UInt8>.zero
    var lowest = SIMD16<UInt8>(repeating: 0xFF)
    var newlines = 0
    var place = range.lowerBound
    while place < range.upperBound {
      let block = ByteBlock(text + place)
      var ends = block.matches(delimiter, newline)
      var lines = block.matches(newline)
      union |= block.union
      lowest = pointwiseMin(lowest, block.minimum)
      let left = range.upperBound &- place
      let hasQuotes = quoteMask != 0 && block.contains(quote)
      if hasQuotes || (inQuotes | mustEnd) != 0 || left < 64 {
        var quotes = block.matches(quote) & quoteMask
        if left < 64 {
          let kept = (UInt64(1) &<< UInt64(truncatingIfNeeded: left)) &- 1
          ends &= kept
          lines &= kept
          quotes &= kept
        }
        let quoted = resolve(quotes: quotes, ends: ends, text + place, min(left, 64))
        ends &= ~quoted
        lines &= ~quoted
      } else {
        mayOpen = ends &>> 63
      }
      newlines &+= bitCount(lines)
      let count = bitCount(ends)
      let target = places + written
      let offset = UInt32(truncatingIfNeeded: place)
      // Unconditional stores past the count are overwritten by the next block.
      for slot in 0..<8 {
        target[slot] = offset &+ UInt32(truncatingIfNeeded: ends.trailingZeroBitCount)
        ends &= ends &- 1
      }
      if count > 8 {
        for slot in 8..<16 {
          target[slot] = offset &+ UInt32(truncatingIfNeeded: ends.trailingZeroBitCount)
          ends &= ends &- 1
        }
        var slot = 16
        while slot < count {
          target[slot] = offset &+ UInt32(truncatingIfNeeded: ends.trailingZeroBitCount)
          ends &= ends &- 1
          slot &+= 1
        }
      }
      written &+= count
      place &+= 64
    }
    newlineCount += newlines
    if bits(unsafeBitCast(union, to: SIMD16<Int8>.self) .< 0) != 0 { hasHighBytes = true }
    if bits(lowest .== 0) != 0 { hasNUL = true }
    return written
  }

  /// Which bytes of a block lie inside quotes, the opening quote among them; checks where quotes
  /// stand and carries the state to the next block.
  @inline(__always)
  private mutating func resolve(
    quotes: UInt64, ends: UInt64, _ text: UnsafePointer<UInt8>, _ count: Int
  ) -> UInt64 {
    // The running parity of quotes.
    var quoted = quotes
    quoted ^= quoted &<< 1
    quoted ^= quoted &<< 2
    quoted ^= quoted &<< 4
    quoted ^= quoted &<< 8
    quoted ^= quoted &<< 16
    quoted ^= quoted &<< 32
    quoted ^= inQuotes
    let opening = quotes & quoted
    let closing = quotes & ~quoted
    let outside = ends & ~quoted
    if opening & ~((outside | closing) &<< 1 | mayOpen) != 0 { isMalformed = true }
    let afterClosing = closing &<< 1 | mustEnd
    let last = UInt64(truncatingIfNeeded: count &- 1)
    let kept = ~UInt64(0) &>> (63 &- last)
    var wrong = afterClosing & kept & ~(outside | quotes)
    while wrong != 0 {
      let place = wrong.trailingZeroBitCount
      // A carriage return may stand between a closing quote and the newline.
      if text[place] != 0x0D || text[place &+ 1] != 0x0A { isMalformed = true }
      wrong &= wrong &- 1
    }
    inQuotes = (quoted &>> last) & 1 == 1 ? ~0 : 0
    mayOpen = ((outside | closing) &>> last) & 1
    mustEnd = (closing &>> last) & 1
    return quoted
  }
}
