#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Texts of a prefix and up to 16 digits as numbers, others as no key.
///
/// A number is the value of the digits and how many numbers there are of fewer digits: 0, 1 for
/// `0`, 10 for `9`, 11 for `00`, so that texts of unlike lengths differ.
///
/// SAFETY: rows asked for must be in bounds. Buffers may be read 64 bytes past their end.
struct DecimalTextDigits: DigitSource, @unchecked Sendable {
  private let start: TextStart
  private let lowest: UInt64
  private let shorterCounts: UnsafePointer<UInt64>

  init(_ texts: TextStorage, prefix: [UInt8], lowest: UInt64) {
    start = TextStart(texts, prefix: prefix)
    self.lowest = lowest
    shorterCounts = DecimalTextDigits.counts
  }

  func digit(_ row: Int) -> UInt64 {
    guard let (bytes, length) = start.rest(row), length <= 16 else { return noKey }
    guard length > 8 else {
      guard let value = DecimalTextDigits.value(bytes, length) else { return noKey }
      return shorterCounts[length] &+ value &- lowest
    }
    guard let high = DecimalTextDigits.value(bytes, length - 8),
      let low = DecimalTextDigits.value(bytes + (length - 8), 8)
    else { return noKey }
    return shorterCounts[length] &+ high &* 100_000_000 &+ low &- lowest
  }

  /// The value of up to 8 digits; nil if there is something else among them.
  ///
  /// Digits are added up in pairs, fours and eights inside one word (Lemire, "Quickly parsing eight
  /// digits").
  @inline(__always)
  private static func value(_ bytes: UnsafeRawPointer, _ length: Int) -> UInt64? {
    let zeros: UInt64 = 0x3030_3030_3030_3030
    let loaded = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let bits = UInt64(length) &* 8
    // The last digit belongs into the highest byte, zeros before the first.
    let word = length == 0 ? zeros : loaded &<< (64 &- bits) | (length == 8 ? 0 : zeros &>> bits)
    let high = word & 0xf0f0_f0f0_f0f0_f0f0
    let carried = (word &+ 0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0
    guard high | carried &>> 4 == 0x3333_3333_3333_3333 else { return nil }
    var value = word &- zeros
    value = value &* 10 &+ value &>> 8
    let even = (value & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
    let odd = (value &>> 16 & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
    return (even &+ odd) &>> 32
  }

  /// How many texts of fewer digits there are, by the number of digits.
  ///
  /// SAFETY: filled once, never written again and never freed.
  private nonisolated(unsafe) static let counts: UnsafePointer<UInt64> = {
    let counts = UnsafeMutablePointer<UInt64>.allocate(capacity: 17)
    counts.initialize(to: 0)
    for digits in 1...16 { (counts + digits).initialize(to: counts[digits - 1] * 10 + 1) }
    return UnsafePointer(counts)
  }()
}

/// Texts of a prefix and up to 7 bytes as those bytes and their number; others as no key.
struct ShortTextDigits: DigitSource, @unchecked Sendable {
  private let start: TextStart

  init(_ texts: TextStorage, prefix: [UInt8]) {
    start = TextStart(texts, prefix: prefix)
  }

  func digit(_ row: Int) -> UInt64 {
    guard let (bytes, length) = start.rest(row), length < 8 else { return noKey }
    let loaded = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let bits = UInt64(length) &* 8
    return loaded & ((1 &<< bits) &- 1) | UInt64(length) &<< 56
  }
}

/// Hashes of texts, never `noKey`.
struct HashedTextDigits: DigitSource, @unchecked Sendable {
  private let texts: TextStorage
  private let offsets: UnsafeMutablePointer<Int>
  private let bytes: UnsafeMutablePointer<UInt8>

  init(_ texts: TextStorage) {
    self.texts = texts
    offsets = texts.offsets.base
    bytes = texts.bytes.base
  }

  func digit(_ row: Int) -> UInt64 {
    let start = offsets[row]
    return min(
      textHash(UnsafeBufferPointer(start: bytes + start, count: offsets[row + 1] - start)),
      noKey - 1)
  }
}

/// Texts without the prefix that is asked for.
///
/// SAFETY: as of `DecimalTextDigits`; the texts are never written, and kept alive here.
private struct TextStart: @unchecked Sendable {
  private let texts: TextStorage
  private let offsets: UnsafeMutablePointer<Int>
  private let bytes: UnsafeMutablePointer<UInt8>
  private let length: Int
  /// The prefix's first eight bytes, and which bits of them count.
  private let word: UInt64
  private let mask: UInt64
  private let prefix: [UInt8]

  init(_ texts: TextStorage, prefix: [UInt8]) {
    self.texts = texts
    offsets = texts.offsets.base
    bytes = texts.bytes.base
    length = prefix.count
    self.prefix = prefix
    var (word, mask): (UInt64, UInt64) = (0, 0)
    for (index, byte) in prefix.prefix(8).enumerated() {
      word |= UInt64(byte) << UInt64(8 * index)
      mask |= 0xff << UInt64(8 * index)
    }
    self.word = word
    self.mask = mask
  }

  /// What follows the prefix, and its length; nil for a text that does not begin with it.
  @inline(__always)
  func rest(_ row: Int) -> (bytes: UnsafeRawPointer, length: Int)? {
    let start = offsets[row]
    let count = offsets[row + 1] &- start
    let text = UnsafeRawPointer(bytes + start)
    guard count >= length,
      UInt64(littleEndian: text.loadUnaligned(as: UInt64.self)) & mask == word
    else { return nil }
    if length > 8, memcmp(text, prefix, length) != 0 { return nil }
    return (text + length, count &- length)
  }
}
