import Language
import Notebooks
import Query

/// `filter condition, … [by keys]`
struct FilterVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "filter", .change, "Keeps the rows for which a condition is true",
    synopsis: "filter CONDITION, … [by KEYS] [sort KEYS]",
    details: [
      "Rows for which it is false or null go; the line below the result counts both. With `by`, "
        + "aggregates in the condition are those of the row's group."
    ], clauses: [.by, .sort],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | filter body_mass_g > 5500"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | filter body_mass_g > 1.3 * mean(body_mass_g) by species | count"),
    ], keywords: ["where", "rows", "subset", "keep", "condition", "query"])

  static let filtersWhere = false
  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...100, "a condition, as filter fare > 0")
    for item in call.items {
      if let name = item.name {
        throw Diagnostic(
          .syntax, "`=` binds a name; to compare, use `==`", span: name.span,
          hints: ["filter \(name.text) == \(Language.print(item.value))"])
      }
    }
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.filtered(
      by: call.items.map(\.value), keys: call.byItems, order: call.sortKeys,
      scope: call.scope(input.schema))
  }
}

/// `derive name = expression, … [by keys] [sort keys] [where condition]`
struct DeriveVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "derive", .change, "Adds or replaces columns",
    synopsis: "derive NAME = EXPRESSION, … [by KEYS] [sort KEYS] [where CONDITION]",
    details: [
      "Items run from left to right, each may use those before it. With `by`, aggregates and "
        + "windows are those of the row's group; with `where`, other rows keep their value."
    ], clauses: [.by, .sort, .where],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | derive kg = body_mass_g / 1000 | select species, kg | head 3"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | derive above = body_mass_g - mean(body_mass_g) by species | head 3"),
    ],
    keywords: [
      "calculated field", "change a value", "mutate", "column", "compute", "assign", "new",
      "calculate",
    ],
    synonyms: ["mutate", "extend", "gen", "generate", "with_columns"], takesNamedItems: true)

  static let filtersWhere = false
  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1000, "columns, as derive kg = mass / 1000")
    for item in call.items where item.name == nil && item.each == nil {
      if case .name(let name) = item.value.kind {
        throw Diagnostic(
          .usage, "`derive` needs what `\(name)` shall be", span: item.value.span,
          label: "\(Language.print(item.value)) = …")
      }
    }
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.deriving(
      call.items, keys: call.byItems, order: call.sortKeys, condition: call.condition,
      scope: call.scope(input.schema))
  }
}
