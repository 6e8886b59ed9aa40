#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A set of distinct texts, numbered in order of first insertion.
///
/// An open-addressing table beside a compact arena of the texts' bytes; texts are compared by
/// their bytes.
struct TextIndex {
  private var slots: [Slot]
  private var bytes: [UInt8] = []
  private var offsets: [Int] = [0]

  private struct Slot {
    /// The upper half of the hash, so that most misses are seen without a look at the bytes.
    var tag: UInt32
    /// The code plus 1; 0 is a free slot.
    var entry: UInt32
  }

  var count: Int { offsets.count - 1 }

  /// What it takes in memory.
  var byteCount: Int {
    slots.capacity * MemoryLayout<Slot>.stride + bytes.capacity
      + offsets.capacity * MemoryLayout<Int>.stride
  }

  init(capacity: Int = 16) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    slots = Array(repeating: Slot(tag: 0, entry: 0), count: size)
  }

  /// The code of `text`, which is added if it is new.
  mutating func insert(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> UInt32 {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    while slots[place].entry != 0 {
      if slots[place].tag == tag {
        let code = Int(slots[place].entry - 1)
        if isEqual(code, text) { return UInt32(code) }
      }
      place = (place + 1) & mask
    }
    let code = UInt32(count)
    slots[place] = Slot(tag: tag, entry: code + 1)
    bytes.append(contentsOf: text)
    offsets.append(bytes.count)
    if count * 2 > slots.count { grow() }
    return code
  }

  mutating func insert(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    insert(text, hash: textHash(text))
  }

  /// Whether `text` is among those inserted.
  func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let hash = textHash(text)
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    while slots[place].entry != 0 {
      if slots[place].tag == tag, isEqual(Int(slots[place].entry - 1), text) { return true }
      place = (place + 1) & mask
    }
    return false
  }

  /// The texts in order of their codes.
  func storage() throws -> TextStorage {
    TextStorage(offsets: try Buffer(offsets), bytes: try Buffer(bytes))
  }

  private func isEqual(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = offsets[code]
    guard offsets[code + 1] - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { known in
      guard let known = known.baseAddress, let base = text.baseAddress else { return true }
      // SAFETY: the text of the code is as long.
      return memcmp(known + start, base, text.count) == 0
    }
  }

  private mutating func grow() {
    var larger = Array(repeating: Slot(tag: 0, entry: 0), count: slots.count * 2)
    let mask = larger.count - 1
    bytes.withUnsafeBufferPointer { known in
      for code in 0..<count {
        let text = UnsafeBufferPointer(rebasing: known[offsets[code]..<offsets[code + 1]])
        let hash = textHash(text)
        var place = Int(truncatingIfNeeded: hash) & mask
        while larger[place].entry != 0 { place = (place + 1) & mask }
        larger[place] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), entry: UInt32(code) + 1)
      }
    }
    slots = larger
  }
}

/// A hash of the bytes: eight at a time, folded by 128-bit multiplication.
func textHash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var hash = UInt64(truncatingIfNeeded: text.count) ^ 0x9E37_79B9_7F4A_7C15
  var index = 0
  let raw = UnsafeRawBufferPointer(text)
  while index + 8 <= text.count {
    hash = folded(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    index += 8
  }
  var last: UInt64 = 0
  while index < text.count {
    last = last << 8 | UInt64(text[index])
    index += 1
  }
  return folded(hash ^ last ^ 0xD6E8_FEB8_6659_FD93)
}

private func folded(_ value: UInt64) -> UInt64 {
  let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
  return product.high ^ product.low
}
