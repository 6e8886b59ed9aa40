import Columnar
import Language

/// Times made, taken apart and compared by the calendar.
extension Functions {
  static let calendar: [Function] = [
    Function(
      "add_months", .time, "add_months(t, n)", 2...2,
      "A time n months on, n also a column; a day that the month lacks becomes its last.",
      "weather | derive due = add_months(date, 3) | head 3",
      "penguins | agg d = add_months(@2024-01-31, 1)"
    ) { call throws(Diagnostic) in
      let time = try call.time(0)
      let type = time.type ?? .date
      return call.apply(
        [time, try call.integer(1)], type: type, CalendarSteps.addMonths(to: type))
    },
    Function(
      "age", .time, "age(born, on)", 2...2, "How many whole years have passed between two times.",
      "penguins | agg years = age(@1990-06-15, @2024-06-14)",
      "weather | derive years = age(@2010-07-01, date) | tail 3"
    ) { call throws(Diagnostic) in try elapsed(call, .year, 0) },
    Function(
      "day_name", .time, "day_name(t)", 1...1, "The English name of the day of the week.",
      "weather | derive d = day_name(date) | head 3",
      "weather | agg mean(temp_max) by n = weekday(date), d = day_name(date)"
    ) { call throws(Diagnostic) in try named(call, "%A") },
    part("days_in_month", .daysInMonth, "How many days the month has."),
    part("decade", .decade, "The first year of the decade, as 2010."),
    Function(
      "elapsed", .time, "elapsed(unit, from, to)", 3...3,
      "How many whole units (\"year\" to \"second\") have passed; `date_diff` counts beginnings.",
      "penguins | agg m = elapsed(\"month\", @2024-01-31, @2024-03-30)",
      "weather | derive w = elapsed(\"week\", @2012-01-01, date) | tail 3"
    ) { call throws(Diagnostic) in try elapsed(call, try unit(call, 0), 1) },
    border("end_of", isEnd: true, "The last day of the unit that holds a time"),
    Function(
      "epoch", .time, "epoch(t)", 1...1, "Seconds since 1970-01-01, as a float.",
      "weather | derive s = epoch(date) | head 3",
      "penguins | agg s = epoch(@2024-03-01T08:30)"
    ) { call throws(Diagnostic) in
      let time = call.binder.converted(try call.time(0), to: .datetime)
      return call.apply([time], type: .float, isTotal: true, CalendarMaking.epoch)
    },
    Function(
      "from_epoch", .time, "from_epoch(seconds)", 1...1,
      "The datetime so many seconds after 1970-01-01; null out of range.",
      "penguins | agg t = from_epoch(1709281800)",
      "penguins | agg t = from_epoch(1709281800500 / 1000)"
    ) { call throws(Diagnostic) in
      call.apply([try call.number(0)], type: .datetime, CalendarMaking.fromEpoch)
    },
    part("is_leap_year", .isLeapYear, "Whether the year has 366 days.", .bool),
    part("is_weekend", .isWeekend, "Whether the day is a Saturday or Sunday.", .bool),
    part("iso_year", .isoYear, "The year that the ISO 8601 week belongs to."),
    Function(
      "make_date", .time, "make_date(year, month, day)", 3...3,
      "A date of its parts; null where there is no such day.",
      "penguins | derive start = make_date(year, 1, 1) | head 3",
      "penguins | agg none = make_date(2023, 2, 29), leap = make_date(2024, 2, 29)"
    ) { call throws(Diagnostic) in
      call.apply(try wholes(call, 3), type: .date, CalendarMaking.date)
    },
    Function(
      "make_datetime", .time, "make_datetime(year, month, day, hour, minute, second = 0)", 5...6,
      "A datetime of its parts; null where there is no such time.",
      "penguins | derive noon = make_datetime(year, 6, 21, 12, 0) | head 3",
      "penguins | agg t = make_datetime(2024, 3, 1, 8, 30, 15.5)"
    ) { call throws(Diagnostic) in
      let second = call.isGiven(5) ? try call.number(5) : call.fallback(.float(0))
      let parts = try wholes(call, 5) + [call.binder.converted(second, to: .float)]
      return call.apply(parts, type: .datetime, CalendarMaking.datetime)
    },
    part("microsecond", .microsecond, "The microseconds of the second; 0 for a date."),
    Function(
      "month_name", .time, "month_name(t)", 1...1, "The English name of the month.",
      "weather | derive m = month_name(date) | head 3",
      "weather | agg mean(temp_max) by m = month(date), name = month_name(date) | head 3"
    ) { call throws(Diagnostic) in try named(call, "%B") },
    border("start_of", isEnd: false, "The first day of the unit that holds a time"),
    Function(
      "time_of_day", .time, "time_of_day(t)", 1...1, "How long since midnight, as a duration.",
      "penguins | agg t = time_of_day(@2024-03-01T08:30)",
      "weather | derive h = hours(time_of_day(datetime(date) + 90min)) | head 3"
    ) { call throws(Diagnostic) in
      let time = try call.value(0, [.datetime], "a datetime")
      return call.apply([time], type: .duration, isTotal: true, CalendarMaking.timeOfDay)
    },
  ]

