import Columnar
import Language

extension Binder {
  func arithmetic(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    if symbol == .add || symbol == .subtract,
      let time = try timeArithmetic(symbol, left, right, span)
    {
      return time
    }
    if left.type == .duration || right.type == .duration {
      return try durationArithmetic(symbol, left, right, span: span)
    }
    // A literal null takes the type of the other side.
    let (left, right) = (
      left.type == nil ? converted(left, to: right.type ?? .float) : left,
      right.type == nil ? converted(right, to: left.type ?? .float) : right
    )
    guard left.type?.isNumeric == true, right.type?.isNumeric == true else {
      throw mismatch(symbol, left, right, span: span, hints: arithmeticHints(symbol, left, right))
    }
    let isInt = left.type == .int && right.type == .int
    let (kernel, type): (Kernel, DataType) =
      switch symbol {
      case .add: isInt ? (Arithmetic.addInts, .int) : (Arithmetic.addFloats, .float)
      case .subtract: isInt ? (Arithmetic.subtractInts, .int) : (Arithmetic.subtractFloats, .float)
      case .multiply: isInt ? (Arithmetic.multiplyInts, .int) : (Arithmetic.multiplyFloats, .float)
      case .floorDivide:
        isInt ? (Arithmetic.floorDivideInts, .int) : (Arithmetic.floorDivideFloats, .float)
      case .remainder:
        isInt ? (Arithmetic.remainderInts, .int) : (Arithmetic.remainderFloats, .float)
      case .power: (Arithmetic.power, .float)
      default: (Arithmetic.divide, .float)
      }
    let sides =
      isInt ? [left, right] : [converted(left, to: .float), converted(right, to: .float)]
    return .apply(Operation(symbol.rawValue, kernel: kernel), sides, type: type, span: span)
  }

  private func arithmeticHints(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr
  ) -> [String] {
    switch (left.type, right.type) {
    case (.text, _) where symbol == .add, (_, .text) where symbol == .add:
      return ["texts are joined by concat(a, b) or f\"{a}{b}\""]
    case (.bool, _), (_, .bool): return ["int(…) counts true as 1"]
    case (.text, .some), (.some, .text): return ["float(…) reads a number from text"]
    default:
      if left.type?.isTemporal == true, right.type?.isNumeric == true {
        return ["days(…) makes a duration of a number"]
      }
      return []
    }
  }

  /// Sums and differences with points in time; nil where neither side is one.
  private func timeArithmetic(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, _ span: Span
  ) throws(Diagnostic) -> TypedExpr? {
    if symbol == .add, left.type == .duration, right.type?.isTemporal == true {
      return try timeArithmetic(symbol, right, left, span)
    }
    guard let type = left.type, type.isTemporal else { return nil }
    if symbol == .subtract, let other = right.type, other.isTemporal {
      if type == .date, other == .date {
        return .apply(
          Operation("-", kernel: TimeArithmetic.daysBetween), [left, right], type: .duration,
          span: span)
      }
      return .apply(
        Operation("-", kernel: Arithmetic.subtractInts),
        [converted(left, to: .datetime), converted(right, to: .datetime)], type: .duration,
        span: span)
    }
    guard right.type == .duration || right.type == nil else { return nil }
    return try shifted(left, by: right, isBackward: symbol == .subtract, span: span)
  }

  /// A point in time moved by a duration: first by its months, clamped to the month's last day,
  /// then by the rest.
  func shifted(
    _ time: TypedExpr, by duration: TypedExpr, isBackward: Bool, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    guard let type = time.type else {
      return TypedExpr(.constant(.null), type: .datetime, span: span)
    }
    guard case .constant(.duration(let length)) = duration.kind else {
      return .apply(
        isBackward
          ? Operation("-", kernel: Arithmetic.subtractInts)
          : Operation("+", kernel: Arithmetic.addInts),
        [converted(time, to: .datetime), converted(duration, to: .duration)], type: .datetime,
        span: span)
    }
    let sign: Int64 = isBackward ? -1 : 1
    let (rest, overflow) = length.microseconds.multipliedReportingOverflow(by: sign)
    let (months, monthsOverflow) = length.months.multipliedReportingOverflow(by: Int32(sign))
    guard !overflow, !monthsOverflow else {
      throw Diagnostic(.overflow, "the duration is out of range", span: duration.span)
    }
    var result = time
    if months != 0 {
      result = .apply(
        Operation("add months", kernel: TimeArithmetic.addMonths(months, to: type)), [result],
        type: type, span: span)
    }
    if rest == 0 { return result }
    if type == .date, rest % Calendar.microsecondsPerDay == 0 {
      return .apply(
        Operation("add days", kernel: TimeArithmetic.addDays(rest / Calendar.microsecondsPerDay)),
        [result], type: .date, span: span)
    }
    return .apply(
      Operation("+", kernel: Arithmetic.addInts),
      [
        converted(result, to: .datetime),
        .constant(.duration(Columnar.Duration(microseconds: rest)), span: duration.span),
      ], type: .datetime, span: span)
  }

  private func durationArithmetic(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    let (left, right) = (
      left.type == nil ? converted(left, to: .duration) : left,
      right.type == nil ? converted(right, to: .duration) : right
    )
    if let sum = monthSum(symbol, left, right, span: span) { return sum }
    for side in [left, right] { try refuseMonths(side) }
    let numeric = { (value: TypedExpr) in value.type?.isNumeric == true }
    switch symbol {
    case .add where left.type == .duration && right.type == .duration:
      return .apply(
        Operation("+", kernel: Arithmetic.addInts), [left, right], type: .duration, span: span)
    case .subtract where left.type == .duration && right.type == .duration:
      return .apply(
        Operation("-", kernel: Arithmetic.subtractInts), [left, right], type: .duration,
        span: span)
    case .multiply where left.type == .duration && numeric(right):
      return .apply(
        Operation("*", kernel: Arithmetic.scaleDuration), [left, right], type: .duration,
        span: span)
    case .multiply where numeric(left):
      return .apply(
        Operation("*", kernel: Arithmetic.scaleDuration), [right, left], type: .duration,
        span: span)
    case .divide where left.type == .duration && right.type == .duration:
      return .apply(
        Operation("/", kernel: Arithmetic.divide), [left, right], type: .float, span: span)
    case .divide where left.type == .duration && numeric(right):
      return .apply(
        Operation("/", kernel: Arithmetic.divideDuration), [left, right], type: .duration,
        span: span)
    default: throw mismatch(symbol, left, right, span: span)
    }
  }

  /// Sums of literals of which one has months; nil for all else.
  private func monthSum(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, span: Span
  ) -> TypedExpr? {
    guard case .constant(.duration(let a)) = left.kind,
      case .constant(.duration(let b)) = right.kind, a.months != 0 || b.months != 0,
      symbol == .add || symbol == .subtract
    else { return nil }
    let isSum = symbol == .add
    let (months, monthsOverflow) =
      isSum
      ? a.months.addingReportingOverflow(b.months)
      : a.months.subtractingReportingOverflow(b.months)
    let (rest, overflow) =
      isSum
      ? a.microseconds.addingReportingOverflow(b.microseconds)
      : a.microseconds.subtractingReportingOverflow(b.microseconds)
    if monthsOverflow || overflow { return nil }
    return .constant(
      .duration(Columnar.Duration(months: months, microseconds: rest)), span: span)
  }
}
