/// Canonical text of expressions: one space around operators, parentheses only where the meaning
/// needs them.
enum ExpressionPrinter {
  /// - Parameters:
  ///   - minimum: the loosest precedence that may stand here without parentheses.
  ///   - mayEndOpen: whether what follows lets a range end in `..`.
  static func text(
    _ expression: Expr, minimum: Precedence = .formula, mayEndOpen: Bool = true
  ) -> String {
    let precedence = expression.precedence
    let isOpen: Bool
    if case .range(_, nil, _) = expression.kind { isOpen = !mayEndOpen } else { isOpen = false }
    guard precedence >= minimum, !isOpen else { return "(" + text(expression) + ")" }
    switch expression.kind {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .float(let value): return LiteralText.float(value)
    case .percentage(let value): return LiteralText.amount(value) + "%"
    case .text(let value): return LiteralText.text(value)
    case .format(let parts): return format(parts)
    case .date(let days): return LiteralText.date(Int(days))
    case .datetime(let microseconds): return LiteralText.datetime(microseconds)
    case .duration(let parts): return LiteralText.duration(parts)
    case .size(let bytes): return LiteralText.size(bytes)
    case .regex(let pattern, let isCaseInsensitive):
      return LiteralText.regex(pattern, isCaseInsensitive: isCaseInsensitive)
    case .list(let elements): return "[" + list(elements) + "]"
    case .record(let fields):
      return "{"
        + fields.map { "\(LiteralText.name($0.key.text)): \(text($0.value))" }
        .joined(separator: ", ") + "}"
    case .name(let name): return LiteralText.name(name)
    case .variable(let name): return "$" + LiteralText.variable(name)
    case .placeholder: return "_"
    case .call(let function, let arguments):
      return LiteralText.name(function.text) + "(" + list(arguments) + ")"
    case .index(let base, let index):
      // A bracket that touches a number would join it.
      return (isIndexable(base) ? text(base) : "(" + text(base) + ")") + "[" + text(index) + "]"
    case .unary(.minus, let operand):
      return "-" + text(operand, minimum: .minus, mayEndOpen: false)
    case .unary(.not, let operand):
      return "not " + text(operand, minimum: .not, mayEndOpen: mayEndOpen)
    case .binary(let operation, let left, let right):
      return binary(operation, left, right, mayEndOpen: mayEndOpen)
    case .range(let lower, let upper, let isHalfOpen):
      let sign = isHalfOpen ? "..<" : ".."
      return (lower.map { text($0, minimum: .sum, mayEndOpen: false) } ?? "") + sign
        + (upper.map { text($0, minimum: .sum, mayEndOpen: false) } ?? "")
    case .isNull(let operand, let isNegated):
      return text(operand, minimum: .range, mayEndOpen: false)
        + (isNegated ? " is not null" : " is null")
    case .conditional(let condition, let then, let otherwise):
      return "if \(text(condition, minimum: .conditional, mayEndOpen: false))"
        + " then \(text(then, minimum: .conditional, mayEndOpen: false))"
        + " else \(text(otherwise, minimum: .conditional, mayEndOpen: mayEndOpen))"
    case .choice(let arms, let otherwise): return choice(arms, otherwise)
    case .formula(let response, let terms):
      return text(response, minimum: .conditional, mayEndOpen: false) + " ~ "
        + text(terms, minimum: .or, mayEndOpen: mayEndOpen)
    }
  }

  private static func list(_ elements: [Expr]) -> String {
    elements.map { text($0) }.joined(separator: ", ")
  }

  private static func isIndexable(_ base: Expr) -> Bool {
    switch base.kind {
    case .name, .variable, .placeholder, .call, .index, .list, .text, .format: true
    default: false
    }
  }

  private static func binary(
    _ operation: BinaryOperator, _ left: Expr, _ right: Expr, mayEndOpen: Bool
  ) -> String {
    let precedence = operation.precedence
    let leftMinimum: Precedence
    let rightMinimum: Precedence
    switch precedence {
    case .power: (leftMinimum, rightMinimum) = (.postfix, .minus)
    case .comparison: (leftMinimum, rightMinimum) = (.range, .range)
    default: (leftMinimum, rightMinimum) = (precedence, precedence.tighter)
    }
    let sign = precedence == .power || precedence == .interaction
    let gap = sign ? "" : " "
    return text(left, minimum: leftMinimum, mayEndOpen: false)
      + gap + operation.rawValue + gap
      + text(right, minimum: rightMinimum, mayEndOpen: mayEndOpen)
  }

  private static func choice(_ arms: [ChoiceArm], _ otherwise: Expr?) -> String {
    var parts = arms.map { arm in
      "\(text(arm.condition, mayEndOpen: false)): \(text(arm.value))"
    }
    if let otherwise { parts.append("else: \(text(otherwise))") }
    return "case { " + parts.joined(separator: ", ") + " }"
  }

  private static func format(_ parts: [FormatPart]) -> String {
    var result = "f\""
    for part in parts {
      switch part {
      case .text(let text):
        for scalar in text.unicodeScalars {
          // The braces of `\u{…}` stay single, those of the text are doubled.
          let isBrace = scalar == "{" || scalar == "}"
          result += LiteralText.escaped(String(scalar), quote: "\"") + (isBrace ? "\(scalar)" : "")
        }
      case .expression(let expression):
        let inner = self.text(expression)
        result += inner.hasPrefix("{") ? "{(\(inner))}" : "{\(inner)}"
      }
    }
    return result + "\""
  }
}
