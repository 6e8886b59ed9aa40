extension Curves {
  /// The points of the longest series. Below two columns of dots a point, a line that goes up and
  /// down cannot be followed.
  private var mostPoints: Int {
    panels.flatMap { $0.series.map(\.x.count) }.max() ?? 0
  }

  /// The curves between axes, a panel a group, with legend and caption.
  func text(_ context: RenderContext) -> String {
    let hasPoints = panels.contains { $0.series.contains { $0.y.contains { $0 != nil } } }
    guard hasPoints else {
      return figureText(
        [nothingToDraw("\(yName) over \(xName)", "points", context)], caption: caption, context)
    }
    let layout = AxisPanels(
      x: .init(range: xRange, kind: xKind, scale: xScale),
      y: .init(range: yRange, kind: yKind, scale: yScale), count: panels.count, height: height,
      width: shape == .line && mostPoints > 60 ? mostPoints / 2 : nil, context)
    let glyphs = context.glyphs
    let shown = panels.map { panel in
      let layers = panel.series.map { series in
        var layer = layout.canvas
        layer.trace(series, shape, layout)
        return layer
      }
      return AxisPanels.Panel(label: panel.label, note: panel.note, canvas: layout.canvas) {
        column, row in
        guard layers.count == 1 else { return dominantSign(layers, column, row, glyphs) }
        if shape == .area {
          return (layers[0].level(column: column, row: row, glyphs), .series(0))
        }
        if glyphs == .ascii {
          return (layers[0].count(column: column, row: row) > 0 ? "*" : " ", .series(0))
        }
        return (layers[0].braille(column: column, row: row), .series(0))
      }
    }
    let series = panels.first?.series ?? []
    let entries = series.count > 1 ? seriesEntries(series.map(\.label), glyphs) : []
    return figureText(
      layout.lines(xName: xName, yName: yName, shown) + legendLines(entries, context),
      caption: caption, context)
  }
}

extension Canvas {
  /// Draws a curve; what lies outside the axes is left out.
  fileprivate mutating func trace(
    _ series: Curves.Series, _ shape: Curves.Shape, _ layout: AxisPanels
  ) {
    var last: (x: Double, y: Double)?
    for (x, y) in zip(series.x, series.y) {
      guard let y, let left = layout.x.fraction(x), let up = layout.y.fraction(y) else {
        last = nil
        continue
      }
      let point = (x: left, y: up)
      let from = last ?? point
      switch shape {
      case .line: segment(from, point)
      case .step:
        segment(from, (point.x, from.y))
        segment((point.x, from.y), point)
      case .area: fill(from, point)
      }
      last = point
    }
  }
}
