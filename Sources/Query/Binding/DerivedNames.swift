import Columnar
import Language

/// The name that an expression without one gives its column: a column's own; `mean_x` for
/// `mean(x)`; `q95_x` for `quantile(x, 0.95)`; `lag_x_7` for `lag(x, 7)`, as of all windows with a
/// number or a duration; nil where none suggests itself.
package func derivedName(_ expression: Expr) -> String? {
  switch expression.kind {
  case .name(let name): return name
  case .call(let function, let arguments):
    var parts = [function.text]
    if function.text == "quantile", arguments.count == 2, let percent = arguments[1].percent {
      parts = ["q" + percent]
    }
    for argument in arguments {
      for name in argument.freeNames where !parts.dropFirst().contains(name.text) {
        parts.append(name.text)
      }
    }
    if Functions.named(function.text)?.family == .window {
      for argument in arguments {
        switch argument.kind {
        case .integer, .duration:
          parts.append(print(argument).filter { $0 != " " })
        default: break
        }
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

extension Expr {
  /// A number from 0 to 1 in hundredths, as part of a name: `95`, `99_9`.
  fileprivate var percent: String? {
    let hundredths: Double
    switch kind {
    case .percentage(let value): hundredths = value
    case .float(let value): hundredths = value * 100
    case .integer(let value): hundredths = Double(value) * 100
    default: return nil
    }
    guard (0...100).contains(hundredths) else { return nil }
    // 0.29 * 100 is not 29.
    let rounded = (hundredths * 1e6).rounded() / 1e6
    return String(Casts.text(rounded).map { $0 == "." ? "_" : $0 })
  }
}
