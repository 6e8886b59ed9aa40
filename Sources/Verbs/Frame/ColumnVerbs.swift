import Language
import Notebooks
import Query

/// `select columns`
struct SelectVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "select", .change, "Keeps columns, in the order given", synopsis: "select COLUMNS",
    details: [
      "Names, ranges `a..d`, patterns `/regex/`, `starts(\"x\")`, `ends`, `contains`, by type "
        + "`numeric()`, `text()`, `dates()`, `bools()`, and `-x` to leave out."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | select species, body_mass_g | head 3"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | select -starts(\"bill\"), -year | head 3"),
    ], keywords: ["columns", "project", "keep", "choose"], synonyms: ["project", "keep"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "columns")
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan { try input.selecting(call.items) }
}

/// `drop columns`
struct DropVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "drop", .change, "Leaves out columns", synopsis: "drop COLUMNS",
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | drop island, year | head 3"),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | drop starts(\"bill\") | head 3"),
    ], keywords: ["columns", "remove", "delete"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "columns")
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let gone = Set(try resolveSelection(call.items, schema: input.schema))
    let kept = input.schema.names.filter { !gone.contains($0) }
    guard !kept.isEmpty else { throw input.noColumnLeft(call.items) }
    return .project(input, kept)
  }
}

/// `rename old -> new, …`
struct RenameVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "rename", .change, "Gives columns other names", synopsis: "rename OLD -> NEW, …",
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | rename body_mass_g -> mass, flipper_length_mm -> flipper | head 3"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins |= rename sex -> `sex of bird`", "penguins | tabulate `sex of bird`"),
    ], keywords: ["names", "columns", "call"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "pairs of names, as rename old -> new")
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan { try input.renaming(call.items) }
}
