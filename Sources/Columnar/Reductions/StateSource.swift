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

  /// Adds the integers below 64 bits of a block's rows, moved to the left by `shift` bits, to the
  /// words; with a constant the words become the constant and these. Other columns add nothing.
  func add(
    _ block: RowBlock, _ shift: UInt64, _ constant: UInt64?, to words: UnsafeMutablePointer<UInt64>
  ) {
    switch self {
    case .int8(let buffer): add(buffer.base, block, shift, constant, words)
    case .int16(let buffer): add(buffer.base, block, shift, constant, words)
    case .int32(let buffer): add(buffer.base, block, shift, constant, words)
    case .int64, .float, .uint8, .uint16, .uint32, .text: break
    }
  }

  @inline(__always)
  private func add<Element: FixedWidthInteger>(
    _ base: UnsafeMutablePointer<Element>, _ block: RowBlock, _ shift: UInt64,
    _ constant: UInt64?, _ words: UnsafeMutablePointer<UInt64>
  ) {
    if let rows = block.rows {
      for place in 0..<block.count {
        let value = UInt64(truncatingIfNeeded: base[Int(rows[place])]) &<< shift
        words[place] = value &+ (constant ?? words[place])
      }
    } else {
      words.add(UnsafePointer(base + block.first), block.count, shift, constant)
    }
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

extension UnsafeMutablePointer<UInt64> {
  /// Adds `count` integers, moved to the left by `shift` bits; with a constant the words become the
  /// constant and these.
  @inline(__always)
  func add<Element: FixedWidthInteger>(
    _ values: UnsafePointer<Element>, _ count: Int, _ shift: UInt64, _ constant: UInt64?
  ) {
    if let constant {
      for place in 0..<count {
        self[place] = constant &+ UInt64(truncatingIfNeeded: values[place]) &<< shift
      }
    } else {
      for place in 0..<count {
        self[place] &+= UInt64(truncatingIfNeeded: values[place]) &<< shift
      }
    }
  }
}
