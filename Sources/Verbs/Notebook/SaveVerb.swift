import Display
import Language
import Notebooks

/// `save "x.md" [for NAME, …] [draft=true]`
struct SaveVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "save", .keep, "Writes the session as a notebook that replays exactly",
    synopsis: "save \"FILE.md\" [for NAME, …] [draft=true]",
    details: [
      "The lines that loaded, bound and showed something become cells with their outputs; undone "
        + "and failed ones are left out. Before anything is written the notebook is replayed in a "
        + "fresh session: if an output or an exported file differs, it is not saved.",
      "`for` keeps only the lines that the names need, with checks on the frames among them and "
        + "the prose before what is kept.",
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
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | count by island",
        "heavy = penguins | filter body_mass_g > 5000", "m1 = heavy | fit ols body_mass_g ~ year",
        "save \"model.md\" for m1"),
    ], keywords: ["notebook", "write", "keep", "record", "markdown", "slice"], recording: .left,
    prepositions: ["for"])

  let call: Call
  let names: [Name]
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "the file, as \"analysis.md\"")
    names = try (call.preposition("for") ?? []).map { item in
      guard case .name(let text) = item.value.kind else {
        throw call.misuse("`for` takes names, as save \"x.md\" for m1", at: item.value.span)
      }
      return Name(text, item.value.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let path = try call.path(call.items[0])
    guard path.hasSuffix(".md") else {
      throw call.misuse("a notebook's name ends in .md", at: call.items[0].value.span)
    }
    let target = try session.files.writable(path, span: call.items[0].value.span)
    session.leaveOutOfHistory()
    return .output(
      .message(
        try session.save(
          to: target, for: names, isDraft: try call.flagOption("draft"))))
  }
}
