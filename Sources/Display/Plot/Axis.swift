/// A canvas with its axes: ticks and labels at the left and below.
struct Axis: Sendable {
  /// The range drawn: the data's, a little wider where that is one point.
  let range: ClosedRange<Double>
  let ticks: Ticks

  init(_ range: ClosedRange<Double>, kind: AxisKind, about count: Int) {
    if range.lowerBound < range.upperBound {
      self.range = range
    } else {
      let value = range.lowerBound
      let margin = max(1, value.magnitude * 0.01)
      self.range = (value - margin)...(value + margin)
    }
    ticks = Ticks(self.range, kind: kind, about: count)
  }

  /// Where a value stands between the ends, from 0 to 1; nil outside.
  func fraction(_ value: Double) -> Double? {
    guard range.contains(value) else { return nil }
    let half = range.upperBound / 2 - range.lowerBound / 2
    return half > 0 ? (value / 2 - range.lowerBound / 2) / half : 0.5
  }

  /// The value at a fraction of the way.
  func value(_ fraction: Double) -> Double {
    range.lowerBound * (1 - fraction) + range.upperBound * fraction
  }
}

/// The signs axes are drawn with.
struct AxisGlyphs {
  let vertical: String
  let verticalTick: String
  let corner: String
  let horizontal: String
  let horizontalTick: String

  init(_ glyphs: RenderContext.Glyphs) {
    (vertical, verticalTick, corner, horizontal, horizontalTick) =
      glyphs == .unicode ? ("│", "┤", "└", "─", "┬") : ("|", "+", "+", "-", "+")
  }
}

/// Lines of a canvas between a vertical axis at the left and a horizontal one below.
struct AxisFrame {
  let x: Axis
  let y: Axis
  let labelWidth: Int
  let context: RenderContext
  private let signs: AxisGlyphs

  init(x: Axis, y: Axis, labelWidth: Int, _ context: RenderContext) {
    self.x = x
    self.y = y
    self.labelWidth = labelWidth
    self.context = context
    signs = AxisGlyphs(context.glyphs)
  }

  /// The columns left of the canvas.
  var marginWidth: Int { 4 + labelWidth + 2 }

  func lines(_ canvas: Canvas, _ cell: (_ column: Int, _ row: Int) -> (String, Style))
    -> [StyledLine]
  {
    var labels: [Int: String] = [:]
    for (value, label) in zip(y.ticks.values, y.ticks.labels) {
      guard let fraction = y.fraction(value) else { continue }
      labels[canvas.height - 1 - place(fraction, canvas.height)] = label
    }
    var lines = (0..<canvas.height).map { row in
      var line = StyledLine("    ")
      line.append((labels[row] ?? "").padded(to: labelWidth, alignment: .right) + " ")
      line.append(labels[row] == nil ? signs.vertical : signs.verticalTick, .dim)
      line.append(canvas.line(row) { cell($0, row) })
      return line
    }
    lines += bottom(canvas.width)
    return lines
  }

  private func place(_ fraction: Double, _ size: Int) -> Int {
    min(size - 1, Int(fraction * Double(size)))
  }

  /// The horizontal axis and its labels, as many as stand clear of each other.
  private func bottom(_ width: Int) -> [StyledLine] {
    var axis = Array(repeating: signs.horizontal, count: width)
    var labels = StyledLine()
    let ticks = zip(x.ticks.values, x.ticks.labels).compactMap { value, label in
      x.fraction(value).map { fraction -> (column: Int, start: Int, label: String) in
        let column = place(fraction, width)
        let start = max(
          marginWidth - 1,
          min(
            marginWidth + width - label.columnWidth, marginWidth + column - label.columnWidth / 2))
        return (column, start, label)
      }
    }
    // Every tick, or every second and so on, that none is missing between two.
    let stride = (1...max(1, ticks.count)).first { stride in
      let shown = Swift.stride(from: 0, to: ticks.count, by: stride).map { ticks[$0] }
      return zip(shown, shown.dropFirst()).allSatisfy { left, right in
        right.start >= left.start + left.label.columnWidth + 2
      }
    }
    for index in Swift.stride(from: 0, to: ticks.count, by: stride ?? 1) {
      axis[ticks[index].column] = signs.horizontalTick
      labels.pad(to: ticks[index].start)
      labels.append(ticks[index].label)
    }
    var line = StyledLine(String(repeating: " ", count: marginWidth - 1))
    line.append(signs.corner + axis.joined(), .dim)
    return [line, labels]
  }
}
