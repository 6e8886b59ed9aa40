/// Parts of points in time beyond those of `CalendarField`, and points made of parts.
package enum CalendarFunction: Sendable {
  case isoYear, decade, daysInMonth, microsecond
  case isLeapYear, isWeekend

  /// For dates (days) or datetimes (microseconds).
  package func kernel(of type: DataType) -> Kernel {
    { v, context in
      let values = elementwise(v[0].ints, context.count) { value -> Int64 in
        let (days, time) = Calendar.parts(value, type)
        return part(days, time)
      }
      switch self {
      case .isLeapYear, .isWeekend:
        return Vector(.bools(values.map { $0 == 0 ? 0 : 1 }), validity: v[0].validity)
      default: return Vector(.ints(values), validity: v[0].validity)
      }
    }
  }

  private func part(_ days: Int32, _ time: Int64) -> Int64 {
    let (year, month, _) = Calendar.date(days)
    switch self {
    case .isoYear:
      // The year of the week's Thursday.
      let thursday = Int(days) + 4 - Calendar.weekday(days)
      return Int64(Int32(exactly: thursday).map { Calendar.date($0).year } ?? year)
    case .decade: return Int64((Double(year) / 10).rounded(.down)) * 10
    case .daysInMonth: return Int64(Calendar.dayCount(year: year, month: month))
    case .microsecond: return time % 1_000_000
    case .isLeapYear: return Calendar.isLeap(year: year) ? 1 : 0
    case .isWeekend: return Calendar.weekday(days) >= 6 ? 1 : 0
    }
  }
}

extension Calendar {
  /// The day of a date or datetime, and the microseconds since its midnight.
  @inline(__always)
  static func parts(_ value: Int64, _ type: DataType) -> (days: Int32, microseconds: Int64) {
    type == .datetime ? split(value) : (Int32(truncatingIfNeeded: value), 0)
  }
}

/// Kernels that make dates, durations and numbers of one another.
package enum CalendarMaking {
  /// The date of a year, month and day; null and counted where there is none.
  package static func date(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try made(v, &context) { parts in
      guard let year = Int(exactly: parts[0]), let month = Int(exactly: parts[1]),
        let day = Int(exactly: parts[2])
      else { return nil }
      return Calendar.days(year: year, month: month, day: day).map { Int64($0) }
    }
  }

  /// The datetime of a year, month, day, hour, minute and second, whose fraction is kept to
  /// microseconds; null and counted where there is none.
  package static func datetime(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let seconds = v[5].floats
    return try made(v, &context) { parts, row in
      guard let year = Int(exactly: parts[0]), let month = Int(exactly: parts[1]),
        let day = Int(exactly: parts[2]), (0..<24).contains(parts[3]),
        (0..<60).contains(parts[4]), seconds[row] >= 0, seconds[row] < 60,
        let days = Calendar.days(year: year, month: month, day: day),
        let midnight = Calendar.datetime(days)
      else { return nil }
      let fraction = min((seconds[row] * 1e6).rounded(), 59_999_999)
      let time = (parts[3] * 60 + parts[4]) * 60_000_000 + Int64(fraction)
      let (value, overflow) = midnight.addingReportingOverflow(time)
      return overflow ? nil : value
    }
  }

  private static func made(
    _ v: [Vector], _ context: inout KernelContext, _ body: ([Int64]) -> Int64?
  ) throws -> Vector {
    try made(v, &context) { parts, _ in body(parts) }
  }

  private static func made(
    _ v: [Vector], _ context: inout KernelContext, _ body: ([Int64], Int) -> Int64?
  ) throws -> Vector {
    let parts = v.map(\.ints)
    var validity = Validity.all(v)
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      if let value = body(parts.map { $0.isEmpty ? 0 : $0[row] }, row) {
        result[row] = value
      } else {
        Validity.clear(&validity, row, count: context.count)
        context.notes.nullsFromRange += 1
      }
    }
    return Vector(.ints(result), validity: validity)
  }

  /// Seconds since 1970-01-01 as a float.
  package static func epoch(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let values = elementwise(v[0].ints, context.count) { value -> Double in
      // Below 2^53 a microsecond count is a float; beyond, whole seconds stay exact.
      value.magnitude < 1 << 53
        ? Double(value) / 1e6 : Double(value / 1_000_000) + Double(value % 1_000_000) / 1e6
    }
    return Vector(.floats(values), validity: v[0].validity)
  }

  /// Datetimes of seconds since 1970-01-01; null and counted where they do not fit.
  package static func fromEpoch(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let seconds = v[0].floats
    var validity = v[0].validity
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      if let value = Int64(exactly: (seconds[row] * 1e6).rounded()) {
        result[row] = value
      } else {
        Validity.clear(&validity, row, count: context.count)
        context.notes.nullsFromRange += 1
      }
    }
    return Vector(.ints(result), validity: validity)
  }

  /// Durations since midnight.
  package static func timeOfDay(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(
      .ints(elementwise(v[0].ints, context.count) { Calendar.split($0).microseconds }),
      validity: v[0].validity)
  }
}

