import Columnar
import Formats
import Language
import Notebooks

extension Call {
  /// The options of `load` as those of the CSV reader.
  func csvOptions() throws -> CSVOptions {
    var options = CSVOptions()
    if let delimiter = try textOption("sep") {
      options.delimiter = try byte(delimiter, "sep")
    }
    if let quote = try textOption("quote") {
      options.quote = quote.isEmpty ? nil : try byte(quote, "quote")
    }
    if let mark = try choiceOption("decimal", among: [",", "."]) {
      options.usesDecimalComma = mark == ","
    }
    if option("header") != nil { options.hasHeader = try flagOption("header") }
    if let null = option("null") { options.nullWords = try words(null) }
    if let types = option("types") { options.types = try columnTypes(types) }
    return options
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
