/// Arithmetic and ISO 8601 reading of the proleptic Gregorian calendar.
///
/// A date is days, a datetime microseconds, since 1970-01-01. Years run from -9999999 to 9999999 so
/// that every `Int32` of days and `Int64` of microseconds has a year.
package enum Calendar {
  package static let microsecondsPerDay: Int64 = 86_400_000_000

  /// The days since 1970-01-01 of a date; nil if there is no such date or it does not fit.
  package static func days(year: Int, month: Int, day: Int) -> Int32? {
    guard year.magnitude <= 9_999_999, (1...12).contains(month), day >= 1,
      day <= dayCount(year: year, month: month)
    else { return nil }
    return Int32(exactly: uncheckedDays(year: year, month: month, day: day))
  }

  /// The year, month and day of a number of days since 1970-01-01.
  ///
  /// After Howard Hinnant's `civil_from_days`: eras of 400 years that begin on 1 March.
  package static func date(_ days: Int32) -> (year: Int, month: Int, day: Int) {
    let shifted = Int(days) &+ 719_468
    let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
    let dayOfEra = shifted &- era &* 146_097
    let yearOfEra =
      (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
    let day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
    let month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
    return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
  }

  /// The date of a datetime and the microseconds since its midnight.
  package static func split(_ datetime: Int64) -> (days: Int32, microseconds: Int64) {
    var days = datetime / microsecondsPerDay
    var rest = datetime % microsecondsPerDay
    if rest < 0 {
      rest += microsecondsPerDay
      days -= 1
    }
    return (Int32(truncatingIfNeeded: days), rest)
  }

  /// Midnight of a date as a datetime; nil beyond the years that a datetime reaches (±292,000).
  package static func datetime(_ days: Int32) -> Int64? {
    let (value, overflow) = Int64(days).multipliedReportingOverflow(by: microsecondsPerDay)
    return overflow ? nil : value
  }

  package static func isLeap(year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// How many days a month, counted from 1, has.
  package static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeap(year: year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// 1 for Monday to 7 for Sunday, as ISO 8601 counts.
  package static func weekday(_ days: Int32) -> Int {
    let shifted = (Int(days) + 3) % 7
    return (shifted < 0 ? shifted + 7 : shifted) + 1
  }

  /// The days of a date whose month and day are known to exist.
  @inline(__always)
  static func uncheckedDays(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year &- 1 : year
    let era = (year >= 0 ? year : year &- 399) / 400
    let yearOfEra = year &- era &* 400
    let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
    return era &* 146_097 &+ yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
      &- 719_468
  }
}
