import Columnar

extension Output {
  /// Whether this is a report of which the width of the screen leaves out nothing.
  package func isWholeOnScreen(_ context: RenderContext) -> Bool {
    if case .report(let report) = self { !report.leavesOut(context) } else { false }
  }

  /// The output as a person sees it; each line ends with a newline.
  ///
  /// With `elides` no line is wider than the terminal, but for terminals under 40 columns.
  package func text(_ context: RenderContext) -> String {
    var result = ""
    // What cannot be cancelled does not throw.
    try? write(context, isCancellable: false) { result += $0 }
    return result
  }

  /// Writes what `text` returns in pieces of whole lines, for frames of any length. Throws
  /// `cancelled` after Ctrl-C, and what `sink` throws.
  package func write(_ context: RenderContext, to sink: (String) throws -> Void) throws {
    try write(context, isCancellable: true, to: sink)
  }

  private func write(
    _ context: RenderContext, isCancellable: Bool, to sink: (String) throws -> Void
  ) throws {
    switch self {
    case .frame(let output): try output.write(context, isCancellable: isCancellable, to: sink)
    case .report(let report): try sink(report.text(context))
    case .plot(let plot): try sink(plot.text(context))
    case .message(let message): try sink(message.text(context))
    }
  }
}

extension Message {
  /// `penguins  172 of 344 rows kept · 170 false · 2 null                  undo brings them back`
  func text(_ context: RenderContext) -> String {
    let glyphs = context.glyphs
    var result = ""
    for (place, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let subject = place == 0 ? subject.map { $0.visible(glyphs) + "  " } ?? "" : ""
      let lines = wrapped(
        subject + String(part).visible(glyphs), width: context.usableWidth, glyphs: glyphs)
      for (number, text) in lines.enumerated() {
        var line = StyledLine()
        let isSubjectLine = number == 0 && !subject.isEmpty && text.hasPrefix(subject)
        if isSubjectLine { line.append(subject, .bold) }
        line.append(isSubjectLine ? String(text.dropFirst(subject.count)) : text)
        if place == 0, number == lines.count - 1, context.showsAsides, let aside {
          let aside = glyphs.legible(aside)
          if line.width + 2 + aside.columnWidth > context.usableWidth {
            result += line.text(usesColor: context.usesColor)
            line = StyledLine()
          }
          line.pad(to: max(2, context.usableWidth - aside.columnWidth))
          line.append(aside, .dim)
        }
        result += line.text(usesColor: context.usesColor)
      }
    }
    return result
  }
}
