/// Groups found by sorting the rows by their keys: for about as many groups as there are rows.
struct SortedGroups {
  let segments: GroupSegments
  let groupCount: Int
  private let ordered: OrderedRows
  private let layout: KeyLayout?

  /// Nil where the keys are few enough for a table, or none.
  init?(_ keys: [Column], rowCount: Int) throws {
    if keys.isEmpty || rowCount == 0 { return nil }
    var packing = try KeyPacking(keys.map { SortColumn(column: $0) }, rowCount: rowCount)
    if packing.numbers.count == 1 {
      if try HashGrouping.suits(packing.numbers[0], rowCount: rowCount) { return nil }
    }
    layout = try KeyLayout(keys)
    if let layout { packing = KeyPacking(layout.number, rowCount: rowCount) }
    ordered = try OrderedRows(packing)
    let firsts = try ordered.starts().rows()
    groupCount = firsts.count
    let starts = try Buffer<UInt32>(count: groupCount + 1)
    starts.base.update(from: firsts.base, count: groupCount)
    starts.base[groupCount] = UInt32(rowCount)
    segments = GroupSegments(rows: ordered.rows, starts: starts)
  }

  /// The keys' columns, a row a group.
  func columns(_ keys: [Column]) throws -> [Column] {
    let count = groupCount
    if let layout {
      let (ordered, starts) = (ordered.numbers, segments.starts)
      let numbers = try Buffer<UInt64>.filled(count) { groups, numbers in
        let (ordered, starts) = (ordered.base, starts.base)
        // SAFETY: groups begin within the rows.
        for group in groups { numbers[group] = ordered[Int(starts[group])] }
      }
      return try layout.columns(numbers)
    }
    let firsts = try segments.rows.gathered(segments.starts.slice(0..<count), absent: nil)
    return try keys.map { try $0.take(firsts) }
  }
}

/// Keys side by side in the bits of a number, from which they can be read again.
struct KeyLayout {
  private(set) var number = PackedNumber()
  private var fields: [Field] = []

  fileprivate struct Field {
    var column: Column
    var lowest: UInt64
    var highest: UInt64
    /// The digit of null; `.max` where there is none.
    var null: UInt64
    var shift: UInt64
    var mask: UInt64
  }

  /// Nil where the keys take more than 64 bits.
  init?(_ keys: [Column]) throws {
    var shift: UInt64 = 64
    for key in keys {
      let column = try key.dictionaryEncoded()
      let digit = try KeyDigit(SortColumn(column: column))
      guard let largest = digit.maximum, largest < .max >> 1 else { return nil }
      let bits = UInt64(max(UInt64.bitWidth - largest.leadingZeroBitCount, 1))
      guard bits <= shift else { return nil }
      shift -= bits
      let mask: UInt64 = (1 << bits) - 1
      guard try number.append(digit, radix: mask + 1) else { return nil }
      fields.append(
        Field(
          column: column, lowest: digit.range.lowest, highest: digit.range.highest,
          null: column.nullCount > 0 ? largest : .max, shift: shift, mask: mask))
    }
    for index in fields.indices { fields[index].shift -= shift }
  }

  /// The column whose digits stand in `numbers` above the lowest `bits` bits.
  static func column(
    _ column: Column, above bits: Int, of numbers: Buffer<UInt64>
  ) throws -> Column? {
    let digit = try KeyDigit(SortColumn(column: column))
    guard let largest = digit.maximum else { return nil }
    let field = Field(
      column: column, lowest: digit.range.lowest, highest: digit.range.highest,
      null: column.nullCount > 0 ? largest : .max, shift: UInt64(bits), mask: ~0 >> UInt64(bits))
    return try field.column(numbers)
  }

  /// The keys of `numbers`: a column for each key.
  func columns(_ numbers: Buffer<UInt64>) throws -> [Column] {
    try fields.map { try $0.column(numbers) }
  }
}

extension KeyLayout.Field {
  fileprivate func column(_ numbers: Buffer<UInt64>) throws -> Column {
    let storage: Storage
    switch column.storage {
    case .float:
      let (shift, mask, null, lowest) = (shift, mask, null, lowest)
      return try .floats(count: numbers.count) { group in
        let digit = numbers.base[group] &>> shift & mask
        return digit == null ? .nan : FloatKeys.value(lowest &+ digit)
      }
    case .dictionary(_, let dictionary):
      let entries = try Buffer(dictionary.count == 0 ? [0] : dictionary.entriesByRank)
      storage = .dictionary(try codes(numbers, entries), dictionary)
    case .int8, .int16, .int32, .int64, .text:
      // The least and the greatest value are keys of groups.
      let bounds = Int64(bitPattern: lowest ^ 1 << 63)...Int64(bitPattern: highest ^ 1 << 63)
      switch IntegerWidth(bounds) {
      case .one: storage = .int8(try integers(numbers))
      case .two: storage = .int16(try integers(numbers))
      case .four: storage = .int32(try integers(numbers))
      case .eight: storage = .int64(try integers(numbers))
      }
    }
    return Column(
      type: column.type, storage: storage,
      validity: null == .max ? nil : try validity(numbers))
  }

  /// The integers in a width that holds them.
  private func integers<Element: FixedWidthInteger & Sendable>(
    _ numbers: Buffer<UInt64>
  ) throws -> Buffer<Element> {
    try .filled(numbers.count) { [shift, mask, null, lowest] groups, values in
      let numbers = numbers.base
      for group in groups {
        // SAFETY: groups are places among the numbers.
        let digit = numbers[group] &>> shift & mask
        let value = Element(truncatingIfNeeded: (lowest &+ digit) ^ (1 << 63))
        values[group] = digit == null ? 0 : value
      }
    }
  }

  private func codes(_ numbers: Buffer<UInt64>, _ entries: Buffer<UInt32>) throws -> Codes {
    switch entries.count {
    case ...(1 << 8): .uint8(try codes(numbers, entries))
    case ...(1 << 16): .uint16(try codes(numbers, entries))
    default: .uint32(try codes(numbers, entries))
    }
  }

  private func codes<Element: FixedWidthInteger & Sendable>(
    _ numbers: Buffer<UInt64>, _ entries: Buffer<UInt32>
  ) throws -> Buffer<Element> {
    try .filled(numbers.count) { [shift, mask, null] groups, codes in
      let (numbers, entries) = (numbers.base, entries.base)
      for group in groups {
        // SAFETY: groups are places among the numbers, and digits other than null's among the entries.
        let digit = numbers[group] &>> shift & mask
        codes[group] = digit == null ? 0 : Element(truncatingIfNeeded: entries[Int(digit)])
      }
    }
  }

  private func validity(_ numbers: Buffer<UInt64>) throws -> Bitmap {
    let words = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(numbers.count))
    try Workers.run(parts: Workers.partCount(numbers.count)) { part in
      for group in Workers.part(part, of: numbers.count)
      where numbers.base[group] &>> shift & mask != null {
        // SAFETY: a part has words of its own.
        words.base[group >> 6] |= 1 << UInt64(group & 63)
      }
    }
    return Bitmap(words: words, count: numbers.count)
  }
}
