import Columnar
import Language

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Functions {
  static let time: [Function] = [
    Function(
      "bin", .time, "bin(x, width)", 2...2,
      "Rounded down to a multiple of a width: numbers from 0, times by duration, weeks from Monday, months and years by the calendar.",
      "weather | agg mean(temp_max) by month = bin(date, 1mo) | head 3",
      "penguins | agg n = count() by mass = bin(body_mass_g, 500) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.float, .int, .date, .datetime, .duration], "a number or a time")
      let width = try call.constant(1, "a width")
      if x.type?.isNumeric == true { return try numericBin(call, x, width) }
      return try timeBin(call, x, width)
    },
    Function(
      "date_add", .time, "date_add(t, duration)", 2...2,
      "A time moved by a duration: `t + duration`; a day that a month lacks becomes its last.",
      "weather | derive next = date_add(date, 1mo) | head 3",
      "penguins | agg d = date_add(@2024-01-31, 1mo)"
    ) { call throws(Diagnostic) in
      let time = try call.time(0)
      let length = try call.value(1, [.duration], "a duration")
      return try call.binder.shifted(time, by: length, isBackward: false, span: call.span)
    },
    Function(
      "date_diff", .time, "date_diff(unit, from, to)", 3...3,
      "How many beginnings of a unit (\"year\" to \"second\") lie between two times.",
      "weather | derive m = date_diff(\"month\", @2012-01-01, date) | tail 3",
      "penguins | agg w = date_diff(\"week\", @2024-03-03, @2024-03-04)"
    ) { call throws(Diagnostic) in
      let name = try call.constantText(0, "a unit")
      guard let unit = CalendarUnit(rawValue: name) else {
        throw Diagnostic(
          .value, "no unit `\(name)`", span: call.arguments[0].span,
          label: "one of " + CalendarUnit.allCases.map(\.rawValue).joined(separator: ", "))
      }
      let times = [try call.time(1), try call.time(2)]
      let type: DataType = times.contains { $0.type == .datetime } ? .datetime : .date
      return call.apply(
        times.map { call.binder.converted($0, to: type) }, type: .int, isTotal: true,
        TimeArithmetic.difference(in: unit, of: type))
    },
    field("day", .day, "The day of the month."),
    field("day_of_year", .dayOfYear, "The day of the year, from 1."),
    length("days", 86_400_000_000, "weather | derive d = days(date - @2012-01-01) | head 3"),
    Function(
      "format_date", .time, "format_date(t, format)", 2...2,
      "A time as text: %Y %m %d %H %M %S, %y, %j, %b, %B, %a, %A, %f, %%.",
      "weather | derive month = format_date(date, \"%Y-%m\") | head 3",
      "weather | derive day = format_date(date, \"%a %e %b %Y\") | head 3"
    ) { call throws(Diagnostic) in
      let time = try call.time(0)
      let format = try timeFormat(call, 1)
      let type = time.type ?? .date
      return call.apply([time], type: .text, isTotal: true, format.writing(type))
    },
    field("hour", .hour, "The hour of the day; 0 for a date."),
    length("hours", 3_600_000_000, "weather | derive h = hours(date - @2012-01-01) | head 3"),
    field("iso_week", .isoWeek, "The week of the year, as ISO 8601 counts."),
    field("minute", .minute, "The minute of the hour; 0 for a date."),
    length(
      "milliseconds", 1000, "penguins | agg ms = milliseconds(duration(\"00:00:01.5\"))"),
    length("minutes", 60_000_000, "weather | derive m = minutes(date - @2012-01-01) | head 3"),
    field("month", .month, "The month, from 1."),
    Function(
      "now", .time, "now()", 0...0,
      "The time in UTC when the line runs. Not reproducible: prefer a `param`.",
      "weather | derive t = now() | head 1",
      "weather | derive h = hours(now() - datetime(date)) | head 1", isReproducible: false
    ) { call throws(Diagnostic) in .constant(.datetime(currentTime()), span: call.span) },
    Function(
      "parse_date", .time, "parse_date(x, format)", 2...2,
      "A date, or a datetime where the format has hours, read from text; null for other text.",
      "weather | derive d = parse_date(\"31.12.2012\", \"%d.%m.%Y\") | head 1",
      "penguins | agg t = parse_date(\"3/1/2024 08:30\", \"%m/%d/%Y %H:%M\")"
    ) { call throws(Diagnostic) in
      let text = try call.text(0)
      let format = try timeFormat(call, 1)
      return call.apply([text], type: format.hasTime ? .datetime : .date, format.reading)
    },
    field("quarter", .quarter, "The quarter of the year, from 1."),
    field("second", .second, "The second of the minute; 0 for a date."),
    length("seconds", 1_000_000, "weather | derive s = seconds(date - @2012-01-01) | head 3"),
    Function(
      "today", .time, "today()", 0...0,
      "The date in UTC when the line runs. Not reproducible: prefer a `param`.",
      "weather | derive age = today() - date | head 1",
      "weather | filter date < today() | head 1", isReproducible: false
    ) { call throws(Diagnostic) in
      .constant(.date(Calendar.split(currentTime()).days), span: call.span)
    },
    field("weekday", .weekday, "The day of the week, 1 for Monday to 7 for Sunday."),
    length("weeks", 604_800_000_000, "weather | derive w = weeks(date - @2012-01-01) | head 3"),
    field("year", .year, "The year."),
  ]

  private static func currentTime() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
  }

  private static func field(
    _ name: String, _ field: CalendarField, _ summary: String
  ) -> Function {
    Function(
      name, .time, "\(name)(t)", 1...1, summary, "weather | derive part = \(name)(date) | head 3",
      "penguins | agg part = \(name)(@2024-03-01T08:30:15)"
    ) { call throws(Diagnostic) in
      let time = try call.time(0)
      return call.apply(
        [time], type: .int, isTotal: true, field.kernel(of: time.type ?? .date))
    }
  }

  /// The length of a duration in a unit, or a duration of so many units.
  private static func length(_ name: String, _ size: Int64, _ example: String) -> Function {
    Function(
      name, .time, "\(name)(x)", 1...1,
      "How many \(name) a duration has, as a float; of a number, the duration of so many \(name).",
      example, "penguins | agg d = \(name)(90min)"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.duration, .int, .float], "a duration or a number")
      try call.binder.refuseMonths(x)
      let unit = TypedExpr.constant(
        .duration(Columnar.Duration(microseconds: size)), span: call.span)
      guard x.type == .duration else {
        return call.apply([unit, x], type: .duration, Arithmetic.scaleDuration)
      }
      return call.apply([x, unit], type: .float, isTotal: true, Arithmetic.divide)
    }
  }

  private static func timeFormat(
    _ call: FunctionCall, _ index: Int
  ) throws(Diagnostic) -> TimeFormat {
    let text = try call.constantText(index, "a format")
    do {
      return try TimeFormat(text)
    } catch {
      throw Diagnostic(.value, error.message, span: call.arguments[index].span)
    }
  }

  private static func numericBin(
    _ call: FunctionCall, _ x: TypedExpr, _ width: Scalar
  ) throws(Diagnostic) -> TypedExpr {
    guard let size = width.number, size > 0, size.isFinite, width.type?.isNumeric == true else {
      throw Diagnostic(
        .type, "`bin` of numbers needs a width above 0", span: call.arguments[1].span)
    }
    let step = TypedExpr.constant(width, span: call.arguments[1].span)
    let floor = try call.binder.arithmetic(.floorDivide, x, step, span: call.span)
    return try call.binder.arithmetic(.multiply, floor, step, span: call.span)
  }

  private static func timeBin(
    _ call: FunctionCall, _ x: TypedExpr, _ width: Scalar
  ) throws(Diagnostic) -> TypedExpr {
    let (type, span) = (x.type ?? .datetime, call.arguments[1].span)
    guard case .duration(let length) = width else {
      throw Diagnostic(
        .type, "`bin` of times needs a duration", span: span, label: "as 1d, 1h or 1mo")
    }
    guard (length.months > 0) != (length.microseconds > 0), length.months >= 0,
      length.microseconds >= 0
    else {
      throw Diagnostic(
        .value, "the width of `bin` is either months and years or a fixed time", span: span)
    }
    if type == .date, length.microseconds % Calendar.microsecondsPerDay != 0 {
      throw Diagnostic(
        .type, "dates have no time of day: `bin` needs whole days", span: span,
        hints: ["datetime(…) makes a datetime of a date"])
    }
    if type == .duration, length.months > 0 {
      throw Diagnostic(.type, "months and years have no fixed length", span: span)
    }
    return call.apply(
      [x], type: type,
      TimeArithmetic.bin(months: length.months, width: length.microseconds, of: type))
  }
}
