import Columnar
import Language
import Notebooks
import Query

/// `densify keys [step=width] [by keys]`
struct DensifyVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "densify", .change, "Adds rows for the combinations of columns that are missing",
    synopsis: "densify COLUMNS [step=WIDTH] [by KEYS]",
    details: [
      "Every combination of the columns' values that no row has becomes a row; its other columns "
        + "are null, for `fill` to fill. `step` is for the last column, a whole number, date or "
        + "datetime: its values are then all from the least to the greatest, so far apart. With "
        + "`by`, each group has its own values, and its own least and greatest.",
      "Rows come out by the keys of `by` and the columns, as after `sort`. A null makes no "
        + "combination; its row stays. What there is to combine depends on the data, so what comes "
        + "before runs at once.",
    ], clauses: [.by],
    options: [.init("step", "width", "from one value of the last column to the next: 1, 1d, 1mo")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | agg n = count() by species, island | densify species, island | fill n with 0"),
      Example(
        "load \"datasets/weather.csv\" as weather",
        "weather | filter weather == \"snow\" | agg days = count() by month = bin(date, 1mo) | densify month step=1mo | fill days with 0 | head 4"
      ),
      Example(
        "load \"datasets/co2.csv\" as co2",
        "co2 | densify date step=1w | fill co2 with linear sort date | tail 3"),
    ],
    keywords: [
      "missing rows", "gaps", "missing dates", "fill dates", "zero counts", "expand", "calendar",
      "time series", "resample", "asfreq", "upsample", "reindex", "densify", "combinations",
    ],
    synonyms: ["complete", "expand_grid", "asfreq", "upsample"])

  let call: Call
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...20, "columns, as densify date step=1d")
    if call.items.count == 1, call.option("step") == nil {
      throw call.misuse("one column alone needs `step`, as densify date step=1d")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    guard let input, let plan = session.plan(of: input) else {
      throw Diagnostic(
        .type, "`densify` works on a frame, and this is \(input?.typeName ?? "nothing")",
        span: call.stage.verb.span)
    }
    let step = try call.option("step").map { (value: try call.scalar($0), span: $0.span) }
    return .plan(
      try plan.densified(
        DensifyRequest(
          keys: try call.items.map(column), groups: try call.byItems.map(column), step: step,
          span: call.stage.span)))
  }

  private func column(_ item: Item) throws -> Name {
    guard case .name(let name) = item.value.kind, item.name == nil else {
      throw call.misuse("`densify` takes columns; derive others before", at: item.value.span)
    }
    return Name(name, item.value.span)
  }
}
