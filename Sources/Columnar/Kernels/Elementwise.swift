/// `body` of each of the first `count` values.
@inline(__always)
func elementwise<A, R>(_ a: [A], _ count: Int, _ body: (A) -> R) -> [R] {
  precondition(a.count >= count)
  return [R](unsafeUninitializedCapacity: count) { output, filled in
    // SAFETY: both regions hold at least `count` elements.
    a.withUnsafeBufferPointer { a in
      for i in 0..<count { output.initializeElement(at: i, to: body(a[i])) }
    }
    filled = count
  }
}

/// `body` of each pair of the first `count` values.
@inline(__always)
func elementwise<A, B, R>(_ a: [A], _ b: [B], _ count: Int, _ body: (A, B) -> R) -> [R] {
  precondition(a.count >= count && b.count >= count)
  return [R](unsafeUninitializedCapacity: count) { output, filled in
    // SAFETY: all regions hold at least `count` elements.
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for i in 0..<count { output.initializeElement(at: i, to: body(a[i], b[i])) }
      }
    }
    filled = count
  }
}

/// Validity as lists of words, a bit a row.
package enum Validity {
  /// Rows that are valid in both.
  package static func both(_ a: [UInt64]?, _ b: [UInt64]?) -> [UInt64]? {
    guard let a else { return b }
    guard let b else { return a }
    return elementwise(a, b, min(a.count, b.count)) { $0 & $1 }
  }

  /// Rows that are valid in all of `vectors`.
  package static func all(_ vectors: [Vector]) -> [UInt64]? {
    vectors.reduce(nil) { both($0, $1.validity) }
  }

  /// Words in which the first `count` rows are valid.
  package static func full(_ count: Int) -> [UInt64] {
    [UInt64](repeating: ~0, count: Bitmap.wordCount(count))
  }

  @inline(__always)
  package static func isSet(_ words: [UInt64]?, _ row: Int) -> Bool {
    guard let words else { return true }
    return words[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  /// Clears the bit of `row`; `words` springs into being where all rows were valid.
  package static func clear(_ words: inout [UInt64]?, _ row: Int, count: Int) {
    if words == nil { words = full(count) }
    words![row >> 6] &= ~(1 << UInt64(row & 63))
  }

  /// The bits of `flags`, each 0 or 1, in words.
  package static func packed(_ flags: [UInt8], _ count: Int) -> [UInt64] {
    precondition(flags.count >= count)
    var words = [UInt64](repeating: 0, count: Bitmap.wordCount(count))
    flags.withUnsafeBufferPointer { flags in
      let whole = count >> 6
      for word in 0..<whole {
        var bits: UInt64 = 0
        for byte in 0..<8 {
          // SAFETY: the eight flags lie inside the first `count`.
          let eight = UnsafeRawPointer(flags.baseAddress!).loadUnaligned(
            fromByteOffset: word << 6 | byte << 3, as: UInt64.self)
          // Gathers the lowest bit of each byte into the highest byte, first row lowest.
          bits |=
            ((UInt64(littleEndian: eight) &* 0x0102_0408_1020_4080) >> 56) << UInt64(byte << 3)
        }
        words[word] = bits
      }
      for row in whole << 6..<count where flags[row] != 0 {
        words[row >> 6] |= 1 << UInt64(row & 63)
      }
    }
    return words
  }
}

extension Vector {
  /// Floats of which those that are not numbers become null; `count` tells the notes which.
  static func numbers(
    _ values: [Double], validity: [UInt64]?, _ context: inout KernelContext,
    _ note: WritableKeyPath<EvaluationNotes, Int>? = \.nullsFromUndefined
  ) -> Vector {
    var found = false
    values.withUnsafeBufferPointer { values in
      var bad: UInt64 = 0
      for value in values { bad |= value.isNaN ? 1 : 0 }
      found = bad != 0
    }
    guard found else { return Vector(.floats(values), validity: validity) }
    var values = values
    var validity = validity
    for row in 0..<context.count where values[row].isNaN {
      values[row] = 0
      guard Validity.isSet(validity, row) else { continue }
      Validity.clear(&validity, row, count: context.count)
      if let note { context.notes[keyPath: note] += 1 }
    }
    return Vector(.floats(values), validity: validity)
  }
}
