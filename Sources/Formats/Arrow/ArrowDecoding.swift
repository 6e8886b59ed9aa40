import Columnar

extension ArrowPiece {
  /// Writes the values to `target` from `row` on.
  ///
  /// The target must have room for the piece's rows there, and be one for `type`.
  mutating func decode(
    _ type: ArrowType, to target: ArrowTarget, at row: Int
  ) throws -> ArrowPieceResult {
    var result = ArrowPieceResult()
    switch target {
    case .texts:
      switch type {
      case .text(let isLarge):
        result.texts = try isLarge ? texts(Int64.self) : texts(Int32.self)
      default: result.texts = try viewedTexts()
      }
    case .nulls: break
    case .numbers(.float(let buffer)):
      result.counts = try decodeFloats(type, to: buffer.base + row)
    case .numbers(.int8(let buffer)):
      result.range =
        type == .bool
        ? try decodeBits(to: buffer.base + row) : try copy(Int8.self, to: buffer.base + row) { $0 }
    case .numbers(.int16(let buffer)):
      result.range =
        type == .integer(bits: 16, isSigned: true)
        ? try copy(Int16.self, to: buffer.base + row) { $0 }
        : try copy(UInt8.self, to: buffer.base + row) { Int16($0) }
    case .numbers(.int32(let buffer)):
      switch type {
      case .integer(16, _):
        result.range = try copy(UInt16.self, to: buffer.base + row) { Int32($0) }
      case .date64: try decodeDates(to: buffer.base + row, &result)
      default: result.range = try copy(Int32.self, to: buffer.base + row) { $0 }
      }
    case .numbers(.int64(let buffer)): try decodeWide(type, to: buffer.base + row, &result)
    case .codes(.uint8(let buffer), let texts):
      try decodeCodes(type, to: buffer.base + row, below: texts.count)
    case .codes(.uint16(let buffer), let texts):
      try decodeCodes(type, to: buffer.base + row, below: texts.count)
    case .codes(.uint32(let buffer), let texts):
      try decodeCodes(type, to: buffer.base + row, below: texts.count)
    case .rows(let buffer, let dictionary):
      try decodeCodes(type, to: buffer.base + row, below: dictionary.values.count)
      if validity != nil {
        for place in 0..<rowCount where !isValid(place) { buffer.base[row + place] = noRow }
      }
    case .numbers: throw FlatTable.damaged
    }
    result.validity = validity
    return result
  }

  private func decodeBits(to target: UnsafeMutablePointer<Int8>) throws -> ArrowRange {
    try withBuffer(1, minimum: (rowCount + 7) / 8) { bytes in
      for row in 0..<rowCount {
        let bit = Int8(truncatingIfNeeded: bytes[row >> 3] >> UInt8(row & 7) & 1)
        target[row] = isValid(row) ? bit : 0
      }
      return ArrowRange(lower: 0, upper: 1)
    }
  }

