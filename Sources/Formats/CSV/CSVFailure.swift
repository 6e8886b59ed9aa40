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
          + "\(expected == 1 ? "is" : "are") expected",
        [
          found < expected
            ? "ragged=fill fills short records with null, ragged=skip leaves them out"
            : "ragged=fill leaves out the fields too many, ragged=skip the record"
        ])
    case .blankLine:
      return format("a blank line among the records", ["repair=true leaves blank lines out"])
    case .strayQuote:
      return format(
        "a quote inside a field that does not begin with one",
        ["repair=true keeps it as text, quote=none takes no quote for more than a character"])
    case .textAfterQuote:
      return format(
        "text after the closing quote of a field",
        [
          "a quote inside quotes is written twice; repair=true keeps it as text, "
            + "quote=none takes no quote for more than a character"
        ])
    case .unterminatedQuote:
      return format(
        "the quote that begins here is never closed", ["repair=true keeps it as text"])
    case .longRecord:
      return format("a record longer than a gigabyte; perhaps a quote is not closed")
    case .invalidUTF8(let byte):
      let hex = String(byte, radix: 16, uppercase: true)
      return format(
        "byte 0x\(hex.utf8.count == 1 ? "0" : "")\(hex) is not UTF-8",
        [
          "encoding=latin1 or encoding=windows1252 reads a Western European file; repair=true "
            + "replaces such bytes"
        ])
    case .nul:
      return DataError(
        .notText, "\(place): a zero byte; this is not a text file", file: name, line: line)
    case .value(let column, let field, let reason):
      return format(
        "\"\(field)\" in column \(column) \(reason)", ["bad=null reads such values as null"])
    case .changed:
      return DataError(.io, "\(name) changed while it was read", file: name)
    }
  }
}
