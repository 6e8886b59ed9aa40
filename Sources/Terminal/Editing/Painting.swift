import Language

/// Colours for the text being edited.
///
/// libedit draws without colours. Before it waits for a key the same glyphs are printed over what it
/// drew, in the same cells, and the cursor is put back: what libedit knows of the screen stays true.
struct Painting {
  /// The prompt and the text with continuation marks.
  let text: [UInt32]
  /// The colour code of each scalar of `text`; empty for none.
  let codes: [String]
  /// The scalar of `text` the cursor stands before.
  let cursor: Int
  /// Columns of the terminal.
  let width: Int
  /// Rows of the terminal. A text that does not fit is left as it is.
  let height: Int

  /// What to print, or nil where the cells libedit has drawn are not certain.
  var output: String? {
    var row = 0
    var column = 0
    var place = (row: 0, column: 0)
    var output = ""
    var code = ""
    func goToNextRow() {
      output += "\u{1B}[B\r"
      row += 1
      column = 0
    }
    for (index, value) in text.enumerated() {
      if index == cursor { place = (row, column) }
      if value == EditedLine.newline {
        goToNextRow()
        continue
      }
      guard let (glyph, wide) = Self.glyph(of: value, atColumn: column) else { return nil }
      if column + wide > width {
        // libedit breaks what it draws as several characters, and pads before a wide one.
        if wide > 1, Unicode.Scalar(value).map({ $0.isASCII }) ?? true { return nil }
        goToNextRow()
        if index == cursor { place = (row, column) }
      }
      let wanted = index < codes.count ? codes[index] : ""
      if wanted != code {
        output += "\u{1B}[0m" + (wanted.isEmpty ? "" : "\u{1B}[\(wanted)m")
        code = wanted
      }
      output += glyph
      column += wide
      if column >= width { goToNextRow() }
    }
    if cursor >= text.count { place = (row, column) }
    if row + 1 >= height { return nil }
    let begin = "\u{1B}[?25l\r" + Self.up(place.row)
    let end =
      (code.isEmpty ? "" : "\u{1B}[0m") + "\r" + Self.up(row - place.row)
      + (place.column > 0 ? "\u{1B}[\(place.column)C" : "") + "\u{1B}[?25h"
    return begin + output + end
  }

  private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }

  /// What libedit prints for a scalar, and the columns it takes; nil for what it draws otherwise
  /// than terminals do.
  private static func glyph(of value: UInt32, atColumn column: Int) -> (String, Int)? {
    if value == 9 {
      let wide = 8 - column % 8
      return (String(repeating: " ", count: wide), wide)
    }
    guard let scalar = Unicode.Scalar(value), value >= 0x20, value != 0x7F else { return nil }
    let wide = columns(of: scalar)
    return wide == 0 || (0x80..<0xA0).contains(value) ? nil : (String(scalar), wide)
  }

  /// A prompt's scalars without its colours, and the colour code of each. Colours are written as
  /// `ESC[…m`, and `ESC[0m` ends them.
  static func pieces(of prompt: String) -> (scalars: [UInt32], codes: [String]) {
    var scalars: [UInt32] = []
    var codes: [String] = []
    var code = ""
    var rest = prompt.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar != "\u{1B}" {
        scalars.append(scalar.value)
        codes.append(code)
        continue
      }
      guard rest.first == "[", let end = rest.firstIndex(of: "m") else { continue }
      let new = String(String.UnicodeScalarView(rest[..<end].dropFirst()))
      rest = rest[rest.index(after: end)...]
      code = new.isEmpty || new == "0" ? "" : code.isEmpty ? new : code + ";" + new
    }
    return (scalars, codes)
  }

  /// The colour code of each scalar of `line` with marks.
  static func codes(of line: EditedLine, marks: ContinuationMarks, grammar: Grammar?) -> [String] {
    let text = line.string
    let bytes = text.utf8.count
    var byByte = [String](repeating: "", count: bytes)
    for (span, category) in Lexer.highlight(text, grammar: grammar) {
      let code = code(of: category)
      if code.isEmpty { continue }
      for offset in max(0, span.start)..<max(0, span.start, min(span.end, bytes)) {
        byByte[offset] = code
      }
    }
    var codes: [String] = []
    var offset = 0
    for value in line.text {
      codes.append(offset < bytes ? byByte[offset] : "")
      offset += Unicode.Scalar(value).map { UTF8.width($0) } ?? 3
      if value == EditedLine.newline {
        codes += Array(repeating: "2", count: marks.mark.count)
      }
    }
    return codes
  }

  /// Colours of the basic eight that can be read on dark and on light; names and signs have none.
  private static func code(of category: HighlightCategory) -> String {
    switch category {
    case .verb: "1"
    case .keyword: "35"
    case .variable, .number: "36"
    case .string: "32"
    case .comment: "2"
    case .error: "31"
    case .name, .operator: ""
    }
  }
}
