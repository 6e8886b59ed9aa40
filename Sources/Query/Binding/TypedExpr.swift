import Columnar
import Language

/// An element-wise operation with the name it has in descriptions.
package struct Operation: Sendable {
  package let name: String
  /// Whether it can neither fail nor turn a value into null: then it may run on rows whose result
  /// nobody wants.
  package let isTotal: Bool
  package let kernel: Kernel

  package init(_ name: String, isTotal: Bool = false, kernel: @escaping Kernel) {
    self.name = name
    self.isTotal = isTotal
    self.kernel = kernel
  }
}

/// A reduction of the rows of a group, inside an expression.
package struct AggregateCall: Sendable {
  package var reduction: Reduction
  package var arguments: [TypedExpr]
}

/// A function of a row and those around it, inside an expression.
package struct WindowCall: Sendable {
  package enum Function: Sendable, Hashable {
    case rowNumber
    /// By the values of its argument, or by the stage's order where it has none.
    case rank(Ranking)
    /// By the stage's order, whose first key the argument is: a null has no rank.
    case orderedRank(Ranking)
    case cumulative(Cumulative)
    /// The value so many rows before (above 0) or after (below 0).
    case shifted(Int)
    /// Whether there is a row so many rows before or after.
    case isInside(Int)
    /// Null where fewer than `minimum` values of the window are not null.
    case rolling(Rolling, over: Window, minimum: Int)
    /// The value of the row of that number, from 1, or from the end where it is below 0.
    case nth(Int)
    /// Nulls as the value before or behind them, no more than `limit` rows away.
    case filled(isForward: Bool, limit: Int)
    /// Nulls as the line between the known values around them has it, by the first key of the
    /// stage's order.
    case interpolated
    /// Random numbers, a row each.
    case random(RandomColumn, seed: UInt64)
  }

  /// What a rolling window holds.
  package enum Window: Sendable, Hashable {
    /// So many rows, the row's own the last.
    case rows(Int)
    /// The rows of the time up to the row's own, by the first key of the stage's order.
    case time(Columnar.Duration)
  }

  package var function: Function
  package var arguments: [TypedExpr]
}

/// An expression whose names and types are known.
package struct TypedExpr: Sendable {
  package indirect enum Kind: Sendable {
    case constant(Scalar)
    case column(String)
    case apply(Operation, [TypedExpr])
    /// Both sides are bools; the right side's failures count only where the left leaves it open.
    case and(TypedExpr, TypedExpr)
    case or(TypedExpr, TypedExpr)
    /// The value of the first arm whose condition is true.
    case choice([Arm], otherwise: TypedExpr)
    case aggregate(AggregateCall)
    case window(WindowCall)
  }

  package struct Arm: Sendable {
    package var condition: TypedExpr
    package var value: TypedExpr
  }

  package var kind: Kind
  /// The static type; nil for the literal null, which fits every type.
  package var type: DataType?
  package var span: Span

  package init(_ kind: Kind, type: DataType?, span: Span) {
    self.kind = kind
    self.type = type
    self.span = span
  }

  package static func constant(_ value: Scalar, span: Span) -> TypedExpr {
    TypedExpr(.constant(value), type: value.type, span: span)
  }

  package static func column(_ name: String, type: DataType, span: Span = Span(0, 0)) -> TypedExpr {
    TypedExpr(.column(name), type: type, span: span)
  }

  /// `operation` on `arguments`; computed at once where all are constants.
  package static func apply(
    _ operation: Operation, _ arguments: [TypedExpr], type: DataType, span: Span
  ) -> TypedExpr {
    let applied = TypedExpr(.apply(operation, arguments), type: type, span: span)
    return arguments.isEmpty ? applied : applied.folded
  }

  /// The value, if it is a constant.
  package var constant: Scalar? {
    if case .constant(let value) = kind { value } else { nil }
  }

  /// The name, if it is a column alone.
  package var columnName: String? {
    if case .column(let name) = kind { name } else { nil }
  }
}

extension TypedExpr {
  package var children: [TypedExpr] {
    switch kind {
    case .constant, .column: []
    case .apply(_, let arguments): arguments
    case .and(let left, let right), .or(let left, let right): [left, right]
    case .choice(let arms, let otherwise):
      arms.flatMap { [$0.condition, $0.value] } + [otherwise]
    case .aggregate(let call): call.arguments
    case .window(let call): call.arguments
    }
  }

  /// The expression with `body` applied to each part, innermost first.
  package func mapped(_ body: (TypedExpr) -> TypedExpr) -> TypedExpr {
    var result = self
    switch kind {
    case .constant, .column: break
    case .apply(let operation, let arguments):
      result.kind = .apply(operation, arguments.map { $0.mapped(body) })
    case .and(let left, let right): result.kind = .and(left.mapped(body), right.mapped(body))
    case .or(let left, let right): result.kind = .or(left.mapped(body), right.mapped(body))
    case .choice(let arms, let otherwise):
      result.kind = .choice(
        arms.map { Arm(condition: $0.condition.mapped(body), value: $0.value.mapped(body)) },
        otherwise: otherwise.mapped(body))
    case .aggregate(var call):
      call.arguments = call.arguments.map { $0.mapped(body) }
      result.kind = .aggregate(call)
    case .window(var call):
      call.arguments = call.arguments.map { $0.mapped(body) }
      result.kind = .window(call)
    }
    return body(result)
  }

  /// The columns it reads, in order of first use.
  package var columns: [String] {
    var names: [String] = []
    visit { part in
      if let name = part.columnName, !names.contains(name) { names.append(name) }
    }
    return names
  }

  package func visit(_ body: (TypedExpr) -> Void) {
    body(self)
    for child in children { child.visit(body) }
  }

  /// Whether an aggregate or a window is part of it: then its rows depend on one another.
  package var readsOtherRows: Bool {
    var found = false
    visit { part in
      switch part.kind {
      case .aggregate, .window: found = true
      default: break
      }
    }
    return found
  }

  /// Whether it can neither fail nor turn a value into null.
  package var isTotal: Bool {
    var total = true
    visit { part in
      switch part.kind {
      case .apply(let operation, _): if !operation.isTotal { total = false }
      case .aggregate, .window: total = false
      default: break
      }
    }
    return total
  }

  /// The expression with other columns in place of some: for moving it below a rename or a derive.
  package func substituting(_ replacements: [String: TypedExpr]) -> TypedExpr {
    mapped { part in part.columnName.flatMap { replacements[$0] } ?? part }
  }
}
