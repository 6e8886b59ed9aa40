import Columnar

extension Scalar {
  /// The value as a person reads it outside a table; null is the word.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): NumberFormat.significant(9).text(value)
    case .date(let days): Calendar.text(date: days)
    case .datetime(let microseconds): Calendar.text(spaced: microseconds)
    case .duration(let duration): duration.text
    case .text(let text): text
    }
  }
}

extension Calendar {
  /// A datetime with a space between date and time: `2024-03-01 08:30:00`.
  static func text(spaced datetime: Int64) -> String {
    String(text(datetime: datetime).map { $0 == "T" ? " " : $0 })
  }
}

extension Columnar.Duration {
  /// Months, days and the clock: `2mo`, `1d 02:03:04`, `00:00:01.5`, `-00:30:00`.
  package var text: String {
    var parts: [String] = []
    if months != 0 { parts.append("\(months)mo") }
    if microseconds != 0 || months == 0 { parts.append(clock) }
    return parts.joined(separator: " ")
  }

  private var clock: String {
    let magnitude = microseconds.magnitude
    let day: UInt64 = 86_400_000_000
    let seconds = magnitude % day / 1_000_000
    var text = microseconds < 0 ? "-" : ""
    if magnitude >= day { text += "\(magnitude / day)d " }
    text +=
      "\(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
    let fraction = magnitude % 1_000_000
    if fraction > 0 {
      var digits = String(fraction)
      digits = String(repeating: "0", count: 6 - digits.count) + digits
      while digits.last == "0" { digits.removeLast() }
      text += "." + digits
    }
    return text
  }
}

private func twoDigits(_ value: UInt64) -> String { value < 10 ? "0\(value)" : String(value) }
