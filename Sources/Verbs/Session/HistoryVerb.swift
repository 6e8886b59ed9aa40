import Display
import Language
import Notebooks

/// `history [/regex/]`
struct HistoryVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "history", .session, "Lists the lines of this session that have run", synopsis: "history [N]",
    details: ["Lines that were undone or failed are not among them."],
    examples: [
      Example("load \"datasets/iris.csv\" as iris", "iris | count", "history"),
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | count", "history 1"),
    ], keywords: ["lines", "log", "past", "commands"], recording: .left)

  let limit: Int?
  let needsInput = false

  init(_ call: Call) throws {
    try call.expectItems(0...1, "at most a number of lines")
    guard let item = call.items.first else {
      limit = nil
      return
    }
    guard case .integer(let count) = item.value.kind, count > 0, let limit = Int(exactly: count)
    else { throw call.misuse("`history` takes a number of lines", at: item.value.span) }
    self.limit = limit
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    let lines = session.steps.enumerated().map { ($0 + 1, $1.text) }
    let shown = lines.suffix(limit ?? lines.count)
    if shown.isEmpty {
      return .output(.message(Message(text: "nothing has run yet", kind: "history")))
    }
    let table = ReportTable(
      key: "lines",
      columns: [ReportColumn("number", title: "", .right), ReportColumn("line", title: "")],
      rows: shown.map { [.int(Int64($0)), .text($1)] })
    return .output(.report(Report(kind: "history", sections: [.table(table)])))
  }
}
