import Columnar
import Language
import Query
import TestSupport

/// The verbs that tests of the planner write, with a syntax as plain as theirs.
let grammar = Grammar(
  verbs: ["filter", "derive", "agg", "sort", "select", "rename", "take"].map {
    VerbSyntax(name: $0, takesNamedItems: $0 == "derive" || $0 == "agg" || $0 == "select")
  }, boundNames: ["t"])

/// The stages of `t | …`.
func stages(_ text: String) throws -> [Stage] {
  let statements = try Parser.parse("t | " + text, grammar: grammar)
  guard case .pipeline(let pipeline) = statements.first?.kind else { return [] }
  return pipeline.stages
}

/// An expression, whose spans count from its first character.
func expression(_ text: String) throws -> Expr {
  let prefix = "t | filter "
  let statements = try Parser.parse(prefix + text, grammar: grammar)
  guard case .pipeline(let pipeline) = statements.first?.kind,
    let item = pipeline.stages.first?.items.first
  else { throw Diagnostic(.syntax, "no expression in \(text)") }
  return item.value
}

/// Where `text` of a diagnostic's span lies in `expression(text)`.
func spanned(_ diagnostic: Diagnostic, in text: String) -> String {
  let bytes = Array(("t | filter " + text).utf8)
  guard let span = diagnostic.span, span.start >= 0, span.end <= bytes.count else { return "" }
  return String(decoding: bytes[span.start..<span.end], as: UTF8.self)
}

extension Frame {
  /// The rows, boxed.
  var rows: [[Scalar]] { (0..<rowCount).map { row in columns.map { $0[row] } } }
}

extension Column {
  var values: [Scalar] { (0..<count).map { self[$0] } }
}

/// The plan of a pipeline of the verbs above, on `frame`.
func plan(
  _ text: String, on frame: Frame, scope: Scope = Scope()
) throws -> LogicalPlan {
  try stages(text).reduce(LogicalPlan.frame(frame, label: "t")) { plan, stage in
    try adding(stage, to: plan, scope: scope)
  }
}

/// The plan with a stage of one of the verbs above behind it.
func adding(_ stage: Stage, to plan: LogicalPlan, scope: Scope) throws -> LogicalPlan {
  var keys: [Item] = []
  var order: [Language.SortKey] = []
  var condition: Expr?
  for clause in stage.clauses {
    switch clause.kind {
    case .by(let items): keys = items
    case .sort(let sort): order = sort
    case .where(let expression): condition = expression
    default: break
    }
  }
  switch stage.verb.text {
  case "filter":
    return try plan.filtered(
      by: stage.items.map(\.value), keys: keys, order: order, scope: scope)
  case "derive":
    return try plan.deriving(
      stage.items, keys: keys, order: order, condition: condition, scope: scope)
  case "agg": return try plan.aggregated(stage.items, keys: keys, order: order, scope: scope)
  case "sort":
    return try plan.sorted(by: order.isEmpty ? sortKeys(stage.items) : order, scope: scope)
  case "select": return try plan.selecting(stage.items)
  case "rename": return try plan.renaming(stage.items)
  case "take":
    guard case .integer(let count) = stage.items.first?.value.kind else { return plan }
    return .take(plan, .range(0..<Int(count)), by: try plan.boundKeys(keys, scope: scope))
  default: throw Diagnostic(.unknownVerb, "no verb \(stage.verb.text) in these tests")
  }
}

private func sortKeys(_ items: [Item]) -> [Language.SortKey] {
  items.map { item in
    if case .unary(.minus, let operand) = item.value.kind {
      return SortKey(value: operand, isDescending: true)
    }
    return SortKey(value: item.value, isDescending: false)
  }
}

func run(_ text: String, on frame: Frame, scope: Scope = Scope()) throws -> Frame {
  try Execution.run(plan(text, on: frame, scope: scope)).frame
}
