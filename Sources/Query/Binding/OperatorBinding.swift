import Columnar
import Language

extension Binder {
  func unary(
    _ operation: UnaryOperator, _ operand: Expr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    let value = try bind(operand)
    switch operation {
    case .not:
      guard value.type == .bool || value.type == nil else {
        throw Diagnostic(
          .type, "`not` needs true or false", span: operand.span, label: value.subject)
      }
      return .apply(
        Operation("not", isTotal: true, kernel: Logic.not), [converted(value, to: .bool)],
        type: .bool, span: span)
    case .minus:
      switch value.type {
      case .float, nil:
        return .apply(
          Operation(
            "negate", isTotal: true,
            kernel: { v, context in
              Vector(.floats(v[0].floats.map { -$0 }), validity: v[0].validity)
            }), [converted(value, to: .float)], type: .float, span: span)
      case .int:
        return .apply(
          Operation("negate", kernel: Arithmetic.negateInts), [value], type: .int, span: span)
      case .duration:
        if case .constant(.duration(let length)) = value.kind {
          let (months, monthsOverflow) = Int32(0).subtractingReportingOverflow(length.months)
          let (rest, overflow) = Int64(0).subtractingReportingOverflow(length.microseconds)
          if !monthsOverflow, !overflow {
            return .constant(
              .duration(Columnar.Duration(months: months, microseconds: rest)), span: span)
          }
        }
        return .apply(
          Operation("negate", kernel: Arithmetic.negateInts), [value], type: .duration, span: span)
      default:
        throw Diagnostic(
          .type, "`-` needs a number or a duration", span: operand.span, label: value.subject)
      }
    }
  }

  func binary(
    _ symbol: BinaryOperator, _ left: Expr, _ right: Expr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    switch symbol {
    case .isIn, .isNotIn:
      return try membership(left, right, isNegated: symbol == .isNotIn, span: span)
    case .matches, .doesNotMatch:
      return try match(left, right, isNegated: symbol == .doesNotMatch, span: span)
    case .equal, .notEqual:
      if case .null = right.kind {
        return isNull(try bind(left), isNegated: symbol == .notEqual, span: span)
      }
      if case .null = left.kind {
        return isNull(try bind(right), isNegated: symbol == .notEqual, span: span)
      }
      return try comparison(symbol, left, right, span: span)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return try comparison(symbol, left, right, span: span)
    case .and, .or:
      return try logic(symbol, try bind(left), try bind(right), span: span)
    case .coalesce: return try coalesce([try bind(left), try bind(right)], span: span)
    case .power, .multiply, .divide, .floorDivide, .remainder, .add, .subtract:
      return try arithmetic(symbol, try bind(left), try bind(right), span: span)
    case .interaction:
      throw Diagnostic(.type, "`:` stands between terms of a formula only", span: span)
    }
  }

  /// An error that shows the types of both sides.
  func mismatch(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, span: Span,
    hints: [String] = []
  ) -> Diagnostic {
    Diagnostic(
      .type, "`\(symbol.rawValue)` does not apply to \(left.typeName) and \(right.typeName)",
      span: span, label: "\(left.typeName) \(symbol.rawValue) \(right.typeName)", hints: hints)
  }

  private func logic(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    for side in [left, right] where side.type != .bool && side.type != nil {
      throw Diagnostic(
        .type, "`\(symbol.rawValue)` joins conditions", span: side.span, label: side.subject)
    }
    let (left, right) = (converted(left, to: .bool), converted(right, to: .bool))
    return TypedExpr(
      symbol == .and ? .and(left, right) : .or(left, right), type: .bool, span: span
    ).folded
  }

  func coalesce(_ values: [TypedExpr], span: Span) throws(Diagnostic) -> TypedExpr {
    let type = try common(values, what: "the values", span: span)
    guard let type else { return TypedExpr(.constant(.null), type: nil, span: span) }
    return .apply(
      Operation("??", isTotal: true, kernel: Logic.coalesce),
      values.map { converted($0, to: type) }, type: type, span: span)
  }

  private func comparison(
    _ symbol: BinaryOperator, _ left: Expr, _ right: Expr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    let bound = try bind(left)
    let other: TypedExpr
    do {
      other = try bind(right)
    } catch {
      // `species == Adelie`
      var error = error
      if error.code == .unknownColumn, error.label == nil, bound.type == .text,
        case .name(let name) = right.kind
      {
        error.label = "text stands in quotes: \"\(name)\""
      }
      throw error
    }
    do {
      return try comparison(symbol, bound, other, span: span)
    } catch {
      var error = error
      if error.hints.isEmpty, bound.type == .date || bound.type == .datetime {
        error.hints = dateHints(left, symbol, right)
      }
      throw error
    }
  }

  /// For a date compared with `2015-12-30`, which subtracts, or with a year.
  private func dateHints(_ left: Expr, _ symbol: BinaryOperator, _ right: Expr) -> [String] {
    switch right.kind {
    case .binary(.subtract, let difference, let day):
      guard case .binary(.subtract, let year, let month) = difference.kind,
        case .integer(let year) = year.kind, case .integer(let month) = month.kind,
        case .integer(let day) = day.kind, (1000...9999).contains(year),
        (1...12).contains(month), (1...31).contains(day)
      else { return [] }
      let digits = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
      return ["a date is written `@\(year)-\(digits(month))-\(digits(day))`"]
    case .integer(let year) where (1000...9999).contains(year):
      return ["year(\(Language.print(left))) \(symbol.rawValue) \(year)"]
    default: return []
    }
  }

  func comparison(
    _ symbol: BinaryOperator, _ left: TypedExpr, _ right: TypedExpr, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    guard let comparison = Comparison(rawValue: symbol.rawValue) else {
      throw mismatch(symbol, left, right, span: span)
    }
    var (left, right) = (left, right)
    switch (left.type, right.type) {
    case (nil, nil): return TypedExpr(.constant(.null), type: .bool, span: span)
    case (nil, let type), (let type, nil):
      (left, right) = (converted(left, to: type), converted(right, to: type))
    case (.int, .float), (.float, .int):
      // A constant is converted once here, not once a batch.
      (left, right) = (converted(left, to: .float), converted(right, to: .float))
    case (.date, .datetime), (.datetime, .date):
      (left, right) = (converted(left, to: .datetime), converted(right, to: .datetime))
    case let (a, b) where a == b:
      for side in [left, right] { try refuseMonths(side) }
    default:
      throw mismatch(symbol, left, right, span: span, hints: comparisonHints(left, right))
    }
    return .apply(
      Operation(symbol.rawValue, isTotal: true, kernel: comparison.apply), [left, right],
      type: .bool, span: span)
  }

  private func comparisonHints(_ left: TypedExpr, _ right: TypedExpr) -> [String] {
    for (value, other) in [(left, right), (right, left)] {
      guard case .constant(.text(let text)) = value.kind, let type = other.type else { continue }
      switch type {
      case .date, .datetime:
        if Calendar.parseDate(text) != nil || Calendar.parseDatetime(text) != nil {
          return ["a \(type.rawValue) is written `@\(text)`"]
        }
      case .int, .float:
        if Double(text) != nil { return ["a number stands without quotes: \(text)"] }
      default: break
      }
    }
    return []
  }

  /// Columns of durations hold no months, so a literal with months cannot be compared or added up.
  func refuseMonths(_ value: TypedExpr) throws(Diagnostic) {
    if case .constant(.duration(let length)) = value.kind, length.months != 0 {
      throw Diagnostic(
        .type, "months and years have no fixed length", span: value.span,
        label: "use days, or add it to a date")
    }
  }
}
