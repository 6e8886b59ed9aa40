import Columnar

extension Output {
  /// The table of a report, its first, or the numbers behind a plot, as CSV (RFC 4180, lines end with a
  /// newline) or, with a tab, TSV; nil where there is none. Frames are written by `CSVWriter`.
  ///
  /// Values have full precision. Null is an empty field, empty text is `""`.
  package func delimited(_ separator: Character = ",") -> String? {
    let row = DelimitedRow(separator: separator)
    switch self {
    case .report(let report):
      for case .table(let table) in report.sections { return row.text(table.plain) }
      return nil
    case .plot(let plot): return row.text(plot.plain)
    case .frame, .message: return nil
    }
  }

  /// What a person should read besides the table, for standard error: titles, footers, messages.
  package func notes(_ context: RenderContext) -> String {
    func lines(_ texts: [String]) -> String {
      texts.flatMap { wrapped($0, width: context.usableWidth, glyphs: context.glyphs) }
        .map { $0 + "\n" }.joined()
    }
    switch self {
    case .frame(let output): return lines(output.footer)
    case .message(let message): return message.text(context)
    case .plot(let plot): return lines([plot.caption.joined(separator: " · ")])
    case .report(let report):
      var rest = report
      if let table = rest.sections.firstIndex(where: \.isTable) { rest.sections.remove(at: table) }
      return rest.text(context)
    }
  }
}

extension Report.Section {
  fileprivate var isTable: Bool {
    if case .table = self { true } else { false }
  }
}

private struct DelimitedRow {
  let separator: Character

  func text(_ table: PlainTable) -> String {
    text(table.names) + table.rows.map(text).joined()
  }

  func text(_ fields: [String?]) -> String {
    fields.map { $0.map(quoted) ?? "" }.joined(separator: String(separator)) + "\n"
  }

  private func quoted(_ field: String) -> String {
    let needsQuotes =
      field.isEmpty
      || field.unicodeScalars.contains {
        $0 == "\"" || $0 == "\n" || $0 == "\r" || Character($0) == separator
      }
    guard needsQuotes else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
