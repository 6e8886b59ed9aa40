extension Scalar {
  /// The value as data files write it: ISO 8601 dates, datetimes and durations, the shortest float
  /// that reads back as the same value, `true` and `false`; empty for null.
  package var dataText: String {
    switch self {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): value.isNaN ? "" : value.description
    case .date(let days): Calendar.text(date: days)
    case .datetime(let microseconds): Calendar.text(datetime: microseconds)
    case .duration(let duration): DurationText.text(duration)
    case .text(let text): text
    }
  }
}
