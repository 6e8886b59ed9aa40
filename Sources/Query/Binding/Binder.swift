import Columnar
import Language

/// Which calls that look at other rows an expression may hold.
package struct Allowance: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let aggregates = Allowance(rawValue: 1)
  package static let windows = Allowance(rawValue: 2)
}

/// Resolves the names of `expression` and finds its type.
package func bind(
  _ expression: Expr, in scope: Scope, allowing allowance: Allowance = []
) throws(Diagnostic) -> TypedExpr {
  let expanded = try Expansion(definitions: scope.definitions).expand(expression)
  try expanded.checkHeight(span: expression.span)
  return try Binder(scope: scope, allowance: allowance).bind(expanded)
}

/// `bind`, then a check that the result is a condition.
package func bindCondition(
  _ expression: Expr, in scope: Scope, allowing allowance: Allowance = []
) throws(Diagnostic) -> TypedExpr {
  let bound = try bind(expression, in: scope, allowing: allowance)
  guard bound.type == .bool || bound.type == nil else {
    throw Diagnostic(
      .type, "a condition must be true or false, and this is \(bound.typeName)",
      span: expression.span, label: bound.typeName)
  }
  if bound.type == .bool { return bound }
  return TypedExpr(bound.kind, type: .bool, span: bound.span)
}

struct Binder {
  var scope: Scope
  var allowance: Allowance

  func bind(_ expression: Expr) throws(Diagnostic) -> TypedExpr {
    let span = expression.span
    switch expression.kind {
    case .null: return TypedExpr(.constant(.null), type: nil, span: span)
    case .bool(let value): return .constant(.bool(value), span: span)
    case .integer(let value): return .constant(.int(value), span: span)
    case .float(let value): return .constant(.float(value), span: span)
    case .percentage(let value): return .constant(.float(value / 100), span: span)
    case .text(let value): return .constant(.text(value), span: span)
    case .date(let days): return .constant(.date(days), span: span)
    case .datetime(let microseconds): return .constant(.datetime(microseconds), span: span)
    case .size(let bytes): return .constant(.int(bytes), span: span)
    case .duration(let parts):
      return .constant(.duration(try duration(parts, span: span)), span: span)
    case .format(let parts): return try format(parts, span: span)
    case .name(let name): return try column(name, span: span)
    case .variable(let name):
      guard let value = scope.variables[name] else {
        throw scope.unknownVariable(name, span: span)
      }
      return .constant(value, span: span)
    case .placeholder:
      guard let name = scope.placeholder else {
        throw Diagnostic(
          .unknownName, "`_` stands for a column in `each(…) = …` only", span: span)
      }
      return try column(name, span: span)
    case .call(let function, let arguments):
      return try call(function, arguments, span: span)
    case .unary(let operation, let operand): return try unary(operation, operand, span: span)
    case .binary(let operation, let left, let right):
      return try binary(operation, left, right, span: span)
    case .isNull(let operand, let isNegated):
      let bound = try bind(operand)
      return isNull(bound, isNegated: isNegated, span: span)
    case .conditional(let condition, let then, let otherwise):
      return try choice(
        [ChoiceArm(condition: condition, value: then)], otherwise: otherwise, span: span)
    case .choice(let arms, let otherwise):
      return try choice(arms, otherwise: otherwise, span: span)
    case .range: throw misplaced("a range", "it stands behind `in`", span)
    case .list: throw misplacedList(expression)
    case .regex: throw misplaced("a regex", "it stands behind `=~` or in a text function", span)
    case .record: throw misplaced("a record", "it stands as the value of an option", span)
    case .formula: throw misplaced("a formula", "it stands behind `fit`", span)
    case .index(let base, let place): return try element(of: base, at: place, span: span)
    }
  }

  func misplaced(_ what: String, _ hint: String, _ span: Span) -> Diagnostic {
    Diagnostic(.type, "\(what) cannot stand here", span: span, label: hint)
  }

  private func column(_ name: String, span: Span) throws(Diagnostic) -> TypedExpr {
    guard let type = scope.schema[name] else { throw scope.unknownColumn(name, span: span) }
    return .column(name, type: type, span: span)
  }

