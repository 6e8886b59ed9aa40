import Language

extension Expr {
  /// How high an expression may be to be bound: binding and running go down it level by level, and
  /// the stack ends somewhere.
  static let heightLimit = 400

  /// Throws where the expression is too high. Looks with a list of its own, not by recursion.
  func checkHeight(span: Span) throws(Diagnostic) {
    var open: [(part: Expr, depth: Int)] = [(self, 1)]
    while let (part, depth) = open.popLast() {
      guard depth <= Expr.heightLimit else {
        throw Diagnostic(
          .value, "the expression is nested too deeply", span: span,
          label: "more than \(Expr.heightLimit) levels: derive a part of it first")
      }
      for child in part.parts { open.append((child, depth + 1)) }
    }
  }

  /// The expressions that it is made of directly.
  private var parts: [Expr] {
    switch kind {
    case .format(let parts):
      parts.compactMap { if case .expression(let part) = $0 { part } else { nil } }
    case .list(let elements): elements
    case .record(let fields): fields.map(\.value)
    case .call(_, let arguments): arguments
    case .index(let base, let index): [base, index]
    case .unary(_, let operand), .isNull(let operand, _): [operand]
    case .binary(_, let left, let right), .formula(let left, let right): [left, right]
    case .range(let lower, let upper, _): [lower, upper].compactMap { $0 }
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .choice(let arms, let otherwise):
      arms.flatMap { [$0.condition, $0.value] } + [otherwise].compactMap { $0 }
    case .null, .bool, .integer, .float, .percentage, .text, .date, .datetime, .duration, .size,
      .regex, .name, .variable, .placeholder:
      []
    }
  }
}
