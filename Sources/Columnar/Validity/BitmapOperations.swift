extension Bitmap {
  /// The bits set in both; the counts must agree.
  package func and(_ other: Bitmap) throws -> Bitmap { try merged(other) { $0 & $1 } }

  /// The bits set in either; the counts must agree.
  package func or(_ other: Bitmap) throws -> Bitmap { try merged(other) { $0 | $1 } }

  /// The bits set here and not in `other`; the counts must agree.
  package func subtracting(_ other: Bitmap) throws -> Bitmap { try merged(other) { $0 & ~$1 } }

  /// The bits that are not set.
  package func inverted() throws -> Bitmap {
    try Bitmap(repeating: true, count: count).subtracting(self)
  }

  /// Where both are present, the bits set in both: the validity of a result that needs both inputs.
  package static func intersection(_ left: Bitmap?, _ right: Bitmap?) throws -> Bitmap? {
    guard let left else { return right }
    guard let right else { return left }
    return try left.and(right)
  }

  /// The bits of `range`, as a bitmap of its own.
  package func slice(_ range: Range<Int>) throws -> Bitmap {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let sliced = try Buffer<UInt64>(count: Bitmap.wordCount(range.count))
    for index in 0..<sliced.count {
      sliced.base[index] = bits(at: range.lowerBound + index << 6)
    }
    Bitmap.clearTail(sliced, count: range.count)
    return Bitmap(words: sliced, count: range.count)
  }

  /// The 64 bits from `row` on; bits past the count are 0.
  func bits(at row: Int) -> UInt64 {
    let index = row >> 6
    let shift = UInt64(row & 63)
    guard index < words.count else { return 0 }
    let low = words[index] >> shift
    guard shift != 0, index + 1 < words.count else { return low }
    return low | words[index + 1] << (64 - shift)
  }

  /// Clears what lies past `count` in the last word.
  static func clearTail(_ words: Buffer<UInt64>, count: Int) {
    guard count & 63 != 0 else { return }
    words.base[count >> 6] &= (1 << UInt64(count & 63)) - 1
  }

  private func merged(
    _ other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64
  ) throws -> Bitmap {
    precondition(count == other.count)
    let merged = try Buffer<UInt64>(count: words.count)
    // SAFETY: all three have the same number of words.
    for index in 0..<words.count {
      merged.base[index] = operation(words.base[index], other.words.base[index])
    }
    return Bitmap(words: merged, count: count)
  }
}

extension Bitmap {
  /// The bits of `flags`, each 0 or 1.
  init(flags: Buffer<UInt8>) throws {
    let count = flags.count
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(count))
    try Workers.run(parts: Workers.partCount(count)) { part in
      let rows = Workers.part(part, of: count)
      // SAFETY: the part lies within the flags, and its words within the bitmap.
      packFlags(flags.base + rows.lowerBound, rows.count, into: words.base + rows.lowerBound >> 6)
    }
    self.init(words: words, count: count)
  }
}

/// Packs flags, each 0 or 1, into words, the first flag the lowest bit; bits past `count` are 0.
///
/// SAFETY: there must be `count` flags, and words for them.
func packFlags(
  _ flags: UnsafePointer<UInt8>, _ count: Int, into words: UnsafeMutablePointer<UInt64>
) {
  let whole = count >> 6
  let raw = UnsafeRawPointer(flags)
  for word in 0..<whole {
    var bits: UInt64 = 0
    for byte in 0..<8 {
      let eight = raw.loadUnaligned(fromByteOffset: word << 6 | byte << 3, as: UInt64.self)
      // Gathers the lowest bit of each byte into the highest byte, the first flag lowest.
      bits |= ((UInt64(littleEndian: eight) &* 0x0102_0408_1020_4080) &>> 56) &<< UInt64(byte << 3)
    }
    words[word] = bits
  }
  guard count & 63 != 0 else { return }
  var bits: UInt64 = 0
  for row in whole << 6..<count where flags[row] != 0 { bits |= 1 << UInt64(row & 63) }
  words[whole] = bits
}

/// What a condition said about each row: which it holds for, and how many it does not.
package struct RowMask: Sendable {
  /// The rows for which the condition is true.
  package let selected: Bitmap
  package let falseCount: Int
  package let nullCount: Int

  package var selectedCount: Int { selected.count - falseCount - nullCount }
}

extension Bitmap {
  /// The rows in which a bool column is true, with the number of false and null ones. Throws
  /// `type` for a column of another type.
  package static func mask(_ condition: Column) throws -> RowMask {
    guard condition.type == .bool, case .int8(let bytes) = condition.storage else {
      throw DataError(.typeMismatch, "a condition must be bool, not \(condition.type.rawValue)")
    }
    let count = condition.count
    let words = try Buffer<UInt64>(count: wordCount(count))
    try Workers.run(parts: Workers.partCount(count)) { part in
      let rows = Workers.part(part, of: count)
      // SAFETY: the rows lie within the column, their words within the bitmap; bools are 0 or 1.
      let flags = UnsafeRawPointer(bytes.base + rows.lowerBound).assumingMemoryBound(
        to: UInt8.self)
      packFlags(flags, rows.count, into: words.base + rows.lowerBound >> 6)
      guard let validity = condition.validity else { return }
      for word in rows.lowerBound >> 6..<Bitmap.wordCount(rows.upperBound) {
        words.base[word] &= validity.words.base[word]
      }
    }
    let selected = Bitmap(words: words, count: count)
    return RowMask(
      selected: selected, falseCount: count - condition.nullCount - selected.setCount,
      nullCount: condition.nullCount)
  }

  /// The numbers of the set bits, ascending. Throws if there are more bits than rows can be.
  package func rows() throws -> Buffer<UInt32> {
    try RowLimit.check(count)
    let parts = Workers.partCount(count)
    var starts = try Workers.map(parts: parts) { part in
      let rows = Workers.part(part, of: count)
      var total = 0
      for index in rows.lowerBound >> 6..<Bitmap.wordCount(rows.upperBound) {
        total += words[index].nonzeroBitCount
      }
      return total
    }
    var total = 0
    for part in 0..<parts { (starts[part], total) = (total, total + starts[part]) }
    let selected = try Buffer<UInt32>(count: total)
    try Workers.run(parts: parts) { [starts] part in
      let rows = Workers.part(part, of: count)
      // SAFETY: each part writes as many rows as it has set bits, from its own start on.
      var output = selected.base + starts[part]
      for index in rows.lowerBound >> 6..<Bitmap.wordCount(rows.upperBound) {
        var word = words.base[index]
        let first = UInt32(truncatingIfNeeded: index << 6)
        if word == ~0 {
          for bit in 0..<64 { output[bit] = first &+ UInt32(truncatingIfNeeded: bit) }
          output += 64
          continue
        }
        while word != 0 {
          output.pointee = first &+ UInt32(truncatingIfNeeded: word.trailingZeroBitCount)
          output += 1
          word &= word &- 1
        }
      }
    }
    return selected
  }
}

/// The largest number of rows, so that a row's number fits 32 bits and one value is left for none.
package enum RowLimit {
  package static let maximum = 4_294_967_294

  /// Throws `overflow` if there are more rows than can be numbered.
  package static func check(_ rowCount: Int) throws {
    guard rowCount <= maximum else {
      throw DataError(.overflow, "\(rowCount) rows are more than a frame holds (\(maximum))")
    }
  }
}