  private mutating func decodeFloats(
    _ type: ArrowType, to target: UnsafeMutablePointer<Double>
  ) throws -> ArrowCounts {
    let size = type == .float32 ? 4 : 8
    var missing = 0
    try withBuffer(1, minimum: rowCount * size) { bytes in
      for row in 0..<rowCount {
        let value =
          size == 4
          ? Double(
            Float(
              bitPattern: UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: row &* 4, as: UInt32.self))))
          : Double(
            bitPattern: UInt64(
              littleEndian: bytes.loadUnaligned(fromByteOffset: row &* 8, as: UInt64.self)))
        target[row] = value
        if value.isNaN { missing &+= 1 }
      }
    }
    guard missing > 0 || validity != nil else { return ArrowCounts() }
    var counts = ArrowCounts()
    var words = validity ?? Self.all(rowCount)
    for row in 0..<rowCount {
      let isPresent = words[row >> 6] >> UInt64(row & 63) & 1 == 1
      if isPresent, target[row].isNaN {
        words[row >> 6] &= ~(1 << UInt64(row & 63))
        counts.notANumber += 1
      }
      if !isPresent || target[row].isNaN { target[row] = 0 }
    }
    if validity != nil || counts.notANumber > 0 { validity = words }
    return counts
  }

  /// Words with the bits of `count` rows set.
  static func all(_ count: Int) -> [UInt64] {
    var words = [UInt64](repeating: ~0, count: Bitmap.wordCount(count))
    if count & 63 != 0 { words[words.count - 1] = (1 << UInt64(count & 63)) - 1 }
    return words
  }

  private func decodeDates(
    to target: UnsafeMutablePointer<Int32>, _ result: inout ArrowPieceResult
  ) throws {
    let day: Int64 = 86_400_000
    var counts = ArrowCounts()
    result.range = try copyChecked(
      Int64.self, to: target,
      { value in
        let days = value >= 0 || value % day == 0 ? value / day : value / day - 1
        if value % day != 0 { counts.notMidnight += 1 }
        return Int32(exactly: days)
      }, orElse: { invalid($0, .overflow, "the date is out of range") })
    result.counts = counts
  }

  private func decodeWide(
    _ type: ArrowType, to target: UnsafeMutablePointer<Int64>, _ result: inout ArrowPieceResult
  ) throws {
    switch type {
    case .integer(32, _): result.range = try copy(UInt32.self, to: target) { Int64($0) }
    case .integer(_, false):
      result.range = try copyChecked(
        UInt64.self, to: target, { Int64(exactly: $0) },
        orElse: { invalid($0, .overflow, "the value is beyond the integers of 64 bits") })
    case .timestamp(.nanosecond, _), .duration(.nanosecond):
      var counts = ArrowCounts()
      result.range = try copyChecked(
        Int64.self, to: target,
        { value in
          if value % 1000 == 0 { return value / 1000 }
          counts.belowMicrosecond += 1
          return value >= 0 ? value / 1000 : value / 1000 - 1
        }, orElse: { invalid($0, .overflow, "the time is out of range") })
      result.counts = counts
    case .timestamp(let unit, _), .duration(let unit):
      if unit == .microsecond {
        result.range = try copy(Int64.self, to: target) { $0 }
        return
      }
      let factor: Int64 = unit == .second ? 1_000_000 : 1000
      result.range = try copyChecked(
        Int64.self, to: target,
        { value in
          let (product, overflow) = value.multipliedReportingOverflow(by: factor)
          return overflow ? nil : product
        }, orElse: { invalid($0, .overflow, "the time is out of range") })
    default: result.range = try copy(Int64.self, to: target) { $0 }
    }
  }

  /// Writes the codes of a dictionary, 0 where a row is null. Throws `corrupt` for a code that is
  /// not below `count`.
  private func decodeCodes<Target: FixedWidthInteger>(
    _ type: ArrowType, to target: UnsafeMutablePointer<Target>, below count: Int
  ) throws {
    guard case .dictionary(_, let bits, let isSigned, _) = type else { throw FlatTable.damaged }
    switch (bits, isSigned) {
    case (8, true): try copyCodes(Int8.self, to: target, below: count)
    case (8, false): try copyCodes(UInt8.self, to: target, below: count)
    case (16, true): try copyCodes(Int16.self, to: target, below: count)
    case (16, false): try copyCodes(UInt16.self, to: target, below: count)
    case (32, true): try copyCodes(Int32.self, to: target, below: count)
    case (32, false): try copyCodes(UInt32.self, to: target, below: count)
    case (_, true): try copyCodes(Int64.self, to: target, below: count)
    default: try copyCodes(UInt64.self, to: target, below: count)
    }
  }

  private func copyCodes<Source: FixedWidthInteger, Target: FixedWidthInteger>(
    _: Source.Type, to target: UnsafeMutablePointer<Target>, below count: Int
  ) throws {
    let size = MemoryLayout<Source>.size
    try withBuffer(1, minimum: rowCount * size) { bytes in
      var faults = 0
      for row in 0..<rowCount {
        let code = UInt64(
          truncatingIfNeeded: Source(
            littleEndian: bytes.loadUnaligned(fromByteOffset: row &* size, as: Source.self)))
        let isPresent = validity == nil || isValid(row)
        // A negative code is a very large one here.
        if isPresent, code >= UInt64(count) { faults &+= 1 }
        target[row] = isPresent ? Target(truncatingIfNeeded: code) : 0
      }
      guard faults > 0 else { return }
      for row in 0..<rowCount where isValid(row) {
        let code = Source(
          littleEndian: bytes.loadUnaligned(fromByteOffset: row &* size, as: Source.self))
        if UInt64(truncatingIfNeeded: code) >= UInt64(count) {
          throw invalid(row, .corrupt, "its code \(code) is in no dictionary of \(count)")
        }
      }
    }
  }
}
