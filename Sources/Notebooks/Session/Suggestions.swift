import Language
import Query

extension Diagnostic {
  /// With a line that does what was meant as its first hint: the one at fault with what is corrected
  /// in its place, or as this language has it where it is one of SQL, pandas, dplyr, Stata, KQL or a
  /// shell. `orders` are columns that rows of frames are mostly ordered by.
  func suggesting(
    lineOf text: String, grammar: Grammar, orders: [String: String] = [:]
  ) -> Diagnostic {
    var result = translated(lineOf: text, grammar: grammar, orders: orders)
    // What is offered for a line that cannot be read can be read, and calls what there is.
    if code == .syntax || code == .unknownVerb {
      var grammar = grammar
      // Names that hints tell to bind.
      grammar.boundNames.formUnion(["x", "_"])
      result.hints.removeAll { !Self.isKnown($0, grammar) }
    }
    return result
  }

  private func translated(
    lineOf text: String, grammar: Grammar, orders: [String: String]
  ) -> Diagnostic {
    var result = self
    let corrected = correctedLine(of: text).flatMap { line in
      correction != nil || ForeignLine.parses(line, grammar) ? line : nil
    }
    if let corrected {
      result.correction = nil
      result.hints.removeAll { $0 == corrected }
      result.hints.insert(corrected, at: 0)
    }
    guard var span, Self.codes.contains(code), span.start >= 0 else { return result }
    // A column's name in quotes: the line without them is what was meant.
    if code == .type, corrected != nil { return result }
    // A name that is a value, as `$cutoff`, has its hint.
    if code == .unknownColumn, !hints.isEmpty { return result }
    if correction != nil, let corrected, Self.isKnown(corrected, grammar) { return result }
    let bytes = Array(text.utf8)
    // What is missing at the end is asked for behind it.
    span = Span(min(span.start, bytes.count), min(span.end, bytes.count))
    let newline = UInt8(ascii: "\n")
    let start = bytes[..<span.start].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = bytes[span.start...].firstIndex(of: newline) ?? bytes.count
    let line = String(decoding: bytes[start..<end], as: UTF8.self)
    let place = String(decoding: bytes[span.start..<max(span.start, span.end)], as: UTF8.self)
    let unknown = code == .unknownColumn ? place : nil
    let translation = ForeignLine.translation(
      of: line, grammar: grammar, spellings: Functions.otherSpellings, unknown: unknown,
      orders: orders)
    guard let translation, translation != corrected else { return result }
    // `$cutof` is a value that is misspelt, `$year` a column as shells and Miller write it.
    if code == .unknownName, place.hasPrefix("$"), label?.hasPrefix("the column is") != true {
      return result
    }
    // `in $ids` whose values are of another type.
    if code == .type, place.hasPrefix("$") { return result }
    if correction != nil, !Self.isKnown(translation, grammar) { return result }
    // What the label suggests is a word alike; the line says what is meant.
    if let suggestion, !translation.contains(suggestion) { result.label = nil }
    result.hints = [translation]
    if code == .syntax, translation.hasPrefix("cd ") { result.label = "one command a line" }
    return result
  }

  /// With the line as correction where all that is missing is an order, of which the hint is the
  /// clause: in a stage that has none, else in a stage of its own before it.
  func ordering(_ stage: Stage, hasClause: Bool) -> Diagnostic {
    guard code == .type, correction == nil, hints.count == 1, hints[0].hasPrefix("sort ") else {
      return self
    }
    var result = self
    result.hints = []
    let hasOrder = stage.clauses.contains { if case .sort = $0.kind { true } else { false } }
    result.correction =
      hasClause && !hasOrder
      ? Correction(Span(stage.span.end, stage.span.end), " \(hints[0])")
      : Correction(Span(stage.span.start, stage.span.start), "\(hints[0]) | ")
    return result
  }

  /// What is called where columns are picked, and in formulas.
  private static let callsElsewhere: Set = [
    "all", "bools", "dates", "each", "numeric", "text", "C", "I",
    "poly",
  ]

  /// Whether a line can be read and calls no function that there is none of.
  private static func isKnown(_ line: String, _ grammar: Grammar) -> Bool {
    guard let statements = try? Parser.parse(line, grammar: grammar) else { return false }
    var isKnown = true
    for statement in statements {
      statement.forEachName { name, role in
        if role == .function, !grammar.functions.contains(name.text),
          !callsElsewhere.contains(name.text)
        {
          isKnown = false
        }
      }
    }
    return isKnown
  }

  /// Errors that a line of another language can have.
  private static let codes: Set<Code> = [
    .syntax, .unknownVerb, .unknownOption, .usage, .unknownColumn, .unknownFunction, .type,
    .arguments, .unknownName,
  ]
}
