import Columnar

/// Dates and datetimes in their usual width without detours; anything else goes to `Calendar`.
enum TemporalParsing {
  /// The days of `2024-03-01`; nil if it is no date.
  @inline(__always)
  static func date(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int32? {
    if count == 10, let days = usualDate(text) { return days }
    return Calendar.parseDate(UnsafeBufferPointer(start: text, count: count))
  }

  @inline(__always)
  private static func usualDate(_ text: UnsafePointer<UInt8>) -> Int32? {
    var wrong = (text[4] ^ 0x2D) | (text[7] ^ 0x2D)
    @inline(__always) func digit(_ place: Int) -> Int {
      let digit = text[place] &- 0x30
      wrong |= digit > 9 ? 1 : 0
      return Int(truncatingIfNeeded: digit)
    }
    let year = digit(0) &* 1000 &+ digit(1) &* 100 &+ digit(2) &* 10 &+ digit(3)
    let month = digit(5) &* 10 &+ digit(6)
    let day = digit(8) &* 10 &+ digit(9)
    // Days that not every month has are left to the calendar.
    if wrong != 0 || month &- 1 > 11 || day &- 1 > 27 || month < 1 || day < 1 { return nil }
    // Hinnant's days_from_civil, for years from 0 on.
    let shiftedYear = month <= 2 ? year &- 1 : year
    let era = (shiftedYear &+ 400) / 400 &- 1
    let yearOfEra = shiftedYear &- era &* 400
    let dayOfYear =
      (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
    let days =
      era &* 146_097 &+ yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
      &- 719_468
    return Int32(truncatingIfNeeded: days)
  }

  /// A datetime, or a date as its midnight; `hasOffset` is set where it had an offset.
  @inline(__always)
  static func datetime(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ hasOffset: inout Bool
  ) -> Int64? {
    if count == 19, text[10] == 0x54 || text[10] == 0x20, let days = usualDate(text) {
      var wrong = (text[13] ^ 0x3A) | (text[16] ^ 0x3A)
      @inline(__always) func pair(_ place: Int) -> Int {
        let tens = text[place] &- 0x30
        let ones = text[place &+ 1] &- 0x30
        wrong |= tens > 9 || ones > 9 ? 1 : 0
        return Int(truncatingIfNeeded: tens) &* 10 &+ Int(truncatingIfNeeded: ones)
      }
      let (hour, minute, second) = (pair(11), pair(14), pair(17))
      if wrong == 0, hour < 24, minute < 60, second < 60 {
        let seconds = (Int64(days) &* 24 &+ Int64(hour)) &* 3600 &+ Int64(minute &* 60 &+ second)
        return seconds &* 1_000_000
      }
    }
    let bytes = UnsafeBufferPointer(start: text, count: count)
    if let parsed = Calendar.parseDatetime(bytes) {
      if parsed.hasOffset { hasOffset = true }
      return parsed.microseconds
    }
    return Calendar.parseDate(bytes).flatMap { Calendar.datetime($0) }
  }
}
