import Language
import Notebooks
import Pipelines

/// `promote "x.md" to "folder/"`
struct PromoteVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "promote", .keep, "Makes a pipeline of a notebook",
    synopsis: "promote \"FILE.md\" to \"FOLDER\"",
    details: [
      "The lines that the notebook's exports, checks and gates depend on become steps of "
        + "pipeline.yaml; lines that only look are left out and listed. The notebook must check "
        + "clean. `kaizen pipeline run FOLDER/pipeline.yaml` runs it."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "export heavy \"heavy.csv\"",
        "save \"birds.md\"", "promote \"birds.md\" to \"birds/\""),
      Example(
        "load \"datasets/weather.csv\" as weather", "check weather: unique(date)",
        "export weather \"clean.csv\"", "save \"weather.md\"",
        "promote \"weather.md\" to \"weather-job/\""),
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
    return .output(.report(try Promotion.promote(path, into: target, like: session)))
  }
}
