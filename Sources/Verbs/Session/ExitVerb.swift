import Notebooks

/// `exit`
struct ExitVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "exit", .session, "Leaves; Ctrl-D does, too", synopsis: "exit",
    examples: ["exit", Example("load \"datasets/penguins.csv\" as penguins", "exit")],
    keywords: ["quit", "leave", "bye"], synonyms: ["quit", "q"], recording: .left)

  let needsInput = false

  init(_ call: Call) throws { try call.expectItems(0...0, "nothing behind it") }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    session.isOver = true
    return .nothing
  }
}
