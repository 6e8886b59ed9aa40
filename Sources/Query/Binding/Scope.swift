import Columnar
import Language

/// What the names in an expression may stand for.
package struct Scope: Sendable {
  /// The columns at this stage.
  package var schema: Schema
  /// Bound scalars and parameters, for `$name`.
  package var variables: [String: Scalar]
  /// Bound frames of one column, which `in $name` takes for lists.
  package var lists: [String: BoundList] = [:]
  /// All bound names with what they are (`frame`, `model`, `scalar`), for hints only.
  package var boundNames: [String: String]
  /// `def`s, of which those of expressions expand here.
  package var definitions: [String: Definition]
  /// The column that `_` stands for, in `each(…) = …`.
  package var placeholder: String?
  /// Whether the rows are in an order that was asked for, as `lag` and `first` need.
  package var isOrdered: Bool
  /// The types of the keys of the stage's own `sort` clause, nil for one that is null alone; empty
  /// where it has no such clause.
  package var orderTypes: [DataType?] = []

  package init(
    schema: Schema = Schema([]), variables: [String: Scalar] = [:],
    lists: [String: BoundList] = [:],
    boundNames: [String: String] = [:], definitions: [String: Definition] = [:],
    placeholder: String? = nil, isOrdered: Bool = false
  ) {
    self.schema = schema
    self.variables = variables
    self.lists = lists
    self.boundNames = boundNames
    self.definitions = definitions
    self.placeholder = placeholder
    self.isOrdered = isOrdered
  }

  /// The same names over rows that are in an order or not.
  func with(isOrdered: Bool) -> Scope {
    var scope = self
    scope.isOrdered = isOrdered
    return scope
  }

  /// The same names over other columns.
  package func with(schema: Schema, isOrdered: Bool? = nil) -> Scope {
    var scope = self
    scope.schema = schema
    if let isOrdered { scope.isOrdered = isOrdered }
    return scope
  }
}

/// The values of a frame of one column, read where they are asked for.
package struct BoundList: Sendable {
  private let column: Column

  package init(_ column: Column) { self.column = column }

  /// All of them that are not null, in order.
  package func values() -> [Scalar] {
    (0..<column.count).lazy.map { column[$0] }.filter { $0 != .null }
  }
}

extension Scope {
  /// The error for a column that is not there, with what may have been meant.
  package func unknownColumn(_ name: String, span: Span?) -> Diagnostic {
    var diagnostic = Diagnostic(.unknownColumn, "no column `\(name)` here", span: span)
    if let near = nearest(name, among: schema.names) {
      diagnostic.label = "did you mean `\(near)`?"
    } else if variables[name] != nil {
      diagnostic.label = "a bound value is `$\(name)`"
    } else if let kind = boundNames[name] {
      diagnostic.label = "`\(name)` is a \(kind), not a column"
    } else if Functions.named(name) != nil {
      diagnostic.label = "the function is `\(name)(…)`"
    }
    diagnostic.notes = [Suggestion.listing(schema.names)]
    if diagnostic.label?.hasPrefix("did you mean") == true, variables[name] != nil {
      diagnostic.hints = ["$\(name)"]
    }
    return diagnostic
  }

  /// The error for a `$name` that is not bound.
  func unknownVariable(_ name: String, span: Span) -> Diagnostic {
    var diagnostic = Diagnostic(.unknownName, "no value `\(name)` is bound", span: span)
    if let near = nearest(name, among: variables.keys.sorted()) {
      diagnostic.label = "did you mean `$\(near)`?"
    } else if let kind = boundNames[name] {
      diagnostic.label = "`\(name)` is a \(kind), not a single value"
    } else if schema[name] != nil {
      diagnostic.label = "the column is `\(name)`, without `$`"
    }
    return diagnostic
  }
}