  private static func part(
    _ name: String, _ part: CalendarFunction, _ summary: String, _ type: DataType = .int
  ) -> Function {
    Function(
      name, .time, "\(name)(t)", 1...1, summary, "weather | derive p = \(name)(date) | head 3",
      "penguins | agg p = \(name)(@2024-03-02T08:30)"
    ) { call throws(Diagnostic) in
      let time = try call.time(0)
      return call.apply(
        [time], type: type, isTotal: true, part.kernel(of: time.type ?? .date))
    }
  }

  private static func border(_ name: String, isEnd: Bool, _ summary: String) -> Function {
    Function(
      name, .time, "\(name)(t, unit)", 2...2,
      "\(summary): \"year\", \"quarter\", \"month\" or \"week\".",
      "weather | derive d = \(name)(date, \"month\") | head 3",
      "penguins | agg d = \(name)(@2024-05-17, \"quarter\")"
    ) { call throws(Diagnostic) in
      let time = try call.time(0)
      let unit = try unit(call, 1, among: [.year, .quarter, .month, .week])
      return call.apply(
        [time], type: .date,
        CalendarSteps.border(of: unit, isEnd: isEnd, from: time.type ?? .date))
    }
  }

  private static func named(
    _ call: FunctionCall, _ pattern: String
  ) throws(Diagnostic) -> TypedExpr {
    let time = try call.time(0)
    guard let format = try? TimeFormat(pattern) else { return time }
    return call.apply([time], type: .text, isTotal: true, format.writing(time.type ?? .date))
  }

  /// A unit of the calendar by its name; plurals are taken, too.
  static func unit(
    _ call: FunctionCall, _ index: Int, among units: [CalendarUnit] = CalendarUnit.allCases
  ) throws(Diagnostic) -> CalendarUnit {
    let name = try call.constantText(index, "a unit")
    let singular = name.hasSuffix("s") ? String(name.dropLast()) : name
    if let unit = units.first(where: { $0.rawValue == singular.lowercased() }) { return unit }
    throw Diagnostic(
      .value, "no unit `\(name)` here", span: call.arguments[index].span,
      label: "one of " + units.map(\.rawValue).joined(separator: ", "))
  }

  private static func elapsed(
    _ call: FunctionCall, _ unit: CalendarUnit, _ first: Int
  ) throws(Diagnostic) -> TypedExpr {
    let times = [try call.time(first), try call.time(first + 1)]
    let type: DataType = times.contains { $0.type == .datetime } ? .datetime : .date
    return call.apply(
      times.map { call.binder.converted($0, to: type) }, type: .int, isTotal: true,
      CalendarSteps.elapsed(in: unit, of: type))
  }

  private static func wholes(
    _ call: FunctionCall, _ count: Int
  ) throws(Diagnostic) -> [TypedExpr] {
    var parts: [TypedExpr] = []
    for index in 0..<count { parts.append(try call.integer(index)) }
    return parts
  }
}
