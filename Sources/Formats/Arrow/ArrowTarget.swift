import Columnar

/// Where the values of a column go, batch after batch, at their rows.
enum ArrowTarget: Sendable {
  case numbers(Storage)
  /// Codes as the file has them, into a dictionary without repeats.
  case codes(Codes, TextDictionary)
  /// Rows of a dictionary of any values; `noRow` for null.
  case rows(Buffer<UInt32>, ArrowDictionary)
  /// Nothing: all rows are null.
  case nulls
  /// Texts, which each piece keeps until all are there.
  case texts

  init(_ type: ArrowType, count: Int, dictionary: ArrowDictionary?) throws {
    switch type {
    case .null: self = .nulls
    case .text, .textView: self = .texts
    case .bool, .integer(8, true): self = .numbers(.int8(try Buffer(count: count)))
    case .integer(16, true), .integer(8, false):
      self = .numbers(.int16(try Buffer(count: count)))
    case .integer(32, true), .integer(16, false), .date32, .date64:
      self = .numbers(.int32(try Buffer(count: count)))
    case .integer, .timestamp, .duration:
      self = .numbers(.int64(try Buffer(count: count)))
    case .float32, .float64: self = .numbers(.float(try Buffer(count: count)))
    case .dictionary(_, let bits, _, _):
      guard let dictionary else { throw FlatTable.damaged }
      guard dictionary.isPlain, let texts = dictionary.texts else {
        self = .rows(try Buffer(count: count), dictionary)
        return
      }
      switch bits {
      case 8: self = .codes(.uint8(try Buffer(count: count)), texts)
      case 16: self = .codes(.uint16(try Buffer(count: count)), texts)
      default: self = .codes(.uint32(try Buffer(count: count)), texts)
      }
    }
  }
}

/// The values of a dictionary.
struct ArrowDictionary: Sendable {
  let values: Column
  /// The same as texts, without repeats and nulls, if it holds texts.
  let texts: TextDictionary?
  /// Whether a code is a row of `texts`.
  let isPlain: Bool

  init(_ values: Column) throws {
    self.values = values
    guard values.type == .text, values.nullCount == 0,
      case .dictionary(_, let texts) = try values.dictionaryEncoded().storage
    else {
      texts = nil
      isPlain = false
      return
    }
    // A dictionary without entries still stands for a column of nulls, whose code is 0.
    self.texts = values.count == 0 ? TextDictionary(try TextStorage([""])) : texts
    isPlain = values.count == 0 || texts.count == values.count
  }
}

/// What a piece's values came to, apart from those in the target.
struct ArrowPieceResult: Sendable {
  var validity: [UInt64]?
  var range = ArrowRange()
  var texts: TextStorage?
  var counts = ArrowCounts()
}

/// How many values of a column could not be kept as they are.
struct ArrowCounts: Sendable, Hashable {
  /// Floats that are not a number, which become null.
  var notANumber = 0
  /// Times with a part below a microsecond, which is cut off.
  var belowMicrosecond = 0
  /// `date64` that are not at midnight, of which the day is kept.
  var notMidnight = 0

  static func += (left: inout ArrowCounts, right: ArrowCounts) {
    left.notANumber += right.notANumber
    left.belowMicrosecond += right.belowMicrosecond
    left.notMidnight += right.notMidnight
  }
}
