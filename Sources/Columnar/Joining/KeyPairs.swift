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
      return [
        JoinDigit(
          maximum: FloatDigits.maximum, left: try left.floatDigits(),
          right: try right.floatDigits())
      ]
    case (.int, .float), (.date, .datetime): return try wholes(left, right, rangeOf: left)
    case (.float, .int), (.datetime, .date): return try wholes(left, right, rangeOf: right)
    case (let first, let second) where first == second:
      return try wholes(left, right, rangeOf: right)
    default:
      throw DataError(
        .typeMismatch, "\(left.type.rawValue) cannot equal \(right.type.rawValue)")
    }
  }

  /// The values of one column decide what digits there are; others are no key.
  private static func wholes(
    _ left: Column, _ right: Column, rangeOf bounding: Column
  ) throws -> [JoinDigit] {
    let range = try bounding.keyRange()
    let lowest = Int64(bitPattern: range.lowest ^ (1 << 63))
    let hasDays = left.type == .date || right.type == .date
    let first = try left.wholeDigits(lowest: lowest, hasDays: hasDays)
    let second = try right.wholeDigits(lowest: lowest, hasDays: hasDays)
    if range.span < noKey {
      return [JoinDigit(maximum: range.span, left: first, right: second)]
    }
    return [32, 0].map { JoinDigit(half: $0, left: first, right: second) }
  }

  private static func texts(_ left: Column, _ right: Column) throws -> JoinDigit {
    // The right side's texts are told apart by their codes, or by the number of each.
    guard case .dictionary(_, let dictionary) = right.storage else {
      let texts = try right.rowTexts
      let entries = left.dictionaryTexts
      let matches = try KeyMatches(
        left: try entries ?? left.rowTexts, entries == nil ? left.validity : nil, right: texts,
        right.validity)
      return JoinDigit(
        maximum: UInt64(max(matches.idCount, 1) - 1), left: try left.textDigits(matches.leftIds),
        right: matches.rightPacker(right.validity))
    }
    let known = dictionary.entries
    let entries = left.dictionaryTexts
    var map: Buffer<UInt32>?
    if entries !== known {
      map = try KeyMatches(
        left: try entries ?? left.rowTexts, entries == nil ? left.validity : nil, right: known, nil
      ).leftIds
    }
    return JoinDigit(
      maximum: UInt64(max(known.count, 1) - 1), left: try left.textDigits(map),
      right: try right.textDigits(nil))
  }
}

extension Column {
  fileprivate func floatDigits() throws -> DigitPacker {
    guard case .float(let buffer) = storage else {
      throw DataError(.typeMismatch, "not a float column")
    }
    return DigitPacker(FloatDigits(buffer), validity)
  }

  fileprivate func wholeDigits(lowest: Int64, hasDays: Bool) throws -> DigitPacker {
    if hasDays, type == .datetime {
      switch storage {
      case .int8(let buffer): return DigitPacker(MidnightDigits(buffer, lowest: lowest), validity)
      case .int16(let buffer): return DigitPacker(MidnightDigits(buffer, lowest: lowest), validity)
      case .int32(let buffer): return DigitPacker(MidnightDigits(buffer, lowest: lowest), validity)
      case .int64(let buffer): return DigitPacker(MidnightDigits(buffer, lowest: lowest), validity)
      default: break
      }
    }
    switch storage {
    case .int8(let buffer): return DigitPacker(IntegerDigits(buffer, lowest: lowest), validity)
    case .int16(let buffer): return DigitPacker(IntegerDigits(buffer, lowest: lowest), validity)
    case .int32(let buffer): return DigitPacker(IntegerDigits(buffer, lowest: lowest), validity)
    case .int64(let buffer): return DigitPacker(IntegerDigits(buffer, lowest: lowest), validity)
    case .float(let buffer): return DigitPacker(WholeFloatDigits(buffer, lowest: lowest), validity)
    case .dictionary, .text:
      throw DataError(.typeMismatch, "text has no whole numbers")
    }
  }

  /// Codes as they are or by a map of them; of a column without codes the numbers of its rows.
  fileprivate func textDigits(_ map: Buffer<UInt32>?) throws -> DigitPacker {
    guard case .dictionary(let codes, _) = storage else {
      guard let map else { throw DataError(.typeMismatch, "a text column without codes") }
      return DigitPacker(NumberDigits(map), validity)
    }
    guard let map else {
      switch codes {
      case .uint8(let codes): return DigitPacker(CodeDigits(codes), validity)
      case .uint16(let codes): return DigitPacker(CodeDigits(codes), validity)
      case .uint32(let codes): return DigitPacker(CodeDigits(codes), validity)
      }
    }
    // With one element at least, for null's code 0 where a dictionary is empty.
    let numbers = map.count == 0 ? try Buffer([noRow]) : map
    switch codes {
    case .uint8(let codes): return DigitPacker(MappedCodeDigits(codes, map: numbers), validity)
    case .uint16(let codes): return DigitPacker(MappedCodeDigits(codes, map: numbers), validity)
    case .uint32(let codes): return DigitPacker(MappedCodeDigits(codes, map: numbers), validity)
    }
  }

  /// The entries of the column's dictionary; nil without one.
  fileprivate var dictionaryTexts: TextStorage? {
    if case .dictionary(_, let dictionary) = storage { dictionary.entries } else { nil }
  }

  /// The texts of a column that has no dictionary. Throws `type` for any other.
  fileprivate var rowTexts: TextStorage {
    get throws {
      if case .text(let texts) = storage { return texts }
      throw DataError(.typeMismatch, "not a text column")
    }
  }
}
