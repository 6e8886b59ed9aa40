import Display
import Language
import Notebooks

/// `use NAME`
struct UseVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "use", .session, "Makes a frame the current one", synopsis: "use NAME",
    details: [
      "The current frame is what stages without a source work on, and what the prompt shows."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "load \"datasets/iris.csv\" as iris",
        "use penguins", "head 2"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "use heavy", "count by species"),
    ], keywords: ["current", "switch", "choose"])

  let name: Name
  let needsInput = false

  init(_ call: Call) throws {
    try call.expectItems(1...1, "the name of a frame")
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`use` needs the name of a frame", at: call.items[0].value.span)
    }
    name = Name(text, call.items[0].value.span)
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try session.frame(of: name)
    session.use(name.text)
    return .output(
      .message(
        Message(
          subject: name.text, text: frame.extent, kind: "use",
          facts: [Fact("name", .string(name.text))])))
  }
}
