/// An expression as written, not yet bound to a schema.
package struct Expr: Sendable {
  package indirect enum Kind: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    /// `80%`; the payload is the number before the sign.
    case percentage(Double)
    case text(String)
    /// `f"… {x} …"`
    case format([FormatPart])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since 1970-01-01T00:00.
    case datetime(Int64)
    /// `1d 2h`: parts in the order written.
    case duration([DurationPart])
    /// `2GB`, in bytes.
    case size(Int64)
    case regex(pattern: String, isCaseInsensitive: Bool)
    case list([Expr])
    case record([RecordField])
    /// A bare name: in a stage a column, at the top level a bound value.
    case name(String)
    /// `$name`: a bound scalar or parameter.
    case variable(String)
    /// `_`: what was last shown, or the column in `each(…) = …`.
    case placeholder
    case call(function: Name, arguments: [Expr])
    case index(Expr, Expr)
    case unary(UnaryOperator, Expr)
    case binary(BinaryOperator, Expr, Expr)
    /// `a..b` and `a..<b`; an open end is nil.
    case range(lower: Expr?, upper: Expr?, isHalfOpen: Bool)
    /// `x is null`, `x is not null`.
    case isNull(Expr, isNegated: Bool)
    case conditional(condition: Expr, then: Expr, otherwise: Expr)
    case choice(arms: [ChoiceArm], otherwise: Expr?)
    /// `response ~ terms`, in `fit` only; the terms are joined by `+`, `-`, `*` and `:`.
    case formula(response: Expr, terms: Expr)
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

package enum FormatPart: Sendable {
  case text(String)
  case expression(Expr)
}

package struct DurationPart: Sendable {
  package enum Unit: String, Sendable, CaseIterable {
    case microsecond = "us"
    case millisecond = "ms"
    case second = "s"
    case minute = "min"
    case hour = "h"
    case day = "d"
    case week = "w"
    case month = "mo"
    case quarter = "q"
    case year = "y"
  }

  package var amount: Double
  package var unit: Unit

  package init(amount: Double, unit: Unit) {
    self.amount = amount
    self.unit = unit
  }
}

package struct RecordField: Sendable {
  package var key: Name
  package var value: Expr

  package init(key: Name, value: Expr) {
    self.key = key
    self.value = value
  }
}

package struct ChoiceArm: Sendable {
  package var condition: Expr
  package var value: Expr

  package init(condition: Expr, value: Expr) {
    self.condition = condition
    self.value = value
  }
}

package enum UnaryOperator: String, Sendable {
  case minus = "-"
  case not
}

package enum BinaryOperator: String, Sendable, CaseIterable {
  case power = "^"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case add = "+"
  case subtract = "-"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case isNotIn = "not in"
  case matches = "=~"
  case doesNotMatch = "!~"
  case coalesce = "??"
  case and
  case or
  /// `a:b` between terms of a formula.
  case interaction = ":"
}
