import Columnar
import Display
import Language
import Notebooks

/// `set [name=value …]`
struct SetVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "set", .session, "Changes settings; alone, lists them", synopsis: "set [NAME=VALUE …]",
    options: [
      .init("rows", "1…100000", "rows of a frame shown on a terminal"),
      .init("width", "20…1000|auto", "columns of the screen"),
      .init("color", "on|off", "colour on a terminal"),
      .init("editor", "emacs|vi", "keys at the prompt"),
      .init("glyphs", "unicode|ascii|auto", "block and box characters, or plain ASCII"),
      .init("memory", "1MB…|auto", "what columns may take; larger tables are streamed from disk"),
      .init("pager", "auto|off|\"less -R\"", "what shows a result higher than the screen"),
      .init("threads", "1…1024|auto", "threads that compute; results do not depend on it"),
    ],
    examples: ["set rows=40", "set memory=2GB", "set editor=vi pager=off", "set"],
    keywords: ["settings", "options", "configure", "width", "vi", "pager", "less"],
    recording: .left)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    try call.expectItems(0...0, "settings as name=value")
    self.call = call
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    if call.options.isEmpty { return .output(.report(listing(session.state.settings))) }
    var settings = session.state.settings
    if let rows = try call.integerOption("rows", in: 1...100_000) { settings.rows = rows }
    if try isAutomatic("width") {
      settings.width = nil
    } else if let width = try call.integerOption("width", in: 20...1000) {
      settings.width = width
    }
    if let color = try call.choiceOption("color", among: ["on", "off"]) {
      settings.usesColor = color == "on"
    }
    if let keys = try call.choiceOption("editor", among: ["emacs", "vi"]) {
      settings.usesViKeys = keys == "vi"
    }
    if let pager = try call.textOption("pager") {
      guard pager.contains(where: { !$0.isWhitespace }) else {
        throw call.invalid("pager", "auto, off or a command")
      }
      settings.pager = pager
    }
    switch try call.choiceOption("glyphs", among: ["unicode", "ascii", "auto"]) {
    case "unicode": settings.usesUnicode = true
    case "ascii": settings.usesUnicode = false
    case "auto": settings.usesUnicode = nil
    default: break
    }
    if try isAutomatic("threads") {
      settings.threads = 0
    } else if let threads = try call.integerOption("threads", in: 1...1024) {
      settings.threads = threads
    }
    if try isAutomatic("memory") {
      settings.memory = 0
    } else if let memory = try call.integerOption("memory", in: 1_000_000...1_000_000_000_000_000) {
      settings.memory = memory
    }
    session.change { $0 = settings }
    return .nothing
  }

  private func isAutomatic(_ name: String) throws -> Bool {
    if case .text("auto")? = try call.scalarOption(name) { return true }
    return false
  }

  private func listing(_ settings: Settings) -> Report {
    let values: [String: String] = [
      "rows": "\(settings.rows)", "width": settings.width.map { "\($0)" } ?? "auto",
      "color": settings.usesColor ? "on" : "off",
      "editor": settings.usesViKeys ? "vi" : "emacs", "pager": settings.pager,
      "glyphs": settings.usesUnicode.map { $0 ? "unicode" : "ascii" } ?? "auto",
      "memory": settings.memory == 0 ? "auto" : MemoryBudget.text(settings.memory),
      "threads": settings.threads == 0 ? "auto" : "\(settings.threads)",
    ]
    let table = ReportTable(
      key: "settings",
      columns: [
        ReportColumn("name"), ReportColumn("value"), ReportColumn("values", title: "may be"),
        ReportColumn("meaning", wraps: true),
      ],
      rows: Self.declaration.options.map {
        [.text($0.name), .text(values[$0.name] ?? ""), .text($0.values), .text($0.meaning)]
      })
    return Report(kind: "settings", sections: [.table(table)])
  }
}
