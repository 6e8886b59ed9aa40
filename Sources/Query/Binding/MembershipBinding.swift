import Columnar
import Language

extension Binder {
  func membership(
    _ left: Expr, _ right: Expr, isNegated: Bool, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    let value = try bind(left)
    let result: TypedExpr
    switch right.kind {
    case .list(let elements):
      var members: [TypedExpr] = []
      for element in elements { members.append(try bind(element)) }
      result = try isIn(value, members, span: span)
    case .variable(let name) where scope.lists[name] != nil:
      guard let list = scope.lists[name] else { throw noList(right) }
      result = try isIn(value, list, at: right.span, span: span)
    case .range(let lower, let upper, let isHalfOpen):
      result = try isBetween(value, lower, upper, isHalfOpen: isHalfOpen, span: span)
    default:
      guard let list = try self.list(right) else { throw noList(right) }
      guard value.type == .text || value.type == nil else {
        throw Diagnostic(
          .type, "`in` compares \(value.typeName) with text", span: value.span,
          label: value.typeName, hints: ["text(…) makes text of any value"])
      }
      result = .apply(
        Operation("in", isTotal: true, kernel: TextLists.contains),
        [list, converted(value, to: .text)], type: .bool, span: span)
    }
    guard isNegated else { return result }
    return .apply(
      Operation("not", isTotal: true, kernel: Logic.not), [result], type: .bool, span: span)
  }

  /// The error for something behind `in` that holds no values to be among.
  private func noList(_ right: Expr) -> Diagnostic {
    var diagnostic = Diagnostic(
      .type, "`in` needs a list or a range", span: right.span, label: "as [1, 2] or 1..5")
    func correct(_ text: String) {
      diagnostic.correction = Diagnostic.Correction(right.span, text)
    }
    switch right.kind {
    case .variable(let name) where scope.variables[name] != nil:
      diagnostic.label = "a single value"
      correct("[$\(name)]")
    case .variable(let name):
      guard let kind = scope.boundNames[name] else {
        return scope.unknownVariable(name, span: right.span)
      }
      diagnostic.label = "a \(kind), not one of a single column"
    case .name(let name) where scope.schema[name] == nil && scope.lists[name] != nil:
      correct("$\(name)")
    case .name(let name) where scope.schema[name] == .text:
      correct("split(\(Suggestion.written(name)), \",\")")
    default: break
    }
    return diagnostic
  }

  /// Makes `type` the one in which a value and another type of member are compared.
  private func widen(
    _ type: inout DataType?, to other: DataType?, of value: TypedExpr, at span: Span
  ) throws(Diagnostic) {
    switch (type, other) {
    case (_, nil), (.float, .int), (.datetime, .date): break
    case (nil, _), (.int, .float), (.date, .datetime): type = other
    case (let a, let b) where a == b: break
    default:
      let name = other?.rawValue ?? "null"
      throw Diagnostic(
        .type, "`in` compares \(value.typeName) with \(name)", span: span, label: name,
        hints: value.columnName.map { ["`\($0)` is \(value.typeName)"] } ?? [])
    }
  }

  /// Among the values of a bound frame, which are gone through once.
  private func isIn(
    _ value: TypedExpr, _ list: BoundList, at place: Span, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    var type = value.type
    if !list.isEmpty { try widen(&type, to: list.type, of: value, at: place) }
    guard let type else { return TypedExpr(.constant(.null), type: .bool, span: span) }
    let membership: Membership
    do {
      membership = try list.membership(type)
    } catch {
      throw Diagnostic(error, span: place)
    }
    return .apply(
      Operation("in", isTotal: true, kernel: membership.apply), [converted(value, to: type)],
      type: .bool, span: span)
  }

  private func isIn(
    _ value: TypedExpr, _ members: [TypedExpr], span: Span
  ) throws(Diagnostic) -> TypedExpr {
    var type = value.type
    for member in members {
      try widen(&type, to: member.type, of: value, at: member.span)
      try refuseMonths(member)
    }
    guard let type else { return TypedExpr(.constant(.null), type: .bool, span: span) }
    let target = converted(value, to: type)
    // A null that is written stands for null rows; one that is computed makes null.
    let constants = members.compactMap(\.constant)
    if constants.count == members.count {
      let membership = Membership(constants, type: type)
      return .apply(
        Operation("in", isTotal: true, kernel: membership.apply), [target], type: .bool, span: span)
    }
    var result: TypedExpr?
    for member in members {
      let equal =
        member.constant == .null && member.type == nil
        ? isNull(target, isNegated: false, span: span)
        : try comparison(.equal, target, member, span: span)
      result = result.map { TypedExpr(.or($0, equal), type: .bool, span: span) } ?? equal
    }
    return result ?? .constant(.bool(false), span: span)
  }

  private func isBetween(
    _ value: TypedExpr, _ lower: Expr?, _ upper: Expr?, isHalfOpen: Bool, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    var conditions: [TypedExpr] = []
    if let lower {
      conditions.append(
        try comparison(
          .greaterOrEqual, value, try bind(lower), span: value.span.joined(with: lower.span)))
    }
    if let upper {
      conditions.append(
        try comparison(
          isHalfOpen ? .less : .lessOrEqual, value, try bind(upper),
          span: value.span.joined(with: upper.span)))
    }
    guard let first = conditions.first else {
      throw Diagnostic(.type, "a range needs a bound", span: span)
    }
    if conditions.count == 1 { return first }
    return TypedExpr(.and(first, conditions[1]), type: .bool, span: span).folded
  }

  func match(
    _ left: Expr, _ right: Expr, isNegated: Bool, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    let value = try bind(left)
    guard value.type == .text || value.type == nil else {
      throw Diagnostic(
        .type, "`\(isNegated ? "!~" : "=~")` needs text", span: left.span, label: value.subject,
        hints: ["text(…) makes text of any value"])
    }
    let regex = try self.regex(right)
    let result = TypedExpr.apply(
      Operation("=~", kernel: regex.matches), [converted(value, to: .text)], type: .bool,
      span: span)
    guard isNegated else { return result }
    return .apply(
      Operation("not", isTotal: true, kernel: Logic.not), [result], type: .bool, span: span)
  }

  /// The regular expression that stands as a literal, or as a constant text.
  func regex(_ expression: Expr) throws(Diagnostic) -> Regex {
    var (pattern, isCaseInsensitive) = ("", false)
    if case .regex(let written, let flag) = expression.kind {
      (pattern, isCaseInsensitive) = (written, flag)
    } else {
      guard case .constant(.text(let text)) = try bind(expression).kind else {
        throw Diagnostic(
          .type, "a regex is needed here", span: expression.span, label: "as /late|delay/i")
      }
      pattern = text
    }
    do {
      return try Regex(pattern, isCaseInsensitive: isCaseInsensitive)
    } catch {
      throw Diagnostic(.value, error.message, span: expression.span, hints: error.hints)
    }
  }
}
