/// Parts of points in time over batches of days or microseconds.
package enum CalendarField: String, Sendable, CaseIterable {
  case year, quarter, month, day, weekday, hour, minute, second
  case isoWeek = "iso_week"
  case dayOfYear = "day_of_year"

  /// The part of each date (days) or datetime (microseconds).
  package func kernel(of type: DataType) -> Kernel {
    let isDatetime = type == .datetime
    // A kernel for each, so that no row asks which it is.
    return switch self {
    case .year: kernel(isDatetime) { days, _ in Calendar.date(days).year }
    case .quarter: kernel(isDatetime) { days, _ in (Calendar.date(days).month &+ 2) / 3 }
    case .month: kernel(isDatetime) { days, _ in Calendar.date(days).month }
    case .day: kernel(isDatetime) { days, _ in Calendar.date(days).day }
    case .weekday: kernel(isDatetime) { days, _ in Calendar.weekday(days) }
    case .hour: kernel(isDatetime) { _, time in Int(time / 3_600_000_000) }
    case .minute: kernel(isDatetime) { _, time in Int(time / 60_000_000 % 60) }
    case .second: kernel(isDatetime) { _, time in Int(time / 1_000_000 % 60) }
    case .isoWeek: kernel(isDatetime) { days, _ in Calendar.isoWeek(days) }
    case .dayOfYear: kernel(isDatetime) { days, _ in Calendar.dayOfYear(days) }
    }
  }

  /// What `part` gives for each row's days since 1970-01-01 and microseconds since midnight.
  @inline(__always)
  private func kernel(
    _ isDatetime: Bool, _ part: @escaping @Sendable (Int32, Int64) -> Int
  ) -> Kernel {
    { v, context in
      let ints = v[0].ints
      let values =
        isDatetime
        ? elementwise(ints, context.count) { value -> Int64 in
          let (days, time) = Calendar.split(value)
          return Int64(part(days, time))
        }
        : elementwise(ints, context.count) { Int64(part(Int32(truncatingIfNeeded: $0), 0)) }
      return Vector(.ints(values), validity: v[0].validity)
    }
  }
}

extension Calendar {
  /// 1 for 1 January.
  package static func dayOfYear(_ days: Int32) -> Int {
    let (year, month, day) = date(days)
    return (1..<month).reduce(day) { $0 + dayCount(year: year, month: $1) }
  }

  /// The ISO 8601 week: the one that holds the year's first Thursday is week 1.
  package static func isoWeek(_ days: Int32) -> Int {
    // The week belongs to the year of its Thursday.
    let thursday = Int(days) + 4 - weekday(days)
    guard let thursday = Int32(exactly: thursday) else { return 1 }
    return (dayOfYear(thursday) - 1) / 7 + 1
  }

  /// Whole months since the year 0.
  static func monthIndex(_ days: Int32) -> Int {
    let (year, month, _) = date(days)
    return year * 12 + month - 1
  }

  /// The first day of a month counted since the year 0; nil where the calendar ends.
  static func firstDay(monthIndex: Int) -> Int32? {
    let year = Int((Double(monthIndex) / 12).rounded(.down))
    return days(year: year, month: monthIndex - year * 12 + 1, day: 1)
  }

  /// A date some months on, on the last day of the month where the day does not exist there.
  package static func adding(months: Int32, to date: Int32) -> Int32? {
    let index = monthIndex(date) + Int(months)
    let year = Int((Double(index) / 12).rounded(.down))
    let month = index - year * 12 + 1
    guard year.magnitude <= 9_999_999 else { return nil }
    return days(
      year: year, month: month,
      day: min(Calendar.date(date).day, dayCount(year: year, month: month))
    )
  }
}

