import Columnar
import Formats
import Language
import Notebooks

extension Call {
  /// The options of `load` as those of the CSV reader.
  func csvOptions() throws -> CSVOptions {
    var options = CSVOptions()
    try structureOptions(&options)
    if let mark = try choiceOption("decimal", among: [",", "."]) {
      options.usesDecimalComma = mark == ","
    }
    if option("header") != nil { options.hasHeader = try flagOption("header") }
    if let null = option("null") { options.nullWords = try words(null) }
    if let types = option("types") { options.types = try columnTypes(types) }
    if let bad = option("bad") {
      switch bad.kind {
      case .null: options.nullsInvalidValues = true
      case .name("error"): break
      default: throw invalid("bad", "null, error", isChoice: true)
      }
    }
    return options
  }

  /// Whether `repair=list` asks for what was repaired in place of the table.
  var listsRepairs: Bool {
    if case .name("list")? = option("repair")?.kind { true } else { false }
  }

  /// Options of where records and fields begin and end.
  private func structureOptions(_ options: inout CSVOptions) throws {
    if let delimiter = try textOption("sep") {
      if delimiter.utf8.count > 1, !delimiter.utf8.contains(where: { [10, 13, 34].contains($0) }) {
        options.longDelimiter = Array(delimiter.utf8)
      } else {
        options.delimiter = try byte(delimiter, "sep")
      }
    }
    if let quote = try textOption("quote") {
      options.quote = quote.isEmpty || quote == "none" ? nil : try byte(quote, "quote")
    }
    if let name = try textOption("encoding") {
      guard let encoding = FileEncoding(name: name) else {
        throw invalid("encoding", "utf8, utf16, latin1, windows1252", isChoice: true)
      }
      options.encoding = encoding
    }
    options.skippedLines = try integerOption("skip", in: 0...1_000_000_000) ?? 0
    if let comment = try textOption("comment") {
      guard !comment.isEmpty, !comment.utf8.contains(where: { $0 == 10 || $0 == 13 }) else {
        throw invalid("comment", "what such lines begin with, as \"#\"")
      }
      options.comment = Array(comment.utf8)
    }
    if option("repair") != nil, try listsRepairs || flagOption("repair") {
      options.tolerance.repairs = true
      options.tolerance.ragged = .fill
    }
    let ragged = try choiceOption(
      "ragged", among: CSVTolerance.Ragged.allCases.map(\.rawValue))
    if let ragged { options.tolerance.ragged = .init(rawValue: ragged) ?? .error }
  }

  private func byte(_ text: String, _ option: String) throws -> UInt8 {
    guard text.utf8.count == 1, let byte = text.utf8.first, byte != 10, byte != 13,
      byte != 34 || option == "quote"
    else { throw invalid(option, "one ASCII character in quotes, as \";\" or \"\\t\"") }
    return byte
  }

  private func words(_ expression: Expr) throws -> [String] {
    switch expression.kind {
    case .text(let word): return [word]
    case .list(let elements):
      return try elements.map { element in
        switch element.kind {
        case .text(let word): return word
        case .integer, .float, .unary: return Language.print(element)
        default: throw invalid("null", "a list of words, as [\"NA\", \"-\"]")
        }
      }
    default: throw invalid("null", "a list of words, as [\"NA\", \"-\"]")
    }
  }

  private func columnTypes(_ expression: Expr) throws -> [String: CSVOptions.ColumnSpec] {
    guard case .record(let fields) = expression.kind else {
      throw invalid("types", "a record, as {zip: text, when: date(\"%d.%m.%Y\")}")
    }
    var types: [String: CSVOptions.ColumnSpec] = [:]
    for field in fields { types[field.key.text] = try columnType(field.value) }
    return types
  }

  private func columnType(_ expression: Expr) throws -> CSVOptions.ColumnSpec {
    switch expression.kind {
    case .name(let name):
      if let type = DataType(rawValue: name) { return .type(type) }
    case .call(let function, let arguments):
      if arguments.count == 1, case .text(let format) = arguments[0].kind {
        if function.text == "date" { return .date(format: format) }
        if function.text == "datetime" { return .datetime(format: format) }
      }
    default: break
    }
    throw Diagnostic(
      .usage, "this is no type of a column", span: expression.span,
      notes: [
        "types: \(DataType.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "date(\"%d.%m.%Y\"), datetime(\"…\")"
      ])
  }
}
