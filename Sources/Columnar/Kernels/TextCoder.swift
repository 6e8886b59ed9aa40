#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Codes texts into a dictionary of the distinct ones, in order of first appearance.
package struct TextCoder: Sendable {
  private var bytes: [UInt8] = []
  private var offsets: [Int] = [0]
  private var hashes: [UInt64] = []
  /// Open addressing with linear probing: a code plus one, or 0 where free. A power of two long.
  private var table = [UInt32](repeating: 0, count: 64)
  private var codes: [UInt32] = []

  package init() {}

  package var entryCount: Int { offsets.count - 1 }

  /// Stands for null among the codes of rows.
  private static let null = UInt32.max

  /// Appends the first `rows` texts of a batch.
  ///
  /// Where many rows show the same bytes, as labels and entries of a dictionary do, the code is
  /// found by their address; it is good for this batch only, whose owners keep the bytes in place.
  package mutating func append(_ texts: TextVector, validity: [UInt64]?, rows: Int) {
    precondition(texts.views.count >= rows)
    let slots = 256
    var known = [(text: UnsafeBufferPointer<UInt8>, code: UInt32)](
      repeating: (UnsafeBufferPointer(start: nil, count: 0), TextCoder.null), count: slots)
    codes.reserveCapacity(codes.count + rows)
    for row in 0..<rows {
      guard Validity.isSet(validity, row) else {
        codes.append(TextCoder.null)
        continue
      }
      let text = texts.views[row]
      guard let base = text.baseAddress else {
        codes.append(code(of: text))
        continue
      }
      let address = UInt(bitPattern: base)
      let slot = Int((address ^ (address >> 8)) & UInt(slots - 1))
      if known[slot].text.baseAddress == text.baseAddress, known[slot].text.count == text.count {
        codes.append(known[slot].code)
      } else {
        let code = code(of: text)
        known[slot] = (text, code)
        codes.append(code)
      }
    }
    withExtendedLifetime(texts) {}
  }

  /// The code of `text`, which becomes an entry if it is new.
  package mutating func code(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let hash = hashBytes(text)
    let mask = table.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while table[slot] != 0 {
      let code = Int(table[slot]) - 1
      if hashes[code] == hash, matches(code, text) { return UInt32(code) }
      slot = (slot + 1) & mask
    }
    let code = UInt32(entryCount)
    table[slot] = code + 1
    hashes.append(hash)
    bytes.append(contentsOf: text)
    offsets.append(bytes.count)
    if entryCount * 2 > table.count { grow() }
    return code
  }

  private func matches(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = offsets[code]
    guard offsets[code + 1] - start == text.count else { return false }
    guard text.count > 0 else { return true }
    return bytes.withUnsafeBufferPointer {
      memcmp($0.baseAddress! + start, text.baseAddress!, text.count) == 0
    }
  }

  private mutating func grow() {
    let mask = table.count * 2 - 1
    table = [UInt32](repeating: 0, count: mask + 1)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while table[slot] != 0 { slot = (slot + 1) & mask }
      table[slot] = UInt32(code) + 1
    }
  }

  private func entry(_ code: Int, _ bytes: UnsafeBufferPointer<UInt8>)
    -> UnsafeBufferPointer<UInt8>
  {
    UnsafeBufferPointer(rebasing: bytes[offsets[code]..<offsets[code + 1]])
  }

  /// The texts of all parts, in order, coded if values repeat and one after the other if they do not.
  package static func joined(_ parts: [TextCoder], count: Int) throws -> Storage {
    let distinct = parts.reduce(0) { $0 + $1.entryCount }
    if count > 4096, distinct > count / 2 { return try plain(parts, count: count) }
    var all = TextCoder()
    let codes = try Buffer<UInt32>(count: count)
    var row = 0
    for part in parts {
      let mapped = part.bytes.withUnsafeBufferPointer { bytes in
        (0..<part.entryCount).map { all.code(of: part.entry($0, bytes)) }
      }
      for code in part.codes {
        codes.base[row] = code == null ? 0 : mapped[Int(code)]
        row += 1
      }
    }
    precondition(row == count)
    if all.entryCount == 0 { _ = all.code(of: UnsafeBufferPointer(start: nil, count: 0)) }
    let entries = TextStorage(offsets: try Buffer(all.offsets), bytes: try Buffer(all.bytes))
    return .dictionary(
      try Codes(codes.elements, entryCount: entries.count), TextDictionary(entries))
  }

  private static func plain(_ parts: [TextCoder], count: Int) throws -> Storage {
    let offsets = try Buffer<Int>(count: count + 1)
    var total = 0
    var row = 0
    for part in parts {
      for code in part.codes {
        offsets.base[row] = total
        row += 1
        if code != null { total += part.offsets[Int(code) + 1] - part.offsets[Int(code)] }
      }
    }
    offsets.base[row] = total
    let bytes = try Buffer<UInt8>(count: total)
    row = 0
    for part in parts {
      part.bytes.withUnsafeBufferPointer { source in
        for code in part.codes {
          if code != null {
            let text = part.entry(Int(code), source)
            if let base = text.baseAddress {
              // SAFETY: the offsets leave room for exactly this text.
              (bytes.base + offsets.base[row]).update(from: base, count: text.count)
            }
          }
          row += 1
        }
      }
    }
    return .text(TextStorage(offsets: offsets, bytes: bytes))
  }
}

/// A 64-bit hash of bytes, eight at a time; the same on every machine and in every run.
@inline(__always)
func hashBytes(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var hash = UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
  guard let base = UnsafeRawPointer(text.baseAddress) else { return hash }
  var position = 0
  // SAFETY: every load lies inside the text.
  while position + 8 <= text.count {
    let word = UInt64(
      littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
    hash ^= hash >> 32
    position += 8
  }
  var rest: UInt64 = 0
  while position < text.count {
    rest = rest << 8 | UInt64(text[position])
    position += 1
  }
  hash = (hash ^ rest) &* 0xC4CE_B9FE_1A85_EC53
  return hash ^ (hash >> 29)
}