/// Arithmetic of points in time over batches.
package enum TimeArithmetic {
  private static func outOfRange(_ row: Int, _ context: KernelContext) -> DataError {
    DataError(.overflow, "the result is out of the calendar's range", row: context.firstRow + row)
  }

  /// Dates or datetimes some months on; a day that the month lacks becomes its last.
  package static func addMonths(_ months: Int32, to type: DataType) -> Kernel {
    { v, context in
      let values = v[0].ints
      var result = [Int64](repeating: 0, count: context.count)
      for row in 0..<context.count where !v[0].isNull(row) {
        if type == .date {
          let date = Int32(truncatingIfNeeded: values[row])
          guard let moved = Calendar.adding(months: months, to: date) else {
            throw outOfRange(row, context)
          }
          result[row] = Int64(moved)
        } else {
          let (days, time) = Calendar.split(values[row])
          guard let moved = Calendar.adding(months: months, to: days),
            let value = Int64(
              exactly: Int128(moved) * Int128(Calendar.microsecondsPerDay) + Int128(time))
          else { throw outOfRange(row, context) }
          result[row] = value
        }
      }
      return Vector(.ints(result), validity: v[0].validity)
    }
  }

  /// Dates some whole days on.
  package static func addDays(_ days: Int64) -> Kernel {
    { v, context in
      let values = v[0].ints
      var result = [Int64](repeating: 0, count: context.count)
      for row in 0..<context.count where !v[0].isNull(row) {
        let (sum, overflow) = values[row].addingReportingOverflow(days)
        guard !overflow, Int32(exactly: sum) != nil else { throw outOfRange(row, context) }
        result[row] = sum
      }
      return Vector(.ints(result), validity: v[0].validity)
    }
  }

  /// The duration from the second date to the first.
  package static func daysBetween(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let difference = try Arithmetic.subtractInts(v, &context)
    let day = Vector(.ints(Array(repeating: Calendar.microsecondsPerDay, count: context.count)))
    return try Arithmetic.multiplyInts([difference, day], &context)
  }

  /// Points in time rounded down to a multiple of `months` since the year 0, or of `width`
  /// microseconds since a Monday (1970-01-05) at midnight.
  package static func bin(months: Int32, width: Int64, of type: DataType) -> Kernel {
    let origin = 4 * Calendar.microsecondsPerDay
    return { v, context in
      let values = v[0].ints
      var result = [Int64](repeating: 0, count: context.count)
      for row in 0..<context.count where !v[0].isNull(row) {
        let isDate = type == .date
        if months > 0 {
          let days =
            isDate ? Int32(truncatingIfNeeded: values[row]) : Calendar.split(values[row]).days
          let index = Calendar.monthIndex(days)
          let floor = index - ((index % Int(months)) + Int(months)) % Int(months)
          guard let first = Calendar.firstDay(monthIndex: floor) else {
            throw outOfRange(row, context)
          }
          guard let value = isDate ? Int64(first) : Calendar.datetime(first) else {
            throw outOfRange(row, context)
          }
          result[row] = value
        } else {
          let scale = isDate ? Int128(Calendar.microsecondsPerDay) : 1
          let shifted = Int128(values[row]) * scale - Int128(origin)
          let rest = ((shifted % Int128(width)) + Int128(width)) % Int128(width)
          guard let value = Int64(exactly: (shifted - rest + Int128(origin)) / scale) else {
            throw outOfRange(row, context)
          }
          result[row] = value
        }
      }
      return Vector(.ints(result), validity: v[0].validity)
    }
  }

  /// How many borders of `unit` lie between the first and the second point in time.
  package static func difference(in unit: CalendarUnit, of type: DataType) -> Kernel {
    { v, context in
      let (from, to) = (v[0].ints, v[1].ints)
      let validity = Validity.both(v[0].validity, v[1].validity)
      let values = elementwise(from, to, context.count) {
        unit.index($1, type) &- unit.index($0, type)
      }
      return Vector(.ints(values), validity: validity)
    }
  }
}

/// What `date_diff` counts.
package enum CalendarUnit: String, Sendable, CaseIterable {
  case year, quarter, month, week, day, hour, minute, second

  /// How many units begin between the epoch and a date or datetime.
  func index(_ value: Int64, _ type: DataType) -> Int64 {
    let (days, time) =
      type == .datetime ? Calendar.split(value) : (Int32(truncatingIfNeeded: value), 0)
    switch self {
    case .year: return Int64(Calendar.date(days).year)
    case .quarter: return Int64((Double(Calendar.monthIndex(days)) / 3).rounded(.down))
    case .month: return Int64(Calendar.monthIndex(days))
    case .week: return Int64((Double(Int(days) + 3) / 7).rounded(.down))
    case .day: return Int64(days)
    case .hour: return Int64(days) * 24 + time / 3_600_000_000
    case .minute: return Int64(days) * 1440 + time / 60_000_000
    case .second: return Int64(days) * 86_400 + time / 1_000_000
    }
  }
}
