extension Histogram {
  /// A bar a bin, a panel a group: side by side on one scale where they fit, else below each other.
  func text(_ context: RenderContext) -> String {
    guard panels.contains(where: { $0.valueCount > 0 }), !binLabels.isEmpty else {
      return captioned(
        [nothingToDraw(variable, "values", context)], context)
    }
    let grid = HistogramGrid(self, context)
    var lines = grid.lines
    if panels.contains(where: { $0.expected != nil }) {
      var entry = StyledLine(context.glyphs.curvePoint, .series(1))
      entry.append(" normal distribution of the same mean and standard deviation")
      lines += legendLines([entry], context)
    }
    return captioned(lines, context)
  }

  /// `n 342 · 2 null · bin 500`, and what else there is to know.
  var caption: [String] {
    var parts = [
      "n \(grouped(panels.reduce(0) { $0 + $1.valueCount }))",
      "\(grouped(panels.reduce(0) { $0 + $1.nullCount })) null",
    ]
    if let binWidth, !binLabels.isEmpty { parts.append("bin \(binWidth)") }
    return parts + notes
  }

  private func captioned(_ lines: [StyledLine], _ context: RenderContext) -> String {
    figureText(lines, caption: caption, context)
  }
}

/// Where the panels of a histogram stand, all of one size and on one scale.
private struct HistogramGrid {
  private let histogram: Histogram
  private let context: RenderContext
  private let labels: [String]
  private let labelWidth: Int
  private let countWidth: Int
  private let tallest: Int
  /// Columns a panel takes, its axis and counts included.
  private let panelWidth: Int
  private let panelsPerRow: Int

  init(_ histogram: Histogram, _ context: RenderContext) {
    self.histogram = histogram
    self.context = context
    labels = histogram.binLabels.map {
      context.glyphs.legible($0.visible(context.glyphs)).cut(
        to: context.usableWidth / 2, ellipsis: context.glyphs.ellipsis)
    }
    labelWidth = labels.map(\.columnWidth).max() ?? 0
    let panels = histogram.panels
    tallest = max(
      panels.flatMap(\.counts).max() ?? 0,
      Int((panels.flatMap { $0.expected ?? [] }.max() ?? 0).rounded(.up)))
    let widestCount = grouped(tallest).count
    let room = context.usableWidth - Self.labelIndent - labelWidth - 1
    let least = max(
      Self.shortestBar + widestCount + 2,
      panels.map {
        max(
          Self.caption($0, context.glyphs).columnWidth,
          min(Self.longLabel, ($0.label ?? "").columnWidth))
      }.max() ?? 0)
    let fitting = max(1, min(panels.count, (room + gap.count) / (least + gap.count)))
    // As many rows as it takes, each with the same number of panels as far as that goes.
    let rowCount = (panels.count + fitting - 1) / fitting
    panelsPerRow = max(1, (panels.count + rowCount - 1) / max(1, rowCount))
    panelWidth = (room - (panelsPerRow - 1) * gap.count) / panelsPerRow
    countWidth = panelsPerRow == 1 ? max(Self.countTitle.count, widestCount) : widestCount
  }

  private static let labelIndent = 4
  private static let shortestBar = 9
  /// Labels up to this width are not cut for the sake of standing side by side.
  private static let longLabel = 28
  private static let countTitle = "count"

  private static func caption(
    _ panel: Histogram.Panel, _ glyphs: RenderContext.Glyphs
  ) -> String {
    glyphs.legible("n \(grouped(panel.valueCount)) · \(grouped(panel.nullCount)) null")
  }

  /// The column at which the first axis stands.
  private var axisColumn: Int { Self.labelIndent + labelWidth + 1 }

  var lines: [StyledLine] {
    panelsPerRow == 1 ? stacked : sideBySide
  }

  private var name: String {
    histogram.variable.visible(context.glyphs).cut(
      to: context.usableWidth - 10, ellipsis: context.glyphs.ellipsis)
  }

