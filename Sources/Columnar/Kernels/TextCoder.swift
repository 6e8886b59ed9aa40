#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Codes texts into a dictionary of the distinct ones, in order of first appearance.
///
/// Where nearly all of the first texts differ, the others are not looked up but kept one after the
/// other.
package struct TextCoder: Sendable {
  private var bytes: [UInt8] = []
  private var offsets: [Int] = [0]
  private var hashes: [UInt64] = []
  /// Open addressing with linear probing: a code plus one, or 0 where free. A power of two long.
  private var table = [UInt32](repeating: 0, count: 64)
  private var codes: [UInt32] = []
  private var nullCount = 0
  /// The batches behind the coded rows, once texts are no longer looked up.
  private var batches: [PlainTexts] = []
  private var isPlain = false

  package init() {}

  package var entryCount: Int { offsets.count - 1 }

  private var rowCount: Int { batches.reduce(codes.count) { $0 + $1.lengths.count } }

  /// Stands for null among the codes of rows.
  private static let null = UInt32.max

  /// Appends the first `rows` texts of a batch.
  ///
  /// Where many rows show the same bytes, as labels and entries of a dictionary do, the code is
  /// found by their address; it is good for this batch only, whose owners keep the bytes in place.
  package mutating func append(_ texts: TextVector, validity: [UInt64]?, rows: Int) {
    precondition(texts.views.count >= rows)
    if isPlain {
      batches.append(PlainTexts(texts, validity: validity, rows: rows))
      return
    }
    let slots = 256
    var known = [(text: UnsafeBufferPointer<UInt8>, code: UInt32)](
      repeating: (UnsafeBufferPointer(start: nil, count: 0), TextCoder.null), count: slots)
    codes.reserveCapacity(codes.count + rows)
    for row in 0..<rows {
      guard Validity.isSet(validity, row) else {
        codes.append(TextCoder.null)
        nullCount += 1
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
    // So few repeat only where more than half of all rows of a part are going to differ.
    let validCount = codes.count - nullCount
    if validCount >= 4096, entryCount > validCount / 32 * 31 {
      isPlain = true
      (hashes, table) = ([], [])
    }
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
    let distinct = parts.reduce(0) { distinct, part in
      part.batches.reduce(distinct + part.entryCount) { $0 + $1.validCount }
    }
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
      for batch in part.batches {
        batch.forEach { text in
          codes.base[row] = text.map { all.code(of: $0) } ?? 0
          row += 1
        }
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
    var starts: [(row: Int, offset: Int)] = []
    var (row, total) = (0, 0)
    for (part, size) in zip(parts, try Workers.map(parts: parts.count) { parts[$0].textSize }) {
      starts.append((row, total))
      row += part.rowCount
      total += size
    }
    offsets.base[row] = total
    let bytes = try Buffer<UInt8>(count: total)
    try Workers.run(parts: parts.count) { [starts] part in
      // SAFETY: each part has its own rows, and as many bytes as its texts have.
      parts[part].write(
        offsets: offsets.base + starts[part].row, bytes: bytes.base + starts[part].offset,
        from: starts[part].offset)
    }
    return .text(TextStorage(offsets: offsets, bytes: bytes))
  }

  /// How many bytes the texts of all rows have.
  private var textSize: Int {
    let coded = codes.reduce(0) {
      $1 == TextCoder.null ? $0 : $0 + offsets[Int($1) + 1] - offsets[Int($1)]
    }
    return batches.reduce(coded) { $0 + $1.bytes.count }
  }

  /// Writes the texts of all rows one after the other, and where each begins, the first at `start`.
  ///
  /// SAFETY: there must be room for as many.
  private func write(
    offsets target: UnsafeMutablePointer<Int>, bytes room: UnsafeMutablePointer<UInt8>,
    from start: Int
  ) {
    var end = 0
    bytes.withUnsafeBufferPointer { source in
      for (row, code) in codes.enumerated() {
        target[row] = start + end
        guard code != TextCoder.null else { continue }
        let text = entry(Int(code), source)
        (room + end).take(text)
        end += text.count
      }
    }
    var row = codes.count
    for batch in batches {
      batch.bytes.withUnsafeBufferPointer { (room + end).take($0) }
      for length in batch.lengths {
        target[row] = start + end
        if length != PlainTexts.null { end += Int(length) }
        row += 1
      }
    }
  }
}

/// Texts of a batch one after the other.
private struct PlainTexts: Sendable {
  /// The length of a row that has no text.
  static let null = UInt32.max

  let bytes: [UInt8]
  let lengths: [UInt32]
  let validCount: Int

  init(_ texts: TextVector, validity: [UInt64]?, rows: Int) {
    var (size, validCount) = (0, 0)
    lengths = Array(unsafeUninitializedCapacity: rows) { lengths, count in
      for row in 0..<rows {
        let isValid = Validity.isSet(validity, row)
        let length = texts.views[row].count
        lengths[row] = isValid ? UInt32(truncatingIfNeeded: length) : PlainTexts.null
        size += isValid ? length : 0
        validCount += isValid ? 1 : 0
      }
      count = rows
    }
    self.validCount = validCount
    let lengths = lengths
    bytes = Array(unsafeUninitializedCapacity: size) { bytes, count in
      // SAFETY: the lengths were added up above.
      if var room = bytes.baseAddress {
        for row in 0..<rows where lengths[row] != PlainTexts.null {
          room.take(texts.views[row])
          room += texts.views[row].count
        }
      }
      count = size
    }
    withExtendedLifetime(texts) {}
  }

  /// Calls `body` with the text of each row, nil for one that has none.
  func forEach(_ body: (UnsafeBufferPointer<UInt8>?) -> Void) {
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for length in lengths {
        if length == PlainTexts.null {
          body(nil)
        } else {
          body(UnsafeBufferPointer(rebasing: bytes[start..<start + Int(length)]))
          start += Int(length)
        }
      }
    }
  }
}

extension UnsafeMutablePointer<UInt8> {
  /// Writes a copy of a text. Up to 32 bytes, as most texts have, are not worth a call.
  @inline(__always)
  fileprivate func take(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { return }
    let count = text.count
    guard count >= 8, count <= 32 else { return update(from: base, count: count) }
    let (source, target) = (UnsafeRawPointer(base), UnsafeMutableRawPointer(self))
    func copy<Word: BitwiseCopyable>(_: Word.Type, _ offset: Int) {
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: offset, as: Word.self), toByteOffset: offset,
        as: Word.self)
    }
    // SAFETY: words lie within the text; the last one may overlap the one before.
    if count < 16 {
      copy(UInt64.self, 0)
      copy(UInt64.self, count &- 8)
    } else {
      copy(SIMD16<UInt8>.self, 0)
      copy(SIMD16<UInt8>.self, count &- 16)
    }
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
