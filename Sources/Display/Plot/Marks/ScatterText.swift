extension Scatter {
  /// The points on a canvas between axes, with legend and caption.
  func text(_ context: RenderContext) -> String {
    let glyphs = context.glyphs
    let drawing = ScatterDrawing(self, context)
    var lines: [StyledLine] = []
    if drawing.isEmpty {
      let name = "\(yName) over \(xName)".visible(glyphs)
      lines.append(
        StyledLine(
          indent + name.cut(to: max(8, context.usableWidth - 24), ellipsis: glyphs.ellipsis)
            + " has no points to draw"))
    } else {
      lines = drawing.lines
    }
    var caption = caption
    if drawing.outsideCount > 0 { caption.append("\(grouped(drawing.outsideCount)) outside") }
    let footer =
      caption.isEmpty
      ? []
      : wrapped(
        indent + caption.joined(separator: " · "), width: context.usableWidth, glyphs: glyphs)
    return (lines.map { $0.text(usesColor: context.usesColor) } + footer.map { $0 + "\n" }).joined()
  }
}

/// What stands in which cell.
private struct ScatterDrawing {
  private let scatter: Scatter
  private let context: RenderContext
  private let frame: AxisFrame
  /// All points.
  private var canvas: Canvas
  /// The points of each series.
  private var layers: [Canvas]
  private(set) var outsideCount = 0
  private(set) var isEmpty = true

  init(_ scatter: Scatter, _ context: RenderContext) {
    self.scatter = scatter
    self.context = context
    let height = max(8, min(24, context.usableWidth / 4))
    let y = Axis(scatter.yRange, kind: scatter.yKind, about: height / 4)
    let labelWidth = y.ticks.labels.map(\.columnWidth).max() ?? 0
    let width = max(8, context.usableWidth - labelWidth - 7)
    // A label and the space around it take about twice its width.
    let sample = Axis(scatter.xRange, kind: scatter.xKind, about: 4).ticks.labels
    let labelRoom = 6 + (sample.map(\.columnWidth).max() ?? 4)
    let x = Axis(scatter.xRange, kind: scatter.xKind, about: max(2, width / labelRoom))
    frame = AxisFrame(x: x, y: y, labelWidth: labelWidth, context)
    canvas = Canvas(width: width, height: height)
    layers = []
    for series in scatter.series {
      var layer = Canvas(width: width, height: height)
      for index in 0..<min(series.x.count, series.y.count) {
        let weight = index < series.weights.count ? series.weights[index] : 1
        guard let left = x.fraction(series.x[index]), let up = y.fraction(series.y[index]) else {
          outsideCount = outsideCount.addingReportingOverflow(weight).partialValue
          continue
        }
        isEmpty = false
        layer.add(x: left, y: up, weight: weight)
        canvas.add(x: left, y: up, weight: weight)
      }
      layers.append(layer)
    }
    for (number, line) in scatter.lines.enumerated() { draw(line, style: lineStyle(number)) }
  }

  private func lineStyle(_ number: Int) -> Style {
    scatter.series.count == scatter.lines.count && scatter.series.count > 1
      ? .series(number) : .series(scatter.series.count > 1 ? 5 : 1)
  }

  var lines: [StyledLine] {
    let glyphs = context.glyphs
    let room = context.usableWidth - indent.count
    var lines = [
      StyledLine(
        indent + scatter.yName.visible(glyphs).cut(to: room, ellipsis: glyphs.ellipsis), .bold)
    ]
    let isGrouped = layers.count > 1
    let shades = isGrouped || !isDense ? nil : Shades(largest: canvas.largestCount, glyphs)
    lines += frame.lines(canvas) { column, row in
      if isGrouped { return mark(column, row) }
      if let shades { return (shades.sign(canvas.count(column: column, row: row)), .series(0)) }
      return (canvas.braille(column: column, row: row), .series(0))
    }
    let name = scatter.xName.visible(glyphs).cut(to: room, ellipsis: glyphs.ellipsis)
    var nameLine = StyledLine()
    nameLine.pad(to: frame.marginWidth + canvas.width - name.columnWidth)
    nameLine.append(name, .bold)
    return lines + [nameLine] + legend(shades)
  }

  /// Whether dots would only show where rows are, not how many; ASCII has no dots.
  private var isDense: Bool {
    if context.glyphs == .ascii { return true }
    var rows = 0.0
    var dots = 0.0
    for count in canvas.dots where count > 0 {
      rows += Double(count)
      dots += 1
    }
    let isFull = dots > 0.6 * 8 * Double(canvas.occupiedCellCount)
    return rows > 4 * dots || isFull && rows > 1.2 * dots
  }

  /// The sign of the series with most rows in the cell.
  private func mark(_ column: Int, _ row: Int) -> (String, Style) {
    var most = 0
    var winner: Int?
    for (number, layer) in layers.enumerated() {
      let count = layer.count(column: column, row: row)
      if count > most {
        most = count
        winner = number
      }
    }
    return winner.map { (seriesSign($0, context.glyphs), .series($0)) } ?? (" ", .plain)
  }

