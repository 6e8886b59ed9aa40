#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One axis of a figure: the range drawn, how values lie on it, and its ticks.
struct Axis: Sendable {
  /// The range drawn: the data's, a little wider where that is one point.
  let range: ClosedRange<Double>
  let ticks: Ticks
  let scale: AxisScale
  /// The ends in units of the drawing: logarithms on a logarithmic axis.
  private let low: Double
  private let high: Double

  init(
    _ range: ClosedRange<Double>, kind: AxisKind, scale: AxisScale = .linear, about count: Int
  ) {
    // Where a value is not above zero there is no logarithm; the verbs leave those out.
    self.scale = range.lowerBound > 0 ? scale : .linear
    if range.lowerBound < range.upperBound {
      self.range = range
    } else if self.scale == .log {
      let value = max(range.lowerBound, .leastNormalMagnitude)
      self.range = value / 2...min(value * 2, .greatestFiniteMagnitude)
    } else {
      let value = range.lowerBound
      let margin = max(1, value.magnitude * 0.01)
      self.range = (value - margin)...(value + margin)
    }
    switch self.scale {
    case .linear:
      ticks = Ticks(self.range, kind: kind, about: count)
      (low, high) = (self.range.lowerBound, self.range.upperBound)
    case .log:
      ticks = Ticks(logarithmic: self.range, about: count)
      (low, high) = (log10(self.range.lowerBound), log10(self.range.upperBound))
    }
  }

  /// Where a value stands between the ends, from 0 to 1; nil outside.
  func fraction(_ value: Double) -> Double? {
    guard range.contains(value) else { return nil }
    return position(scale.place(value))
  }

  /// Where a value given in units of the drawing stands: 0 at the lower end, 1 at the upper.
  func position(_ place: Double) -> Double {
    // Halved, so that the width of the widest range is finite.
    let half = high / 2 - low / 2
    return half > 0 ? (place / 2 - low / 2) / half : 0.5
  }

  /// The value at a fraction of the way, in units of the drawing.
  func place(_ fraction: Double) -> Double { low * (1 - fraction) + high * fraction }
}

extension AxisScale {
  /// A value in units of the drawing: its logarithm to base 10 on a logarithmic axis.
  package func place(_ value: Double) -> Double { self == .log ? log10(value) : value }
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
  /// The columns of the labels at the left; nil for a panel that shares those of its neighbour.
  let labelWidth: Int?
  let context: RenderContext
  private let signs: AxisGlyphs

  init(x: Axis, y: Axis, labelWidth: Int?, _ context: RenderContext) {
    self.x = x
    self.y = y
    self.labelWidth = labelWidth
    self.context = context
    signs = AxisGlyphs(context.glyphs)
  }

  /// The columns left of the canvas, the axis among them.
  var marginWidth: Int { labelWidth.map { 4 + $0 + 2 } ?? 1 }

  func lines(_ canvas: Canvas, _ cell: (_ column: Int, _ row: Int) -> (String, Style))
    -> [StyledLine]
  {
    var labels: [Int: String] = [:]
    for (value, label) in zip(y.ticks.values, y.ticks.labels) {
      guard let fraction = y.fraction(value) else { continue }
      labels[canvas.height - 1 - place(fraction, canvas.height)] = label
    }
    let lines = (0..<canvas.height).map { row in
      var line = StyledLine()
      if let labelWidth {
        line.append("    " + (labels[row] ?? "").padded(to: labelWidth, alignment: .right) + " ")
      }
      line.append(labels[row] == nil ? signs.vertical : signs.verticalTick, .dim)
      line.append(canvas.line(row) { cell($0, row) })
      return line
    }
    return lines + horizontal(canvas.width)
  }

  private func place(_ fraction: Double, _ size: Int) -> Int {
    min(size - 1, Int(fraction * Double(size)))
  }

  /// The horizontal axis and its labels, as many as stand clear of each other.
  func horizontal(_ width: Int) -> [StyledLine] {
    var axis = Array(repeating: signs.horizontal, count: width)
    var labels = StyledLine()
    let end = marginWidth + width
    let ticks = zip(x.ticks.values, x.ticks.labels).compactMap {
      value, label -> (column: Int, start: Int, label: String)? in
      // A label wider than all that there is would run into what stands beside.
      guard let fraction = x.fraction(value), label.columnWidth <= end else { return nil }
      let column = place(fraction, width)
      let middle = max(marginWidth - 1, marginWidth + column - label.columnWidth / 2)
      return (column, max(0, min(end - label.columnWidth, middle)), label)
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
