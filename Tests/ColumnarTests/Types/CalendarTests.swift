import Columnar
import Testing

@Suite struct CalendarTests {
  @Test func daysAndDatesAreInverse() {
    var expected = (year: 1599, month: 12, day: 31)
    let start = Calendar.days(year: 1599, month: 12, day: 31)!
    for days in start...start + 300_000 {
      let date = Calendar.date(days)
      guard date == expected,
        Calendar.days(year: date.year, month: date.month, day: date.day) == days
      else {
        Issue.record("\(days) is \(date), expected \(expected)")
        return
      }
      expected.day += 1
      if expected.day > Calendar.dayCount(year: expected.year, month: expected.month) {
        expected.day = 1
        expected.month += 1
      }
      if expected.month > 12 {
        expected.month = 1
        expected.year += 1
      }
    }
    for days in [Int32.min, -1_000_000, -719_469, -719_468, -1, 0, 1, Int32.max] {
      let date = Calendar.date(days)
      #expect(Calendar.days(year: date.year, month: date.month, day: date.day) == days)
      #expect(Calendar.parseDate(Calendar.text(date: days)) == days)
    }
  }

  @Test func knownDates() {
    #expect(Calendar.days(year: 1970, month: 1, day: 1) == 0)
    #expect(Calendar.days(year: 2000, month: 2, day: 29) == 11_016)
    #expect(Calendar.days(year: 1900, month: 2, day: 29) == nil)
    #expect(Calendar.days(year: 2023, month: 4, day: 31) == nil)
    #expect(Calendar.days(year: 2023, month: 13, day: 1) == nil)
    #expect(Calendar.days(year: 2023, month: 0, day: 1) == nil)
    #expect(Calendar.days(year: .max, month: 1, day: 1) == nil)
    #expect(Calendar.weekday(0) == 4)
    #expect(Calendar.weekday(-3) == 1)
    #expect(Calendar.weekday(-4) == 7)
  }

  @Test(
    arguments: [
      ("2024-03-01T08:30", 1_709_281_800_000_000, false),
      ("2024-03-01 08:30:00", 1_709_281_800_000_000, false),
      ("2024-03-01T08:30:00.5", 1_709_281_800_500_000, false),
      ("2024-03-01T08:30:00,000001", 1_709_281_800_000_001, false),
      ("2024-03-01T08:30:00.123456000", 1_709_281_800_123_456, false),
      ("2024-03-01T08:30:00Z", 1_709_281_800_000_000, true),
      ("2024-03-01T10:30:00+02:00", 1_709_281_800_000_000, true),
      ("2024-03-01T03:00:00.25-0530", 1_709_281_800_250_000, true),
      ("1969-12-31T23:59:59.999999", -1, false),
    ] as [(String, Int64, Bool)])
  func datetimes(text: String, microseconds: Int64, hasOffset: Bool) {
    #expect(
      Calendar.parseDatetime(text)
        == Calendar.ParsedDatetime(microseconds: microseconds, hasOffset: hasOffset))
  }

  @Test(arguments: [
    "", "2024-03-01", "2024-03-01T", "2024-03-01T8:30", "2024-03-01T24:00", "2024-03-01T08:60",
    "2024-03-01T08:30:60", "2024-03-01T08:30:00.", "2024-03-01T08:30:00.1234567",
    "2024-03-01T08:30:00+2", "2024-03-01T08:30:00+24:00", "2024-03-01T08:30:00 x",
    "2024-02-30T08:30",
    "2024-03-01x08:30",
  ])
  func noDatetimes(text: String) {
    #expect(Calendar.parseDatetime(text) == nil)
  }

  @Test func texts() {
    #expect(Calendar.text(date: 11_016) == "2000-02-29")
    #expect(Calendar.text(date: -719_529) == "-0001-12-31")
    #expect(Calendar.text(datetime: 1_709_281_800_000_000) == "2024-03-01T08:30:00")
    #expect(Calendar.text(datetime: 1_709_281_800_120_000) == "2024-03-01T08:30:00.12")
    #expect(Calendar.text(datetime: -1) == "1969-12-31T23:59:59.999999")
    for value in [Int64.min, .max, 0, -86_400_000_000, 253_402_300_800_000_000] {
      let text = Calendar.text(datetime: value)
      #expect(Calendar.parseDatetime(text)?.microseconds == value)
    }
  }
}
