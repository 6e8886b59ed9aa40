import Language
import Notebooks
import Pipelines

/// `promote "x.md" to "folder/"`
struct PromoteVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "promote", .keep, "Makes a pipeline of a notebook",
    synopsis: "promote \"FILE.md\" to \"FOLDER\" [check=true]",
    details: [
      "The lines that the notebook's exports, checks and gates depend on become steps of "
        + "pipeline.yaml; lines that only look are left out and listed. The notebook must check "
        + "clean. `kaizen pipeline run FOLDER/pipeline.yaml` runs it.",
      "Besides it writes checks.kz, checks proposed from the data that was read, and profile.json, "
        + "what later data can be held against. A heading `## step: NAME` puts the lines below it "
        + "into a step of their own. `check=true` writes nothing and says what in the folder is not "
        + "what promotion writes: edited by hand, missing or older than the notebook.",
    ],
    options: [.init("check", "true|false", "compare with what is there")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "export heavy \"heavy.csv\"",
        "save \"birds.md\"", "promote \"birds.md\" to \"birds/\""),
      Example(
        "load \"datasets/iris.csv\" as iris", "big = iris | filter sepal_length > 7",
        "export big \"big.csv\"", "save \"i.md\"", "promote \"i.md\" to \"i/\"",
        "promote \"i.md\" to \"i/\" check=true"),
    ], keywords: ["pipeline", "automate", "deploy", "production", "workflow", "schedule"],
    recording: .left, isJuxtaposed: true, prepositions: ["to"])

  let notebook: Item
  let folder: Item
  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one notebook")
    guard let target = call.preposition("to"), target.count == 1 else {
      throw call.misuse("`promote` needs a folder, as promote \"x.md\" to \"pipeline/\"")
    }
    notebook = call.items[0]
    folder = target[0]
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let path = try session.files.readable(try call.path(notebook), span: notebook.value.span)
    let target = try session.files.writable(
      try call.path(folder, "the folder"), span: folder.value.span)
    session.leaveOutOfHistory()
    if try call.flagOption("check") {
      return .output(.message(try Promotion.check(path, into: target, like: session)))
    }
    return .output(.report(try Promotion.promote(path, into: target, like: session)))
  }
}
