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
  /// After Neri and Schneider, "Euclidean affine functions and their application to calendar
  /// algorithms" (2022): years begin on 1 March, and each division is by a constant.
  @inline(__always)
  package static func date(_ days: Int32) -> (year: Int, month: Int, day: Int) {
    // Behind so many eras of 400 years, of 146,097 days each, no day is below 0.
    let eras = 14_700
    let day = UInt64(Int(days) &+ 719_468 &+ 146_097 &* eras)
    let century = (4 &* day &+ 3) / 146_097
    let dayOfCentury = (4 &* day &+ 3) % 146_097 / 4
    let years = 2_939_745 &* (4 &* dayOfCentury &+ 3)
    let yearOfCentury = years &>> 32
    let dayOfYear = (years & 0xFFFF_FFFF) / 2_939_745 / 4
    let months = 2141 &* dayOfYear &+ 197_913
    // January and February, of which the year began in the one before.
    let isNext = dayOfYear >= 306
    let month = Int(months &>> 16) &- (isNext ? 12 : 0)
    let year = Int(100 &* century &+ yearOfCentury) &- 400 &* eras &+ (isNext ? 1 : 0)
    return (year, month, Int((months & 0xFFFF) / 2141) &+ 1)
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
