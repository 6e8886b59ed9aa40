import Columnar

/// How one column of a frame is shown: its cells as text, and how wide they are.
struct FrameColumn {
  let name: String
  let typeName: String
  private let column: Column
  private let glyphs: RenderContext.Glyphs
  private var floatFormat = FloatColumnFormat()
  private var decimalWidths = DecimalWidths()
  /// Whether no shown datetime has seconds, so that the clock ends at the minutes.
  private var dropsSeconds = false
  private var cellWidth = 0
  /// At most this wide: cells and name are cut beyond; set by the layout.
  var limit: Int?

  /// A column with the widths of its first `rowCount` rows measured. `poll` is called every few
  /// thousand rows.
  init(
    name: String, column: Column, rowCount: Int, glyphs: RenderContext.Glyphs,
    poll: () throws -> Void
  ) rethrows {
    self.name = name.visible(glyphs)
    typeName = column.type.rawValue
    self.column = column
    self.glyphs = glyphs
    switch column.type {
    case .float:
      try eachRow(rowCount, poll) {
        if case .float(let value) = column[$0] { floatFormat.include(value) }
      }
    case .datetime:
      dropsSeconds = true
      try eachRow(rowCount, poll) {
        if case .datetime(let value) = column[$0], !value.isMultiple(of: 60_000_000) {
          dropsSeconds = false
        }
      }
    default: break
    }
    try eachRow(rowCount, poll) { row in
      let text = text(row)
      if column.type == .float, !column.isNull(row) {
        decimalWidths.include(text)
      } else {
        cellWidth = max(cellWidth, text.columnWidth)
      }
    }
    cellWidth = max(cellWidth, decimalWidths.total)
  }

  var alignment: TextAlignment {
    switch column.type {
    case .int, .float, .duration: .right
    case .bool, .date, .datetime, .text: .left
    }
  }

  /// The width without any limit.
  var naturalWidth: Int { max(name.columnWidth, typeName.columnWidth, cellWidth) }

  /// The width under `limit`; only text is cut, and names that are wider than their cells.
  func width(limit: Int) -> Int {
    let cells = column.type == .text ? min(cellWidth, limit) : cellWidth
    return max(cells, typeName.columnWidth, min(name.columnWidth, limit))
  }

  var width: Int { limit.map(width(limit:)) ?? naturalWidth }

  func paddedName() -> String {
    name.cut(to: width, ellipsis: glyphs.ellipsis).padded(to: width, alignment: alignment)
  }

  func paddedTypeName() -> String { typeName.padded(to: width, alignment: alignment) }

  /// The cell of a row at full width, and whether it is null.
  func paddedCell(_ row: Int) -> (text: String, isNull: Bool) {
    let text = text(row)
    if column.isNull(row) { return (text.padded(to: width, alignment: alignment), true) }
    switch column.type {
    case .float: return (decimalWidths.aligned(text).padded(to: width, alignment: .right), false)
    case .text:
      return (text.cut(to: width, ellipsis: glyphs.ellipsis).padded(to: width), false)
    default: return (text.padded(to: width, alignment: alignment), false)
    }
  }

  private func text(_ row: Int) -> String {
    switch column[row] {
    case .null: glyphs.null
    case .float(let value): floatFormat.text(value)
    case .text(let text): text.visible(glyphs)
    case .datetime(let value):
      dropsSeconds
        ? String(Calendar.text(spaced: value).dropLast(3)) : Calendar.text(spaced: value)
    case let other: other.text
    }
  }

  private func eachRow(
    _ rowCount: Int, _ poll: () throws -> Void, _ body: (Int) -> Void
  ) rethrows {
    for row in 0..<rowCount {
      if row.isMultiple(of: 4096) { try poll() }
      body(row)
    }
  }
}
