import Columnar

extension TypedExpr {
  /// Whether both surely have the same value in every row of every frame.
  ///
  /// False where it is not known: what a function's name and arguments do not say of its kernel, as
  /// a regular expression or a list, keeps even equal calls apart.
  func isSame(as other: TypedExpr) -> Bool {
    guard type == other.type else { return false }
    switch (kind, other.kind) {
    case (.constant(let value), .constant(let other)): return value == other
    case (.column(let name), .column(let other)): return name == other
    case (.apply(let operation, let arguments), .apply(let other, let others)):
      return operation.name == other.name && Self.operators.contains(operation.name)
        && Self.areSame(arguments, others)
    case (.and(let left, let right), .and(let first, let second)),
      (.or(let left, let right), .or(let first, let second)):
      return left.isSame(as: first) && right.isSame(as: second)
    case (.choice(let arms, let otherwise), .choice(let others, let last)):
      return otherwise.isSame(as: last) && arms.count == others.count
        && zip(arms, others).allSatisfy {
          $0.condition.isSame(as: $1.condition) && $0.value.isSame(as: $1.value)
        }
    case (.aggregate(let call), .aggregate(let other)):
      return call.reduction == other.reduction && Self.areSame(call.arguments, other.arguments)
    case (.window(let call), .window(let other)):
      return call.function == other.function && Self.areSame(call.arguments, other.arguments)
    default: return false
    }
  }

  static func areSame(_ first: [TypedExpr], _ second: [TypedExpr]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { $0.isSame(as: $1) }
  }

  /// Operations whose kernels follow from their names and the types of both sides.
  private static let operators: Set<String> = [
    "+", "-", "*", "/", "//", "%", "^", "==", "!=", "<", "<=", ">", ">=", "not", "negate",
    "is null", "is not null",
  ]
}
