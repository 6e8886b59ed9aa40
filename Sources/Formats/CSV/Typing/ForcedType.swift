import Columnar

/// A field that is not of the type its column was said to have.
struct FieldFailure: Error {
  let row: Int
  let field: String
  let reason: String
}

/// The type that a user said a column has, ready to read fields by.
struct ForcedType: Sendable {
  let type: DataType
  /// Whether a field that is not of the type is null, not an error.
  let nullsInvalid: Bool
  private let pattern: DatePattern?
  private let format: String?

  /// Throws `value` for a date format that cannot be read.
  init(_ spec: CSVOptions.ColumnSpec, nullsInvalid: Bool = false) throws {
    type = spec.type
    self.nullsInvalid = nullsInvalid
    switch spec {
    case .type:
      format = nil
    case .date(let format), .datetime(let format):
      self.format = format
    }
    pattern = try format.map { try DatePattern($0) }
  }

  /// The value of a field as its column stores it, for every type but float and text.
  func value(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ hasOffset: inout Bool
  ) -> Int64? {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    if let pattern {
      guard let moment = pattern.parse(bytes) else { return nil }
      return type == .date ? Int64(Calendar.split(moment).days) : moment
    }
    switch type {
    case .int:
      return NumberParsing.int(start, count, allowsLeadingZeros: true)
    case .bool:
      if count == 1, start[0] == 0x30 || start[0] == 0x31 { return Int64(start[0] & 1) }
      return BoolParsing.value(start, count).map { $0 ? 1 : 0 }
    case .date:
      return TemporalParsing.date(start, count).map { Int64($0) }
    case .datetime:
      return TemporalParsing.datetime(start, count, &hasOffset)
    case .duration:
      return DurationText.parse(bytes)
    case .float, .text:
      return nil
    }
  }

  /// Why a field is none: `is not a number`.
  var failureReason: String {
    if let format { return "is not a \(type.rawValue) as \(format)" }
    return switch type {
    case .int: "is not an int"
    case .float: "is not a number"
    case .bool: "is neither true nor false"
    case .date: "is not a date"
    case .datetime: "is not a datetime"
    case .duration: "is not a duration"
    case .text: "is not text"
    }
  }
}
