import Display
import Language
import Notebooks

/// `save "x.md" [draft=true]`
struct SaveVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "save", .keep, "Writes the session as a notebook that replays exactly",
    synopsis: "save \"FILE.md\" [draft=true]",
    details: [
      "The lines that loaded, bound and showed something become cells with their outputs; undone "
        + "and failed ones are left out. Before anything is written the notebook is replayed in a "
        + "fresh session: if an output or an exported file differs, it is not saved."
    ],
    options: [.init("draft", "true|false", "save without the replay")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | count by species",
        "save \"birds.md\""),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "# ## Which islands?",
        "penguins | count by island",
        "save \"islands.md\" draft=true"),
    ], keywords: ["notebook", "write", "keep", "record", "markdown"], recording: .left)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "the file, as \"analysis.md\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let path = try call.path(call.items[0])
    guard path.hasSuffix(".md") else {
      throw call.misuse("a notebook's name ends in .md", at: call.items[0].value.span)
    }
    let target = try session.files.writable(path, span: call.items[0].value.span)
    session.leaveOutOfHistory()
    return .output(
      .message(try session.save(to: target, isDraft: try call.flagOption("draft"))))
  }
}
