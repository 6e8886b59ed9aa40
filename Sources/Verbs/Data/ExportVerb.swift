import Columnar
import Display
import Formats
import Language
import Modeling
import Notebooks
import Query

/// `export [name] "file"`
struct ExportVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "export", .bring, "Writes a frame as CSV or Arrow, or a model",
    synopsis: "export [NAME] \"FILE.csv|.csv.gz|.tsv|.arrow|.kzm\" [sep=\";\"]",
    details: [
      "The ending says the format. Numbers are written so that reading gives the same bits, null "
        + "as nothing, empty text as \"\". The file is written whole or not at all.",
      "An .arrow file (Arrow IPC) keeps types and nulls and is read back many times as fast as "
        + "CSV; pyarrow, Polars and DuckDB read it. The same rows are always the same bytes, and "
        + "checksums find damage.",
    ], options: [.init("sep", "\";\"", "delimiter, one character")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "export heavy \"heavy.csv\""),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | agg n = count() by species | export \"counts.csv\""),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "export penguins \"penguins.arrow\"",
        "load \"penguins.arrow\" | schema"),
    ],
    keywords: [
      "write", "save", "csv", "output", "to_csv", "copy", "arrow", "feather", "ipc", "parquet",
    ], synonyms: ["write", "write_csv", "write_ipc", "outsheet"], takesPaths: true,
    isJuxtaposed: true)

  let call: Call
  let name: Name?
  let path: Item

  var needsInput: Bool { name == nil }

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...2, "a name and a file, as export daily \"daily.csv\"")
    path = call.items[call.items.count - 1]
    guard call.items.count == 2 else {
      name = nil
      return
    }
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`export` needs a name before the file", at: call.items[0].value.span)
    }
    name = Name(text, call.items[0].value.span)
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let value: Value
    if let name {
      value = try session.value(of: name)
    } else {
      value = input ?? .nothing
    }
    let typed = try call.path(path)
    let file = try session.output(typed, span: path.value.span)
    session.traceExport(typed, of: name?.text)
    if case .object(let object) = value, let model = object as? FittedModel {
      return .output(.message(try write(model, typed, to: file)))
    }
    if case .scalar(let scalar) = value {
      let column = try Column.scalars([scalar], type: scalar.type ?? .text)
      return try write(
        Frame(names: [name?.text ?? "value"], columns: [column]), typed, to: file)
    }
    if case .plan(let plan) = value, plan.isStreamed, TableFormat(writing: typed) == .csv {
      return try write(plan, typed, to: file, in: session)
    }
    guard let frame = try session.frame(from: value) else {
      throw Diagnostic(
        .type, "`export` writes frames and models, and this is \(value.typeName)",
        span: name?.span ?? call.stage.verb.span)
    }
    return try write(frame, typed, to: file)
  }

  private func write(_ model: FittedModel, _ typed: String, to file: String) throws -> Message {
    guard typed.hasSuffix(".kzm") else {
      throw call.misuse("a model is written to a file that ends in .kzm", at: path.value.span)
    }
    let bytes = ModelFile.encode(model)
    try AtomicFile.write(file, bytes: bytes)
    return Message(
      subject: Path.name(typed), text: "\(model.kind.rawValue)  \(model.formula)", kind: "export",
      facts: [Fact("file", .string(Path.name(typed))), Fact("bytes", .int(Int64(bytes.count)))])
  }

  private func write(_ frame: Frame, _ typed: String, to file: String) throws -> Value {
    guard let format = TableFormat(writing: typed) else {
      throw call.misuse(
        typed.lowercased().hasSuffix(".kzm")
          ? "a .kzm file holds a model, and this is a frame"
          : "a frame is written to a file that ends in .csv, .tsv, .csv.gz, .tsv.gz or .arrow",
        at: path.value.span)
    }
    switch format {
    case .csv: try CSVWriter.write(frame, to: file, options: try textOptions(typed))
    case .arrow:
      if let option = call.option("sep") {
        throw call.misuse("`sep` is for CSV: an Arrow file has no delimiter", at: option.span)
      }
      try ArrowWriter.write(frame, to: file)
    }
    return written(typed, rows: frame.rowCount, columns: frame.columns.count)
  }

  private func written(_ typed: String, rows: Int, columns: Int) -> Value {
    .output(
      .message(
        Message(
          subject: Path.name(typed), text: extent(rows: rows, columns: columns), kind: "export",
          facts: [
            Fact("file", .string(Path.name(typed))), Fact("rows", .int(Int64(rows))),
            Fact("columns", .int(Int64(columns))),
          ])))
  }

  /// Writes rows that come in batches, and never all of them at once.
  private func write(
    _ plan: LogicalPlan, _ typed: String, to file: String, in session: Session
  ) throws -> Value {
    var rows = 0
    try CSVWriter.write(to: file, options: try textOptions(typed)) { writer in
      session.lastReport = try Execution.stream(plan) { batch in
        rows += batch.rowCount
        try writer(batch)
      }
    }
    return written(typed, rows: rows, columns: plan.schema.names.count)
  }

  private func textOptions(_ typed: String) throws -> CSVWriter.Options {
    let name = typed.lowercased()
    var options = CSVWriter.Options()
    if name.hasSuffix(".tsv") || name.hasSuffix(".tsv.gz") {
      options.delimiter = UInt8(ascii: "\t")
    }
    if call.option("sep") != nil, let delimiter = try call.csvOptions().delimiter {
      options.delimiter = delimiter
    }
    return options
  }
}
