extension BoxPlot {
  /// A box a group on one axis: three lines each, one where there are many.
  func text(_ context: RenderContext) -> String {
    guard boxes.contains(where: { $0.quartiles != nil }) else {
      return figureText([nothingToDraw(variable, "values", context)], caption: caption, context)
    }
    let rows = GroupRows(
      labels: boxes.map(\.label), counts: boxes.map { ($0.valueCount, $0.nullCount) },
      range: range, kind: kind, scale: scale, context)
    let signs = BoxSigns(context.glyphs)
    var lines: [StyledLine] = []
    for (group, box) in boxes.enumerated() {
      var canvas = Canvas(width: rows.width, height: boxes.count > 8 ? 1 : 3)
      canvas.draw(box, rows, signs)
      lines += rows.strip(group, canvas) { _, _ in (" ", .plain) }
    }
    return figureText(lines + rows.ending(variable), caption: caption, context)
  }
}

/// The signs a box is drawn with.
private struct BoxSigns {
  let whisker: String
  let lowerEnd: String
  let upperEnd: String
  let left: String
  let right: String
  let median: String
  let edge: String
  /// Left corner, median and right corner of the upper and of the lower edge.
  let above: [String]
  let below: [String]
  /// The inside of a box of one line.
  let inside: String
  let outlier: String

  init(_ glyphs: RenderContext.Glyphs) {
    if glyphs == .unicode {
      (whisker, lowerEnd, upperEnd) = ("─", "├", "┤")
      (left, right, median, edge) = ("┤", "├", "┃", "─")
      (above, below) = (["┌", "┰", "┐"], ["└", "┸", "┘"])
      (inside, outlier) = ("▒", "•")
    } else {
      (whisker, lowerEnd, upperEnd) = ("-", "|", "|")
      (left, right, median, edge) = ("[", "]", "#", "-")
      (above, below) = (["+", "+", "+"], ["+", "+", "+"])
      (inside, outlier) = ("=", "o")
    }
  }
}

extension Canvas {
  fileprivate mutating func draw(_ box: BoxPlot.Box, _ rows: GroupRows, _ signs: BoxSigns) {
    let middle = height / 2
    for outlier in box.outliers {
      if let column = rows.column(outlier.value) {
        draw(signs.outlier, .series(1), column: column, row: middle)
      }
    }
    guard let quartiles = box.quartiles, let left = rows.column(quartiles.lower),
      let median = rows.column(quartiles.median), let right = rows.column(quartiles.upper),
      let low = rows.column(box.lowerWhisker), let high = rows.column(box.upperWhisker)
    else { return }
    for column in min(low, left)...max(high, right) {
      draw(signs.whisker, .series(0), column: column, row: middle)
    }
    if low < left { draw(signs.lowerEnd, .series(0), column: low, row: middle) }
    if high > right { draw(signs.upperEnd, .series(0), column: high, row: middle) }
    for column in left...right {
      draw(height > 1 ? " " : signs.inside, .series(0), column: column, row: middle)
    }
    if left < right {
      draw(signs.left, .series(0), column: left, row: middle)
      draw(signs.right, .series(0), column: right, row: middle)
      if height > 1 {
        for (row, corners) in [(middle - 1, signs.above), (middle + 1, signs.below)] {
          for column in left...right { draw(signs.edge, .series(0), column: column, row: row) }
          draw(corners[1], .series(0), column: median, row: row)
          if median != left { draw(corners[0], .series(0), column: left, row: row) }
          if median != right { draw(corners[2], .series(0), column: right, row: row) }
        }
      }
    }
    draw(signs.median, .bold, column: median, row: middle)
  }
}
