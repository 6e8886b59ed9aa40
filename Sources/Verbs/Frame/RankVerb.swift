import Language
import Notebooks
import Query

/// `rank [-]key, … [by keys] [as name] [method=min|dense|percent|first]`
struct RankVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "rank", .change, "Adds the place of each row in an order",
    synopsis: "rank [-]KEY, … [by KEYS] [as NAME] [method=min|dense|percent|first]",
    details: [
      "The keys are those of `sort`: with `-` the greatest has rank 1. Equal rows have one rank, "
        + "and the next rank leaves room for them (`dense`: does not; `first`: each has its own, in "
        + "the order of the rows; `percent`: from 0 to 1). Where the first key is null, so is the "
        + "rank. The column is named `rank_KEY` unless `as` says otherwise."
    ], clauses: [.by, .as],
    options: [.init("method", "min|dense|percent|first", "what equal rows get; default min")],
    examples: [
      Example(
        "load \"datasets/mtcars.csv\" as cars",
        "cars | rank -mpg by cyl as place | filter place == 1 | select cyl, model, mpg"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | rank body_mass_g method=percent | select species, rank_body_mass_g | head 3"),
    ], keywords: ["order", "place", "position", "percentile", "top", "row_number"])

  let call: Call
  let method: LogicalPlan.RankMethod

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...100, "keys, as rank -fare by borough")
    let words = LogicalPlan.RankMethod.allCases.map(\.rawValue)
    let word = try call.choiceOption("method", among: words)
    method = word.flatMap { LogicalPlan.RankMethod(rawValue: $0) } ?? .min
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let keys = call.itemsAsSortKeys
    let ranked = Expr(
      .call(function: Name("rank"), arguments: keys.map(\.value)), call.stage.verb.span)
    return try input.ranked(
      by: keys, groups: call.byItems, method: method,
      name: call.alias?.text ?? derivedName(ranked) ?? "rank", scope: call.scope(input.schema))
  }
}
