import Columnar
import Language
import Synchronization

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

/// The values of a frame of one column, gone through where they are asked for and once for each type.
package final class BoundList: Sendable {
  private let column: Column
  private let memberships = Mutex<[DataType: Membership]>([:])

  package init(_ column: Column) { self.column = column }

  var type: DataType { column.type }

  /// Whether it has no value that is not null.
  var isEmpty: Bool { column.nullCount == column.count }

  /// What tells whether a value of a type is among them; nulls are none of them.
  func membership(_ type: DataType) throws -> Membership {
    if let known = memberships.withLock({ $0[type] }) { return known }
    let made = try Membership(column, type: type)
    memberships.withLock { $0[type] = made }
    return made
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
