import Columnar

/// Writes the rows of a column in canonical storage as Arrow's buffers.
struct ArrowColumnWriter: Sendable {
  let column: Column
  let type: ArrowType

  init(_ column: Column) {
    self.column = column
    switch (column.type, column.storage) {
    case (.bool, _): type = .bool
    case (.float, _): type = .float64
    case (.date, _): type = .date32
    case (.datetime, _): type = .timestamp(.microsecond, zone: nil)
    case (.duration, _): type = .duration(.microsecond)
    case (_, .dictionary(let codes, let dictionary)):
      let bits: Int32 =
        switch codes {
        case .uint8: 8
        case .uint16: 16
        case .uint32: 32
        }
      type = .dictionary(
        id: 0, bits: bits, isSigned: false,
        of: Self.textType(dictionary.entries, 0..<dictionary.count))
    case (_, .text(let text)): type = Self.textType(text, 0..<text.count)
    case (_, .int8): type = .integer(bits: 8, isSigned: true)
    case (_, .int16): type = .integer(bits: 16, isSigned: true)
    case (_, .int32): type = .integer(bits: 32, isSigned: true)
    case (_, .int64), (_, .float): type = .integer(bits: 64, isSigned: true)
    }
  }

  /// Offsets of 32 bits unless the texts of a batch are longer.
  private static func textType(_ text: TextStorage, _ rows: Range<Int>) -> ArrowType {
    let longest = stride(from: 0, to: max(rows.count, 1), by: ArrowWriter.batchSize).map { start in
      text.offsets[min(start + ArrowWriter.batchSize, rows.count)] - text.offsets[start]
    }
    return .text(isLarge: (longest.max() ?? 0) > Int(Int32.max))
  }

  /// How many of the rows are null; they begin at a multiple of 64.
  func nullCount(_ rows: Range<Int>) -> Int {
    guard let validity = column.validity else { return 0 }
    var count = 0
    for word in rows.lowerBound >> 6..<Bitmap.wordCount(rows.upperBound) {
      count += validity.words[word].nonzeroBitCount
    }
    return rows.count - count
  }

  /// The length of each buffer in bytes.
  func lengths(_ rows: Range<Int>) -> [Int] {
    let bits = (rows.count + 7) / 8
    let validity = nullCount(rows) > 0 ? bits : 0
    switch type {
    case .bool: return [validity, bits]
    case .date32: return [validity, 4 * rows.count]
    case .float64, .timestamp, .duration: return [validity, 8 * rows.count]
    case .integer(let width, _), .dictionary(_, let width, _, _):
      return [validity, Int(width) / 8 * rows.count]
    case .text(let isLarge):
      guard case .text(let text) = column.storage else { return [0, 0, 0] }
      return [
        validity, (isLarge ? 8 : 4) * (rows.count + 1),
        text.offsets[rows.upperBound] - text.offsets[rows.lowerBound],
      ]
    case .null, .float32, .textView, .date64: return [0, 0]
    }
  }

  /// Writes the buffers to their places behind `base`.
  ///
  /// SAFETY: there is room for `lengths` bytes at each.
  func write(_ rows: Range<Int>, to base: UnsafeMutableRawPointer, _ places: [Int]) {
    if let validity = column.validity, nullCount(rows) > 0 {
      (base + places[0]).copyMemory(
        from: validity.words.base + rows.lowerBound >> 6, byteCount: (rows.count + 7) / 8)
    }
    let target = base + places[1]
    switch column.storage {
    case .int8(let buffer):
      if type == .bool {
        writeBits(buffer, rows, target)
      } else {
        write(buffer, rows, target)
      }
    case .int16(let buffer): write(buffer, rows, target)
    case .int32(let buffer): write(buffer, rows, target)
    case .int64(let buffer): write(buffer, rows, target)
    case .float(let buffer): copy(buffer, rows, target)
    case .dictionary(.uint8(let codes), _): copy(codes, rows, target)
    case .dictionary(.uint16(let codes), _): copy(codes, rows, target)
    case .dictionary(.uint32(let codes), _): copy(codes, rows, target)
    case .text(let text):
      if case .text(true) = type {
        write(text, rows, target.assumingMemoryBound(to: Int64.self))
      } else {
        write(text, rows, target.assumingMemoryBound(to: Int32.self))
      }
      let start = text.offsets[rows.lowerBound]
      (base + places[2]).copyMemory(
        from: text.bytes.base + start, byteCount: text.offsets[rows.upperBound] - start)
    }
  }

  /// Integers, in the width that the type has in the file.
  private func write(
    _ buffer: Buffer<some FixedWidthInteger & Sendable>, _ rows: Range<Int>,
    _ target: UnsafeMutableRawPointer
  ) {
    switch type {
    case .date32: widen(buffer, rows, target.assumingMemoryBound(to: Int32.self))
    case .timestamp, .duration: widen(buffer, rows, target.assumingMemoryBound(to: Int64.self))
    default: copy(buffer, rows, target)
    }
  }

  private func copy<Element>(
    _ buffer: Buffer<Element>, _ rows: Range<Int>, _ target: UnsafeMutableRawPointer
  ) {
    // SAFETY: the rows lie within the column, and the target has room for them.
    target.copyMemory(
      from: buffer.base + rows.lowerBound, byteCount: rows.count * MemoryLayout<Element>.stride)
  }

  private func widen<Target: FixedWidthInteger>(
    _ buffer: Buffer<some FixedWidthInteger & Sendable>, _ rows: Range<Int>,
    _ target: UnsafeMutablePointer<Target>
  ) {
    for (place, row) in rows.enumerated() {
      target[place] = Target(truncatingIfNeeded: buffer.base[row])
    }
  }

  private func writeBits(
    _ buffer: Buffer<Int8>, _ rows: Range<Int>, _ target: UnsafeMutableRawPointer
  ) {
    let bytes = target.assumingMemoryBound(to: UInt8.self)
    for place in 0..<(rows.count + 7) / 8 {
      var byte: UInt8 = 0
      let first = rows.lowerBound + 8 * place
      for bit in 0..<min(8, rows.upperBound - first) where buffer.base[first + bit] != 0 {
        byte |= 1 << UInt8(bit)
      }
      bytes[place] = byte
    }
  }

  private func write<Offset: FixedWidthInteger>(
    _ text: TextStorage, _ rows: Range<Int>, _ target: UnsafeMutablePointer<Offset>
  ) {
    let start = text.offsets[rows.lowerBound]
    for place in 0...rows.count {
      target[place] = Offset(
        truncatingIfNeeded: text.offsets.base[rows.lowerBound + place] - start)
    }
  }
}
