import Columnar

extension Step {
  /// The length as shown in a caption: `500`, `0.25`, `15 min`, `1 month`.
  var lengthText: String {
    switch unit {
    case .decimal: return numberTexts([length])[0]
    case .time(let microseconds, _):
      let units: [(Int64, String, String)] = [
        (7 * Calendar.microsecondsPerDay, "week", "weeks"),
        (Calendar.microsecondsPerDay, "day", "days"), (3_600_000_000, "h", "h"),
        (60_000_000, "min", "min"), (1_000_000, "s", "s"), (1000, "ms", "ms"), (1, "us", "us"),
      ]
      for (size, one, many) in units where microseconds.isMultiple(of: size) {
        if size == 7 * Calendar.microsecondsPerDay, axis == .duration { continue }
        let count = microseconds / size
        return "\(count) \(count == 1 ? one : many)"
      }
      return "\(microseconds) us"
    case .months(let count):
      if count.isMultiple(of: 12) { return count == 12 ? "1 year" : "\(count / 12) years" }
      if count == 3 { return "1 quarter" }
      return count == 1 ? "1 month" : "\(count) months"
    }
  }

  /// The values at the given places, all written alike.
  func texts(_ indices: [Double]) -> [String] {
    switch unit {
    case .decimal: return numberTexts(indices.map(value))
    case .time(let microseconds, _):
      return indices.map { timeText(value($0), step: microseconds) }
    case .months(let count):
      return indices.map { monthText(value($0), count: count) }
    }
  }

  /// Whether a bin is named by its beginning (`2024-03`) rather than by both edges.
  var namesBins: Bool { axis == .date || axis == .datetime }

  /// The name of the bin that begins at `index`.
  func binName(_ index: Double) -> String {
    if case .months(let count) = unit, count > 12 {
      return monthText(value(index), count: count) + "–" + yearText(value(index + 1), before: true)
    }
    return texts([index])[0]
  }

  private func numberTexts(_ values: [Double]) -> [String] {
    guard case .decimal(_, let exponent) = unit else { return [] }
    let largest = values.map(\.magnitude).max() ?? 0
    let isPlain =
      largest < 1e9 && exponent >= -6 || largest < 1e15 && exponent < 0 && exponent >= -6
    return values.map { value in
      guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
      let number = DecimalDigits(value)
      return isPlain || number.isZero
        ? number.plain(decimals: isPlain ? max(0, -exponent) : 0)
        : number.scientific(significant: max(1, number.count))
    }
  }

  private func days(_ value: Double) -> Int32 {
    let days = axis == .date ? value : value / Double(Calendar.microsecondsPerDay)
    return Int32(max(-2.1e9, min(2.1e9, days.rounded(.down))))
  }

  private func timeText(_ value: Double, step: Int64) -> String {
    let microseconds = Int64(max(-9.2e18, min(9.2e18, value.rounded())))
    if axis == .duration {
      if step.isMultiple(of: Calendar.microsecondsPerDay) {
        return "\(microseconds / Calendar.microsecondsPerDay)d"
      }
      return Columnar.Duration(microseconds: microseconds).text
    }
    if step.isMultiple(of: Calendar.microsecondsPerDay) { return Calendar.text(date: days(value)) }
    let text = Calendar.text(spaced: microseconds)
    return step.isMultiple(of: 60_000_000) ? String(text.dropLast(3)) : text
  }

  private func monthText(_ value: Double, count: Int) -> String {
    let date = Calendar.date(days(value))
    if count.isMultiple(of: 12) { return yearText(value, before: false) }
    let year = yearText(value, before: false)
    if count == 3 { return "\(year) Q\((date.month - 1) / 3 + 1)" }
    return "\(year)-\(date.month < 10 ? "0" : "")\(date.month)"
  }

  private func yearText(_ value: Double, before: Bool) -> String {
    let year = Calendar.date(days(value)).year - (before ? 1 : 0)
    guard (0...9999).contains(year) else { return String(year) }
    let digits = String(year)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
