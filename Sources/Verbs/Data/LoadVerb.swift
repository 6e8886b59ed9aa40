import Columnar
import Display
import Formats
import Language
import Modeling
import Notebooks
import Query

/// `load "file" [as name] [options]`
struct LoadVerb: SourceVerb {
  static let declaration = VerbDeclaration(
    "load", .bring, "Reads a CSV file, or a model",
    synopsis:
      "load \"FILE.csv\" [as NAME] [sep=\";\"] [quote=\"'\"] [decimal=\",\"] [header=…] "
      + "[null=[…]] [types={…}]",
    details: [
      "Delimiter, header, types and nulls are found by looking at the whole file; .gz is "
        + "unpacked. Without `as` the frame is named after the file. The frame becomes the current "
        + "one. `load - as NAME` reads standard input; a .kzm file is a model.",
      "`load … | head 5` alone is a peek: it reads no more than it needs.",
    ], clauses: [.as],
    options: [
      .init("sep", "\";\"", "delimiter, one character"),
      .init("quote", "\"'\"", "character around fields; \"\" for none"),
      .init("decimal", "\",\"|\".\"", "decimal mark"),
      .init("header", "true|false", "whether the first line holds names"),
      .init("null", "[\"NA\", …]", "words that are null, in place of the usual ones"),
      .init("types", "{name: type, …}", "types not to be guessed: text, int, date(\"%d.%m.%Y\")"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "head 3"),
      Example("load \"datasets/penguins.csv\" types={year: text} | schema year"),
    ], keywords: ["read", "open", "import", "csv", "file", "ingest", "gzip"],
    synonyms: ["read", "import", "read_csv", "insheet"], takesPaths: true)

  let call: Call
  let options: CSVOptions

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one file, as load \"datasets/penguins.csv\"")
    options = try call.csvOptions()
  }

  func source(in session: Session, followedBy stages: [Stage]) throws -> Value {
    let item = call.items[0]
    let path: String
    if case .name("-") = item.value.kind { path = "-" } else { path = try call.path(item) }
    let file = try session.input(path, span: item.value.span)
    let name = try ownName(path, in: session, followedBy: stages)
    if path.hasSuffix(".kzm") { return try loadModel(file, name, in: session) }
    do {
      if let name {
        let result = try CSVReader.read(path: path == "-" ? "-" : file, options: options)
        session.bind(name, to: .frame(result.frame))
        // What reading needed besides the columns is not needed again.
        BufferPool.release()
        session.use(name)
        session.show(.message(message(name, result)))
        return stages.isEmpty ? .nothing : .frame(result.frame)
      }
      return try read(path == "-" ? "-" : file, followedBy: stages, in: session)
    } catch let error as DataError {
      throw Diagnostic(error.naming(file, as: path), span: item.value.span)
    }
  }

  /// The name that the line binds by itself: that of `as`, or, where `load` is the whole line, one
  /// made of the file's name.
  private func ownName(
    _ path: String, in session: Session, followedBy stages: [Stage]
  ) throws -> String? {
    if let alias = call.alias { return alias.text }
    guard stages.isEmpty, session.isRunningBarePipeline else { return nil }
    if path == "-" { throw call.misuse("`load -` needs a name, as `load - as piped`") }
    var stem = Path.name(path)
    while let dot = stem.firstIndex(of: "."), dot != stem.startIndex { stem = String(stem[..<dot]) }
    let letters = stem.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" }
    let name = String(letters)
    return name.first?.isLetter == true ? name : "frame"
  }

  private func loadModel(_ file: String, _ name: String?, in session: Session) throws -> Value {
    let model = try ModelFile.read(file)
    guard let name else { return .object(model) }
    session.bind(name, to: .object(model))
    session.show(
      .message(
        Message(
          subject: name, text: model.summary, kind: "binding",
          facts: [Fact("name", .string(name))])))
    return .nothing
  }

  /// The rows for stages that follow: only the columns that they name, and no more rows than
  /// `head` asks for where it comes first and alone.
  private func read(
    _ file: String, followedBy stages: [Stage], in session: Session
  ) throws -> Value {
    var options = options
    if let limit = stages.peekLimit {
      options.rowLimit = limit
      let result = try CSVReader.read(path: file, options: options)
      if result.report.isPartial {
        session.show(
          .message(
            Message(
              text: "a peek: types are from the rows shown, not from the whole file",
              kind: "note")))
      }
      return .frame(result.frame)
    }
    if let names = stages.namedColumns {
      var peek = options
      peek.rowLimit = 1
      let known = try CSVReader.read(path: file, options: peek).frame.names
      // An unknown column is reported by the stage that names it, with all columns at hand.
      let wanted = known.filter(names.contains)
      if file != "-", wanted.count < known.count, Self.coversAllNames(stages, known) {
        options.columns = wanted
      }
    }
    let result = try CSVReader.read(path: file, options: options)
    notes(result, in: session)
    return .frame(result.frame)
  }

  /// Whether every name that stages use as a column is one of the file or made on the way.
  private static func coversAllNames(_ stages: [Stage], _ known: [String]) -> Bool {
    guard let names = stages.namedColumns else { return false }
    let made = stages.madeColumns
    return names.allSatisfy { known.contains($0) || made.contains($0) }
  }

  private func notes(_ result: CSVResult, in session: Session) {
    for note in result.report.notes {
      session.show(.message(Message(text: note, kind: "note")))
    }
  }

  private func message(_ name: String, _ result: CSVResult) -> Message {
    Message(
      subject: name,
      text: ([result.frame.extent] + result.report.notes).joined(separator: " · "),
      kind: "load",
      facts: [
        Fact("name", .string(name)), Fact("rows", .int(Int64(result.frame.rowCount))),
        Fact("columns", .int(Int64(result.frame.columns.count))),
        Fact("notes", .array(result.report.notes.map { .string($0) })),
      ])
  }
}
