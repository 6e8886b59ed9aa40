import Display
import Language
import Notebooks

/// `forget NAME, …`
struct ForgetVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "forget", .session, "Removes names and frees what only they held", synopsis: "forget NAME, …",
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "forget heavy"),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "least = 3000", "most = 6000",
        "forget least, most",
        "frames"),
    ], keywords: ["remove", "delete", "unset", "free memory"])

  let names: [Name]
  let needsInput = false

  init(_ call: Call) throws {
    try call.expectItems(1...1000, "the names to remove")
    names = try call.items.map { item in
      guard case .name(let text) = item.value.kind else {
        throw call.misuse("`forget` needs names", at: item.value.span)
      }
      return Name(text, item.value.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    for name in names {
      _ = try session.value(of: name)
      session.forget(name.text)
    }
    return .output(
      .message(
        Message(
          text: "forgot \(names.map(\.text).joined(separator: ", "))",
          aside: "undo brings them back", kind: "forget")))
  }
}
