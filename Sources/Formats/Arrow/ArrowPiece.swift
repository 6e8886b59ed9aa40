import Columnar

/// The bytes of one column in one batch, read into memory and checked against their checksum.
struct ArrowPiece {
  let source: ByteSource
  let name: String
  let rowCount: Int
  /// The number of the first row in the file, for errors.
  let firstRow: Int
  /// Which rows have a value, bits past the last 0; nil where all have.
  var validity: [UInt64]?
  private let bytes: Buffer<UInt8>
  private let places: [Range<Int>]

  /// Reads the buffers of a column. `nulls` is what the batch says of it, `checksum` what the file
  /// says.
  init(
    _ source: ByteSource, name: String, rowCount: Int, firstRow: Int, nulls: Int,
    buffers: ArraySlice<ArrowBlock.Extent>, hasValidity: Bool, checksum: UInt64?
  ) throws {
    self.source = source
    self.name = name
    self.rowCount = rowCount
    self.firstRow = firstRow
    let filled = buffers.filter { $0.length > 0 }
    let start = filled.first?.offset ?? 0
    let end = filled.last.map { $0.offset + $0.length } ?? start
    let bytes = try Buffer<UInt8>(count: end - start)
    try source.read(end - start, at: start, into: bytes.base)
    if let checksum {
      let digest = withExtendedLifetime(bytes) {
        XXHash64.hash(UnsafeRawBufferPointer(bytes.elements))
      }
      guard digest == checksum else {
        throw ArrowFile.damaged(source, "the checksum of column `\(name)` does not fit")
      }
    }
    self.bytes = bytes
    places = buffers.map {
      $0.length == 0 ? 0..<0 : $0.offset - start..<$0.offset - start + $0.length
    }
    guard hasValidity else { return }
    guard let place = places.first, !place.isEmpty else {
      if nulls > 0 { throw damaged("says that it has nulls, but not where") }
      return
    }
    guard place.count >= (rowCount + 7) / 8 else { throw damaged("is cut off") }
    var words = [UInt64](repeating: 0, count: Bitmap.wordCount(rowCount))
    words.withUnsafeMutableBytes { target in
      // SAFETY: both have at least so many bytes.
      target.copyMemory(
        from: UnsafeRawBufferPointer(
          start: bytes.base + place.lowerBound, count: (rowCount + 7) / 8))
    }
    for index in words.indices { words[index] = UInt64(littleEndian: words[index]) }
    if rowCount & 63 != 0 { words[words.count - 1] &= (1 << UInt64(rowCount & 63)) - 1 }
    if words.reduce(0, { $0 + $1.nonzeroBitCount }) < rowCount { validity = words }
  }

  func damaged(_ reason: String) -> DataError {
    ArrowFile.damaged(source, "column `\(name)` \(reason)")
  }

  /// An error of a value; `row` is counted within the piece.
  func invalid(_ row: Int, _ code: DataError.Code, _ reason: String) -> DataError {
    DataError(
      code, "\(source.name): column `\(name)`, row \(grouped(firstRow + row + 1)): \(reason)",
      row: firstRow + row, file: source.name)
  }

  var bufferCount: Int { places.count }

  /// A buffer that must have at least `minimum` bytes, valid inside `body`. Throws `corrupt`.
  func withBuffer<Result>(
    _ index: Int, minimum: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard index < places.count, places[index].count >= minimum else {
      throw damaged("is cut off")
    }
    // SAFETY: the place lies within the bytes, which live until the body has ended.
    return try withExtendedLifetime(bytes) {
      try body(
        UnsafeRawBufferPointer(
          start: bytes.base + places[index].lowerBound, count: places[index].count))
    }
  }

  /// Whether a row has a value; `row` must be one of the piece.
  @inline(__always)
  func isValid(_ row: Int) -> Bool {
    guard let validity else { return true }
    return validity[row >> 6] >> UInt64(row & 63) & 1 == 1
  }
}

/// The least and greatest of integers, with 0: the width that holds them follows.
struct ArrowRange: Sendable {
  var lower: Int64 = 0
  var upper: Int64 = 0

  mutating func formUnion(_ other: ArrowRange) {
    lower = min(lower, other.lower)
    upper = max(upper, other.upper)
  }
}

extension ArrowPiece {
  /// Writes each value, made by `convert`, to `target`, and 0 where a row is null.
  ///
  /// SAFETY: `target` has room for the piece's rows.
  @inline(__always)
  func copy<Source: FixedWidthInteger, Target: FixedWidthInteger>(
    _: Source.Type, to target: UnsafeMutablePointer<Target>, _ convert: (Source) -> Target
  ) throws -> ArrowRange {
    let size = MemoryLayout<Source>.size
    return try withBuffer(1, minimum: rowCount * size) { bytes in
      var lower: Target = 0
      var upper: Target = 0
      for row in 0..<rowCount {
        var value = convert(
          Source(littleEndian: bytes.loadUnaligned(fromByteOffset: row &* size, as: Source.self)))
        if validity != nil, !isValid(row) { value = 0 }
        lower = min(lower, value)
        upper = max(upper, value)
        target[row] = value
      }
      return ArrowRange(lower: Int64(lower), upper: Int64(upper))
    }
  }

  /// As `copy`, with a conversion that some values do not survive: `convert` gives nil for them.
  @inline(__always)
  func copyChecked<Source: FixedWidthInteger, Target: FixedWidthInteger>(
    _: Source.Type, to target: UnsafeMutablePointer<Target>, _ convert: (Source) -> Target?,
    orElse failure: (Int) -> DataError
  ) throws -> ArrowRange {
    let size = MemoryLayout<Source>.size
    return try withBuffer(1, minimum: rowCount * size) { bytes in
      var range = ArrowRange()
      for row in 0..<rowCount {
        guard isValid(row) else {
          target[row] = 0
          continue
        }
        let raw = Source(
          littleEndian: bytes.loadUnaligned(fromByteOffset: row &* size, as: Source.self))
        guard let value = convert(raw) else { throw failure(row) }
        range.lower = min(range.lower, Int64(value))
        range.upper = max(range.upper, Int64(value))
        target[row] = value
      }
      return range
    }
  }
}
