/// How a column's key becomes a digit.
struct KeyDigit {
  private let column: Column
  private let isDescending: Bool
  let range: KeyRange
  /// The largest digit, which is null's where there are nulls; nil if it does not fit 64 bits.
  let maximum: UInt64?

  init(_ key: SortColumn) throws {
    column = try key.column.dictionaryEncoded()
    isDescending = key.isDescending
    range = try column.keyRange()
    let (withNull, overflow) = range.span.addingReportingOverflow(1)
    maximum = column.nullCount == 0 ? range.span : overflow ? nil : withNull
  }

  private init(_ column: Column, isDescending: Bool, range: KeyRange) {
    self.column = column
    self.isDescending = isDescending
    self.range = range
    maximum = range.span
  }

  /// The digit with nulls in the place of the value in their slots.
  func withoutNulls() -> KeyDigit {
    KeyDigit(
      Column(type: column.type, storage: column.storage), isDescending: isDescending, range: range)
  }

  /// How the digit becomes a float, if the column is of floats.
  var floatDigit: FloatDigit? {
    guard case .float = column.storage else { return nil }
    return FloatDigit(lowest: range.lowest, highest: range.highest, isDescending: isDescending)
  }

  /// The floats themselves, if the column is of floats and has no null.
  var floats: Buffer<Double>? {
    guard case .float(let buffer) = column.storage, column.nullCount == 0 else { return nil }
    return buffer
  }

  /// Multiplies by `radix`, or sets where that is 0, and adds the digit.
  func packer<Number: FixedWidthInteger & UnsignedInteger & Sendable>(
    radix: Number
  ) throws -> PackedNumber.Packer<Number> {
    try column.visitKeys(
      PackerMaker(
        validity: column.validity, range: range, isDescending: isDescending, radix: radix))
  }

  /// Appends `bits` bits that never fall as the digit rises, of a digit that takes more.
  ///
  /// Floats fall into even cells, as most of their bits would tell nothing of values close together.
  func leadingPacker(bits: Int) throws -> PackedNumber.Packer<UInt64> {
    let bits = UInt64(bits)
    // The last place is for null, and a float counts no more cells one by one.
    let cellCount = 1 << min(bits, 52) - 1
    if case .float(let buffer) = column.storage,
      let cells = EvenCells(sample: column.sampledFloats(buffer), count: cellCount)
    {
      return CellMaker(
        validity: column.validity, isDescending: isDescending, bits: bits, cells: cells,
        lastCell: UInt64(cellCount - 1)
      ).packer(buffer)
    }
    return try column.visitKeys(
      LeadingPackerMaker(
        validity: column.validity, range: range, isDescending: isDescending, bits: bits))
  }
}

extension Column {
  /// Some of the column's floats, at even distances.
  fileprivate func sampledFloats(_ buffer: Buffer<Double>) -> [Double] {
    stride(from: 0, to: count, by: max(count / 4096, 1)).filter { validity?[$0] ?? true }
      .map { buffer[$0] }
  }
}

/// Appends the highest bits of a column's digits, which take more than `bits`.
private struct LeadingPackerMaker: KeyVisitor {
  let validity: Bitmap?
  let range: KeyRange
  let isDescending: Bool
  let bits: UInt64

  func visit<Source: KeySource>(_ source: Source) -> PackedNumber.Packer<UInt64> {
    let (range, bits, isDescending) = (range, bits, isDescending)
    let words = validity?.words
    let null: UInt64 = 1 << bits - 1
    let width = UInt64(UInt64.bitWidth - (range.span &+ 1).leadingZeroBitCount)
    // Where there are nulls and no number is left for them, another digit has told them before.
    let shift = (range.span == .max ? 64 : width) - bits
    return { rows, packed in
      let first = rows.lowerBound
      for row in rows {
        // SAFETY: the rows lie within the column, and the numbers are as many.
        let isNull = words.map { $0.base[row >> 6] >> UInt64(row & 63) & 1 == 0 } ?? false
        let key = source.key(row)
        let digit = isDescending ? range.highest &- key : key &- range.lowest
        packed[row &- first] = packed[row &- first] &<< bits | (isNull ? null : digit &>> shift)
      }
    }
  }
}

/// Appends the even cells that a column's floats lie in; null has the last.
private struct CellMaker {
  let validity: Bitmap?
  let isDescending: Bool
  let bits: UInt64
  let cells: EvenCells
  let lastCell: UInt64

