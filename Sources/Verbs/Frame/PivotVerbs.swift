import Columnar
import Language
import Notebooks
import Query

/// `pivot aggregate, … by keys [rows=columns]`
struct PivotVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "pivot", .change, "Spreads the values of a column over columns",
    synopsis: "pivot [NAME =] AGGREGATE, … by KEYS [rows=COLUMNS] [values=[…]] [fill=VALUE] "
      + "[where CONDITION]",
    details: [
      "One row for each combination of `rows`, in their order; one column for each value of the "
        + "keys, named after it, or with several aggregates `aggregate_value`. Null is a column "
        + "of its own. A combination that does not occur is null, or what `fill` says.",
      "Which columns there are depends on the data, so what comes before runs at once; "
        + "`values=[…]` says which there shall be.",
    ], clauses: [.by, .where],
    options: [
      .init(
        "rows", "column|[columns]", "what stays rows, as month(date); one row if not given"),
      .init("values", "[values]", "the values of the key that become columns, in this order"),
      .init("fill", "value", "what stands where a combination does not occur"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | pivot mean(body_mass_g) by island rows=species"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | pivot n = count(), share = mean(survived) by sex rows=pclass"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | pivot count() by year rows=[species, sex] values=[2007, 2009] fill=0"),
    ],
    keywords: [
      "long to wide", "wide", "crosstab", "spread", "reshape", "columns", "pivot_wider", "unstack",
    ],
    synonyms: ["pivot_wider", "spread"], takesNamedItems: true)

  let call: Call
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...100, "aggregates, as pivot mean(fare) by borough")
    if call.byItems.isEmpty {
      throw call.misuse("`pivot` needs the keys that become columns: by KEYS")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    guard let input, let plan = session.tracedPlan(of: input) else {
      throw Diagnostic(
        .type, "`pivot` works on a frame, and this is \(input?.typeName ?? "nothing")",
        span: call.stage.verb.span)
    }
    let request = PivotRequest(
      items: call.items, keys: call.byItems, rows: try rows, values: try values,
      valuesSpan: call.option("values")?.span, fill: try call.scalarOption("fill") ?? .null,
      span: call.stage.span)
    return .plan(try plan.pivoted(request, scope: call.scope(plan.schema)))
  }

  private var rows: [Item] {
    get throws {
      guard let value = call.option("rows") else { return [] }
      guard case .list(let keys) = value.kind else { return [try row(value)] }
      return try keys.map(row)
    }
  }

  /// A column, or what is computed of some, as month(date).
  private func row(_ key: Expr) throws -> Item {
    switch key.kind {
    case .name, .call, .binary, .unary, .conditional, .choice: return Item(value: key)
    default: throw call.misuse("`rows` takes columns, as rows=[year, month]", at: key.span)
    }
  }

  private var values: [Scalar]? {
    get throws {
      guard let value = call.option("values") else { return nil }
      guard case .list(let elements) = value.kind, !elements.isEmpty else {
        throw call.invalid("values", "a list, as values=[\"a\", \"b\"]")
      }
      return try elements.map { element in
        if case .name(let name) = element.kind {
          throw Diagnostic(
            .arguments, "`values` takes values, and `\(name)` is a name", span: element.span,
            hints: [Language.print(Expr(.text(name), element.span))])
        }
        return try call.scalar(element)
      }
    }
  }
}

/// `melt columns [into name, value]`
struct MeltVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "melt", .change, "Puts columns one below the other",
    synopsis: "melt COLUMNS [into NAME, VALUE]",
    details: [
      "Each row becomes as many as columns are melted: their names stand in one column, their "
        + "values in another, `name` and `value` if not given. The other columns are repeated; "
        + "`-x` melts all but x. Values of types that do not fit together become text, which is "
        + "said."
    ], clauses: [.into],
    examples: [
      Example(
        "load \"datasets/iris.csv\" as iris",
        "iris | melt -species into part, length | agg mean(length) by species, part"),
      Example(
        "load \"datasets/longley.csv\" as longley",
        "longley | head 2 | melt employed, unemployed into group, thousands"),
    ],
    keywords: [
      "wide to long", "long", "unpivot", "gather", "reshape", "stack", "pivot_longer", "rows",
    ],
    synonyms: ["unpivot", "pivot_longer"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "columns, as melt -id into name, value")
    if let third = call.intoNames.dropFirst(2).first {
      throw call.misuse("`into` takes two names", at: third.span)
    }
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let names = call.intoNames
    let verb = call.stage.verb.span
    return try input.melted(
      call.items, name: names.first ?? Name("name", verb),
      value: names.dropFirst().first ?? Name("value", verb), span: call.stage.span)
  }
}
