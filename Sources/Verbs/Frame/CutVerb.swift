import Language
import Notebooks
import Query

/// `cut column breaks=[…] | bins=N | quantiles=N [labels=[…]] [by keys] [as name]`
struct CutVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "cut", .change, "Adds the interval that a number lies in",
    synopsis:
      "cut COLUMN breaks=[…]|bins=N|quantiles=N [labels=[…]] [by KEYS] [as NAME]",
    details: [
      "`breaks` are the borders themselves; `bins` cuts from the least to the greatest value into "
        + "intervals of one width, `quantiles` into intervals of about as many rows, both in each "
        + "group of `by`. Intervals hold their lower border, the last one both; outside of them, "
        + "and for null, the result is null. The column is named `cut_COLUMN` unless `as` says "
        + "otherwise."
    ], clauses: [.by, .as],
    options: [
      .init("breaks", "[0, 10, 20]", "borders, rising"),
      .init("bins", "1…1000", "intervals of one width"),
      .init("quantiles", "1…1000", "intervals of as many rows"),
      .init("labels", "[\"low\", \"high\"]", "names of the intervals, from the lowest"),
    ],
    examples: [
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | cut age breaks=[0, 18, 60, 100] labels=[\"child\", \"adult\", \"old\"] as ages | count by ages"
      ),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | cut body_mass_g quantiles=4 | count by cut_body_mass_g"),
      Example(
        "load \"datasets/weather.csv\" as weather", "weather | cut wind bins=5 as w | count by w"),
    ], keywords: ["bins", "bin", "bucket", "interval", "discretise", "qcut", "quartile", "group"],
    synonyms: ["bucketize", "qcut"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one column, as cut age breaks=[0, 18, 65, 120]")
    let ways = ["breaks", "bins", "quantiles"].filter { call.option($0) != nil }
    guard ways.count == 1 else {
      throw call.misuse(
        ways.isEmpty
          ? "`cut` needs breaks, bins or quantiles, as cut age bins=5"
          : "`\(ways[0])` and `\(ways[1])` are two ways to cut")
    }
    _ = try call.integerOption("bins", in: 1...1000)
    _ = try call.integerOption("quantiles", in: 1...1000)
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let item = call.items[0]
    let isQuantile = call.option("quantiles") != nil
    let name = Name(isQuantile ? "qcut" : "cut", call.stage.verb.span)
    var arguments = [item.value]
    for option in ["breaks", "bins", "quantiles", "labels"] {
      if let value = call.option(option) { arguments.append(value) }
    }
    let value = Expr(.call(function: name, arguments: arguments), call.stage.span)
    let standard = derivedName(
      Expr(.call(function: Name("cut"), arguments: [item.value]), item.value.span))
    return try input.deriving(
      [Item(name: call.alias ?? Name(standard ?? "cut", item.value.span), value: value)],
      keys: call.byItems, scope: call.scope(input.schema))
  }
}
