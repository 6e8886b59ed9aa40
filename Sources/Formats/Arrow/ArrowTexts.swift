import Columnar

/// Texts of a piece.
extension ArrowPiece {
  /// The values of `utf8` and `large_utf8`: offsets, then bytes.
  func texts<Offset: FixedWidthInteger>(_: Offset.Type) throws -> TextStorage {
    if rowCount == 0 { return try TextStorage([]) }
    let size = MemoryLayout<Offset>.size
    let offsets = try Buffer<Int>(count: rowCount + 1)
    var isCompact = true
    try withBuffer(1, minimum: (rowCount + 1) * size) { bytes in
      var last = 0
      for row in 0...rowCount {
        let raw = Offset(
          littleEndian: bytes.loadUnaligned(fromByteOffset: row &* size, as: Offset.self))
        guard let offset = Int(exactly: raw), offset >= last else {
          throw damaged("has offsets that go backwards")
        }
        if row > 0, offset > last, !isValid(row - 1) { isCompact = false }
        offsets.base[row] = offset
        last = offset
      }
    }
    let (start, end) = (offsets[0], offsets[rowCount])
    let text = try withBuffer(2, minimum: end) { bytes -> TextStorage in
      if isCompact {
        let copy = try Buffer<UInt8>(count: end - start)
        // SAFETY: the minimum reaches to the end, and offsets ascend.
        if end > start, let base = bytes.baseAddress {
          copy.base.update(
            from: base.assumingMemoryBound(to: UInt8.self) + start, count: end - start)
        }
        for row in 0...rowCount { offsets.base[row] -= start }
        return TextStorage(offsets: offsets, bytes: copy)
      }
      // A null row's slot is empty here; in the file it may hold anything.
      return try gathered { row in (bytes, offsets[row]..<offsets[row + 1]) }
    }
    try checkText(text)
    return text
  }

  /// The values of `utf8_view`: a length, then the text itself or where it is.
  func viewedTexts() throws -> TextStorage {
    if rowCount == 0 { return try TextStorage([]) }
    return try withBuffer(1, minimum: 16 * rowCount) { views in
      // SAFETY: buffers are places in memory that lives as long as the piece.
      var others: [UnsafeRawBufferPointer] = []
      for index in 2..<max(2, bufferCount) {
        others.append(try withBuffer(index, minimum: 0) { $0 })
      }
      let text = try gathered { row in
        func word(_ offset: Int) -> Int {
          Int(
            Int32(
              littleEndian: views.loadUnaligned(
                fromByteOffset: 16 &* row &+ offset, as: Int32.self)))
        }
        let length = word(0)
        guard length >= 0 else { throw damaged("has a text of negative length") }
        if length <= 12 { return (views, 16 * row + 4..<16 * row + 4 + length) }
        let (buffer, offset) = (word(8), word(12))
        guard buffer >= 0, buffer < others.count, offset >= 0,
          offset <= others[buffer].count - length
        else { throw damaged("has a text outside its buffers") }
        return (others[buffer], offset..<offset + length)
      }
      try checkText(text)
      return text
    }
  }

  /// The texts at places that `place` gives for rows with a value.
  private func gathered(
    _ place: (Int) throws -> (UnsafeRawBufferPointer, Range<Int>)
  ) throws -> TextStorage {
    let offsets = try Buffer<Int>(count: rowCount + 1)
    var total = 0
    for row in 0..<rowCount {
      offsets.base[row] = total
      if isValid(row) { total += try place(row).1.count }
    }
    offsets.base[rowCount] = total
    let bytes = try Buffer<UInt8>(count: total)
    for row in 0..<rowCount where isValid(row) {
      let (source, range) = try place(row)
      // SAFETY: the lengths were added up above; `place` has checked the range.
      if !range.isEmpty, let base = source.baseAddress {
        (bytes.base + offsets.base[row]).update(
          from: base.assumingMemoryBound(to: UInt8.self) + range.lowerBound, count: range.count)
      }
    }
    return TextStorage(offsets: offsets, bytes: bytes)
  }

  /// Throws `corrupt` unless every text is UTF-8.
  private func checkText(_ text: TextStorage) throws {
    let bytes = text.bytes
    guard let fault = UTF8Validation.firstInvalid(bytes.base, bytes.count) else {
      // All of it is; a text must not begin or end within a character.
      for row in 1..<max(text.count, 1) {
        let offset = text.offsets.base[row]
        // SAFETY: the padding makes the byte behind the last readable.
        if bytes.base[offset] & 0xC0 == 0x80 {
          throw invalid(row, .corrupt, "its text is not UTF-8")
        }
      }
      return
    }
    let row = text.offsets.elements.firstIndex { $0 > fault } ?? text.count
    throw invalid(row - 1, .corrupt, "its text is not UTF-8")
  }
}
