/// A figure with a strip a group: labels at the left, an axis below, counts at the right.
struct GroupRows {
  let axis: Axis
  /// The columns of the strip.
  let width: Int
  private let labels: [String]
  private let notes: [String]
  private let labelWidth: Int
  private let context: RenderContext
  private static let leastWidth = 8

  /// The layout of strips for groups of which `counts` says how many values and nulls they have.
  init(
    labels: [String?], counts: [(values: Int, nulls: Int)], range: ClosedRange<Double>,
    kind: AxisKind, scale: AxisScale, _ context: RenderContext
  ) {
    let glyphs = context.glyphs
    self.context = context
    let isGrouped = labels.contains { $0 != nil }
    let hasNulls = counts.contains { $0.nulls > 0 }
    var notes = counts.map { values, nulls in
      isGrouped
        ? glyphs.legible("n \(grouped(values))" + (hasNulls ? " · \(grouped(nulls)) null" : ""))
        : ""
    }
    // The frame's margin, the space behind labels, the axis, and what stands before the counts.
    func free(_ notes: [String]) -> Int {
      let noteWidth = notes.map(\.columnWidth).max() ?? 0
      return context.usableWidth - 6 - (noteWidth > 0 ? noteWidth + gap.count : 1)
    }
    // On a narrow screen the strip comes first, then some of each label, then the counts.
    if free(notes) < Self.leastWidth + 6 { notes = counts.map { _ in "" } }
    let room = free(notes)
    self.notes = notes
    let labelLimit = max(1, min(context.usableWidth / 3, room - Self.leastWidth))
    self.labels = labels.map {
      glyphs.legible(($0 ?? "").visible(glyphs)).cut(to: labelLimit, ellipsis: glyphs.ellipsis)
    }
    labelWidth = self.labels.map(\.columnWidth).max() ?? 0
    width = room - labelWidth + (labelWidth > 0 ? 0 : 1)
    let sample = Axis(range, kind: kind, scale: scale, about: 4).ticks.labels
    let labelRoom = 6 + (sample.map(\.columnWidth).max() ?? 4)
    axis = Axis(range, kind: kind, scale: scale, about: max(2, width / labelRoom))
  }

  /// The column of the strip that holds a value.
  func column(_ value: Double) -> Int? {
    axis.fraction(value).map { min(width - 1, Int($0 * Double(width))) }
  }

  /// The lines of a group's strip, with its label and counts at the one in the middle.
  func strip(_ group: Int, _ canvas: Canvas, _ cell: (Int, Int) -> (String, Style))
    -> [StyledLine]
  {
    (0..<canvas.height).map { row in
      let isMiddle = row == canvas.height / 2
      var line = StyledLine("    ")
      if labelWidth > 0 {
        line.append(
          (isMiddle ? labels[group] : "").padded(to: labelWidth, alignment: .right) + " ")
      }
      line.append(context.glyphs == .unicode ? "│" : "|", .dim)
      line.append(canvas.line(row) { cell($0, row) })
      if isMiddle, !notes[group].isEmpty {
        line.pad(to: context.usableWidth - (notes.map(\.columnWidth).max() ?? 0))
        line.append(notes[group], .dim)
      }
      return line
    }
  }

  /// The axis below the strips and the name of the variable.
  func ending(_ name: String) -> [StyledLine] {
    // The frame's own margin is four columns, the labels, a space and the axis.
    let frame = AxisFrame(
      x: axis, y: axis, labelWidth: labelWidth > 0 ? labelWidth : -1, context)
    let glyphs = context.glyphs
    let shown = name.visible(glyphs).cut(
      to: context.usableWidth - indent.count, ellipsis: glyphs.ellipsis)
    var line = StyledLine()
    line.pad(to: max(indent.count, frame.marginWidth + width - shown.columnWidth))
    line.append(shown, .bold)
    return frame.horizontal(width) + [line]
  }
}
