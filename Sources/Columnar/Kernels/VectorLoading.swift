extension Column {
  /// The rows of `range`, widened; it must lie inside the column and begin at a multiple of 64.
  package func vector(_ range: Range<Int>) -> Vector {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && range.lowerBound & 63 == 0)
    let validity = validity(range)
    switch storage {
    case .int8(let buffer):
      if type == .bool {
        return Vector(.bools(buffer.widened(range) { UInt8(bitPattern: $0) }), validity: validity)
      }
      return Vector(.ints(buffer.widened(range) { Int64($0) }), validity: validity)
    case .int16(let buffer):
      return Vector(.ints(buffer.widened(range) { Int64($0) }), validity: validity)
    case .int32(let buffer):
      return Vector(.ints(buffer.widened(range) { Int64($0) }), validity: validity)
    case .int64(let buffer):
      return Vector(.ints(buffer.widened(range) { $0 }), validity: validity)
    case .float(let buffer):
      return Vector(.floats(buffer.widened(range) { $0 }), validity: validity)
    case .text(let storage):
      return Vector(
        .texts(TextVector(views: storage.views(range), owners: [storage])),
        validity: validity)
    case .dictionary(let codes, let dictionary):
      let views = codes.indices(range).map { dictionary.entries.utf8(Int($0)) }
      return Vector(.texts(TextVector(views: views, owners: [dictionary])), validity: validity)
    }
  }

  /// The validity words of `range`, which begins at a multiple of 64; nil where all rows of it have
  /// a value.
  package func validity(_ range: Range<Int>) -> [UInt64]? {
    guard let words = validity?.words else { return nil }
    let first = range.lowerBound >> 6
    var bits = Array(words.elements[first..<first + Bitmap.wordCount(range.count)])
    if range.count & 63 != 0 {
      // Rows past the range are none of ours; as valid they do not hide that all others are.
      bits[bits.count - 1] |= ~((1 << UInt64(range.count & 63)) - 1)
    }
    return bits.allSatisfy { $0 == ~0 } ? nil : bits
  }
}

extension TextStorage {
  /// The bytes of the rows of `range`, valid while the storage is alive.
  func views(_ range: Range<Int>) -> [UnsafeBufferPointer<UInt8>] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: the rows lie within the storage, and each has an end behind its start.
    let (starts, bytes) = (offsets.base, bytes.base)
    return range.map {
      UnsafeBufferPointer(start: bytes + starts[$0], count: starts[$0 + 1] - starts[$0])
    }
  }
}

extension Buffer {
  @inline(__always)
  fileprivate func widened<Wide>(_ range: Range<Int>, _ body: (Element) -> Wide) -> [Wide] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return [Wide](unsafeUninitializedCapacity: range.count) { output, filled in
      // SAFETY: the range was checked against the count.
      let source = base + range.lowerBound
      for i in 0..<range.count { output.initializeElement(at: i, to: body(source[i])) }
      filled = range.count
    }
  }
}

extension Codes {
  /// The codes of `range`, widened.
  package func indices(_ range: Range<Int>) -> [UInt32] {
    switch self {
    case .uint8(let buffer): buffer.widened(range) { UInt32($0) }
    case .uint16(let buffer): buffer.widened(range) { UInt32($0) }
    case .uint32(let buffer): buffer.widened(range) { $0 }
    }
  }
}
