import Columnar
import Display
import Language
import Notebooks

/// `frames`
struct FramesVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "frames", .session, "Lists what names are bound to", synopsis: "frames",
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "frames"),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "limit = 5000",
        "m = penguins | fit ols body_mass_g ~ flipper_length_mm", "frames"),
    ], keywords: ["tables", "list", "names", "variables", "bindings", "models"],
    synonyms: ["tables"], recording: .left)

  let needsInput = false

  init(_ call: Call) throws {
    try call.expectItems(0...0, "nothing behind it")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let names = session.state.bindings.keys.sorted()
    if names.isEmpty {
      return .output(.message(Message(text: "nothing is bound yet", kind: "frames")))
    }
    let rows = names.map { name -> [Cell] in
      let isCurrent = name == session.state.current
      return [
        .shown(isCurrent ? "›" : "", .bool(isCurrent)), .text(name),
        .text(session.state.bindings[name]?.description ?? ""),
      ]
    }
    let table = ReportTable(
      key: "names",
      columns: [
        ReportColumn("current", title: ""), ReportColumn("name"), ReportColumn("value"),
      ], rows: rows)
    return .output(.report(Report(kind: "frames", sections: [.table(table)])))
  }
}

extension Value {
  /// What a name is bound to, in a few words.
  fileprivate var description: String {
    switch self {
    case .frame(let frame): frame.extent
    case .plan(let plan): plan.streamedExtent
    case .scalar(let scalar): scalar.literal
    case .object(let object): object.summary
    default: typeName
    }
  }
}
