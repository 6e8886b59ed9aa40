extension Column {
  /// The values of the rows in `range`, which must lie within the column. Copies.
  package func slice(_ range: Range<Int>) throws -> Column {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    if range == 0..<count { return self }
    let sliced: Storage =
      switch storage {
      case .int8(let buffer): .int8(try buffer.slice(range))
      case .int16(let buffer): .int16(try buffer.slice(range))
      case .int32(let buffer): .int32(try buffer.slice(range))
      case .int64(let buffer): .int64(try buffer.slice(range))
      case .float(let buffer): .float(try buffer.slice(range))
      case .dictionary(.uint8(let codes), let dictionary):
        .dictionary(.uint8(try codes.slice(range)), dictionary)
      case .dictionary(.uint16(let codes), let dictionary):
        .dictionary(.uint16(try codes.slice(range)), dictionary)
      case .dictionary(.uint32(let codes), let dictionary):
        .dictionary(.uint32(try codes.slice(range)), dictionary)
      case .text(let text): .text(try text.slice(range))
      }
    return Column(type: type, storage: sliced, validity: try validity?.slice(range))
  }
}

extension Frame {
  /// The rows in `range`, which must lie within the frame.
  package func slice(_ range: Range<Int>) throws -> Frame {
    if range == 0..<rowCount { return self }
    return Frame(
      names: names, columns: try columns.map { try $0.slice(range) }, rowCount: range.count,
      origin: origin?.sliced(from: range.lowerBound))
  }
}

extension Buffer {
  /// A copy of the elements in `range`, which must lie within the buffer.
  func slice(_ range: Range<Int>) throws -> Buffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let sliced = try Buffer(count: range.count)
    // SAFETY: the range was checked; the copy is exactly as long.
    sliced.base.update(from: base + range.lowerBound, count: range.count)
    return sliced
  }
}

extension TextStorage {
  /// The texts of the rows in `range`, which must lie within the storage.
  func slice(_ range: Range<Int>) throws -> TextStorage {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let start = offsets[range.lowerBound]
    let sliced = try Buffer<Int>(count: range.count + 1)
    for index in 0...range.count { sliced.base[index] = offsets[range.lowerBound + index] - start }
    return TextStorage(
      offsets: sliced, bytes: try bytes.slice(start..<offsets[range.upperBound]))
  }
}