  /// The months and microseconds of a literal. Only whole months and microseconds can be kept.
  func duration(_ parts: [DurationPart], span: Span) throws(Diagnostic) -> Columnar.Duration {
    var months = 0.0
    var microseconds = 0.0
    for part in parts {
      switch part.unit {
      case .microsecond: microseconds += part.amount
      case .millisecond: microseconds += part.amount * 1e3
      case .second: microseconds += part.amount * 1e6
      case .minute: microseconds += part.amount * 6e7
      case .hour: microseconds += part.amount * 3.6e9
      case .day: microseconds += part.amount * 8.64e10
      case .week: microseconds += part.amount * 6.048e11
      case .month: months += part.amount
      case .quarter: months += part.amount * 3
      case .year: months += part.amount * 12
      }
    }
    guard let wholeMonths = Int32(exactly: months.rounded()), abs(months - months.rounded()) < 1e-9
    else {
      throw Diagnostic(.value, "months and years are counted whole", span: span)
    }
    guard let whole = Int64(exactly: microseconds.rounded()) else {
      throw Diagnostic(.overflow, "the duration is out of range", span: span)
    }
    return Columnar.Duration(months: wholeMonths, microseconds: whole)
  }

  private func format(_ parts: [FormatPart], span: Span) throws(Diagnostic) -> TypedExpr {
    var texts: [TypedExpr] = []
    for part in parts {
      switch part {
      case .text(let text): texts.append(.constant(.text(text), span: span))
      case .expression(let expression): texts.append(asText(try bind(expression)))
      }
    }
    if texts.isEmpty { return .constant(.text(""), span: span) }
    return .apply(
      Operation("format", isTotal: true, kernel: Texts.join), texts, type: .text, span: span)
  }

  func isNull(_ operand: TypedExpr, isNegated: Bool, span: Span) -> TypedExpr {
    let operation =
      isNegated
      ? Operation("is not null", isTotal: true, kernel: Logic.isNotNull)
      : Operation("is null", isTotal: true, kernel: Logic.isNull)
    return .apply(operation, [operand], type: .bool, span: span)
  }

  private func choice(
    _ arms: [ChoiceArm], otherwise: Expr?, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    var bound: [TypedExpr.Arm] = []
    for arm in arms {
      let condition = try bind(arm.condition)
      guard condition.type == .bool || condition.type == nil else {
        throw Diagnostic(
          .type, "a condition must be true or false, and this is \(condition.typeName)",
          span: arm.condition.span, label: condition.typeName)
      }
      bound.append(
        TypedExpr.Arm(condition: converted(condition, to: .bool), value: try bind(arm.value)))
    }
    var last = TypedExpr(.constant(.null), type: nil, span: span)
    if let otherwise { last = try bind(otherwise) }
    let type = try common(bound.map(\.value) + [last], what: "the results of a choice", span: span)
    bound = bound.map {
      TypedExpr.Arm(condition: $0.condition, value: converted($0.value, to: type))
    }
    return TypedExpr(.choice(bound, otherwise: converted(last, to: type)), type: type, span: span)
  }

  /// The type that all of `values` fit without loss: ints fit floats, dates fit datetimes.
  func common(
    _ values: [TypedExpr], what: String, span: Span
  ) throws(Diagnostic) -> DataType? {
    var result: (type: DataType, of: TypedExpr)?
    for value in values {
      guard let type = value.type else { continue }
      guard let known = result else {
        result = (type, value)
        continue
      }
      switch (known.type, type) {
      case (.int, .float), (.date, .datetime): result = (type, value)
      case (.float, .int), (.datetime, .date): break
      case let (a, b) where a == b: break
      default:
        throw Diagnostic(
          .type,
          "\(what) are of different types: \(known.type.rawValue) and \(type.rawValue)",
          span: value.span, label: type.rawValue)
      }
    }
    return result?.type
  }

  /// `value` as `type`, where that loses nothing.
  func converted(_ value: TypedExpr, to type: DataType?) -> TypedExpr {
    guard let type, value.type != type else { return value }
    switch (value.type, type) {
    case (nil, _): return TypedExpr(value.kind, type: type, span: value.span)
    case (.int, .float):
      return .apply(
        Operation("float", isTotal: true, kernel: Casts.floats), [value], type: .float,
        span: value.span)
    case (.date, .datetime):
      return .apply(
        Operation("datetime", kernel: Casts.datetimeFromDate), [value], type: .datetime,
        span: value.span)
    default: return value
    }
  }

  /// `value` as text, as it would be written in a line.
  func asText(_ value: TypedExpr) -> TypedExpr {
    if value.type == .text { return value }
    guard let type = value.type else { return converted(value, to: .text) }
    return .apply(
      Operation("text", isTotal: true, kernel: Casts.text(from: type)), [value], type: .text,
      span: value.span)
  }
}

extension TypedExpr {
  /// The type in words, for messages.
  var typeName: String { type?.rawValue ?? "null" }

  /// How it is called in messages: the column or the type.
  var subject: String {
    if let name = columnName { return "`\(name)` is \(typeName)" }
    return "this is \(typeName)"
  }
}
