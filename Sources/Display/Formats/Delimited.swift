import Columnar

extension Output {
  /// The table of the output as CSV (RFC 4180, lines end with a newline) or, with a tab, TSV; nil
  /// where it has none. Of a report it is the first table, of a plot the numbers behind it.
  ///
  /// Values have full precision. Null is an empty field, empty text is `""`.
  package func delimited(_ separator: Character = ",") -> String? {
    var result = ""
    // What cannot be cancelled does not throw.
    let isTable =
      (try? writeDelimited(separator, isCancellable: false) { result += $0 }) ?? false
    return isTable ? result : nil
  }

  /// Writes what `delimited` returns in pieces of whole lines and returns whether there was a table.
  /// Throws `cancelled` after Ctrl-C, and what `sink` throws.
  package func writeDelimited(
    _ separator: Character, to sink: (String) throws -> Void
  ) throws -> Bool {
    try writeDelimited(separator, isCancellable: true, to: sink)
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

  private func writeDelimited(
    _ separator: Character, isCancellable: Bool, to sink: (String) throws -> Void
  ) throws -> Bool {
    let row = DelimitedRow(separator: separator)
    switch self {
    case .frame(let output):
      let frame = output.frame
      guard !frame.columns.isEmpty else { return false }
      try sink(row.text(frame.names))
      try RowBlocks.write(frame.rowCount, isCancellable: isCancellable, to: sink) { rows in
        var text = ""
        for index in rows { text += row.text(frame.columns.map { JSONValue($0[index]).plain }) }
        return text
      }
      return true
    case .report(let report):
      for case .table(let table) in report.sections {
        try row.write(table.plain, to: sink)
        return true
      }
      return false
    case .plot(let plot):
      try row.write(plot.plain, to: sink)
      return true
    case .message: return false
    }
  }
}

extension Report.Section {
  fileprivate var isTable: Bool {
    if case .table = self { true } else { false }
  }
}

private struct DelimitedRow: Sendable {
  let separator: Character

  func write(_ table: PlainTable, to sink: (String) throws -> Void) rethrows {
    try sink(text(table.names))
    for row in table.rows { try sink(text(row)) }
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
