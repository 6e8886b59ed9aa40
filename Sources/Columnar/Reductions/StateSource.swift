/// A column as the kernels of group states read it.
enum StateSource: Sendable {
  case int8(Buffer<Int8>)
  case int16(Buffer<Int16>)
  case int32(Buffer<Int32>)
  case int64(Buffer<Int64>)
  case float(Buffer<Double>)
  /// Text by the places of its entries among the sorted ones.
  case uint8(Buffer<UInt8>, ranks: Buffer<UInt32>)
  case uint16(Buffer<UInt16>, ranks: Buffer<UInt32>)
  case uint32(Buffer<UInt32>, ranks: Buffer<UInt32>)
  /// Only whether there is a value is asked.
  case text

  init(_ column: Column, needsRanks: Bool) throws {
    switch column.storage {
    case .int8(let buffer): self = .int8(buffer)
    case .int16(let buffer): self = .int16(buffer)
    case .int32(let buffer): self = .int32(buffer)
    case .int64(let buffer): self = .int64(buffer)
    case .float(let buffer): self = .float(buffer)
    case .text: self = .text
    case .dictionary(let codes, let dictionary):
      guard needsRanks else {
        self = .text
        return
      }
      let ranks = try dictionary.ranks
      switch codes {
      case .uint8(let buffer): self = .uint8(buffer, ranks: ranks)
      case .uint16(let buffer): self = .uint16(buffer, ranks: ranks)
      case .uint32(let buffer): self = .uint32(buffer, ranks: ranks)
      }
    }
  }

  /// The values of a block's rows as floats, in `room` where they are none or do not follow one
  /// another.
  ///
  /// SAFETY: the room must hold a block.
  func numbers(_ block: RowBlock, _ room: UnsafeMutablePointer<Double>) -> UnsafePointer<Double> {
    switch self {
    case .int8(let buffer): load(buffer.base, block, room)
    case .int16(let buffer): load(buffer.base, block, room)
    case .int32(let buffer): load(buffer.base, block, room)
    case .int64(let buffer): load(buffer.base, block, room)
    case .float(let buffer):
      if let rows = block.rows {
        for place in 0..<block.count { room[place] = buffer.base[Int(rows[place])] }
      } else {
        return UnsafePointer(buffer.base + block.first)
      }
    case .uint8, .uint16, .uint32, .text: room.update(repeating: 0, count: block.count)
    }
    return UnsafePointer(room)
  }

  /// The values of a block's rows as integers of 32 bits, in `room` where they are narrower or do
  /// not follow one another. Of no meaning for other columns.
  ///
  /// SAFETY: the room must hold a block.
  func integers(_ block: RowBlock, _ room: UnsafeMutablePointer<Int32>) -> UnsafePointer<Int32> {
    switch self {
    case .int8(let buffer): load(buffer.base, block, room)
    case .int16(let buffer): load(buffer.base, block, room)
    case .int32(let buffer):
      if block.rows == nil { return UnsafePointer(buffer.base + block.first) }
      load(buffer.base, block, room)
    case .int64, .float, .uint8, .uint16, .uint32, .text:
      room.update(repeating: 0, count: block.count)
    }
    return UnsafePointer(room)
  }

  @inline(__always)
  private func load<Element: FixedWidthInteger>(
    _ base: UnsafeMutablePointer<Element>, _ block: RowBlock, _ room: UnsafeMutablePointer<Int32>
  ) {
    if let rows = block.rows {
      for place in 0..<block.count {
        room[place] = Int32(truncatingIfNeeded: base[Int(rows[place])])
      }
    } else {
      let values = base + block.first
      for place in 0..<block.count { room[place] = Int32(truncatingIfNeeded: values[place]) }
    }
  }

  @inline(__always)
  private func load<Element: FixedWidthInteger>(
    _ base: UnsafeMutablePointer<Element>, _ block: RowBlock, _ room: UnsafeMutablePointer<Double>
  ) {
    if let rows = block.rows {
      for place in 0..<block.count {
        room[place] = Double(Int64(truncatingIfNeeded: base[Int(rows[place])]))
      }
    } else {
      let values = base + block.first
      for place in 0..<block.count {
        room[place] = Double(Int64(truncatingIfNeeded: values[place]))
      }
    }
  }
}