  func packer(_ floats: Buffer<Double>) -> PackedNumber.Packer<UInt64> {
    let (bits, cells, lastCell, isDescending) = (bits, cells, lastCell, isDescending)
    let words = validity?.words
    let null: UInt64 = 1 << bits - 1
    return { rows, packed in
      let first = rows.lowerBound
      for row in rows {
        // SAFETY: the rows lie within the column, and the numbers are as many.
        let isNull = words.map { $0.base[row >> 6] >> UInt64(row & 63) & 1 == 0 } ?? false
        let cell = UInt64(bitPattern: Int64(cells.place(floats.base[row])))
        let digit = isDescending ? lastCell &- cell : cell
        packed[row &- first] = packed[row &- first] &<< bits | (isNull ? null : digit)
      }
    }
  }
}

private struct PackerMaker<Number: FixedWidthInteger & UnsignedInteger & Sendable>: KeyVisitor {
  let validity: Bitmap?
  let range: KeyRange
  let isDescending: Bool
  let radix: Number

  func visit<Source: KeySource>(_ source: Source) -> PackedNumber.Packer<Number> {
    let (lowest, highest, radix) = (range.lowest, range.highest, radix)
    // SAFETY: the rows lie within the column, and the numbers are as many.
    if let validity {
      let isDescending = isDescending
      let null = Number(truncatingIfNeeded: range.span &+ 1)
      return { rows, packed in
        let first = rows.lowerBound
        for row in rows {
          let isValid = validity.words.base[row >> 6] >> UInt64(row & 63) & 1 == 1
          let key = source.key(row)
          let digit = Number(
            truncatingIfNeeded: isDescending ? highest &- key : key &- lowest)
          let high = radix == 0 ? 0 : packed[row &- first] &* radix
          packed[row &- first] = high &+ (isValid ? digit : null)
        }
      }
    }
    if isDescending {
      return { rows, packed in
        let first = rows.lowerBound
        for row in rows {
          let high = radix == 0 ? 0 : packed[row &- first] &* radix
          packed[row &- first] = high &+ Number(truncatingIfNeeded: highest &- source.key(row))
        }
      }
    }
    if radix == 0 {
      return { rows, packed in
        let first = rows.lowerBound
        for row in rows {
          packed[row &- first] = Number(truncatingIfNeeded: source.key(row) &- lowest)
        }
      }
    }
    return { rows, packed in
      let first = rows.lowerBound
      for row in rows {
        packed[row &- first] =
          packed[row &- first] &* radix &+ Number(truncatingIfNeeded: source.key(row) &- lowest)
      }
    }
  }
}

/// The smallest and the largest of some keys.
struct KeyRange: Sendable {
  let lowest: UInt64
  let highest: UInt64

  /// How far apart they are.
  var span: UInt64 { highest - lowest }
}

extension Column {
  /// The column's keys as ascending numbers, the value's key being `lowest` more; null's is the
  /// largest. Nil if there are nulls and no number is left for them.
  func packedKeys() throws -> (number: PackedNumber, lowest: UInt64)? {
    let digit = try KeyDigit(SortColumn(column: self))
    guard digit.maximum != nil else { return nil }
    var number = PackedNumber()
    _ = try number.append(digit)
    return (number, digit.range.lowest)
  }

  /// The bounds of the keys in all slots, those of nulls included. Remembered by the column's buffer.
  func keyRange() throws -> KeyRange {
    func range<Element: FixedWidthInteger & Sendable>(
      _ buffer: Buffer<Element>
    ) throws -> KeyRange {
      let bounds = try buffer.bounds()
      return KeyRange(
        lowest: UInt64(bitPattern: bounds.lowerBound) ^ (1 << 63),
        highest: UInt64(bitPattern: bounds.upperBound) ^ (1 << 63))
    }
    switch storage {
    case .int8(let buffer): return try range(buffer)
    case .int16(let buffer): return try range(buffer)
    case .int32(let buffer): return try range(buffer)
    case .int64(let buffer): return try range(buffer)
    // Floats spread over most of their range anyway; between the infinities there is room for null.
    case .float:
      return KeyRange(lowest: FloatKeys.key(-.infinity), highest: FloatKeys.key(.infinity))
    // Not every entry need occur, but there are seldom many that do not.
    case .dictionary(_, let dictionary):
      return KeyRange(lowest: 0, highest: UInt64(max(dictionary.count, 1) - 1))
    case .text: return try dictionaryEncoded().keyRange()
    }
  }
}
