/// The lines of a figure with its caption below, wrapped at the width.
func figureText(
  _ lines: [StyledLine], caption: [String], _ context: RenderContext
) -> String {
  let ending =
    caption.isEmpty
    ? []
    : wrapped(
      indent + caption.joined(separator: " · "), width: context.usableWidth,
      glyphs: context.glyphs)
  return lines.map { $0.text(usesColor: context.usesColor) }.joined()
    + ending.map { $0 + "\n" }.joined()
}

/// The line that stands for a figure without anything to draw.
func nothingToDraw(_ name: String, _ what: String, _ context: RenderContext) -> StyledLine {
  let glyphs = context.glyphs
  return StyledLine(
    indent
      + name.visible(glyphs).cut(
        to: max(8, context.usableWidth - 24), ellipsis: glyphs.ellipsis) + " has no \(what) to draw"
  )
}

/// The entries of a legend one after the other, in as many lines as they need.
func legendLines(_ entries: [StyledLine], _ context: RenderContext) -> [StyledLine] {
  var lines: [StyledLine] = []
  var line = StyledLine(indent)
  for entry in entries {
    if line.width > indent.count, line.width + 3 + entry.width > context.usableWidth {
      lines.append(line)
      line = StyledLine(indent)
    }
    if line.width > indent.count { line.append("   ") }
    line.append(entry.cut(to: context.usableWidth - line.width, context.glyphs))
  }
  return line.width > indent.count ? lines + [line] : lines
}

/// The sign of a series: shapes first, then letters, then one sign for all that follow.
func seriesSign(_ number: Int, _ glyphs: RenderContext.Glyphs) -> String {
  let shapes =
    glyphs == .unicode
    ? ["●", "○", "+", "×", "◆", "◇", "▲", "△"] : ["o", "x", "+", "*", "#", "%", "@", "&"]
  if number < shapes.count { return shapes[number] }
  let letters = Array("abcdefghijklmnpqrstuvwyz")
  let place = number - shapes.count
  return place < letters.count ? String(letters[place]) : "?"
}

/// An entry of a legend for each series: its sign and its label.
func seriesEntries(_ labels: [String?], _ glyphs: RenderContext.Glyphs) -> [StyledLine] {
  labels.enumerated().map { number, label in
    var entry = StyledLine(seriesSign(number, glyphs), .series(number))
    entry.append(" " + (label ?? "").visible(glyphs))
    return entry
  }
}

/// The sign of the layer with most rows of data in a cell.
func dominantSign(
  _ layers: [Canvas], _ column: Int, _ row: Int, _ glyphs: RenderContext.Glyphs
) -> (String, Style) {
  var most = 0
  var winner: Int?
  for (number, layer) in layers.enumerated() {
    let count = layer.count(column: column, row: row)
    if count > most {
      most = count
      winner = number
    }
  }
  return winner.map { (seriesSign($0, glyphs), .series($0)) } ?? (" ", .plain)
}
