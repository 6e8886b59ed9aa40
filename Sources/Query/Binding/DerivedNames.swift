import Columnar
import Language

/// The name that an expression without one gives its column: a column's own; `mean_x` for
/// `mean(x)`; nil where none suggests itself.
package func derivedName(_ expression: Expr) -> String? {
  switch expression.kind {
  case .name(let name): return name
  case .call(let function, let arguments):
    var parts = [function.text]
    for argument in arguments {
      for name in argument.freeNames where !parts.dropFirst().contains(name.text) {
        parts.append(name.text)
      }
    }
    return parts.joined(separator: "_")
  default: return nil
  }
}

extension Item {
  /// The name of the column that the item makes. Throws `usage` where it has none and none suggests
  /// itself.
  package func columnName() throws(Diagnostic) -> Name {
    if let name { return name }
    if let derived = derivedName(value) { return Name(derived, value.span) }
    throw Diagnostic(
      .usage, "the result needs a name", span: value.span, label: "name = …")
  }
}

extension Expr {
  /// One expression for each column that a selector within a call picks: `mean(numeric())` becomes
  /// `mean(a)`, `mean(b)`. Nil where there is none.
  func expandingSelector(schema: Schema) throws(Diagnostic) -> [Expr]? {
    guard case .call(let function, let arguments) = kind, !isSelector(self),
      let place = arguments.firstIndex(where: isSelector)
    else { return nil }
    var expanded: [Expr] = []
    for name in try resolveSelection([Item(value: arguments[place])], schema: schema) {
      var given = arguments
      given[place] = Expr(.name(name), arguments[place].span)
      expanded.append(Expr(.call(function: function, arguments: given), span))
    }
    return expanded
  }
}
