extension ViolinPlot {
  /// A violin a group on one axis, all of the same area, with median and quartiles inside.
  func text(_ context: RenderContext) -> String {
    guard violins.contains(where: { $0.quartiles != nil }) else {
      return figureText([nothingToDraw(variable, "values", context)], caption: caption, context)
    }
    let rows = GroupRows(
      labels: violins.map(\.label), counts: violins.map { ($0.valueCount, $0.nullCount) },
      range: range, kind: kind, scale: scale, context)
    let isUnicode = context.glyphs == .unicode
    let highest = violins.flatMap(\.density).filter(\.isFinite).max() ?? 0
    var lines: [StyledLine] = []
    for (group, violin) in violins.enumerated() {
      var canvas = Canvas(width: rows.width, height: violins.count > 8 ? 3 : 5)
      canvas.mirror(violin, rows, highest: highest)
      if let quartiles = violin.quartiles, let left = rows.column(quartiles.lower),
        let right = rows.column(quartiles.upper), let median = rows.column(quartiles.median)
      {
        for column in left...max(left, right) {
          canvas.draw(isUnicode ? "━" : "=", .series(1), column: column, row: canvas.height / 2)
        }
        canvas.draw(isUnicode ? "●" : "O", .bold, column: median, row: canvas.height / 2)
      }
      lines += rows.strip(group, canvas) { column, row in
        if isUnicode { return (canvas.braille(column: column, row: row), .series(0)) }
        return (canvas.count(column: column, row: row) >= 3 ? "#" : " ", .series(0))
      }
    }
    let legend = StyledLine(
      "\(isUnicode ? "●" : "O") median   \(isUnicode ? "━" : "=") middle half")
    return figureText(
      lines + rows.ending(variable) + legendLines([legend], context), caption: caption, context)
  }
}

extension Canvas {
  /// Marks the dots within the density above and below the middle.
  fileprivate mutating func mirror(
    _ violin: ViolinPlot.Violin, _ rows: GroupRows, highest: Double
  ) {
    guard highest > 0, violin.x.count == violin.density.count else { return }
    var place = 0
    let dots = width * 2
    for column in 0..<dots {
      let at = rows.axis.place((Double(column) + 0.5) / Double(dots))
      while place + 1 < violin.x.count, rows.axis.scale.place(violin.x[place + 1]) < at {
        place += 1
      }
      guard place + 1 < violin.x.count else { return }
      let (from, to) = (
        rows.axis.scale.place(violin.x[place]), rows.axis.scale.place(violin.x[place + 1])
      )
      guard at >= from, to > from else { continue }
      let share = (at - from) / (to - from)
      let density =
        violin.density[place] + (violin.density[place + 1] - violin.density[place]) * share
      let reach = density / highest / 2
      // What is not nothing shows.
      guard density.isFinite, density > highest * 1e-4 else { continue }
      let half = max(1, Int((reach * Double(height * 4)).rounded()))
      for step in 0..<half {
        let middle = 0.5
        let offset = (Double(step) + 0.5) / Double(height * 4)
        let x = (Double(column) + 0.5) / Double(dots)
        add(x: x, y: middle + offset, weight: 1)
        add(x: x, y: middle - offset, weight: 1)
      }
    }
  }
}
