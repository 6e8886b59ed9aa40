extension Heatmap {
  /// A cell a pair, the darker the more; with the values in them where there is room.
  func text(_ context: RenderContext) -> String {
    let present = panels.flatMap { $0.values.flatMap { $0.compactMap { $0 } } }
      .filter(\.isFinite)
    guard let least = present.min(), let most = present.max() else {
      return figureText([nothingToDraw(measure, "values", context)], caption: caption, context)
    }
    let isWhole = present.allSatisfy { $0 == $0.rounded() && $0.magnitude < 1e9 }
    let scale = HeatmapScale(least: least, most: most, isWhole: isWhole, context.glyphs)
    let grid = HeatmapGrid(self, scale, context)
    return figureText(grid.lines, caption: caption, context)
  }
}

/// Which shade a value has: four steps of one size between zero, or the least, and the most.
private struct HeatmapScale {
  let low: Double
  let high: Double
  let signs: [String]
  /// Whether all values are whole numbers, as counts are.
  let isWhole: Bool

  init(least: Double, most: Double, isWhole: Bool, _ glyphs: RenderContext.Glyphs) {
    self.isWhole = isWhole
    // From zero where that does not waste half of the shades: twice as dark is twice as much.
    low = least >= 0 && least < most / 2 ? 0 : least
    high = most
    signs = glyphs.shades
  }

  func sign(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if low == 0, value == 0 { return " " }
    // Halved, so that the width of the widest range is finite.
    let width = high / 2 - low / 2
    let share = width > 0 ? (value / 2 - low / 2) / width : 1
    return signs[max(0, min(signs.count - 1, Int(share * Double(signs.count))))]
  }

  /// What each shade stands for, from its lower border on.
  var legend: String {
    var bounds = signs.indices.map { low + (high / 2 - low / 2) * Double($0) / 2 }
    if isWhole {
      // The least whole number that has the shade; nothing is left blank.
      bounds = bounds.map { max($0.rounded(.up), low == 0 ? 1 : low) }
    }
    let used = signs.indices.filter { $0 + 1 == signs.count || bounds[$0] < bounds[$0 + 1] }
    return used.map { "\(signs[$0]) \(NumberFormat.significant(3).text(bounds[$0]))" }
      .joined(separator: "  ") + " to \(NumberFormat.significant(3).text(high))"
  }
}

/// Where the cells stand.
private struct HeatmapGrid {
  private let heatmap: Heatmap
  private let scale: HeatmapScale
  private let context: RenderContext
  private let rowLabels: [String]
  private let columnLabels: [String]
  private let labelWidth: Int
  /// The texts of the values by panel and row; nil where cells have no room for them.
  private let texts: [[[String]]]?
  private let cellWidth: Int
  private let blocks: [Range<Int>]

  init(_ heatmap: Heatmap, _ scale: HeatmapScale, _ context: RenderContext) {
    self.heatmap = heatmap
    self.scale = scale
    self.context = context
    let glyphs = context.glyphs
    rowLabels = heatmap.rowLabels.map {
      $0.visible(glyphs).cut(to: context.usableWidth / 3, ellipsis: glyphs.ellipsis)
    }
    labelWidth = rowLabels.map(\.columnWidth).max() ?? 0
    columnLabels = heatmap.columnLabels.map {
      $0.visible(glyphs).cut(to: 12, ellipsis: glyphs.ellipsis)
    }
    let count = max(1, columnLabels.count)
    let room = context.usableWidth - 4 - labelWidth - 1
    let texts = heatmap.panels.map { panel in
      panel.values.map { row in
        row.map { value -> String in
          guard let value else { return glyphs.null }
          return scale.isWhole
            ? NumberFormat.decimals(0).text(value) : NumberFormat.significant(4).text(value)
        }
      }
    }
    let widestText = texts.joined().joined().map(\.columnWidth).max() ?? 0
    let widestLabel = columnLabels.map(\.columnWidth).max() ?? 0
    // Two columns of shade, a space, the value and a gap of two.
    let roomy = max(widestText + 3, widestLabel) + 2
    if roomy * count <= room {
      self.texts = texts
      cellWidth = roomy
    } else {
      self.texts = nil
      cellWidth = max(1, min(widestLabel + 1, room / count))
    }
    let fitting = max(1, room / cellWidth)
    blocks = stride(from: 0, to: columnLabels.count, by: fitting).map {
      $0..<min($0 + fitting, heatmap.columnLabels.count)
    }
  }

  var lines: [StyledLine] {
    var lines: [StyledLine] = []
    for panel in heatmap.panels.indices {
      if panel > 0 { lines.append(StyledLine()) }
      if let label = heatmap.panels[panel].label {
        let title = StyledLine(indent + label.visible(context.glyphs), .bold)
        lines.append(title.cut(to: context.usableWidth, context.glyphs))
      }
      lines += self.panel(panel)
    }
    var entry = StyledLine(heatmap.measure.visible(context.glyphs), .bold)
    entry.append("  " + scale.legend)
    return lines + legendLines([entry], context)
  }

  private func panel(_ panel: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    for (number, block) in blocks.enumerated() {
      if number > 0 { lines.append(StyledLine()) }
      var header = StyledLine(indent)
      let glyphs = context.glyphs
      header.append(
        "\(heatmap.rowName) \(glyphs == .unicode ? "↓" : "down"), "
          .visible(glyphs), .bold)
      header.append("\(heatmap.columnName) \(glyphs == .unicode ? "→" : "across")", .bold)
      lines.append(header.cut(to: context.usableWidth, glyphs))
      lines.append(heading(block))
      for row in rowLabels.indices { lines.append(self.row(row, block, of: panel)) }
    }
    return lines
  }

  /// The labels of the columns, as many as stand clear of each other.
  private func heading(_ block: Range<Int>) -> StyledLine {
    var line = StyledLine(String(repeating: " ", count: 4 + labelWidth + 1))
    let widest = block.map { columnLabels[$0].columnWidth }.max() ?? 0
    let step = max(1, (widest + 1 + cellWidth - 1) / cellWidth)
    for place in stride(from: block.lowerBound, to: block.upperBound, by: step) {
      line.pad(to: 4 + labelWidth + 1 + (place - block.lowerBound) * cellWidth)
      line.append(columnLabels[place])
    }
    return line.cut(to: context.usableWidth, context.glyphs)
  }

  private func row(_ row: Int, _ block: Range<Int>, of panel: Int) -> StyledLine {
    let values = heatmap.panels[panel].values
    var line = StyledLine("    ")
    line.append(rowLabels[row].padded(to: labelWidth, alignment: .right) + " ")
    for column in block {
      let value =
        values.indices.contains(row) && values[row].indices.contains(column)
        ? values[row][column] : nil
      if let texts {
        line.append(
          value.map { String(repeating: scale.sign($0), count: 2) } ?? "  ", .series(0))
        line.append((" " + texts[panel][row][column]).padded(to: cellWidth - 2))
      } else {
        let sign = value.map(scale.sign) ?? context.glyphs.blankCell
        line.append(String(repeating: sign, count: cellWidth), value == nil ? .dim : .series(0))
      }
    }
    return line
  }
}

extension RenderContext.Glyphs {
  /// A cell of a figure that no row of data falls into.
  fileprivate var blankCell: String { " " }
}
