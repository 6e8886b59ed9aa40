/// `@2024-03-01` and `@2024-03-01T08:30:15.25`.
extension Lexer {
  mutating func lexDate() {
    let start = position
    position += 1
    guard let year = scanDigits(4), skip(Byte.minus), let month = scanDigits(2), skip(Byte.minus),
      let day = scanDigits(2), !byte(position).isDigit
    else {
      appendMalformedDate(start)
      return
    }
    guard let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch else {
      appendError(
        Diagnostic(
          .syntax, "no such day", label: "\(string(start + 1, position)) is not in the calendar"),
        from: start)
      return
    }
    guard byte(position) == 0x54 else {
      if beginsName(at: position) {
        appendMalformedDate(start)
      } else {
        append(.date(Int32(days)), from: start)
      }
      return
    }
    position += 1
    guard let hour = scanDigits(2), skip(Byte.colon), let minute = scanDigits(2) else {
      appendMalformedDate(start)
      return
    }
    var second = 0
    var fraction = 0
    if byte(position) == Byte.colon {
      position += 1
      guard let value = scanDigits(2) else {
        appendMalformedDate(start)
        return
      }
      second = value
      if byte(position) == Byte.dot, byte(position + 1).isDigit {
        position += 1
        guard let value = scanFraction() else {
          appendMalformedDate(start)
          return
        }
        fraction = value
      }
    }
    guard !byte(position).isDigit, !beginsName(at: position) else {
      appendMalformedDate(start)
      return
    }
    guard hour < 24, minute < 60, second < 60 else {
      appendError(
        Diagnostic(.syntax, "no such time", label: "hours end at 23, minutes and seconds at 59"),
        from: start)
      return
    }
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    append(.datetime(Int64(seconds * 1_000_000 + fraction)), from: start)
  }

  private mutating func skip(_ expected: UInt8) -> Bool {
    guard byte(position) == expected else { return false }
    position += 1
    return true
  }

  private mutating func scanDigits(_ count: Int) -> Int? {
    var value = 0
    for offset in position..<position + count {
      guard byte(offset).isDigit else { return nil }
      value = value * 10 + Int(bytes[offset] - Byte.zero)
    }
    position += count
    return value
  }

  /// Up to six digits as microseconds.
  private mutating func scanFraction() -> Int? {
    var value = 0
    var count = 0
    while byte(position).isDigit, count < 6 {
      value = value * 10 + Int(bytes[position] - Byte.zero)
      position += 1
      count += 1
    }
    guard !byte(position).isDigit else { return nil }
    for _ in count..<6 { value *= 10 }
    return value
  }

  private mutating func appendMalformedDate(_ start: Int) {
    while byte(position).isDigit || byte(position).isLetter || byte(position) == Byte.minus
      || byte(position) == Byte.colon
    {
      position += 1
    }
    appendError(
      Diagnostic(
        .syntax, "`@` begins a date", label: "as in `@2024-03-01` or `@2024-03-01T08:30`"),
      from: start)
  }
}

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Sendable, Equatable {
  package var year: Int
  package var month: Int
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that many days after 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date
  /// Algorithms", civil_from_days).
  package init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01; nil where the calendar has no such day (days_from_civil, ibid.).
  package var daysSinceEpoch: Int? {
    guard year >= 1, (1...12).contains(month), day >= 1, day <= 31 else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return CivilDate(daysSinceEpoch: days) == self ? days : nil
  }
}
