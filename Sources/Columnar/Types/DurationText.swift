/// Lengths of time as ISO 8601 writes them: `P1DT2H30M0.5S`, a sign before the P.
package enum DurationText {
  /// The text of a duration.
  package static func text(_ duration: Duration) -> String {
    var text = ""
    if duration.months != 0 {
      text += duration.months < 0 ? "-P" : "P"
      let months = duration.months.magnitude
      if months >= 12 { text += "\(months / 12)Y" }
      if months % 12 > 0 { text += "\(months % 12)M" }
      if duration.microseconds == 0 { return text }
      // Parts of both signs cannot stand in one text; the two are written one after the other.
      text += " "
    }
    return text + self.text(microseconds: duration.microseconds)
  }

  /// The text of a number of microseconds, in days, hours, minutes and seconds.
  package static func text(microseconds: Int64) -> String {
    if microseconds == 0 { return "PT0S" }
    var rest = microseconds.magnitude
    let fraction = rest % 1_000_000
    rest /= 1_000_000
    let (days, hours, minutes, seconds) = (
      rest / 86_400, rest / 3600 % 24, rest / 60 % 60, rest % 60
    )
    var text = microseconds < 0 ? "-P" : "P"
    if days > 0 { text += "\(days)D" }
    if hours + minutes + seconds + fraction > 0 { text += "T" }
    if hours > 0 { text += "\(hours)H" }
    if minutes > 0 { text += "\(minutes)M" }
    if seconds > 0 || fraction > 0 {
      text += "\(seconds)"
      if fraction > 0 {
        var digits = String(fraction)
        digits = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        text += "." + digits
      }
      text += "S"
    }
    return text
  }

  /// The microseconds of weeks, days, hours, minutes and seconds as `text(microseconds:)` writes
  /// them; nil if `text` is none, or does not fit.
  package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var place = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { place = 1 }
    guard place < text.count, text[place] == UInt8(ascii: "P") else { return nil }
    place += 1
    var total: Int128 = 0
    var isInTime = false
    var lastUnit = -1
    let units: [(letter: UInt8, isTime: Bool, microseconds: Int128)] = [
      (UInt8(ascii: "W"), false, 604_800_000_000), (UInt8(ascii: "D"), false, 86_400_000_000),
      (UInt8(ascii: "H"), true, 3_600_000_000), (UInt8(ascii: "M"), true, 60_000_000),
      (UInt8(ascii: "S"), true, 1_000_000),
    ]
    while place < text.count {
      if text[place] == UInt8(ascii: "T"), !isInTime {
        isInTime = true
        place += 1
        continue
      }
      var value: Int128 = 0
      var fraction: Int128 = 0
      var scale: Int128 = 1_000_000
      var digits = 0
      while place < text.count, text[place] &- 0x30 <= 9, digits < 20 {
        value = value * 10 + Int128(text[place] &- 0x30)
        digits += 1
        place += 1
      }
      var hasFraction = false
      if digits > 0, place < text.count, text[place] == UInt8(ascii: ".") {
        place += 1
        hasFraction = true
        while place < text.count, text[place] &- 0x30 <= 9, scale > 1 {
          scale /= 10
          fraction += Int128(text[place] &- 0x30) * scale
          place += 1
        }
      }
      guard digits > 0, place < text.count,
        let unit = units.firstIndex(where: { $0.letter == text[place] && $0.isTime == isInTime }),
        unit > lastUnit, !hasFraction || units[unit].letter == UInt8(ascii: "S")
      else { return nil }
      total += value * units[unit].microseconds + fraction
      lastUnit = unit
      place += 1
    }
    if lastUnit < 0 { return nil }
    return Int64(exactly: isNegative ? -total : total)
  }
}
