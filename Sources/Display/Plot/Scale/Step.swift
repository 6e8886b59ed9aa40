import Columnar

/// The distance of the edges of bins or the ticks of an axis: a round number or a calendar unit.
///
/// Edges are counted: edge `i` lies at `value(i)`, for numbers at i times the step.
struct Step: Sendable, Hashable {
  enum Unit: Sendable, Hashable {
    /// `mantissa` × 10^`exponent`
    case decimal(mantissa: Int, exponent: Int)
    /// A fixed length of time, counted from midnight `offsetDays` after 1970-01-01.
    case time(microseconds: Int64, offsetDays: Int = 0)
    case months(Int)
  }

  var unit: Unit
  var axis: AxisKind

  private static let microsecondsPerDay = Double(Calendar.microsecondsPerDay)

  /// How many units of the axis a day has.
  private var day: Double { axis == .date ? 1 : Self.microsecondsPerDay }

  /// The length in units of the axis; for months the mean one.
  var length: Double {
    switch unit {
    case .decimal(let mantissa, let exponent): decimalValue(Double(mantissa), exponent)
    case .time(let microseconds, _): Double(microseconds) / Self.microsecondsPerDay * day
    case .months(let count): Double(count) * 30.436875 * day
    }
  }

  func value(_ index: Double) -> Double {
    switch unit {
    case .decimal(let mantissa, let exponent):
      return decimalValue(index * Double(mantissa), exponent)
    case .time(_, let offset): return index * length + Double(offset) * day
    case .months(let count):
      let month = index * Double(count)
      let year = (month / 12).rounded(.down)
      let days =
        year.magnitude <= 5_000_000
        ? Calendar.days(year: 1970 + Int(year), month: Int(month - year * 12) + 1, day: 1) : nil
      return days.map { Double($0) * day } ?? index * length
    }
  }

  /// The last index whose value is not above `value`.
  func index(notAbove value: Double) -> Double {
    var index: Double
    switch unit {
    case .decimal: index = (value / length).rounded(.down)
    case .time(_, let offset): index = ((value - Double(offset) * day) / length).rounded(.down)
    case .months(let count):
      let days = (value / day).rounded(.down)
      let date = Calendar.date(Int32(max(-1.8e9, min(1.8e9, days))))
      index = (Double((date.year - 1970) * 12 + date.month - 1) / Double(count)).rounded(.down)
    }
    // The quotient may have been rounded over an edge.
    if self.value(index) > value { index -= 1 }
    if self.value(index + 1) <= value { index += 1 }
    return index
  }
}

/// `mantissa` × 10^`exponent`, correctly rounded: the float that the decimal text reads as.
private func decimalValue(_ mantissa: Double, _ exponent: Int) -> Double {
  if exponent >= 0, exponent <= 22 { return mantissa * powersOfTen[exponent] }
  if exponent < 0, exponent >= -22 { return mantissa / powersOfTen[-exponent] }
  return Double("\(Int64(max(-9e15, min(9e15, mantissa))))e\(exponent)") ?? 0
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

extension Step {
  /// The steps that come into question around `length`, from short to long.
  static func candidates(around length: Double, axis: AxisKind, isInteger: Bool) -> [Step] {
    switch axis {
    case .number: decimals(around: length, isInteger: isInteger)
    case .whole: decimals(around: length, isInteger: true)
    case .duration: durations
    case .datetime: datetimes
    case .date: datetimes.filter { $0.isWholeDays }.map { Step(unit: $0.unit, axis: .date) }
    }
  }

  /// 1, 2, 2.5 and 5 times the powers of ten near `length`.
  private static func decimals(around length: Double, isInteger: Bool) -> [Step] {
    guard length > 0, length.isFinite else { return [] }
    let exponent = DecimalDigits(length).exponent
    var steps: [Step] = []
    for exponent in exponent - 2...exponent + 2 {
      for (mantissa, shift) in [(1, 0), (2, 0), (25, -1), (5, 0)] {
        let step = Step(
          unit: .decimal(mantissa: mantissa, exponent: exponent + shift), axis: .number)
        if isInteger && exponent + shift < 0 || !step.length.isFinite || step.length <= 0 {
          continue
        }
        steps.append(step)
      }
    }
    // Integers in a range below one still have the step of one.
    return steps.isEmpty ? [Step(unit: .decimal(mantissa: 1, exponent: 0), axis: .number)] : steps
  }

  private var isWholeDays: Bool {
    switch unit {
    case .time(let microseconds, _): microseconds.isMultiple(of: Calendar.microsecondsPerDay)
    default: true
    }
  }

  private static let clock: [Int64] = {
    let second: Int64 = 1_000_000
    let fractions: [Int64] = [1, 2, 5].flatMap { mantissa in
      [1, 10, 100, 1000, 10_000, 100_000].map { mantissa * $0 }
    }
    let seconds: [Int64] = [1, 2, 5, 10, 15, 30].map { $0 * second }
    let minutes: [Int64] = [1, 2, 5, 10, 15, 30].map { $0 * 60 * second }
    let hours: [Int64] = [1, 2, 3, 6, 12].map { $0 * 3600 * second }
    return fractions.sorted() + seconds + minutes + hours
  }()

  private static let durations: [Step] = {
    let days: [Int64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000].flatMap {
      power in [1, 2, 5].map { $0 * power * Calendar.microsecondsPerDay }
    }
    return (clock + days).map { Step(unit: .time(microseconds: $0), axis: .duration) }
  }()

  private static let datetimes: [Step] = {
    // 1970-01-05 was a Monday.
    let days: [Unit] = [
      .time(microseconds: Calendar.microsecondsPerDay),
      .time(microseconds: 7 * Calendar.microsecondsPerDay, offsetDays: 4),
    ]
    let years = [1, 10, 100, 1000, 10_000, 100_000].flatMap { power in
      [1, 2, 5].map { Unit.months($0 * power * 12) }
    }
    let units = clock.map { Unit.time(microseconds: $0) } + days + [.months(1), .months(3)] + years
    return units.map { Step(unit: $0, axis: .datetime) }
  }()
}
