/// The digits of pairs of key columns.
///
/// Values are equal as the language compares them: an int and a float by value, a date and a
/// datetime by the moment at which the day begins.
extension JoinDigit {
  /// The digits of a pair; one, or two where all 64 bits are taken. Throws `type` where the types
  /// cannot be compared.
  static func digits(left: Column, right: Column) throws -> [JoinDigit] {
    switch (left.type, right.type) {
    case (.text, .text): return [try texts(left, right)]
    case (.float, .float):
      guard case .float(let first) = left.storage, case .float(let second) = right.storage else {
        break
      }
      return [
        JoinDigit(
          maximum: FloatDigits.maximum, left: FloatDigits(first), left.validity,
          right: FloatDigits(second), right.validity)
      ]
    case (.int, .float), (.date, .datetime):
      return try wholes(left, right, range: left.wholeRange())
    case (.float, .int), (.datetime, .date):
      return try wholes(left, right, range: right.wholeRange())
    case (let first, let second) where first == second:
      return try wholes(left, right, range: right.wholeRange())
    default: break
    }
    throw DataError(
      .typeMismatch, "\(left.type.rawValue) cannot equal \(right.type.rawValue)")
  }

  private static func wholes(
    _ left: Column, _ right: Column, range: (lowest: Int64, span: UInt64)
  ) throws -> [JoinDigit] {
    let dayBegins = left.type == .date || right.type == .date
    return make(
      range.span, left.wholeDigits(lowest: range.lowest, isDay: dayBegins), left.validity,
      right.wholeDigits(lowest: range.lowest, isDay: dayBegins), right.validity)
  }

  private static func make(
    _ span: UInt64, _ left: some DigitSource, _ leftValidity: Bitmap?, _ right: some DigitSource,
    _ rightValidity: Bitmap?
  ) -> [JoinDigit] {
    if span < noKey {
      return [JoinDigit(maximum: span, left: left, leftValidity, right: right, rightValidity)]
    }
    return [UInt64(32), 0].map { shift in
      JoinDigit(
        maximum: 0xffff_ffff, left: HalfDigits(source: left, shift: shift), leftValidity,
        right: HalfDigits(source: right, shift: shift), rightValidity)
    }
  }

  private static func texts(_ left: Column, _ right: Column) throws -> JoinDigit {
    guard let known = right.dictionaryTexts else {
      // The right side's texts are told apart by the first row, or the number, of each.
      let texts = try right.rowTexts
      let matches: KeyMatches
      let source: any DigitSource
      if let entries = left.dictionaryTexts {
        matches = try KeyMatches(left: entries, nil, right: texts, right.validity)
        source = left.codeDigits(map: try matches.leftIds.padded())
      } else {
        matches = try KeyMatches(left: left.rowTexts, left.validity, right: texts, right.validity)
        source = NumberDigits(matches.leftIds)
      }
      let numbers: any DigitSource = matches.rightIds.map { NumberDigits($0) } ?? RowDigits()
      let largest = UInt64(max(matches.idCount, 1) - 1)
      return JoinDigit(
        maximum: largest, left: source, left.validity, right: numbers, right.validity)
    }
    let maximum = UInt64(max(known.count, 1) - 1)
    let source: any DigitSource
    if let entries = left.dictionaryTexts {
      source =
        entries === known
        ? left.codeDigits(map: nil)
        : left.codeDigits(
          map: try KeyMatches(left: entries, nil, right: known, nil).leftIds.padded())
    } else {
      source = NumberDigits(
        try KeyMatches(left: left.rowTexts, left.validity, right: known, nil).leftIds)
    }
    return JoinDigit(
      maximum: maximum, left: source, left.validity, right: right.codeDigits(map: nil),
      right.validity)
  }
}

extension Column {
  /// The lowest of the whole numbers in all slots, and how far the highest is from it.
  fileprivate func wholeRange() throws -> (lowest: Int64, span: UInt64) {
    let range = try keyRange()
    return (Int64(bitPattern: range.lowest ^ (1 << 63)), range.span)
  }

  fileprivate func wholeDigits(lowest: Int64, isDay: Bool) -> any DigitSource {
    if isDay, type == .datetime {
      switch storage {
      case .int8(let buffer): return MidnightDigits(buffer, lowest: lowest)
      case .int16(let buffer): return MidnightDigits(buffer, lowest: lowest)
      case .int32(let buffer): return MidnightDigits(buffer, lowest: lowest)
      case .int64(let buffer): return MidnightDigits(buffer, lowest: lowest)
      default: preconditionFailure("a datetime is an integer")
      }
    }
    switch storage {
    case .int8(let buffer): return IntegerDigits(buffer, lowest: lowest)
    case .int16(let buffer): return IntegerDigits(buffer, lowest: lowest)
    case .int32(let buffer): return IntegerDigits(buffer, lowest: lowest)
    case .int64(let buffer): return IntegerDigits(buffer, lowest: lowest)
    case .float(let buffer): return WholeFloatDigits(buffer, lowest: lowest)
    case .dictionary, .text: preconditionFailure("text has no whole numbers")
    }
  }

  fileprivate func codeDigits(map: Buffer<UInt32>?) -> any DigitSource {
    guard case .dictionary(let codes, _) = storage else {
      preconditionFailure("only a dictionary has codes")
    }
    switch (codes, map) {
    case (.uint8(let codes), nil): return CodeDigits(codes)
    case (.uint16(let codes), nil): return CodeDigits(codes)
    case (.uint32(let codes), nil): return CodeDigits(codes)
    case (.uint8(let codes), let map?): return MappedCodeDigits(codes, map: map)
    case (.uint16(let codes), let map?): return MappedCodeDigits(codes, map: map)
    case (.uint32(let codes), let map?): return MappedCodeDigits(codes, map: map)
    }
  }

  /// The entries of the column's dictionary; nil without one.
  var dictionaryTexts: TextStorage? {
    if case .dictionary(_, let dictionary) = storage { dictionary.entries } else { nil }
  }

  /// The texts of a column that has no dictionary. Throws `type` for any other.
  var rowTexts: TextStorage {
    get throws {
      if case .text(let texts) = storage { return texts }
      throw DataError(.typeMismatch, "not a text column")
    }
  }
}

extension Buffer where Element == UInt32 {
  /// With one element at least, for null's code 0 where a dictionary is empty.
  fileprivate func padded() throws -> Buffer { count == 0 ? try Buffer([noRow]) : self }
}
