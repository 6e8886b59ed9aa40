import Display
import Language
import Notebooks
import Query

/// `history [/regex/]`
struct HistoryVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "history", .session, "Lists the lines of this session that have run",
    synopsis: "history [N]\n       history /REGEX/",
    details: [
      "Lines that were undone or failed are not among them. A number shows the last lines, a regex "
        + "those that it matches. Lines of earlier sessions are behind Up and Ctrl-R at the prompt."
    ],
    examples: [
      Example("load \"datasets/iris.csv\" as iris", "iris | count", "history"),
      Example("load \"datasets/iris.csv\" as iris", "iris | count", "history /count/"),
    ], keywords: ["lines", "log", "past", "commands"], recording: .left)

  let limit: Int?
  private let regex: Regex?
  let needsInput = false

  init(_ call: Call) throws {
    try call.expectItems(0...1, "at most a number of lines or a /regex/")
    guard let item = call.items.first else {
      limit = nil
      regex = nil
      return
    }
    if case .regex(let pattern, let isCaseInsensitive) = item.value.kind {
      limit = nil
      do {
        regex = try Regex(pattern, isCaseInsensitive: isCaseInsensitive)
      } catch {
        throw Diagnostic(error, span: item.value.span)
      }
      return
    }
    regex = nil
    guard case .integer(let count) = item.value.kind, count > 0, let limit = Int(exactly: count)
    else {
      throw call.misuse("`history` takes a number of lines or a /regex/", at: item.value.span)
    }
    self.limit = limit
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    let lines = try session.steps.enumerated().map { ($0 + 1, $1.text) }
      .filter { try regex?.matches($0.1) ?? true }
    let shown = lines.suffix(limit ?? lines.count)
    if shown.isEmpty {
      return .output(
        .message(
          Message(text: regex == nil ? "nothing has run yet" : "no line matches", kind: "history")))
    }
    let table = ReportTable(
      key: "lines",
      columns: [ReportColumn("number", title: "", .right), ReportColumn("line", title: "")],
      rows: shown.map { [.int(Int64($0)), .text($1)] })
    return .output(.report(Report(kind: "history", sections: [.table(table)])))
  }
}
