import Columnar

extension JSONValue {
  /// A scalar for programs: numbers at full precision, dates and datetimes as ISO 8601 text,
  /// as are durations, `P1DT2H3M4S`.
  package init(_ scalar: Scalar) {
    switch scalar {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .number(value)
    case .date(let days): self = .string(Calendar.text(date: days))
    case .datetime(let microseconds): self = .string(Calendar.text(datetime: microseconds))
    case .duration(let duration): self = .string(DurationText.text(duration))
    case .text(let text): self = .string(text)
    }
  }
}
