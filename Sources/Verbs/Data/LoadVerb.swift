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
    "load", .bring, "Reads a CSV or Arrow file, or a model",
    synopsis:
      "load \"FILE.csv|.arrow|.kzm|PATTERN\" [as NAME] [sep=\";\"] [quote=\"'\"] [decimal=\",\"] [header=…] "
      + "[null=[…]] [types={…}] [bad=null] [encoding=…] [skip=N] [comment=\"#\"] [ragged=…] "
      + "[repair=…]",
    details: [
      "Delimiter, header, types and nulls are found by looking at the whole file; .gz is "
        + "unpacked; a pattern as \"trips-*.csv\" reads all files that fit, one after the other. "
        + "Without `as` the frame is named after the file. The frame becomes the current "
        + "one. `load - as NAME` reads standard input; a .kzm file is a model.",
      "`load … | head 5` alone is a peek: it reads no more than it needs.",
      "Records must have as many fields as the first and quotes only where they belong; `ragged` "
        + "and `repair` accept other files, what was repaired is counted, and repair=list lists it.",
      "A table that would take more memory than the budget (`set memory=2GB`) is streamed: its rows "
        + "are read from the file, batch by batch, by each command that needs them, with the same "
        + "results. `filter`, `derive`, `select` and the like stay streamed when they are bound.",
      "An .arrow or .feather file (Arrow IPC, as `export` here, pyarrow and Polars write it) says "
        + "its own types and nulls, so the options are not for it; it is read many times as fast.",
    ], clauses: [.as],
    options: [
      .init("sep", "\";\"", "delimiter, one character or more"),
      .init("quote", "\"'\"|none", "character around fields"),
      .init("decimal", "\",\"|\".\"", "decimal mark"),
      .init("header", "true|false", "whether the first line holds names"),
      .init("null", "[\"NA\", …]", "words that are null, in place of the usual ones"),
      .init("types", "{name: type, …}", "types not to be guessed: text, int, date(\"%d.%m.%Y\")"),
      .init("bad", "error|null", "what a value is that is not of the type given"),
      .init("encoding", "latin1|…", "utf8, utf16, latin1 or windows1252"),
      .init("skip", "N", "lines before the header that are not looked at"),
      .init("comment", "\"#\"", "leaves out lines that begin so"),
      .init("ragged", "error|fill|skip", "records with more or fewer fields than the first"),
      .init("repair", "true|list", "fills, and takes misplaced quotes and bytes for text"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "head 3"),
      Example("load \"datasets/penguins.csv\" types={year: text} | schema year"),
      Example("load \"datasets/penguins.csv\" types={sex: bool} bad=null | count"),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "export penguins \"penguins.arrow\"",
        "load \"penguins.arrow\" | count by species"),
    ],
    keywords: [
      "read", "open", "import", "csv", "file", "ingest", "gzip", "arrow", "feather", "ipc",
    ],
    synonyms: ["read", "import", "read_csv", "read_ipc", "read_feather", "insheet"],
    takesPaths: true)

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
    if path != "-", let files = try files(matching: path, in: session, span: item.value.span) {
      return try several(files, path, followedBy: stages, in: session)
    }
    let file = try session.input(path, span: item.value.span)
    let name = try ownName(path, in: session, followedBy: stages)
    if path.hasSuffix(".kzm") { return try loadModel(file, name, in: session) }
    do {
      if call.listsRepairs { return .frame(try repairs(path == "-" ? "-" : file)) }
      if path != "-", stages.peekLimit == nil, let table = try streamed(file, named: path) {
        return try bind(table, name, path, followedBy: stages, in: session)
      }
      do {
        return try inMemory(path == "-" ? "-" : file, path, name, followedBy: stages, in: session)
      } catch let error as DataError where error.code == .memory {
        // Its columns may fit, and what it takes to make them not.
        guard path != "-", stages.peekLimit == nil,
          let table = try streamed(file, named: path, isKnown: true)
        else { throw error }
        return try bind(table, name, path, followedBy: stages, in: session)
      }
    } catch let error as DataError {
      throw Diagnostic(error.naming(file, as: path), span: item.value.span)
    }
  }

  /// The rows of a file, bound or handed to the stages that follow.
  private func inMemory(
    _ file: String, _ path: String, _ name: String?, followedBy stages: [Stage],
    in session: Session
  ) throws -> Value {
    guard let name else {
      return try read(file, named: path, followedBy: stages, in: session)
    }
    let result = try whole(file, named: path)
    session.bind(name, to: .frame(result.frame))
    // What reading needed besides the columns is not needed again.
    BufferPool.release()
    session.use(name)
    try session.show(.message(message(name, result)))
    return stages.isEmpty ? .nothing : .frame(result.frame)
  }

  /// The rows of several files, bound or handed to the stages that follow.
  private func several(
    _ files: [String], _ path: String, followedBy stages: [Stage], in session: Session
  ) throws -> Value {
    guard !call.listsRepairs, !path.hasSuffix(".kzm") else {
      throw call.misuse("this reads one file, not several", at: call.items[0].value.span)
    }
    let name = try ownName(path, in: session, followedBy: stages)
    let table = try table(of: files, in: session, span: call.items[0].value.span)
    guard let name else {
      try notes(table.notes, in: session)
      return .frame(table.frame)
    }
    session.bind(name, to: .frame(table.frame))
    BufferPool.release()
    session.use(name)
    try session.show(.message(message(name, table)))
    return stages.isEmpty ? .nothing : .frame(table.frame)
  }

  /// What was repaired, a row each.
  private func repairs(_ file: String) throws -> Frame {
    let repairs = try CSVReader.read(path: file, options: options).report.repairs
    return Frame(
      names: ["line", "repair", "fields"],
      columns: [
        try Column.ints(repairs.map { Int64($0.line) }),
        try Column.texts(repairs.map(\.kind.rawValue)),
        try Column.ints(repairs.map { $0.fieldCount.map(Int64.init) }),
      ])
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
    var name = String(letters)
    while name.last == "_" { name.removeLast() }
    return name.first?.isLetter == true ? name : "frame"
  }

  private func loadModel(_ file: String, _ name: String?, in session: Session) throws -> Value {
    let model = try ModelFile.read(file)
    guard let name else { return .object(model) }
    session.bind(name, to: .object(model))
    try session.show(
      .message(
        Message(
          subject: name, text: model.summary, kind: "binding",
          facts: [Fact("name", .string(name))])))
    return .nothing
  }

  /// The whole table in a file, which errors about its rows call `name`.
  func whole(
    _ file: String, named name: String, options: CSVOptions? = nil
  ) throws -> LoadedTable {
    switch TableFormat(reading: file) {
    case .csv:
      let options = options ?? self.options
      return LoadedTable(
        try CSVReader.read(path: file, options: options), of: file, named: name, options)
    case .arrow:
      try refuseOptions()
      return LoadedTable(try ArrowReader.read(path: file))
    }
  }

  /// An Arrow file says itself what the options say of a CSV.
  private func refuseOptions() throws {
    guard let name = Self.declaration.options.map(\.name).first(where: { call.option($0) != nil })
    else { return }
    throw call.misuse(
      "`\(name)` is for CSV: an Arrow file says its types and nulls itself",
      at: call.option(name)?.span ?? call.stage.verb.span)
  }

  /// The rows of an Arrow file for stages that follow: only the columns and rows that they need.
  private func readArrow(
    _ file: String, followedBy stages: [Stage], in session: Session
  ) throws -> Value {
    try refuseOptions()
    let limit = stages.peekLimit
    var wanted: [String]?
    if limit == nil, let names = stages.namedColumns {
      let known = try ArrowFile(path: file).names
      let used = known.filter(names.contains)
      // An unknown column is reported by the stage that names it, with all columns at hand.
      if used.count < known.count, Self.coversAllNames(stages, known) { wanted = used }
    }
    let result = try ArrowReader.read(path: file, columns: wanted, rowLimit: limit)
    try notes(result.notes, in: session)
    return .frame(result.frame)
  }

  /// The rows for stages that follow: only the columns that they name, and no more rows than
  /// `head` asks for where it comes first and alone.
  private func read(
    _ file: String, named name: String, followedBy stages: [Stage], in session: Session
  ) throws -> Value {
    if TableFormat(reading: file) == .arrow {
      return try readArrow(file, followedBy: stages, in: session)
    }
    var options = options
    if let limit = stages.peekLimit {
      options.rowLimit = limit
      let result = try CSVReader.read(path: file, options: options)
      if result.report.isPartial {
        try session.show(
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
    let result = LoadedTable(
      try CSVReader.read(path: file, options: options), of: file, named: name, options)
    try notes(result.notes, in: session)
    return .frame(result.frame)
  }

  /// Whether every name that stages use as a column is one of the file or made on the way.
  private static func coversAllNames(_ stages: [Stage], _ known: [String]) -> Bool {
    guard let names = stages.namedColumns else { return false }
    let made = stages.madeColumns
    return names.allSatisfy { known.contains($0) || made.contains($0) }
  }

  private func notes(_ notes: [String], in session: Session) throws {
    for note in notes {
      try session.show(.message(Message(text: note, kind: "note")))
    }
  }

  private func message(_ name: String, _ result: LoadedTable) -> Message {
    Message(
      subject: name,
      text: ([result.frame.extent] + result.notes).joined(separator: " · "),
      kind: "load",
      facts: [
        Fact("name", .string(name)), Fact("rows", .int(Int64(result.frame.rowCount))),
        Fact("columns", .int(Int64(result.frame.columns.count))),
        Fact("notes", .array(result.notes.map { .string($0) })),
      ])
  }
}
