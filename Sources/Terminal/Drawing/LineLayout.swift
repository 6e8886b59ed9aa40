import Language

/// A prompt and the text behind it, laid out in rows of a terminal.
///
/// A row is never wider than the terminal, and never ends in the state in which a terminal waits
/// for another character before it wraps: rows are begun by moving there.
struct LineLayout {
  /// What stands in one row, and the columns it takes.
  struct Row: Equatable {
    /// With colours, which are ended within it.
    var text = ""
    var width = 0
  }

  private(set) var rows = [Row()]
  /// Where the cursor is.
  private(set) var cursor = (row: 0, column: 0)

  private let width: Int
  private let usesUTF8: Bool
  private var code = ""

  /// Lays out `prompt` and `line`, whose scalars have the colours `codes`. Lines but the first begin
  /// with `mark` in the colour `markCode`; `hint` is shown dim behind the text, in what is left of its row.
  init(
    prompt: PromptText, line: EditedLine, codes: [String], mark: String, markCode: String,
    hint: String, width: Int, usesUTF8: Bool
  ) {
    self.width = max(1, width)
    self.usesUTF8 = usesUTF8
    for (scalar, code) in zip(prompt.scalars, prompt.codes) {
      if scalar == EditedLine.newline { beginRow() } else { put(scalar, code) }
    }
    for (index, scalar) in line.text.enumerated() {
      let isCursor = index == line.cursor
      if scalar == EditedLine.newline {
        if isCursor { placeCursor() }
        beginRow()
        for scalar in mark.unicodeScalars { put(scalar.value, markCode) }
        continue
      }
      let start = put(scalar, index < codes.count ? codes[index] : "")
      if isCursor { cursor = start }
    }
    if line.cursor >= line.text.count {
      placeCursor()
      putHint(hint)
    }
    setCode("")
  }

  /// Puts a character behind what is there; returns where it stands.
  @discardableResult
  private mutating func put(_ value: UInt32, _ wanted: String) -> (row: Int, column: Int) {
    let (glyph, wide) = glyph(of: value)
    if rows[rows.count - 1].width + wide > width, rows[rows.count - 1].width > 0 { beginRow() }
    let place = (row: rows.count - 1, column: rows[rows.count - 1].width)
    setCode(wanted)
    rows[place.row].text += glyph
    rows[place.row].width += wide
    return place
  }

  private mutating func setCode(_ wanted: String) {
    if wanted == code { return }
    let end = code.isEmpty ? "" : "\u{1B}[0m"
    rows[rows.count - 1].text += end + (wanted.isEmpty ? "" : "\u{1B}[\(wanted)m")
    code = wanted
  }

  private mutating func beginRow() {
    setCode("")
    rows.append(Row())
  }

  /// The cursor stands behind what is there. Behind a full row that is on a row of its own.
  private mutating func placeCursor() {
    if rows[rows.count - 1].width >= width { beginRow() }
    cursor = (rows.count - 1, rows[rows.count - 1].width)
  }

  private mutating func putHint(_ hint: String) {
    for scalar in hint.unicodeScalars {
      let (_, wide) = glyph(of: scalar.value)
      // A hint never makes the text longer.
      if rows[rows.count - 1].width + wide >= width { return }
      put(scalar.value, "2")
    }
  }

  /// What is printed for a scalar, and the columns it takes.
  private func glyph(of value: UInt32) -> (text: String, width: Int) {
    guard let scalar = Unicode.Scalar(value) else { return ("?", 1) }
    if value >= 0x20, value < 0x7F { return (String(Character(scalar)), 1) }
    if value == 9 {
      let column = rows[rows.count - 1].width
      // A tab that does not fit the row begins the next.
      let wide = column + 8 - column % 8 > width ? min(8, width) : 8 - column % 8
      return (String(repeating: " ", count: wide), wide)
    }
    let text = usesUTF8 ? showingControls(String(Character(scalar))) : "?"
    return (text, min(width, text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }))
  }
}