/// Kernels that move points in time by the calendar and count what lies between them.
package enum CalendarSteps {
  /// Dates or datetimes as many months on as the second argument says; a day that the month lacks
  /// becomes its last.
  package static func addMonths(to type: DataType) -> Kernel {
    { v, context in
      let (times, months) = (v[0].ints, v[1].ints)
      let validity = Validity.all(v)
      var result = [Int64](repeating: 0, count: context.count)
      for row in 0..<context.count where Validity.isSet(validity, row) {
        let (days, rest) = Calendar.parts(times[row], type)
        guard let count = Int32(exactly: months[row]),
          let moved = Calendar.adding(months: count, to: days),
          let value = type == .date
            ? Int64(moved)
            : Int64(exactly: Int128(moved) * Int128(Calendar.microsecondsPerDay) + Int128(rest))
        else {
          throw DataError(
            .overflow, "the result is out of the calendar's range", row: context.firstRow + row)
        }
        result[row] = value
      }
      return Vector(.ints(result), validity: validity)
    }
  }

  /// The first day of the year, quarter, month or week that holds a point in time, or its last.
  package static func border(of unit: CalendarUnit, isEnd: Bool, from type: DataType) -> Kernel {
    { v, context in
      let values = v[0].ints
      var result = [Int64](repeating: 0, count: context.count)
      for row in 0..<context.count where !v[0].isNull(row) {
        let (days, _) = Calendar.parts(values[row], type)
        guard let day = border(of: unit, isEnd: isEnd, around: days) else {
          throw DataError(
            .overflow, "the result is out of the calendar's range", row: context.firstRow + row)
        }
        result[row] = Int64(day)
      }
      return Vector(.ints(result), validity: v[0].validity)
    }
  }

  private static func border(of unit: CalendarUnit, isEnd: Bool, around days: Int32) -> Int32? {
    let months: Int
    switch unit {
    case .year: months = 12
    case .quarter: months = 3
    case .month: months = 1
    case .week:
      let monday = Int(days) - Calendar.weekday(days) + 1
      return Int32(exactly: isEnd ? monday + 6 : monday)
    default: return days
    }
    let index = Calendar.monthIndex(days)
    let first = index - ((index % months) + months) % months
    guard isEnd else { return Calendar.firstDay(monthIndex: first) }
    guard let next = Calendar.firstDay(monthIndex: first + months) else { return nil }
    return Int32(exactly: Int(next) - 1)
  }

  /// How many whole units have passed from the first point in time to the second; below 0 where
  /// that comes first. A month is over on the day of the same number, or on the month's last.
  package static func elapsed(in unit: CalendarUnit, of type: DataType) -> Kernel {
    { v, context in
      let (from, to) = (v[0].ints, v[1].ints)
      let validity = Validity.all(v)
      var result = [Int64](repeating: 0, count: context.count)
      for row in 0..<context.count where Validity.isSet(validity, row) {
        result[row] = elapsed(unit, from[row], to[row], type)
      }
      return Vector(.ints(result), validity: validity)
    }
  }

  private static func elapsed(
    _ unit: CalendarUnit, _ from: Int64, _ to: Int64, _ type: DataType
  ) -> Int64 {
    switch unit {
    case .year: return wholeMonths(from, to, type) / 12
    case .quarter: return wholeMonths(from, to, type) / 3
    case .month: return wholeMonths(from, to, type)
    case .week, .day, .hour, .minute, .second:
      let scale = type == .date ? Int128(Calendar.microsecondsPerDay) : 1
      let size: Int128 =
        switch unit {
        case .week: 604_800_000_000
        case .day: 86_400_000_000
        case .hour: 3_600_000_000
        case .minute: 60_000_000
        default: 1_000_000
        }
      return Int64(truncatingIfNeeded: (Int128(to) - Int128(from)) * scale / size)
    }
  }

  private static func wholeMonths(_ from: Int64, _ to: Int64, _ type: DataType) -> Int64 {
    if to < from { return -wholeMonths(to, from, type) }
    let (start, startTime) = Calendar.parts(from, type)
    let (end, endTime) = Calendar.parts(to, type)
    let (first, last) = (Calendar.date(start), Calendar.date(end))
    let months = (last.year - first.year) * 12 + last.month - first.month
    // What is short of the day of the month, with its time, is no whole month yet.
    let due = min(first.day, Calendar.dayCount(year: last.year, month: last.month))
    let isShort = last.day < due || last.day == due && endTime < startTime
    return Int64(months - (isShort ? 1 : 0))
  }
}
