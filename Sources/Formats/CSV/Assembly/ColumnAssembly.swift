import Columnar

/// Joins the pieces of a column that is not text.
struct ColumnAssembly {
  /// Rows in a part; a multiple of 64, so that parts write separate words of the validity.
  static let partSize = 1 << 17

  let source: ColumnPieces
  let type: DataType
  /// Where pieces that are in place lie; nil if that is no place for this type.
  let place: Storage?

  func column() throws -> Column {
    let validity = try self.validity()
    return Column(
      type: type, storage: try type == .float ? floats() : integers(), validity: validity)
  }

  private func fill(_ body: @Sendable (ColumnPieces.Segment) -> Void) throws {
    let parts = Workers.partCount(source.rowCount, partSize: Self.partSize)
    try Workers.run(parts: parts) { part in
      for segment in source.segments(
        Workers.part(part, of: source.rowCount, partSize: Self.partSize))
      {
        body(segment)
      }
    }
  }

  /// All values: in `room`, where those in place are already, or anew.
  private func values<Value: BitwiseCopyable>(
    _ room: Buffer<Value>?,
    _ copy: @Sendable (ColumnPieces.Segment, UnsafeMutablePointer<Value>) -> Void
  ) throws -> Buffer<Value> {
    if let room, room.count >= source.rowCount {
      try fill { if !source.pieces[$0.piece].isInPlace { copy($0, room.base) } }
      return try room.shortened(to: source.rowCount)
    }
    let values = try Buffer<Value>(count: source.rowCount)
    try fill { copy($0, values.base) }
    return values
  }

  private func floats() throws -> Storage {
    var room: Buffer<Double>?
    if case .float(let buffer) = place { room = buffer }
    return .float(try values(room, copyFloats))
  }

  private func integers() throws -> Storage {
    let widest = source.pieces.map(\.layout).max { $0.rawValue < $1.rawValue }
    switch type == .datetime ? .int64 : widest {
    case .int64:
      var room: Buffer<Int64>?
      if case .int64(let buffer) = place { room = buffer }
      return .int64(try values(room, copyIntegers))
    case .int32:
      var room: Buffer<Int32>?
      if case .int32(let buffer) = place { room = buffer }
      return .int32(try values(room, copyIntegers))
    case .int16:
      var room: Buffer<Int16>?
      if case .int16(let buffer) = place { room = buffer }
      return .int16(try values(room, copyIntegers))
    default:
      var room: Buffer<Int8>?
      if case .int8(let buffer) = place { room = buffer }
      return .int8(try values(room, copyIntegers))
    }
  }

  private func copyIntegers<Target: FixedWidthInteger>(
    _ segment: ColumnPieces.Segment, _ target: UnsafeMutablePointer<Target>
  ) {
    let piece = source.pieces[segment.piece]
    let target = target + segment.row
    func copy<Source: FixedWidthInteger>(_: Source.Type) {
      let values = piece.values!.assumingMemoryBound(to: Source.self) + segment.pieceRow
      if type == .datetime, piece.type == .date {
        for row in 0..<segment.count {
          target[row] = Target(
            truncatingIfNeeded: Int64(values[row]) &* Calendar.microsecondsPerDay)
        }
      } else {
        for row in 0..<segment.count { target[row] = Target(truncatingIfNeeded: values[row]) }
      }
    }
    switch piece.layout {
    case .int8: copy(Int8.self)
    case .int16: copy(Int16.self)
    case .int32: copy(Int32.self)
    case .int64: copy(Int64.self)
    default: target.update(repeating: 0, count: segment.count)
    }
  }

  private func copyFloats(
    _ segment: ColumnPieces.Segment, _ target: UnsafeMutablePointer<Double>
  ) {
    let piece = source.pieces[segment.piece]
    let target = target + segment.row
    func convert<Source: FixedWidthInteger>(_: Source.Type) {
      let values = piece.values!.assumingMemoryBound(to: Source.self) + segment.pieceRow
      for row in 0..<segment.count { target[row] = Double(values[row]) }
    }
    switch piece.layout {
    case .float:
      let values = piece.values!.assumingMemoryBound(to: Double.self) + segment.pieceRow
      target.update(from: values, count: segment.count)
    case .int8: convert(Int8.self)
    case .int16: convert(Int16.self)
    case .int32: convert(Int32.self)
    case .int64: convert(Int64.self)
    default: target.update(repeating: 0, count: segment.count)
    }
  }

  private func validity() throws -> Bitmap? {
    guard source.pieces.contains(where: { $0.nullCount > 0 }) else { return nil }
    let bitmap = try Bitmap(repeating: true, count: source.rowCount)
    try fill { source.clearNulls($0, bitmap) }
    return bitmap
  }
}

extension ColumnPieces {
  /// Clears the bits of the null rows of a segment in a column's validity.
  func clearNulls(_ segment: Segment, _ validity: Bitmap) {
    let piece = pieces[segment.piece]
    guard let nulls = piece.nulls else { return }
    let words = validity.words.base
    var done = 0
    while done < segment.count {
      // A word of the piece at a time; most are 0.
      let from = segment.pieceRow + done
      let count = min(64 - from & 63, segment.count - done)
      var bits = nulls[from >> 6] >> UInt64(from & 63)
      if count < 64 { bits &= (1 << UInt64(count)) - 1 }
      while bits != 0 {
        let row = segment.row + done + bits.trailingZeroBitCount
        words[row >> 6] &= ~(1 << UInt64(row & 63))
        bits &= bits - 1
      }
      done += count
    }
  }
}
