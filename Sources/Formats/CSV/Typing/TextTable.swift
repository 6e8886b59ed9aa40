import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The distinct texts that one thread meets in a column, numbered by first appearance.
///
/// Open addressing over 4-byte slots at a load of at most a quarter. Texts of up to 15 bytes lie
/// whole in their 16-byte key, so that looking one up touches a slot and a key and never the file's
/// bytes again.
final class TextTable {
  /// The first 15 bytes of a text and a tag: its length, 255 if longer, or what marks it as quoted.
  struct Key: BitwiseCopyable {
    var low: UInt64
    var high: UInt64
  }

  private(set) var count = 0
  private(set) var slots: Buffer<UInt32>
  private(set) var keys: Buffer<Key>
  private var lengths: Buffer<UInt32>
  private var offsets: Buffer<Int>
  private var bytes: Buffer<UInt8>
  private(set) var byteCount = 0
  /// The slots that may be used, a power of two.
  private(set) var capacity = 1 << 11

  init() throws {
    slots = try Buffer(repeating: 0, count: 1 << 11)
    keys = try Buffer(count: 1 << 9)
    lengths = try Buffer(count: 1 << 9)
    offsets = try Buffer(count: 1 << 9)
    bytes = try Buffer(count: 1 << 14)
    // A look-up of an empty slot may read the first key.
    keys.base[0] = Key(low: 0, high: 0)
  }

  /// Marks a text that stood in quotes where the same without them might be null.
  static let quotedTag: UInt64 = 0x80

  /// All bytes below the highest `count` of 1...8 set.
  @inline(__always)
  private static func mask(_ count: Int) -> UInt64 {
    ~0 &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
  }

  @inline(__always)
  private static func load(_ text: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
    UnsafeRawPointer(text).loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
  }

  /// The key of a text.
  ///
  /// SAFETY: 16 bytes can be read at `text`.
  @inline(__always)
  static func key(_ text: UnsafePointer<UInt8>, _ count: Int) -> Key {
    let tag = UInt64(truncatingIfNeeded: count < 16 ? count : 255) &<< 56
    if count > 8 {
      return Key(
        low: load(text, 0), high: (load(text, 8) & mask(count < 15 ? count &- 8 : 7)) | tag)
    }
    return Key(low: count == 0 ? 0 : load(text, 0) & mask(count), high: tag)
  }

  /// The hash of a text of up to 15 bytes.
  @inline(__always)
  static func hash(_ key: Key) -> UInt64 {
    var hash = (key.low ^ (key.high &* 0x9E37_79B9_7F4A_7C15)) &* 0x9FB2_1C65_1E98_DF25
    hash ^= hash &>> 32
    return hash &* 0xD6E8_FEB8_6659_FD93
  }

  /// The slot at which to begin looking.
  @inline(__always)
  static func slot(_ hash: UInt64, _ capacity: Int) -> Int {
    Int(truncatingIfNeeded: hash &>> 32) & (capacity &- 1)
  }

  /// The hash of any text with its key.
  @inline(__always)
  static func hash(_ text: UnsafePointer<UInt8>, _ count: Int, _ key: Key) -> UInt64 {
    count > 15 ? longHash(text, count, key) : hash(key)
  }

  private static func longHash(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ key: Key
  ) -> UInt64 {
    var hash = hash(key) ^ UInt64(truncatingIfNeeded: count)
    var place = 15
    while place &+ 8 <= count {
      hash = (hash ^ load(text, place)) &* 0x9FB2_1C65_1E98_DF25
      hash ^= hash &>> 32
      place &+= 8
    }
    if place < count {
      hash = (hash ^ (load(text, place) & mask(count &- place))) &* 0x9FB2_1C65_1E98_DF25
      hash ^= hash &>> 32
    }
    return hash &* 0xD6E8_FEB8_6659_FD93
  }

