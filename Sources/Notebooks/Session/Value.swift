import Columnar
import Display
import Query

/// What a name can be bound to, and what a pipeline gives.
package enum Value: Sendable {
  case frame(Frame)
  /// Rows that have not been computed yet. Lives inside a pipeline only.
  case plan(LogicalPlan)
  case scalar(Scalar)
  /// The parts of a split, to be bound to as many names.
  case frames([Frame])
  /// A model, or another thing with a type of its own.
  case object(any SessionObject)
  /// A report or a plot.
  case output(Output)
  /// Several things to show, in order.
  case outputs([Output])
  /// Nothing to show or bind.
  case nothing

  /// What it is called in messages, with its article.
  package var typeName: String {
    switch self {
    case .frame, .plan: "a frame"
    case .scalar: "a scalar"
    case .frames(let parts): "\(parts.count) frames"
    case .object(let object): object.typeName
    case .output, .outputs: "a report"
    case .nothing: "nothing"
    }
  }
}

/// A value of a kind that the session need not know, as a fitted model.
package protocol SessionObject: Sendable {
  /// What it is called in messages, with its article: `a model`.
  var typeName: String { get }

  /// What is drawn when the name alone is typed.
  var output: Output { get }

  /// What is said when it is bound to another name, after that: `ols  y ~ x  342 rows`.
  var summary: String { get }

  /// What is drawn when a pipeline has made it and it is bound to a name.
  func introduction(as name: String) -> Output
}
