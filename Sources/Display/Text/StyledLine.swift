/// What a piece of a line is, for colour; every line reads the same without.
enum Style: Sendable, Hashable {
  case plain
  /// Types, nulls, remarks.
  case dim
  /// Subjects and headings.
  case bold
  /// A series of a plot, counted from 0.
  case series(Int)

  /// The code of Select Graphic Rendition, from the 16 colours every terminal has.
  var code: String? {
    switch self {
    case .plain: nil
    case .dim: "2"
    case .bold: "1"
    case .series(let index): String([36, 33, 35, 32, 34, 31][index % 6])
    }
  }
}

/// A line in pieces of one style each, with its width kept.
struct StyledLine {
  private(set) var pieces: [(text: String, style: Style)] = []
  private(set) var width = 0

  init(_ text: String = "", _ style: Style = .plain) { append(text, style) }

  mutating func append(_ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    if let last = pieces.indices.last, pieces[last].style == style {
      pieces[last].text += text
    } else {
      pieces.append((text, style))
    }
    width += text.columnWidth
  }

  mutating func append(_ line: StyledLine) {
    pieces += line.pieces
    width += line.width
  }

  /// Adds spaces until the line takes `column` columns.
  mutating func pad(to column: Int) {
    if column > width { append(String(repeating: " ", count: column - width)) }
  }

  /// The line in at most `width` columns, ended by an ellipsis where it was cut.
  func cut(to width: Int, _ glyphs: RenderContext.Glyphs) -> StyledLine {
    guard self.width > width else { return self }
    var result = StyledLine()
    for piece in pieces {
      let room = width - result.width
      if piece.text.columnWidth < room {
        result.append(piece.text, piece.style)
      } else {
        result.append(
          (piece.text + glyphs.ellipsis).cut(to: room, ellipsis: glyphs.ellipsis), piece.style)
        break
      }
    }
    return result
  }

  /// The line without trailing spaces, with colour where it is used, ended by a newline.
  func text(usesColor: Bool) -> String {
    var result = ""
    var pendingSpace = ""
    for piece in pieces {
      let body = piece.text.droppingTrailingSpaces()
      if !body.isEmpty {
        result += pendingSpace
        pendingSpace = ""
        if usesColor, let code = piece.style.code {
          result += "\u{1B}[\(code)m\(body)\u{1B}[0m"
        } else {
          result += body
        }
      }
      pendingSpace += String(repeating: " ", count: piece.text.utf8.count - body.utf8.count)
    }
    return result + "\n"
  }
}

extension StringProtocol {
  /// Without the spaces at the end.
  func droppingTrailingSpaces() -> SubSequence {
    var end = endIndex
    while end > startIndex {
      let before = unicodeScalars.index(before: end)
      guard unicodeScalars[before] == " " else { break }
      end = before
    }
    return self[startIndex..<end]
  }
}
