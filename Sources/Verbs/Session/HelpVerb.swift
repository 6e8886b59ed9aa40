import Display
import Language
import Notebooks
import Query

/// `help [topic]`, `? [topic]`
struct HelpVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "help", .session, "Explains a verb or function, or finds one by purpose",
    synopsis: "help [TOPIC]\n       ? [TOPIC]",
    examples: ["help", "help hist", "? duplicates"],
    keywords: ["manual", "man", "documentation", "commands", "list"], recording: .left)

  let topic: String
  let needsInput = false

  init(_ call: Call) throws {
    topic =
      call.items.map { item in
        switch item.value.kind {
        case .text(let text), .name(let text): text
        case .call(let function, _): function.text
        default: Language.print(item.value)
        }
      }.joined(separator: " ").trimmed
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    let catalog = session.catalog
    if topic.isEmpty { return .output(.report(Help.overview(catalog))) }
    let word = topic.lowercased()
    if let declaration = catalog.declaration(word) {
      var page = Help.page(declaration)
      // A name that is both a verb and a function gets both pages.
      if let function = Functions.named(word) { page.sections += Help.page(function).sections }
      return .output(.report(page))
    }
    if let function = Functions.named(word) { return .output(.report(Help.page(function))) }
    if word == "functions" { return .output(.report(Help.functions())) }
    if let report = Help.search(word, catalog) { return .output(.report(report)) }
    let names = catalog.declarations.map(\.name) + Functions.all.map(\.name)
    throw Diagnostic(
      .unknownName, "no help on \"\(topic)\"",
      notes: nearest(word, among: names).map { ["did you mean `\($0)`?"] } ?? [],
      hints: ["?"])
  }
}

extension String {
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}

/// The pages of help, made from declarations.
enum Help {
  static func overview(_ catalog: VerbCatalog) -> Report {
    var sections: [Report.Section] = []
    for purpose in VerbDeclaration.Purpose.allCases {
      let verbs = catalog.declarations.filter { $0.purpose == purpose }
      if verbs.isEmpty { continue }
      sections.append(.text([purpose.rawValue]))
      sections.append(
        .table(
          ReportTable(
            key: "verbs_"
              + purpose.rawValue.lowercased().replacing(" ", with: "_").replacing(",", with: ""),
            columns: [
              ReportColumn("name", title: ""), ReportColumn("summary", title: "", wraps: true),
            ],
            rows: verbs.map { [.text($0.name), .text($0.summary)] })))
    }
    return Report(
      kind: "help", sections: sections,
      footer: [
        "? hist explains a verb or function · ? functions lists functions · ? duplicates searches",
        "a line is frame | verb … | verb … ; name = … keeps a result ; |= changes a frame",
      ])
  }

  static func page(_ verb: VerbDeclaration) -> Report {
    var sections: [Report.Section] = []
    let usage = verb.synopsis.split(separator: "\n").map { "  " + $0.drop { $0 == " " } }
    sections.append(.text(usage.map { "\($0)" }))
    if !verb.details.isEmpty { sections.append(.text(verb.details)) }
    if !verb.options.isEmpty {
      sections.append(
        .table(
          ReportTable(
            key: "options",
            columns: [
              ReportColumn("name", title: "option"), ReportColumn("values", wraps: true),
              ReportColumn("meaning", title: "", wraps: true),
            ],
            rows: verb.options.map { [.text($0.name + "="), .text($0.values), .text($0.meaning)] }))
      )
    }
    sections.append(.text(["examples"] + verb.examples.flatMap { $0.lines.map { "  " + $0 } }))
    if !verb.synonyms.isEmpty {
      sections.append(.text(["also called \(verb.synonyms.joined(separator: ", "))"]))
    }
    return Report(
      kind: "help", title: ["\(verb.name)  \(verb.summary)"], sections: sections,
      facts: [
        Fact("name", .string(verb.name)), Fact("summary", .string(verb.summary)),
        Fact("synopsis", .string(verb.synopsis)),
        Fact(
          "examples",
          .array(verb.examples.map { .array($0.lines.map { .string($0) }) })),
      ])
  }

  static func page(_ function: Function) -> Report {
    Report(
      kind: "help", title: ["\(function.name)  \(function.summary)"],
      sections: [
        .text(["  \(function.signature)"]),
        .text(["examples"] + function.examples.map { "  " + $0 }),
      ],
      facts: [
        Fact("name", .string(function.name)), Fact("summary", .string(function.summary)),
        Fact("synopsis", .string(function.signature)),
      ])
  }

  static func functions() -> Report {
    var sections: [Report.Section] = []
    for family in Function.Family.allCases {
      let members = Functions.all.filter { $0.family == family }
      if members.isEmpty { continue }
      sections.append(.text([family.rawValue]))
      sections.append(
        .table(
          ReportTable(
            key: "functions_\(family.rawValue)",
            columns: [
              ReportColumn("signature", title: "", wraps: true),
              ReportColumn("summary", title: "", wraps: true),
            ],
            rows: members.map { [.text($0.signature), .text($0.summary)] })))
    }
    return Report(kind: "help", sections: sections)
  }

  /// Words that say nothing of a purpose.
  private static let fillers: Set = [
    "a", "an", "the", "of", "to", "in", "by", "from", "for", "with", "my", "me", "how", "do", "i",
    "into",
    "and", "or", "on", "is", "all",
  ]

  /// Verbs and functions whose keywords, names or summaries hold all the words, else those that hold
  /// some; nil if there are none.
  static func search(_ text: String, _ catalog: VerbCatalog) -> Report? {
    let all = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
    let telling = all.filter { !fillers.contains($0) }
    let words = telling.isEmpty ? all : telling
    let entries = catalog.declarations.map(SearchEntry.init) + Functions.all.map(SearchEntry.init)
    let hits = entries.map { entry in (entry: entry, count: words.count(where: entry.holds)) }
    let most = hits.map(\.count).max() ?? 0
    if most == 0 { return nil }
    let rows = hits.filter { $0.count == most }.map { hit in
      [Cell.text(hit.entry.title), .text(hit.entry.summary)]
    }
    return Report(
      kind: "help",
      sections: [
        .table(
          ReportTable(
            key: "matches",
            columns: [
              ReportColumn("name", title: "", wraps: true),
              ReportColumn("summary", title: "", wraps: true),
            ],
            rows: rows))
      ])
  }
}

/// A verb or a function as search sees it.
private struct SearchEntry {
  let title: String
  let summary: String
  private let words: [String]

  init(_ verb: VerbDeclaration) {
    title = verb.name
    summary = verb.summary
    words = ([verb.name, verb.summary] + verb.keywords + verb.synonyms).map { $0.lowercased() }
  }

  init(_ function: Function) {
    title = function.signature
    summary = function.summary
    words = ([function.name, function.summary] + function.otherSpellings).map { $0.lowercased() }
  }

  /// Whether a name, a keyword or the summary holds `word`.
  func holds(_ word: String) -> Bool { words.contains { $0.contains(word) } }
}
