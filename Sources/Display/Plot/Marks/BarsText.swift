extension Bars {
  /// A bar a category on one scale from zero, with its value behind it; panels below each other.
  func text(_ context: RenderContext) -> String {
    guard panels.contains(where: { $0.values.contains { $0?.isFinite ?? false } }) else {
      return figureText([nothingToDraw(variable, "values", context)], caption: caption, context)
    }
    let scale = BarScale(self, context)
    var lines: [StyledLine] = []
    for (place, panel) in panels.enumerated() {
      if let label = panel.label {
        if place == 0 { lines.append(header(variable, .bold, context)) }
        if place > 0 { lines.append(StyledLine()) }
        lines.append(header(label, .plain, context, measure: place > 0))
      } else {
        lines.append(header(variable, .bold, context))
      }
      for (label, value) in zip(labels, panel.values) { lines.append(scale.line(label, value)) }
      if let note = panel.note {
        lines.append(StyledLine(indent + context.glyphs.legible(note), .dim))
      }
    }
    if panels.count > 1 { lines.append(StyledLine()) }
    return figureText(lines, caption: caption, context)
  }

  /// The variable or group at the left, the measure over the values at the right margin.
  private func header(
    _ name: String, _ style: Style, _ context: RenderContext, measure isShown: Bool = true
  ) -> StyledLine {
    let ellipsis = context.glyphs.ellipsis
    let room = context.usableWidth - indent.count - gap.count
    let measure =
      isShown ? measure.visible(context.glyphs).cut(to: room / 2, ellipsis: ellipsis) : ""
    var line = StyledLine(indent)
    line.append(
      context.glyphs.legible(name.visible(context.glyphs)).cut(
        to: room - measure.columnWidth, ellipsis: ellipsis), style)
    if !measure.isEmpty {
      line.pad(to: context.usableWidth - measure.columnWidth)
      line.append(measure, .dim)
    }
    return line
  }
}

/// How long the bars are: zero stands where the longest bars of either sign just fit.
private struct BarScale {
  private let context: RenderContext
  private let labelWidth: Int
  private let valueWidths: DecimalWidths
  private let valueWidth: Int
  private let negativeWidth: Int
  private let positiveWidth: Int
  private let unit: Double

  private static let labelIndent = 4
  private static let shortestBar = 4

  init(_ bars: Bars, _ context: RenderContext) {
    self.context = context
    let widestLabel = bars.labels.map { $0.visible(context.glyphs).columnWidth }.max() ?? 0
    let values = bars.panels.flatMap(\.values)
    let texts = values.map { $0.map { barValueFormat.text($0) } ?? context.glyphs.null }
    var valueWidths = DecimalWidths()
    for text in texts { valueWidths.include(text) }
    self.valueWidths = valueWidths
    // Numbers of very different size are not aligned on the point: that would take half the line.
    valueWidth =
      valueWidths.total <= context.usableWidth / 3
      ? valueWidths.total : texts.map(\.columnWidth).max() ?? 0
    let free = context.usableWidth - Self.labelIndent - 2 - gap.count - valueWidth
    labelWidth = max(1, min(widestLabel, context.usableWidth / 3, free - Self.shortestBar))
    let room = free - labelWidth
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    let most = max(0, finite.max() ?? 0)
    let least = min(0, finite.min() ?? 0)
    // Halved so that the difference of the largest floats does not overflow.
    let range = most / 2 - least / 2
    negativeWidth =
      least < 0 ? min(room - 1, max(1, Int((-least / 2 / range * Double(room)).rounded()))) : 0
    positiveWidth = room - negativeWidth
    unit = max(
      most / Double(max(1, positiveWidth)), negativeWidth > 0 ? -least / Double(negativeWidth) : 0)
  }

  func line(_ label: String, _ value: Double?) -> StyledLine {
    let glyphs = context.glyphs
    var line = StyledLine(String(repeating: " ", count: Self.labelIndent))
    line.append(
      label.visible(glyphs).cut(to: labelWidth, ellipsis: glyphs.ellipsis)
        .padded(to: labelWidth, alignment: .right))
    line.append(" ")
    let length = value.map { $0.isFinite && unit > 0 ? $0 / unit : $0.isFinite ? 0 : $0 } ?? 0
    line.append(negativeBar(-length).padded(to: negativeWidth, alignment: .right), .series(0))
    line.append(glyphs.axis, .dim)
    line.append(
      glyphs.bar(length / Double(max(1, positiveWidth)), width: positiveWidth), .series(0))
    line.pad(to: context.usableWidth - valueWidth)
    if let value {
      let text = barValueFormat.text(value)
      line.append(
        valueWidth == valueWidths.total
          ? valueWidths.aligned(text) : text.padded(to: valueWidth, alignment: .right))
    } else {
      line.append(glyphs.null.padded(to: valueWidth, alignment: .right), .dim)
    }
    return line
  }

  /// A bar that ends at zero, in halves of a column.
  private func negativeBar(_ length: Double) -> String {
    guard length > 0, negativeWidth > 0 else { return "" }
    let length = min(length, Double(negativeWidth))
    guard context.glyphs == .unicode else {
      return String(repeating: "#", count: max(1, Int(length.rounded())))
    }
    let halves = max(1, Int((length * 2).rounded()))
    return (halves % 2 == 1 ? "▐" : "") + String(repeating: "█", count: halves / 2)
  }
}

private let barValueFormat = NumberFormat.significant(6)
