/// Canvases of one size on shared axes, a panel a group: side by side where they fit, else below
/// each other.
struct AxisPanels {
  let x: Axis
  let y: Axis
  let canvasWidth: Int
  let canvasHeight: Int
  private let context: RenderContext
  private let labelWidth: Int
  private let panelsPerRow: Int

  /// One panel: its canvas, what stands in a cell that has no sign of its own, and what is said
  /// above and below it.
  struct Panel {
    var label: String?
    var note: String?
    var canvas: Canvas
    var cell: (_ column: Int, _ row: Int) -> (String, Style)
  }

  /// An axis before its size on the screen is known.
  struct Extent {
    var range: ClosedRange<Double>
    var kind: AxisKind
    var scale: AxisScale
  }

  /// The narrowest canvas that panels side by side may have, and the columns between them.
  private static let leastWidth = 20
  private static let space = 3

  /// The layout of `count` panels; `height` is that of a lone one at 80 columns, in rows, and
  /// `width` what each should have where the screen has it.
  init(
    x: Extent, y: Extent, count: Int, height: Int? = nil, width wanted: Int? = nil,
    _ context: RenderContext
  ) {
    self.context = context
    let alone = height ?? max(8, min(24, context.usableWidth / 4))
    var tall = count > 1 ? max(6, min(12, alone * 3 / 5)) : alone
    // Wide panels stand below each other, and are not so tall.
    if count > 2, wanted ?? 0 > Self.leastWidth { tall = 6 }
    let y = Axis(y.range, kind: y.kind, scale: y.scale, about: max(2, tall / 4))
    let labelWidth = y.ticks.labels.map(\.columnWidth).max() ?? 0
    let room = max(8, context.usableWidth - labelWidth - 7)
    let least = max(Self.leastWidth, min(wanted ?? 0, room))
    let fitting = max(1, min(count, (room + Self.space) / (least + Self.space)))
    // As many rows as it takes, each with the same number of panels as far as that goes.
    let rowCount = (max(1, count) + fitting - 1) / fitting
    panelsPerRow = max(1, (count + rowCount - 1) / rowCount)
    let width = (room - (panelsPerRow - 1) * Self.space) / panelsPerRow
    // A label and the space around it take about twice its width.
    let sample = Axis(x.range, kind: x.kind, scale: x.scale, about: 4).ticks.labels
    let labelRoom = 6 + (sample.map(\.columnWidth).max() ?? 4)
    self.x = Axis(x.range, kind: x.kind, scale: x.scale, about: max(2, width / labelRoom))
    self.y = y
    self.labelWidth = labelWidth
    canvasWidth = width
    canvasHeight = tall
  }

  var canvas: Canvas { Canvas(width: canvasWidth, height: canvasHeight) }

  /// The name of the vertical axis, the panels, and the name of the horizontal one.
  func lines(xName: String, yName: String, _ panels: [Panel]) -> [StyledLine] {
    let glyphs = context.glyphs
    let room = context.usableWidth - indent.count
    var lines = [
      StyledLine(indent + yName.visible(glyphs).cut(to: room, ellipsis: glyphs.ellipsis), .bold)
    ]
    for start in stride(from: 0, to: panels.count, by: panelsPerRow) {
      if start > 0 { lines.append(StyledLine()) }
      lines += row(Array(panels[start..<min(start + panelsPerRow, panels.count)]))
    }
    let name = xName.visible(glyphs).cut(to: room, ellipsis: glyphs.ellipsis)
    var nameLine = StyledLine()
    let end = labelWidth + 6 + min(panels.count, panelsPerRow) * (canvasWidth + Self.space)
    nameLine.pad(to: max(indent.count, end - Self.space - name.columnWidth))
    nameLine.append(name, .bold)
    return lines + [nameLine]
  }

  /// The column at which the canvas of a panel begins.
  private func start(_ place: Int) -> Int {
    labelWidth + 6 + place * (canvasWidth + Self.space)
  }

  private func row(_ panels: [Panel]) -> [StyledLine] {
    var lines: [StyledLine] = []
    func across(_ text: (Panel) -> String?, _ style: Style) {
      guard panels.contains(where: { text($0) != nil }) else { return }
      var line = StyledLine()
      for (place, panel) in panels.enumerated() {
        line.pad(to: start(place))
        let glyphs = context.glyphs
        line.append(
          glyphs.legible((text(panel) ?? "").visible(glyphs)).cut(
            to: canvasWidth, ellipsis: glyphs.ellipsis), style)
      }
      lines.append(line)
    }
    across(\.label, .plain)
    let blocks = panels.enumerated().map { place, panel in
      AxisFrame(x: x, y: y, labelWidth: place == 0 ? labelWidth : nil, context)
        .lines(panel.canvas, panel.cell)
    }
    for number in 0..<(blocks.map(\.count).min() ?? 0) {
      var line = StyledLine()
      for (place, block) in blocks.enumerated() {
        if place > 0 { line.pad(to: start(place) - 1) }
        line.append(block[number])
      }
      lines.append(line)
    }
    across(\.note, .dim)
    return lines
  }
}
