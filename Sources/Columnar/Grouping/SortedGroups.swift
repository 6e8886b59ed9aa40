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
      let numbers = try Buffer<UInt64>(count: count)
      try Workers.run(parts: Workers.partCount(count)) { part in
        for group in Workers.part(part, of: count) {
          // SAFETY: groups begin within the rows.
          numbers.base[group] = ordered.numbers.base[Int(segments.starts.base[group])]
        }
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
          column: column, lowest: digit.range.lowest,
          null: column.nullCount > 0 ? largest : .max, shift: shift, mask: mask))
    }
    for index in fields.indices { fields[index].shift -= shift }
  }

  /// The keys of `numbers`: a column for each key.
  func columns(_ numbers: Buffer<UInt64>) throws -> [Column] {
    try fields.map { field in
      switch field.column.storage {
      case .float:
        return try .floats(count: numbers.count) { group in
          let digit = numbers.base[group] &>> field.shift & field.mask
          return digit == field.null ? .nan : FloatKeys.value(field.lowest &+ digit)
        }
      case .dictionary(_, let dictionary):
        let entries = try Buffer(dictionary.count == 0 ? [0] : dictionary.entriesByRank)
        let codes = try Buffer<UInt32>(count: numbers.count)
        try Workers.run(parts: Workers.partCount(numbers.count)) { part in
          for group in Workers.part(part, of: numbers.count) {
            // SAFETY: digits other than null's are places among the entries.
            let digit = numbers.base[group] &>> field.shift & field.mask
            codes.base[group] = digit == field.null ? 0 : entries.base[Int(digit)]
          }
        }
        return Column(
          type: .text,
          storage: .dictionary(try Codes(codes, entryCount: dictionary.count), dictionary),
          validity: field.null == .max ? nil : try field.validity(numbers))
      case .int8, .int16, .int32, .int64, .text:
        return try .integers(count: numbers.count, type: field.column.type) { group in
          let digit = numbers.base[group] &>> field.shift & field.mask
          if digit == field.null { return nil }
          return Int64(bitPattern: (field.lowest &+ digit) ^ (1 << 63))
        }
      }
    }
  }
}

extension KeyLayout.Field {
  fileprivate func validity(_ numbers: Buffer<UInt64>) throws -> Bitmap {
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
