extension Scatter {
  /// The points on a canvas between axes, a panel a group, with legend and caption.
  func text(_ context: RenderContext) -> String {
    let drawing = ScatterDrawing(self, context)
    var caption = caption
    if drawing.outsideCount > 0 { caption.append("\(grouped(drawing.outsideCount)) outside") }
    return figureText(
      drawing.isEmpty
        ? [nothingToDraw("\(yName) over \(xName)", "points", context)] : drawing.lines,
      caption: caption, context)
  }
}

/// What stands in which cell.
private struct ScatterDrawing {
  private let scatter: Scatter
  private let context: RenderContext
  private let panels: AxisPanels
  private var figures: [ScatterPanel] = []
  private(set) var outsideCount = 0
  private(set) var isEmpty = true

  init(_ scatter: Scatter, _ context: RenderContext) {
    self.scatter = scatter
    self.context = context
    panels = AxisPanels(
      x: .init(range: scatter.xRange, kind: scatter.xKind, scale: scatter.xScale),
      y: .init(range: scatter.yRange, kind: scatter.yKind, scale: scatter.yScale),
      count: scatter.panels.count, context)
    for panel in scatter.panels {
      let figure = ScatterPanel(panel, panels, context)
      outsideCount = outsideCount.addingReportingOverflow(figure.outsideCount).partialValue
      if !figure.isEmpty { isEmpty = false }
      figures.append(figure)
    }
  }

  var lines: [StyledLine] {
    let isGrouped = scatter.panels.contains { $0.series.count > 1 }
    let isDense = !isGrouped && figures.contains { $0.isDense(context.glyphs) }
    let shades =
      isDense
      ? Shades(largest: figures.map(\.canvas.largestCount).max() ?? 0, context.glyphs) : nil
    let shown = zip(scatter.panels, figures).map { panel, figure in
      AxisPanels.Panel(label: panel.label, note: panel.note, canvas: figure.canvas) {
        column, row in
        if isGrouped { return dominantSign(figure.layers, column, row, context.glyphs) }
        if let shades {
          return (shades.sign(figure.canvas.count(column: column, row: row)), .series(0))
        }
        return (figure.canvas.braille(column: column, row: row), .series(0))
      }
    }
    return panels.lines(xName: scatter.xName, yName: scatter.yName, shown) + legend(shades)
  }

  private func legend(_ shades: Shades?) -> [StyledLine] {
    let glyphs = context.glyphs
    let series = scatter.panels.first?.series ?? []
    var entries = series.count > 1 ? seriesEntries(series.map(\.label), glyphs) : []
    for panel in scatter.panels {
      for (number, line) in panel.lines.enumerated() {
        var entry = StyledLine(glyphs == .unicode ? "─" : "-", panel.style(ofLine: number))
        let subject = scatter.panels.count > 1 ? panel.label.map { "\($0): " } ?? "" : ""
        entry.append(" " + (subject + glyphs.legible(line.label)).visible(glyphs))
        entries.append(entry)
      }
    }
    if let shades { entries.append(StyledLine(shades.legend)) }
    return legendLines(entries, context)
  }
}

extension Scatter.Panel {
  /// A line a series has the colour of its series.
  fileprivate func style(ofLine number: Int) -> Style {
    series.count == lines.count && series.count > 1
      ? .series(number) : .series(series.count > 1 ? 5 : 1)
  }
}

/// The cells of one panel.
private struct ScatterPanel {
  /// All points.
  private(set) var canvas: Canvas
  /// The points of each series.
  private(set) var layers: [Canvas] = []
  private(set) var outsideCount = 0
  private(set) var isEmpty = true

  init(_ panel: Scatter.Panel, _ panels: AxisPanels, _ context: RenderContext) {
    canvas = panels.canvas
    for series in panel.series {
      var layer = panels.canvas
      for index in 0..<min(series.x.count, series.y.count) {
        let weight = index < series.weights.count ? series.weights[index] : 1
        guard let left = panels.x.fraction(series.x[index]),
          let up = panels.y.fraction(series.y[index])
        else {
          outsideCount = outsideCount.addingReportingOverflow(weight).partialValue
          continue
        }
        isEmpty = false
        layer.add(x: left, y: up, weight: weight)
        canvas.add(x: left, y: up, weight: weight)
      }
      layers.append(layer)
    }
    for (number, line) in panel.lines.enumerated() {
      canvas.draw(line, panels, panel.style(ofLine: number), context.glyphs)
    }
  }

  /// Whether dots would only show where rows are, not how many; ASCII has no dots.
  func isDense(_ glyphs: RenderContext.Glyphs) -> Bool {
    if glyphs == .ascii { return true }
    var rows = 0.0
    var dots = 0.0
    for count in canvas.dots where count > 0 {
      rows += Double(count)
      dots += 1
    }
    let isFull = dots > 0.6 * 8 * Double(canvas.occupiedCellCount)
    return rows > 4 * dots || isFull && rows > 1.2 * dots
  }
}

extension Canvas {
  /// Draws a straight line, a sign a column, or a row where it is steep.
  fileprivate mutating func draw(
    _ line: Scatter.Line, _ panels: AxisPanels, _ style: Style, _ glyphs: RenderContext.Glyphs
  ) {
    let isUnicode = glyphs == .unicode
    func row(at column: Double) -> Double {
      let value = line.intercept + line.slope * panels.x.place(column / Double(width))
      return (1 - panels.y.position(value)) * Double(height)
    }
    for column in 0..<width {
      let start = row(at: Double(column))
      let end = row(at: Double(column + 1))
      guard start.isFinite, end.isFinite else { continue }
      let middle = (start + end) / 2
      let top = max(0, min(start, end))
      let bottom = min(Double(height), max(start, end))
      let fall = end - start
      if fall.magnitude < 0.5 {
        guard middle >= 0, middle < Double(height) else { continue }
        let level = (middle - middle.rounded(.down)) * 5
        let sign = isUnicode ? scanLines[max(0, min(4, Int(level)))] : level < 4 ? "-" : "_"
        draw(sign, style, column: column, row: Int(middle))
      } else if top < bottom {
        let sign =
          fall.magnitude > 2.5
          ? (isUnicode ? "│" : "|") : fall < 0 ? (isUnicode ? "╱" : "/") : (isUnicode ? "╲" : "\\")
        let first = Int(fall.magnitude > 1 ? top : max(0, middle))
        let last = fall.magnitude > 1 ? max(first, Int(bottom.nextDown)) : first
        for row in first...last { draw(sign, style, column: column, row: row) }
      }
    }
  }
}

private let scanLines = ["⎺", "⎻", "─", "⎼", "⎽"]
