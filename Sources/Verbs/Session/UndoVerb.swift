import Display
import Language
import Notebooks

/// `undo`
struct UndoVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "undo", .session, "Takes back the last line that changed a name, a frame or a setting",
    synopsis: "undo",
    details: ["Exact for everything in the session; files that were written stay."],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "|= filter body_mass_g > 4000", "undo"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "light = penguins | filter body_mass_g < 3000",
        "undo", "frames"),
    ], keywords: ["back", "revert", "mistake"], recording: .left)

  let needsInput = false

  init(_ call: Call) throws { try call.expectItems(0...0, "nothing behind it") }

  func run(on input: Value?, in session: Session) throws -> Value {
    let step = try session.undo()
    return .output(
      .message(
        Message(
          subject: "undone", text: Language.print(step.statement), aside: "redo does it again",
          kind: "undo")))
  }
}

/// `redo`
struct RedoVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "redo", .session, "Does again what undo took back", synopsis: "redo",
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "|= filter body_mass_g > 4000", "undo", "redo"
      ),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "m = penguins | agg mean(body_mass_g)",
        "undo",
        "redo", "m"),
    ], keywords: ["again", "forward"], recording: .left)

  let needsInput = false

  init(_ call: Call) throws { try call.expectItems(0...0, "nothing behind it") }

  func run(on input: Value?, in session: Session) throws -> Value {
    let step = try session.redo()
    return .output(
      .message(
        Message(subject: "redone", text: Language.print(step.statement), kind: "redo")))
  }
}
