import Columnar

extension Output {
  /// The output as Markdown: tables as pipe tables, figures as fenced text. Numbers as on the screen.
  package func markdown(_ context: RenderContext = .notebook) -> String {
    switch self {
    case .frame(let output): output.markdown(context)
    case .report(let report): report.markdown(context)
    case .plot(let plot): fenced(plot.text(context.withoutColor))
    case .message(let message): message.markdown
    }
  }
}

extension RenderContext {
  fileprivate var withoutColor: RenderContext {
    var context = self
    context.usesColor = false
    return context
  }
}

extension FrameOutput {
  fileprivate func markdown(_ context: RenderContext) -> String {
    let shown = min(frame.rowCount, context.rowLimit.map { max(0, $0) } ?? frame.rowCount)
    let columns = zip(frame.names, frame.columns).map {
      FrameColumn(name: $0, column: $1, rowCount: shown, glyphs: context.glyphs)
    }
    var remarks = footer
    if shown < rowCount || shown == 0 || columns.isEmpty {
      remarks.insert(shapeText(rows: rowCount, columns: columns.count), at: 0)
    }
    if shown < rowCount {
      remarks.insert("\(grouped(rowCount - shown)) more rows", at: 0)
    }
    var blocks: [String] = []
    if !columns.isEmpty {
      blocks.append(
        pipeTable(
          header: columns.map(\.name), alignments: columns.map(\.alignment),
          rows: (0..<shown).map { row in columns.map { trimmed($0.paddedCell(row)) } }))
    }
    if !remarks.isEmpty { blocks.append(escaped(remarks.joined(separator: " · ")) + "\n") }
    return blocks.joined(separator: "\n")
  }
}

extension Report {
  fileprivate func markdown(_ context: RenderContext) -> String {
    var blocks: [String] = []
    if !title.isEmpty { blocks.append(paragraph(title)) }
    for section in sections {
      switch section {
      case .text(let lines):
        let isLaidOut = lines.contains { $0.hasPrefix(" ") || $0.contains("  ") }
        blocks.append(
          isLaidOut ? fenced(lines.map { $0 + "\n" }.joined()) : paragraph(lines))
      case .plot(let plot): blocks.append(fenced(plot.text(context.withoutColor)))
      case .table(let table): blocks.append(table.markdown(context))
      }
    }
    if !footer.isEmpty { blocks.append(paragraph(footer)) }
    return blocks.joined(separator: "\n")
  }
}

extension ReportTable {
  fileprivate func markdown(_ context: RenderContext) -> String {
    let layout = columns.indices.map { place in
      ReportTableColumn(
        columns[place], cells: rows.map { place < $0.count ? $0[place] : .empty },
        context.withoutColor)
    }
    return pipeTable(
      header: layout.map(\.title),
      alignments: columns.map { $0.alignment == .left ? .left : .right },
      rows: rows.indices.map { row in
        layout.map { column in trimmed(column.line(row).pieces.map(\.text).joined()) }
      })
  }
}

extension Message {
  fileprivate var markdown: String {
    (subject.map { "**" + escaped($0) + "** " } ?? "") + paragraph([text])
      + (aside.map { "\n*" + escaped($0) + "*\n" } ?? "")
  }
}

/// Lines of one paragraph, broken where they were.
private func paragraph(_ lines: [String]) -> String {
  lines.map(escaped).joined(separator: "\\\n") + "\n"
}

private func trimmed(_ text: String) -> String {
  String(text.droppingTrailingSpaces().drop { $0 == " " })
}

/// A table of GitHub's Markdown, its columns padded to one width so that it reads as it stands.
private func pipeTable(header: [String], alignments: [TextAlignment], rows: [[String]]) -> String {
  let cells = ([header] + rows).map { $0.map(escaped) }
  var widths = Array(repeating: 3, count: header.count)
  for row in cells {
    for (place, cell) in row.enumerated() { widths[place] = max(widths[place], cell.columnWidth) }
  }
  func line(_ row: [String]) -> String {
    "| "
      + row.enumerated().map { place, cell in
        cell.padded(to: widths[place], alignment: alignments[place])
      }.joined(separator: " | ") + " |\n"
  }
  let rule = widths.enumerated().map { place, width in
    alignments[place] == .right
      ? String(repeating: "-", count: width - 1) + ":" : String(repeating: "-", count: width)
  }
  return line(cells[0]) + "| " + rule.joined(separator: " | ") + " |\n"
    + cells.dropFirst().map(line).joined()
}

/// Text whose signs mean nothing to Markdown.
private func escaped(_ text: String) -> String {
  var result = ""
  for character in text.visible(.unicode) {
    switch character {
    case "\\", "|", "*", "`": result += "\\" + String(character)
    case "<": result += "&lt;"
    default: result.append(character)
    }
  }
  return result
}

/// Text as it stands, in a fence longer than any in it.
private func fenced(_ text: String) -> String {
  var fence = "```"
  while text.contains(fence) { fence += "`" }
  return fence + "text\n" + text + fence + "\n"
}