  private func legend(_ shades: Shades?) -> [StyledLine] {
    let glyphs = context.glyphs
    var entries: [StyledLine] = []
    if layers.count > 1 {
      for (number, series) in scatter.series.enumerated() {
        var entry = StyledLine(seriesSign(number, glyphs), .series(number))
        entry.append(" " + (series.label ?? "").visible(glyphs))
        entries.append(entry)
      }
    }
    for (number, line) in scatter.lines.enumerated() {
      var entry = StyledLine(glyphs == .unicode ? "─" : "-", lineStyle(number))
      entry.append(" " + glyphs.legible(line.label).visible(glyphs))
      entries.append(entry)
    }
    if let shades { entries.append(StyledLine(shades.legend)) }
    return flowed(entries)
  }

  /// Entries one after the other, in as many lines as they need.
  private func flowed(_ entries: [StyledLine]) -> [StyledLine] {
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

  /// Draws a straight line, a sign a column, or a row where it is steep.
  private mutating func draw(_ line: Scatter.Line, style: Style) {
    let isUnicode = context.glyphs == .unicode
    func row(at column: Double) -> Double {
      let x = frame.x.value(column / Double(canvas.width))
      let value = line.intercept + line.slope * x
      let half = frame.y.range.upperBound / 2 - frame.y.range.lowerBound / 2
      return (1 - (value / 2 - frame.y.range.lowerBound / 2) / half) * Double(canvas.height)
    }
    for column in 0..<canvas.width {
      let start = row(at: Double(column))
      let end = row(at: Double(column + 1))
      guard start.isFinite, end.isFinite else { continue }
      let middle = (start + end) / 2
      let top = max(0, min(start, end))
      let bottom = min(Double(canvas.height), max(start, end))
      let fall = end - start
      if fall.magnitude < 0.5 {
        guard middle >= 0, middle < Double(canvas.height) else { continue }
        let level = (middle - middle.rounded(.down)) * 5
        let sign = isUnicode ? scanLines[max(0, min(4, Int(level)))] : level < 4 ? "-" : "_"
        canvas.draw(sign, style, column: column, row: Int(middle))
      } else if top < bottom {
        let sign =
          fall.magnitude > 2.5
          ? (isUnicode ? "│" : "|") : fall < 0 ? (isUnicode ? "╱" : "/") : (isUnicode ? "╲" : "\\")
        let first = Int(fall.magnitude > 1 ? top : max(0, middle))
        let last = fall.magnitude > 1 ? max(first, Int(bottom.nextDown)) : first
        for row in first...last { canvas.draw(sign, style, column: column, row: row) }
      }
    }
  }
}

private let scanLines = ["⎺", "⎻", "─", "⎼", "⎽"]

/// The sign of a series: shapes first, then letters, then one sign for all that follow.
private func seriesSign(_ number: Int, _ glyphs: RenderContext.Glyphs) -> String {
  let shapes =
    glyphs == .unicode
    ? ["●", "○", "+", "×", "◆", "◇", "▲", "△"] : ["o", "x", "+", "*", "#", "%", "@", "&"]
  if number < shapes.count { return shapes[number] }
  let letters = Array("abcdefghijklmnpqrstuvwyz")
  let place = number - shapes.count
  return place < letters.count ? String(letters[place]) : "?"
}

/// How many rows of data a cell has, in four shades; each begins at a round number.
private struct Shades {
  private let signs: [String]
  private let thresholds: [Int]

  init(largest: Int, _ glyphs: RenderContext.Glyphs) {
    let all = glyphs == .unicode ? ["░", "▒", "▓", "█"] : [".", ":", "o", "@"]
    var thresholds = [1]
    let ratio = max(1.5, Double(max(1, largest)).squareRoot().squareRoot())
    for power in 1..<all.count {
      var bound = 1.0
      for _ in 0..<power { bound *= ratio }
      let rounded = Shades.round(bound)
      if rounded > thresholds[thresholds.count - 1], rounded <= largest {
        thresholds.append(rounded)
      }
    }
    self.thresholds = thresholds
    signs = Array(all.prefix(thresholds.count))
  }

  /// The next of 1, 2, 5 times a power of ten.
  private static func round(_ value: Double) -> Int {
    var power = 1
    while power < Int.max / 100 {
      for mantissa in [1, 2, 5] where Double(mantissa * power) >= value * 0.99 {
        return mantissa * power
      }
      power *= 10
    }
    return power
  }

  func sign(_ count: Int) -> String {
    thresholds.lastIndex { $0 <= count }.map { signs[$0] } ?? " "
  }

  var legend: String {
    "rows a cell: "
      + zip(signs, thresholds).map { "\($0) \(grouped($1))\($1 == thresholds.last ? "+" : "")" }
      .joined(separator: "  ")
  }
}
