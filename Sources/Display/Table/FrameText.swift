import Columnar

extension FrameOutput {
  /// Writes the frame line by line: names, types, rows, and what was left out.
  ///
  /// Where the width does not suffice, first long texts are cut, then the last columns hidden.
  ///
  /// With `isCancellable` it throws `cancelled` after Ctrl-C, and all threads lay out the rows.
  func write(
    _ context: RenderContext, isCancellable: Bool, to sink: (String) throws -> Void
  ) throws {
    let glyphs = context.glyphs
    let shownRows = shownRows(context)
    var columns =
      isCancellable
      ? try zip(frame.names, frame.columns).map {
        try FrameColumn(measuring: shownRows, of: $1, name: $0, glyphs: glyphs)
      } : self.columns(context)
    let shown =
      context.elides ? fit(&columns, into: context.usableWidth - indent.count) : columns.count
    if shown > 0 {
      let table = FrameRows(columns: Array(columns[..<shown]), usesColor: context.usesColor)
      try sink(table.heading)
      try RowBlocks.write(shownRows, isCancellable: isCancellable, to: sink) { table.lines($0) }
    }
    var elisions: [String] = []
    if shownRows < rowCount {
      let count = rowCount - shownRows
      elisions.append("\(grouped(count)) more row\(count == 1 ? "" : "s")")
    }
    if shown < columns.count {
      // On the line of the rows where some names fit there, else on one of their own.
      let used = elisions.reduce(4) { $0 + $1.columnWidth + 3 }
      let room = context.usableWidth - (context.usableWidth - used >= 40 ? used : 4)
      elisions.append(hiddenColumns(columns[shown...].map(\.name), width: room, glyphs: glyphs))
    }
    if !elisions.isEmpty {
      try sink(
        note(glyphs.ellipsis + " " + elisions.joined(separator: " · "), .dim, context))
    }
    var remarks = footer
    if !elisions.isEmpty || frame.rowCount == 0 || columns.isEmpty {
      remarks.insert(shape, at: 0)
    }
    if !remarks.isEmpty { try sink(note(remarks.joined(separator: " · "), .plain, context)) }
  }

  /// Where each column begins when all are shown, without cutting any.
  package func columnStarts(_ context: RenderContext) -> [Int] {
    var start = indent.count
    return columns(context).map { column in
      defer { start += column.naturalWidth + gap.count }
      return start
    }
  }

  private func shownRows(_ context: RenderContext) -> Int {
    min(frame.rowCount, context.rowLimit.map { max(0, $0) } ?? frame.rowCount)
  }

  private func columns(_ context: RenderContext) -> [FrameColumn] {
    zip(frame.names, frame.columns).map {
      FrameColumn(
        name: $0, column: $1, rowCount: shownRows(context), glyphs: context.glyphs)
    }
  }

  /// `344 rows × 8 columns`
  private var shape: String { shapeText(rows: rowCount, columns: frame.columns.count) }

  private func note(_ text: String, _ style: Style, _ context: RenderContext) -> String {
    wrapped(indent + text, width: context.usableWidth, glyphs: context.glyphs)
      .map { StyledLine($0, style).text(usesColor: context.usesColor) }.joined()
  }

  /// Sets the limits of the columns and returns how many of them fit.
  private func fit(_ columns: inout [FrameColumn], into width: Int) -> Int {
    func total(_ count: Int, _ widthOf: (FrameColumn) -> Int) -> Int {
      columns[..<count].reduce(0) { $0 + widthOf($1) } + max(0, count - 1) * gap.count
    }
    if total(columns.count, \.naturalWidth) <= width { return columns.count }
    let narrowest = max(12, min(24, width / 5))
    var count = 0
    var used = -gap.count
    for column in columns {
      used += gap.count + column.width(limit: narrowest)
      if used > width, count > 0 { break }
      count += 1
    }
    var limit = narrowest
    while total(count, { $0.width(limit: limit + 1) }) <= width, limit < width { limit += 1 }
    for place in columns.indices { columns[place].limit = limit }
    return count
  }
}

/// The lines of a table whose columns are laid out.
private struct FrameRows: Sendable {
  let columns: [FrameColumn]
  let usesColor: Bool

  /// The columns' names and types.
  var heading: String {
    line { ($0.paddedName(), .bold) } + line { ($0.paddedTypeName(), .dim) }
  }

  func lines(_ rows: Range<Int>) -> String {
    let widths = columns.map(\.width)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * (widths.reduce(4) { $0 + $1 + gap.utf8.count }))
    for row in rows {
      if usesColor, columns.contains(where: { $0.isNull(row) }) {
        let line = line { ($0.paddedCell(row), $0.isNull(row) ? .dim : .plain) }
        bytes.append(contentsOf: line.utf8)
        continue
      }
      bytes.append(contentsOf: indent.utf8)
      for place in columns.indices {
        if place > 0 { bytes.append(contentsOf: gap.utf8) }
        columns[place].append(row, width: widths[place], to: &bytes)
      }
      while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
      bytes.append(UInt8(ascii: "\n"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func line(_ cell: (FrameColumn) -> (String, Style)) -> String {
    var line = StyledLine(indent)
    for (place, column) in columns.enumerated() {
      if place > 0 { line.append(gap) }
      let (text, style) = cell(column)
      line.append(text, style)
    }
    return line.text(usesColor: usesColor)
  }
}

let indent = "  "
let gap = "  "

/// `344 rows × 8 columns`
package func shapeText(rows: Int, columns: Int) -> String {
  "\(grouped(rows)) row\(rows == 1 ? "" : "s") × "
    + "\(grouped(columns)) column\(columns == 1 ? "" : "s")"
}
