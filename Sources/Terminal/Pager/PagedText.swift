import Language

/// A long result for the pager: lines with colours, of which the first stay in sight.
package struct PagedText: Sendable {
  /// Names and types above the columns; stays at the top.
  package var header: [String]
  package var body: [String]
  /// Where each column of a table begins; empty for other text. The first stays in sight, and a step
  /// sideways goes to the next.
  package var columnStarts: [Int]

  /// Lines may hold colours as `ESC[…m`, and no other control characters.
  package init(header: [String] = [], body: [String], columnStarts: [Int] = []) {
    self.header = header
    self.body = body
    self.columnStarts = columnStarts
  }

  /// The width of the first column of a table, with one of the spaces behind it.
  var frozenWidth: Int { columnStarts.count > 1 ? columnStarts[1] - 1 : 0 }

  var width: Int { (header + body).reduce(0) { max($0, Self.width(of: $1)) } }

  /// The columns a line takes, without its colours.
  static func width(of line: String) -> Int {
    var width = 0
    forEachPiece(line) { text, isCode in if !isCode { width += displayWidth(text) } }
    return width
  }

  /// The part of a line from column `start` on, at most `width` columns of it, in its colours. A wide
  /// character that is cut is a space.
  static func slice(_ line: String, from start: Int, width: Int) -> String {
    var result = ""
    var column = 0
    var hasCode = false
    forEachPiece(line) { text, isCode in
      if isCode {
        result += text
        hasCode = true
        return
      }
      for character in text {
        let wide = displayWidth(character)
        defer { column += wide }
        if column >= start, column + wide <= start + width {
          result.append(character)
        } else if column < start + width, column + wide > start, wide > 1 {
          result += " "
        }
      }
    }
    return hasCode ? result + "\u{1B}[0m" : result
  }

  /// The text of a line without its colours.
  static func plain(_ line: String) -> String {
    var result = ""
    forEachPiece(line) { text, isCode in if !isCode { result += text } }
    return result
  }

  /// The pieces of a line: text, and the codes of colours.
  private static func forEachPiece(_ line: String, _ body: (String, _ isCode: Bool) -> Void) {
    var rest = line[...]
    while let escape = rest.firstIndex(of: "\u{1B}") {
      if escape > rest.startIndex { body(String(rest[..<escape]), false) }
      guard let end = rest[escape...].firstIndex(of: "m") else { return }
      body(String(rest[escape...end]), true)
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { body(String(rest), false) }
  }
}
