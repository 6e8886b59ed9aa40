import Language
import Notebooks
import Query

/// `agg name = aggregate, … [by keys]`
struct AggVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "agg", .summarise, "One row a group, with aggregates",
    synopsis: "agg [NAME =] AGGREGATE, … [by KEYS] [where CONDITION] [sort KEYS]",
    details: [
      "Groups come out in order of their keys, null last. Aggregates leave out nulls; `count()` "
        + "counts rows, `count(x)` values. `agg mean(numeric())` takes every numeric column. "
        + "Without `by`, one row for all. `sort` orders the result by its columns; keys that are no "
        + "columns of it are the order that `first` and `last` go by."
    ], clauses: [.by, .sort, .where],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | agg n = count(), mean(body_mass_g) by species, sex"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | agg p95 = quantile(body_mass_g, 0.95), sd(body_mass_g)"),
    ],
    keywords: [
      "group", "summarise", "summarize", "aggregate", "groupby", "mean", "average", "sum",
      "collapse",
    ],
    synonyms: ["summarize", "summarise", "aggregate", "collapse"], takesNamedItems: true)

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1000, "aggregates, as agg n = count() by species")
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.aggregated(
      call.items, keys: call.byItems, order: call.sortKeys, scope: call.scope(input.schema))
  }
}

/// `count [by keys]`
struct CountVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "count", .summarise, "How many rows there are", synopsis: "count [by KEYS] [where CONDITION]",
    clauses: [.by, .where],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | count by species"),
      Example("load \"datasets/penguins.csv\" as penguins", "count where body_mass_g > 5000"),
    ], keywords: ["rows", "number", "n", "size", "length"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(0...0, "no items; `tabulate x` counts the values of a column")
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    if call.byItems.isEmpty { return .count(input, as: "count") }
    let counted = Item(
      name: Name("count"),
      value: Expr(.call(function: Name("count"), arguments: []), call.stage.verb.span))
    return try input.aggregated(
      [counted], keys: call.byItems, scope: call.scope(input.schema))
  }
}
