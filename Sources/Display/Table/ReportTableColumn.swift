/// A column of a report ready for the screen.
struct ReportTableColumn {
  /// The title, or the key where there is none: what is said of a column that was dropped.
  let name: String
  let title: String
  let droppable: Int
  private(set) var width: Int
  private let naturalWidth: Int
  /// The width without any bar.
  private let leastWidth: Int
  private let isDecimal: Bool
  let wraps: Bool
  private let alignment: ReportColumn.Alignment
  private let cells: [Cell]
  private let texts: [CellText]
  private let context: RenderContext
  private let decimalWidths: DecimalWidths

  init(_ column: ReportColumn, cells: [Cell], _ context: RenderContext) {
    let glyphs = context.glyphs
    title = glyphs.legible(column.title).visible(glyphs)
    name = title.isEmpty ? column.key : title
    droppable = column.droppable
    alignment = column.alignment
    wraps = column.wraps
    self.cells = cells
    self.context = context
    let bounds = IntervalWidths(cells)
    texts = cells.map { $0.cellText(glyphs, bounds) }
    var decimalWidths = DecimalWidths()
    var widestText = title.columnWidth
    var widestNumber = 0
    var hasBar = false
    for (cell, text) in zip(cells, texts) {
      if case .bar = cell { hasBar = true }
      if cell.isNumeric {
        decimalWidths.include(text.text)
        widestNumber = max(widestNumber, text.text.columnWidth)
      } else {
        widestText = max(widestText, text.text.columnWidth)
      }
    }
    self.decimalWidths = decimalWidths
    // Numbers of very different size are not aligned on the point: that would take half the line.
    isDecimal = column.alignment == .decimal && decimalWidths.total <= context.usableWidth / 3
    leastWidth = max(widestText, isDecimal ? decimalWidths.total : widestNumber)
    naturalWidth = hasBar ? max(leastWidth, Self.fullBar) : leastWidth
    width = naturalWidth
  }

  private static let fullBar = 24
  private static let shortestBar = 8
  private static let longestBar = 60
  private static let narrowestText = 12
  private static let narrowestWrapped = 22

  var isBar: Bool {
    cells.contains {
      if case .bar = $0 { true } else { false }
    }
  }

  /// Whether the cells are words, which may be cut.
  var isText: Bool {
    alignment == .left
      && !cells.contains {
        switch $0 {
        case .text, .shown, .empty, .null: false
        default: true
        }
      }
  }

  /// By how much the column may become narrower.
  var slack: Int {
    let least = wraps ? Self.narrowestWrapped : Self.narrowestText
    return isText ? max(0, width - max(least, title.columnWidth)) : 0
  }

  var isCut: Bool { isText && !wraps && width < naturalWidth }

  mutating func shrink(by excess: Int) {
    guard excess > 0 else { return }
    let least = isBar ? max(Self.shortestBar, leastWidth) : width - slack
    width = max(least, width - excess)
  }

  mutating func grow(by room: Int) {
    if room > 0 { width = max(width, min(Self.longestBar, width + room)) }
  }

  mutating func cut(to width: Int) { self.width = min(self.width, width) }

  /// Gives a text that was cut more room.
  mutating func uncut(by room: Int) {
    if room > 0 { width = max(width, min(naturalWidth, width + room)) }
  }

  var paddedTitle: String {
    let text = title.cut(to: width, ellipsis: context.glyphs.ellipsis)
    return text.padded(to: width, alignment: alignment == .left ? .left : .right)
  }

  /// The lines that a cell takes; one, but for texts that wrap.
  func lines(_ row: Int) -> [StyledLine] {
    let text = texts[row].text
    guard wraps, text.columnWidth > width else { return [line(row)] }
    var lines = [""]
    // Lists as `a|b|c` are broken, too.
    for word in text.split(separator: " ").map(String.init).flatMap(Self.parts) {
      let last = lines[lines.count - 1]
      let gap = last.isEmpty || word.hasPrefix("|") ? "" : " "
      if (last + gap + word).columnWidth <= width {
        lines[lines.count - 1] = last + gap + word
      } else if last.isEmpty {
        lines[lines.count - 1] = word.cut(to: width, ellipsis: context.glyphs.ellipsis)
      } else {
        lines.append(word.cut(to: width, ellipsis: context.glyphs.ellipsis))
      }
    }
    return lines.map { StyledLine($0.padded(to: width), texts[row].style) }
  }

  /// `a|b` as `a`, `|b`.
  private static func parts(_ word: String) -> [String] {
    let pieces = word.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    return pieces.enumerated().map { $0.offset == 0 ? $0.element : "|" + $0.element }
  }

  func line(_ row: Int) -> StyledLine {
    let cell = cells[row]
    if case .bar(let fraction) = cell {
      return StyledLine(context.glyphs.bar(fraction, width: width).padded(to: width), .series(0))
    }
    var text = texts[row].text
    if isDecimal, cell.isNumeric {
      text = decimalWidths.aligned(text)
    } else if text.columnWidth > width {
      text = cutAtPart(text)
    }
    return StyledLine(
      text.padded(to: width, alignment: alignment == .left ? .left : .right), texts[row].style)
  }

  /// The text cut after its last whole part, as `Adelie 152 (44%) · …`, else anywhere.
  private func cutAtPart(_ text: String) -> String {
    let separator = context.glyphs.separator
    let ending = separator + context.glyphs.ellipsis
    var result: String?
    var end = text.startIndex
    while let range = text[end...].firstRange(of: separator) {
      let candidate = String(text[..<range.lowerBound]) + ending
      if candidate.columnWidth > width { break }
      result = candidate
      end = range.upperBound
    }
    return result ?? text.cut(to: width, ellipsis: context.glyphs.ellipsis)
  }
}

/// How wide the two bounds of the intervals of a column are.
struct IntervalWidths {
  private(set) var lower = 0
  private(set) var upper = 0

  init(_ cells: [Cell]) {
    for cell in cells {
      guard case .interval(let low, let high) = cell else { continue }
      lower = max(lower, boundFormat.text(low).columnWidth)
      upper = max(upper, boundFormat.text(high).columnWidth)
    }
  }

  func text(_ low: Double, _ high: Double) -> String {
    "[" + boundFormat.text(low).padded(to: lower, alignment: .right) + ", "
      + boundFormat.text(high).padded(to: upper, alignment: .right) + "]"
  }
}

private let boundFormat = NumberFormat.significant(6)

extension Cell {
  var isNumeric: Bool {
    switch self {
    case .int, .number: true
    default: false
    }
  }

  func cellText(_ glyphs: RenderContext.Glyphs, _ bounds: IntervalWidths) -> CellText {
    switch self {
    case .empty, .bar: CellText("")
    case .null: CellText(glyphs.null, .dim)
    case .text(let text), .shown(let text, _): CellText(glyphs.legible(text.visible(glyphs)))
    case .int(let value): CellText(String(value))
    case .number(let value, let format): CellText(format.text(value))
    case .share(let count, let whole): CellText("\(count) (\(Display.share(count, of: whole)))")
    case .interval(let low, let high): CellText(bounds.text(low, high))
    case .spark(let heights): CellText(glyphs.spark(heights), .series(0))
    }
  }
}
