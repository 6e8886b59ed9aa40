/// What the prompt has on the terminal, and how it becomes something else.
///
/// Only this draws while a line is edited. All movement is relative to the row of the cursor, so
/// that nothing needs to know where on the terminal the prompt stands, and only rows that change are
/// written.
struct LineScreen {
  private var rows: [LineLayout.Row] = []
  private var cursorRow = 0
  private var cursorColumn = 0
  /// The first row of the layout that is shown, where it is higher than the terminal.
  private var firstRow = 0

  /// What to write for the terminal to show `layout` and the rows `below` it. `height` is that of the
  /// terminal: of a longer text the rows around the cursor are shown.
  mutating func draw(_ layout: LineLayout, below: [LineLayout.Row] = [], height: Int) -> String {
    let room = max(1, height)
    var wanted = layout.rows + below
    firstRow = max(min(firstRow, layout.cursor.row), layout.cursor.row - room + 1)
    firstRow = max(0, min(firstRow, wanted.count - room))
    if wanted.count > room { wanted = Array(wanted[firstRow..<firstRow + room]) }
    let target = layout.cursor.row - firstRow
    var output = ""
    for (index, row) in wanted.enumerated() where index >= rows.count || rows[index] != row {
      output += movement(to: index)
      output += "\r" + row.text
      // On a full row the cursor waits on the last column, which clearing would take.
      if index < rows.count, rows[index].width > row.width { output += "\u{1B}[K" }
      cursorRow = index
    }
    if rows.count > wanted.count {
      output += movement(to: wanted.count - 1)
      cursorRow = wanted.count - 1
      // From the start of the row below; no row is added for it, one is there.
      output += "\r\u{1B}[B\u{1B}[J\u{1B}[A"
    }
    rows = wanted
    output += movement(to: target) + "\r"
    if layout.cursor.column > 0 { output += "\u{1B}[\(layout.cursor.column)C" }
    cursorRow = target
    cursorColumn = layout.cursor.column
    if output.utf8.count < 12 { return output }
    return "\u{1B}[?25l" + output + "\u{1B}[?25h"
  }

  /// What to write to leave `layout`, whose cursor is at its end, on the terminal as it is, with
  /// `trail` behind it and the cursor on the row below. A layout that is higher than the terminal is
  /// written from its first row.
  mutating func leave(_ layout: LineLayout, trail: String = "", height: Int) -> String {
    var output = ""
    if layout.rows.count > max(1, height) {
      output = erase() + layout.rows.map(\.text).joined(separator: "\r\n")
    } else {
      output = draw(layout, height: height)
    }
    forget()
    return output + trail + "\r\n\u{1B}[J"
  }

  /// What to write to take everything away, with the cursor where the prompt began. `width` is that
  /// of a terminal that has become narrower and laid out anew what it shows: rows that were wider
  /// stand on several by now.
  mutating func erase(reflowedTo width: Int? = nil) -> String {
    var output = movement(to: 0)
    if let width = width.map({ max(1, $0) }) {
      let above = rows.prefix(cursorRow).reduce(0) { $0 + max(1, ($1.width + width - 1) / width) }
      let up = above + cursorColumn / width
      output = up > 0 ? "\u{1B}[\(up)A" : ""
    }
    forget()
    return output + "\r\u{1B}[J"
  }

  /// Takes the terminal to show nothing, and the cursor to be where the prompt begins.
  mutating func forget() {
    rows = []
    cursorRow = 0
    cursorColumn = 0
    firstRow = 0
  }

  /// Moves to a row. Behind the last row there is one only when it has been begun by a line feed.
  private func movement(to row: Int) -> String {
    if row < cursorRow { return "\u{1B}[\(cursorRow - row)A" }
    if row == cursorRow { return "" }
    let existing = max(0, min(row, rows.count - 1) - cursorRow)
    let new = row - cursorRow - existing
    return (existing > 0 ? "\u{1B}[\(existing)B" : "")
      + (new > 0 ? "\r" + String(repeating: "\n", count: new) : "")
  }
}
