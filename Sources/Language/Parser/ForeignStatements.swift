/// Statements of SQL, answered with the line that does the same here.
extension Parser {
  func foreignStatement() -> Diagnostic? {
    guard let word = bareName(), word.lowercased() == "select", !grammar.boundNames.contains(word),
      tokens.contains(where: { text($0.span).lowercased() == "from" })
    else { return nil }
    let translation = ForeignLine.translation(of: text(line), grammar: grammar)
    return Diagnostic(
      .syntax, "this is not SQL", span: current.span,
      label: "a pipeline begins with the table",
      notes: translation == nil ? ["table | filter … | agg … by … | sort …"] : [],
      hints: translation.map { [$0] } ?? [])
  }
}
