/// How tightly parts of an expression hold together, loose to tight. The parser and the printer
/// share it.
package enum Precedence: Int, Comparable, Sendable {
  case formula, conditional, or, and, not, coalesce, comparison, range
  case sum, product, interaction, minus, power, postfix

  package static func < (left: Precedence, right: Precedence) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The next tighter level.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .postfix }
}

extension BinaryOperator {
  package var precedence: Precedence {
    switch self {
    case .power: .power
    case .interaction: .interaction
    case .multiply, .divide, .floorDivide, .remainder: .product
    case .add, .subtract: .sum
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .isNotIn,
      .matches, .doesNotMatch:
      .comparison
    case .coalesce: .coalesce
    case .and: .and
    case .or: .or
    }
  }

  /// The operator that a sign writes; nil for signs that are none, and for `:`, which is one in
  /// formulas only.
  init?(_ symbol: Symbol) {
    switch symbol {
    case .colon: return nil
    default: self.init(rawValue: symbol.rawValue)
    }
  }
}

extension Expr {
  package var precedence: Precedence {
    switch kind {
    case .formula: .formula
    case .conditional: .conditional
    case .binary(let operation, _, _): operation.precedence
    case .isNull: .comparison
    case .unary(.not, _): .not
    case .unary(.minus, _): .minus
    case .range: .range
    case .integer(let value): value < 0 ? .minus : .postfix
    case .float(let value): value.sign == .minus ? .minus : .postfix
    case .percentage(let value): value.sign == .minus ? .minus : .postfix
    default: .postfix
    }
  }
}
