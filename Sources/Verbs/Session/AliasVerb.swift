import Display
import Language
import Notebooks

/// `alias word = verb`
struct AliasVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "alias", .session, "Gives a verb another name of your own; alone, lists them",
    synopsis: "alias [WORD = VERB]",
    details: [
      "History and saved notebooks have the verb's own name, so that others can read them. To name "
        + "a chain of stages, use `def`."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "alias freq = tabulate", "freq species"),
      Example("alias bye = quit", "alias"),
    ], keywords: ["abbreviation", "shortcut", "synonym", "macro"], recording: .left,
    takesNamedItems: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(0...1, "one word, as alias freq = tabulate")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    guard let item = call.items.first else { return listing(session) }
    guard let word = item.name, case .name(let text) = item.value.kind else {
      throw call.misuse("`alias` takes a word and a verb", at: item.value.span)
    }
    guard session.catalog.declaration(word.text) == nil else {
      throw Diagnostic(
        .duplicateName, "`\(word.text)` is a verb already", span: word.span,
        label: "? \(word.text) says which")
    }
    let verb = session.catalog.synonyms[text] ?? session.state.aliases[text] ?? text
    guard session.catalog[verb] != nil else {
      throw Diagnostic(
        .unknownVerb, "there is no verb `\(text)`", span: item.value.span,
        label: nearest(text, among: session.catalog.declarations.map(\.name)).map {
          "did you mean `\($0)`?"
        })
    }
    session.alias(word.text, for: verb)
    return .nothing
  }

  private func listing(_ session: Session) -> Value {
    session.leaveOutOfHistory()
    let aliases = session.state.aliases.sorted { $0.key < $1.key }
    guard !aliases.isEmpty else {
      return .output(.message(Message(text: "no aliases", kind: "aliases")))
    }
    let table = ReportTable(
      key: "aliases", columns: [ReportColumn("word"), ReportColumn("verb")],
      rows: aliases.map { [.text($0.key), .text($0.value)] })
    return .output(.report(Report(kind: "aliases", sections: [.table(table)])))
  }
}
