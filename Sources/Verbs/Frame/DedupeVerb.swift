import Language
import Notebooks
import Query

/// `dedupe [by keys] [keep=first|last|any|none] [sort keys]`
struct DedupeVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "dedupe", .change, "Leaves out duplicate rows",
    synopsis: "dedupe [by KEYS] [keep=any|first|last|none] [sort KEYS]",
    details: [
      "Rows are duplicates where their keys are equal, or without `by` where all columns are; null "
        + "equals null. `keep=first` and `keep=last` go by an order that was asked for, as "
        + "`sort -updated`; without `keep` the first as the rows stand is kept, and `keep=none` keeps "
        + "only rows that have no duplicate. The rows stay in their order."
    ], clauses: [.by, .sort],
    options: [.init("keep", "any|first|last|none", "which of several rows stays")],
    examples: [
      Example("load \"datasets/iris.csv\" as iris", "iris | dedupe | count"),
      Example(
        "load \"datasets/weather.csv\" as weather",
        "weather | dedupe by year(date), month(date) keep=first sort -temp_max | head 3"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | dedupe by ticket keep=none | count"),
    ], keywords: ["duplicates", "unique", "distinct", "drop_duplicates", "repeated"],
    synonyms: ["drop_duplicates", "deduplicate"])

  let call: Call
  let keep: LogicalPlan.Kept

  init(_ call: Call) throws {
    self.call = call
    if let item = call.items.first {
      var misuse = call.misuse("the keys of `dedupe` stand behind `by`", at: item.value.span)
      misuse.hints = [
        "dedupe by " + call.items.map { Language.print($0.value) }.joined(separator: ", ")
      ]
      throw misuse
    }
    let words = LogicalPlan.Kept.allCases.map(\.rawValue)
    let word = try call.choiceOption("keep", among: words)
    let ordered: LogicalPlan.Kept = call.sortKeys.isEmpty ? .any : .first
    keep = word.flatMap { LogicalPlan.Kept(rawValue: $0) } ?? ordered
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.deduplicated(
      by: call.byItems, order: call.sortKeys, keep: keep,
      span: call.option("keep")?.span ?? call.stage.verb.span, scope: call.scope(input.schema))
  }
}