  /// Panels below each other, or the only one.
  private var stacked: [StyledLine] {
    var lines: [StyledLine] = []
    let panels = histogram.panels
    for (place, panel) in panels.enumerated() {
      var header = StyledLine(indent)
      if let label = panel.label {
        if place == 0 {
          lines.append(StyledLine(indent + name, .bold))
        } else {
          lines.append(StyledLine())
        }
        header.append(
          shown(label, width: context.usableWidth - indent.count - Self.countTitle.count - 2))
      } else {
        header.append(name, .bold)
      }
      header.pad(to: context.usableWidth - Self.countTitle.count)
      header.append(Self.countTitle, .dim)
      lines.append(header)
      for bin in labels.indices {
        var line = labelled(bin)
        line.append(bar(panel, bin))
        lines.append(line)
      }
      if panels.count > 1 {
        lines.append(StyledLine(indent + Self.caption(panel, context.glyphs), .dim))
      }
    }
    if panels.count > 1 { lines.append(StyledLine()) }
    return lines
  }

  private var sideBySide: [StyledLine] {
    var lines: [StyledLine] = []
    let panels = histogram.panels
    for start in stride(from: 0, to: panels.count, by: panelsPerRow) {
      let row = panels[start..<min(start + panelsPerRow, panels.count)]
      var header = StyledLine()
      if start == 0 {
        header.append(indent + name, .bold)
        if header.width + gap.count > axisColumn {
          lines.append(header)
          header = StyledLine()
        }
      } else {
        lines.append(StyledLine())
      }
      lines.append(
        across(row, from: header) { panel in
          StyledLine(shown(panel.label ?? "", width: panelWidth))
        })
      for bin in labels.indices {
        lines.append(across(row, from: labelled(bin)) { bar($0, bin) })
      }
      lines.append(
        across(row, from: StyledLine()) { panel in
          StyledLine(Self.caption(panel, context.glyphs), .dim)
        })
    }
    return lines
  }

  /// One line of a row of panels.
  private func across(
    _ row: ArraySlice<Histogram.Panel>, from start: StyledLine,
    _ part: (Histogram.Panel) -> StyledLine
  ) -> StyledLine {
    var line = start
    for (place, panel) in row.enumerated() {
      line.pad(to: axisColumn + place * (panelWidth + gap.count))
      line.append(part(panel))
    }
    return line
  }

  private func shown(_ label: String, width: Int) -> String {
    context.glyphs.legible(label.visible(context.glyphs)).cut(
      to: width, ellipsis: context.glyphs.ellipsis)
  }

  private func labelled(_ bin: Int) -> StyledLine {
    var line = StyledLine(String(repeating: " ", count: Self.labelIndent))
    line.append(labels[bin].padded(to: labelWidth, alignment: .right))
    line.append(" ")
    return line
  }

  /// Axis, bar and count of a bin.
  private func bar(_ panel: Histogram.Panel, _ bin: Int) -> StyledLine {
    let count = panel.counts.indices.contains(bin) ? panel.counts[bin] : 0
    let between = panelsPerRow == 1 ? 2 : 1
    let barWidth = panelWidth - 1 - between - countWidth
    var line = StyledLine(context.glyphs.axis, .dim)
    let length = context.glyphs.bar(Double(count) / Double(max(1, tallest)), width: barWidth)
    if let expected = panel.expected, expected.indices.contains(bin), barWidth > 0 {
      let place = min(
        barWidth - 1, Int(expected[bin] / Double(max(1, tallest)) * Double(barWidth)))
      line.append(marked(length, at: place))
    } else {
      line.append(length, .series(0))
    }
    line.pad(to: panelWidth - countWidth)
    line.append(grouped(count).padded(to: countWidth, alignment: .right))
    return line
  }

  /// A bar with the sign of the normal curve at a column, within the bar or beyond it.
  private func marked(_ bar: String, at place: Int) -> StyledLine {
    let cells = Array(bar)
    var line = StyledLine(String(cells.prefix(place)), .series(0))
    line.pad(to: place)
    line.append(context.glyphs.curvePoint, .series(1))
    line.append(String(cells.dropFirst(place + 1)), .series(0))
    return line
  }
}

extension RenderContext.Glyphs {
  /// What marks a point of a curve over bars.
  var curvePoint: String { self == .unicode ? "◆" : "o" }
}