  /// The number of a text, a new one if it was not met before.
  ///
  /// SAFETY: 16 bytes past the text can be read.
  @inline(__always)
  func code(
    _ text: UnsafePointer<UInt8>, _ count: Int, isMarked: Bool = false
  ) throws -> UInt32 {
    var key = Self.key(text, count)
    if isMarked { key.high |= Self.quotedTag &<< 56 }
    let hash = Self.hash(text, count, key)
    var slot = Self.slot(hash, capacity)
    while true {
      let entry = slots.base[slot]
      if entry == 0 { return try insert(text, count, key, hash) }
      let code = Int(truncatingIfNeeded: entry &- 1)
      let known = keys.base[code]
      if (known.low ^ key.low) | (known.high ^ key.high) == 0,
        count <= 15 || isEqual(code, text, count)
      {
        return entry &- 1
      }
      slot = (slot &+ 1) & (capacity &- 1)
    }
  }

  @inline(__always)
  func firstByte(_ code: Int) -> UInt8 { bytes.base[offsets.base[code]] }

  @inline(__always)
  func isEqual(_ code: Int, _ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    Int(lengths.base[code]) == count && memcmp(bytes.base + offsets.base[code], text, count) == 0
  }

  /// The bytes of a numbered text, valid until the next one is added.
  func text(_ code: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: bytes.base + offsets.base[code], count: Int(lengths.base[code]))
  }

  /// Whether a text stood in quotes where the same without them might be null.
  func isMarked(_ code: Int) -> Bool {
    let tag = keys.base[code].high &>> 56
    return tag != 255 && tag & Self.quotedTag != 0
  }

  @inline(never)
  private func insert(
    _ text: UnsafePointer<UInt8>, _ length: Int, _ key: Key, _ hash: UInt64
  ) throws -> UInt32 {
    if (count + 1) * 4 > capacity { try grow() }
    if count == keys.count {
      keys = try Self.enlarged(keys, count)
      lengths = try Self.enlarged(lengths, count)
      offsets = try Self.enlarged(offsets, count)
    }
    if byteCount + length > bytes.count {
      bytes = try Self.enlarged(bytes, byteCount, atLeast: byteCount + length)
    }
    let code = count
    keys.base[code] = key
    lengths.base[code] = UInt32(truncatingIfNeeded: length)
    offsets.base[code] = byteCount
    (bytes.base + byteCount).update(from: text, count: length)
    byteCount += length
    count += 1
    place(UInt32(truncatingIfNeeded: code + 1), hash)
    return UInt32(truncatingIfNeeded: code)
  }

  private func place(_ entry: UInt32, _ hash: UInt64) {
    var slot = Self.slot(hash, capacity)
    while slots.base[slot] != 0 { slot = (slot &+ 1) & (capacity &- 1) }
    slots.base[slot] = entry
  }

  private func grow() throws {
    capacity *= 2
    slots = try Buffer(repeating: 0, count: capacity)
    for code in 0..<count {
      let text = text(code)
      let key = keys.base[code]
      let hash =
        text.count > 15 ? Self.longHash(text.baseAddress!, text.count, key) : Self.hash(key)
      place(UInt32(truncatingIfNeeded: code + 1), hash)
    }
  }

  private static func enlarged<Element>(
    _ buffer: Buffer<Element>, _ used: Int, atLeast minimum: Int = 0
  ) throws -> Buffer<Element> {
    let larger = try Buffer<Element>(count: max(buffer.count * 2, minimum))
    larger.base.update(from: buffer.base, count: used)
    return larger
  }

  /// The texts of a table to which no more are added, for several threads.
  struct ReadOnly: Sendable {
    fileprivate let lengths: Buffer<UInt32>
    fileprivate let offsets: Buffer<Int>
    fileprivate let bytes: Buffer<UInt8>

    @inline(__always)
    func text(_ code: Int) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(
        start: bytes.base + offsets.base[code], count: Int(lengths.base[code]))
    }
  }

  var readOnly: ReadOnly { ReadOnly(lengths: lengths, offsets: offsets, bytes: bytes) }

  /// The texts in order, as a dictionary's entries.
  func storage() throws -> TextStorage {
    let starts = try Buffer<Int>(count: count + 1)
    starts.base.update(from: offsets.base, count: count)
    starts.base[count] = byteCount
    let text = try Buffer<UInt8>(count: byteCount)
    text.base.update(from: bytes.base, count: byteCount)
    return TextStorage(offsets: starts, bytes: text)
  }
}
