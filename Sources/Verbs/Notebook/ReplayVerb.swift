import Columnar
import Display
import Language
import Notebooks

/// `replay "x.md" [name=value …] [check=true | accept=true] [output="y.md"]`
struct ReplayVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "replay", .keep, "Runs a notebook from top to bottom in a fresh session",
    synopsis:
      "replay \"FILE.md\" [PARAMETER=VALUE …] [check=true|accept=true] [output=\"COPY.md\"] "
      + "[from=CELL] [allow=\"FOLDER\"]",
    details: [
      "`check=true` compares with what the notebook records: exit status 3 where an output "
        + "differs, 4 where an input or parameter is not the one pinned. `accept=true` writes the "
        + "new outputs into the notebook. The notebook has no shell, writes only below its own "
        + "folder and reads outside it only the inputs it pins."
    ],
    options: [
      .init("check", "true|false", "compare with the recorded outputs"),
      .init("accept", "true|false", "take the new outputs into the notebook"),
      .init("output", "\"COPY.md\"", "write a copy with the outputs of this run"),
      .init("from", "CELL", "compare from this cell on, by id or number; all run"),
      .init("allow", "\"FOLDER\"|[FOLDERS]", "what outside its folder it may read and write"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | count by species",
        "save \"birds.md\"", "replay \"birds.md\" check=true"),
      Example(
        "param floor = 3000", "load \"datasets/penguins.csv\" as penguins",
        "penguins | filter body_mass_g > $floor | count", "save \"birds.md\"",
        "replay \"birds.md\" floor=5000"),
    ], keywords: ["notebook", "run", "rerun", "reproduce", "papermill", "check"],
    recording: .left, takesAnyOption: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "the notebook, as \"analysis.md\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let item = call.items[0]
    let path = try call.path(item)
    session.leaveOutOfHistory()
    var request = ReplayRequest(path: try session.files.readable(path, span: item.value.span))
    let isCheck = try call.flagOption("check")
    let isAccept = try call.flagOption("accept")
    if isCheck, isAccept {
      throw call.misuse("`check` and `accept` exclude each other")
    }
    request.mode = isCheck ? .check : isAccept ? .accept : .run
    if let copy = try call.textOption("output") {
      request.copy = try session.files.writable(copy, span: call.option("output")?.span)
    }
    request.first = try call.scalarOption("from")?.text
    request.allowed = try call.allowedFolders(in: session)
    request.arguments = try call.parameterArguments()
    return .output(.message(try session.recording(request) { _ in }))
  }
}
