extension Report {
  /// Title, sections and footer, with an empty line between them.
  func text(_ context: RenderContext) -> String {
    var blocks: [String] = []
    if !title.isEmpty { blocks.append(titleText(context)) }
    for section in sections {
      switch section {
      case .table(let table): blocks.append(table.text(context))
      case .text(let lines): blocks.append(paragraphs(lines, context))
      case .plot(let plot): blocks.append(plot.text(context))
      }
    }
    if !footer.isEmpty { blocks.append(paragraphs(footer, context)) }
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Whether the width of a screen leaves out columns or cuts texts of its tables.
  func leavesOut(_ context: RenderContext) -> Bool {
    sections.contains {
      if case .table(let table) = $0 { table.leavesOut(context) } else { false }
    }
  }

  /// The words before the first wide gap are the subject, as `m` in `m  ols  y ~ x`.
  private func titleText(_ context: RenderContext) -> String {
    var result = ""
    for (place, text) in title.enumerated() {
      for (number, line) in titleLines(text, context).enumerated() {
        var styled = StyledLine()
        if place == 0, number == 0, let gap = line.firstRange(of: "  ") {
          styled.append(String(line[..<gap.lowerBound]), .bold)
          styled.append(String(line[gap.lowerBound...]))
        } else {
          styled.append(line)
        }
        result += styled.text(usesColor: context.usesColor)
      }
    }
    return result
  }

  /// A title that is too wide breaks at its gaps of three spaces or more before anywhere else.
  private func titleLines(_ text: String, _ context: RenderContext) -> [String] {
    let text = context.glyphs.legible(text)
    guard text.columnWidth > context.usableWidth, let gap = text.firstRange(of: "   ") else {
      return wrapped(text, width: context.usableWidth, glyphs: context.glyphs)
    }
    let head = String(text[..<gap.lowerBound])
    let tail = String(text[gap.upperBound...].drop { $0 == " " })
    return wrapped(head, width: context.usableWidth, glyphs: context.glyphs)
      + wrapped(indent + tail, width: context.usableWidth, glyphs: context.glyphs)
  }

  private func paragraphs(_ lines: [String], _ context: RenderContext) -> String {
    lines.flatMap {
      wrapped($0.isEmpty ? "" : indent + $0, width: context.usableWidth, glyphs: context.glyphs)
    }.map { $0.droppingTrailingSpaces() + "\n" }.joined()
  }
}
