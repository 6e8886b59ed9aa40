import Display
import Language
import Notebooks

/// `snapshot NAME`
struct SnapshotVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "snapshot", .session, "Keeps the session as it is, to come back to", synopsis: "snapshot NAME",
    details: [
      "Names, the current frame and the lines that a notebook would hold. Frames share their "
        + "columns, so it costs nothing. Lives as long as the session."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "snapshot before",
        "|= filter body_mass_g > 4000", "restore before"),
      Example(
        "load \"datasets/iris.csv\" as iris", "snapshot start", "iris |= head 3", "restore start",
        "iris | count"),
    ], keywords: ["checkpoint", "state", "keep", "undo"], recording: .left)

  let name: Name
  let needsInput = false

  init(_ call: Call) throws { name = try call.plainName("a name, as snapshot before") }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.takeSnapshot(name.text)
    return .output(
      .message(
        Message(
          subject: name.text, text: "kept", aside: "restore \(name.text) brings it back",
          kind: "snapshot", facts: [Fact("name", .string(name.text))])))
  }
}

/// `restore NAME`
struct RestoreVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "restore", .session, "Brings back the session as a snapshot kept it", synopsis: "restore NAME",
    details: [
      "Files that were written and settings stay. What was there before is kept as the snapshot "
        + "`_`, so that `restore _` undoes a restore."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "snapshot before",
        "|= filter body_mass_g > 4000", "restore before", "penguins | count"),
      Example(
        "load \"datasets/iris.csv\" as iris", "snapshot start", "iris |= head 3", "restore start",
        "restore _", "iris | count"),
    ], keywords: ["checkpoint", "back", "revert", "undo"], recording: .left)

  let name: Name
  let needsInput = false

  init(_ call: Call) throws { name = try call.plainName("the name of a snapshot") }

  func run(on input: Value?, in session: Session) throws -> Value {
    try session.restore(name)
    return .output(
      .message(
        Message(
          subject: name.text, text: "restored", aside: "restore _ goes back", kind: "restore",
          facts: [Fact("name", .string(name.text))])))
  }
}

extension Call {
  /// The one name that is given.
  func plainName(_ what: String) throws -> Name {
    try expectItems(1...1, what)
    switch items[0].value.kind {
    case .name(let text), .text(let text): return Name(text, items[0].value.span)
    case .placeholder: return Name("_", items[0].value.span)
    default: throw misuse("`\(verb)` takes \(what)", at: items[0].value.span)
    }
  }
}
