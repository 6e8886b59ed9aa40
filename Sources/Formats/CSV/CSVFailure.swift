import Columnar

/// What is wrong with a file, and where: thrown by the thread that meets it, made into an error for
/// the user once it is known to be the first.
struct CSVFailure: Error {
  enum Reason {
    case ragged(expected: Int, found: Int)
    case blankLine
    case strayQuote
    case textAfterQuote
    case unterminatedQuote
    case longRecord
    case invalidUTF8(UInt8)
    case nul
    case value(column: String, field: String, reason: String)
    case changed
  }

  /// The byte of the file at fault.
  let offset: Int
  let reason: Reason

  /// The error with file and line. Reads the file up to the fault to count lines.
  func error(_ source: ByteSource) -> DataError {
    let name = source.name
    guard let line = try? source.line(at: offset) else {
      return DataError(.io, "\(name) cannot be read", file: name)
    }
    let place = "\(name) line \(grouped(line))"
    func format(_ message: String, _ hints: [String] = []) -> DataError {
      DataError(.format, "\(place): \(message)", file: name, line: line, hints: hints)
    }
    switch reason {
    case .ragged(let expected, let found):
      return format(
        "\(found) \(found == 1 ? "field" : "fields") where \(expected) "
          + "\(expected == 1 ? "is" : "are") expected")
    case .blankLine:
      return format("a blank line among the records")
    case .strayQuote:
      return format(
        "a quote inside a field that does not begin with one",
        ["quote=\"\" reads quotes as plain characters"])
    case .textAfterQuote:
      return format(
        "text after the closing quote of a field",
        ["a quote inside quotes is written twice; quote=\"\" reads quotes as plain characters"])
    case .unterminatedQuote:
      return format("the quote that begins here is never closed")
    case .longRecord:
      return format("a record longer than a gigabyte; perhaps a quote is not closed")
    case .invalidUTF8(let byte):
      let hex = String(byte, radix: 16, uppercase: true)
      return format(
        "byte 0x\(hex.utf8.count == 1 ? "0" : "")\(hex) is not UTF-8",
        ["iconv -f WINDOWS-1252 -t UTF-8 \(name) > utf8.csv converts a Western European file"])
    case .nul:
      return DataError(
        .notText, "\(place): a zero byte; this is not a text file", file: name, line: line)
    case .value(let column, let field, let reason):
      return format("\"\(field)\" in column \(column) \(reason)")
    case .changed:
      return DataError(.io, "\(name) changed while it was read", file: name)
    }
  }
}
