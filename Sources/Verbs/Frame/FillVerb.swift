import Language
import Notebooks
import Query

/// `fill columns with value [by keys] [sort keys] [where condition]`
struct FillVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "fill", .change, "Replaces nulls",
    synopsis: "fill COLUMNS with VALUE|forward|back|linear [by KEYS] [sort KEYS] [where CONDITION]",
    details: [
      "The value may be any expression; in it `_` is the column that is filled. With `by`, "
        + "aggregates are those of the row's group. `forward` takes the last value before, `back` the "
        + "next behind, in the order of `sort` and within the groups of `by`; `linear` the line "
        + "between both, by the number or time of `sort`. With `where`, other rows keep their nulls."
    ], clauses: [.by, .sort, .where],
    examples: [
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic |= fill age with median(age) by sex, pclass", "titanic | missing age, embarked"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | fill sex with \"unknown\" | count by sex"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | fill numeric() with round(mean(_)) by species | missing"),
      Example(
        "load \"datasets/weather.csv\" as weather",
        "weather | derive wind = null where wind < 2 | fill wind with forward sort date | head 3"),
      Example("load \"datasets/co2.csv\" as co2", "co2 | fill co2 with linear sort date | missing"),
    ],
    keywords: [
      "null", "missing values", "impute", "replace", "coalesce", "locf", "na", "interpolate",
    ],
    synonyms: ["fillna", "fill_null", "replace_na", "impute"], prepositions: ["with"])

  static let filtersWhere = false
  let call: Call
  let value: Expr

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "columns and what to fill them with, as fill fare with 0")
    guard let given = call.preposition("with"), given.count == 1, given[0].name == nil else {
      throw call.misuse("`fill` needs one value behind `with`, as fill fare with 0")
    }
    value = given[0].value
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let names = try resolveSelection(call.items, schema: input.schema)
    let items = names.map { name in
      Item(name: Name(name, span(of: name)), value: filled(name))
    }
    return try input.deriving(
      items, keys: call.byItems, order: call.sortKeys, condition: call.condition,
      scope: call.scope(input.schema))
  }

  /// Where the column is written; the first item where a selector picked it.
  private func span(of name: String) -> Span {
    let item = call.items.first {
      if case .name(name) = $0.value.kind { true } else { false }
    }
    return (item ?? call.items[0]).value.span
  }

  /// The functions of what a value is filled from by the order of rows.
  private static let windows = [
    "forward": "fill_forward", "back": "fill_back", "linear": "interpolate",
  ]

  private func filled(_ name: String) -> Expr {
    let column = Expr(.name(name), value.span)
    if case .name(let word) = value.kind, let function = Self.windows[word] {
      return Expr(.call(function: Name(function, value.span), arguments: [column]), value.span)
    }
    let replacement = value.rewritten { part in
      if case .placeholder = part.kind { Expr(.name(name), part.span) } else { part }
    }
    return Expr(.binary(.coalesce, column, replacement), value.span)
  }
}
