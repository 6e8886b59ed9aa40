import Language
import Query

extension Diagnostic {
  /// With a line that does what was meant, where the error has none and the line at fault is one of
  /// SQL, pandas, dplyr, Stata, KQL or a shell, or misspells a name.
  func suggesting(lineOf text: String, grammar: Grammar) -> Diagnostic {
    guard var span, Self.codes.contains(code), span.start >= 0 else { return self }
    let bytes = Array(text.utf8)
    // What is missing at the end is asked for behind it.
    span = Span(min(span.start, bytes.count), min(span.end, bytes.count))
    let newline = UInt8(ascii: "\n")
    let start = bytes[..<span.start].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = bytes[span.start...].firstIndex(of: newline) ?? bytes.count
    let line = String(decoding: bytes[start..<end], as: UTF8.self)
    var result = self
    if span.end <= end, let name = suggestion {
      let corrected =
        String(decoding: bytes[start..<span.start], as: UTF8.self) + name
        + String(decoding: bytes[span.end..<end], as: UTF8.self)
      if ForeignLine.parses(corrected, grammar) { result.correctedLine = corrected }
    }
    // A column's name in quotes: the line without them is what was meant.
    if code == .type, result.correctedLine != nil { return result }
    // A name that is a value, as `$cutoff`, has its hint.
    if code == .unknownColumn, !hints.isEmpty { return result }
    let place = String(decoding: bytes[span.start..<max(span.start, span.end)], as: UTF8.self)
    let unknown = code == .unknownColumn ? place : nil
    let translation = ForeignLine.translation(
      of: line, grammar: grammar, spellings: Functions.otherSpellings, unknown: unknown)
    if let translation, translation != result.correctedLine {
      // What the label suggests is a word alike; the line says what is meant.
      if let suggestion, !translation.contains(suggestion) { result.label = nil }
      result.correctedLine = nil
      result.hints = [translation]
    }
    return result
  }

  /// Errors that a line of another language can have.
  private static let codes: Set<Code> = [
    .syntax, .unknownVerb, .unknownOption, .usage, .unknownColumn, .unknownFunction, .type,
    .arguments,
  ]

  /// What the label says was meant.
  private var suggestion: String? {
    guard let label, label.hasPrefix("did you mean `"), label.hasSuffix("`?") else { return nil }
    return String(label.dropFirst("did you mean `".count).dropLast(2))
  }
}
