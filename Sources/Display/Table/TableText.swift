/// A cell ready for the screen.
struct CellText: Sendable {
  var text: String
  var style: Style = .plain

  init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }
}

/// Widths of a column in which numbers are aligned on the decimal point.
struct DecimalWidths: Sendable {
  private(set) var head = 0
  private(set) var tail = 0

  var total: Int { head + tail }

  mutating func include(_ text: String) {
    let tailWidth = DecimalWidths.tailWidth(of: text)
    head = max(head, text.columnWidth - tailWidth)
    tail = max(tail, tailWidth)
  }

  /// The width from the decimal point, exponent or percent sign on.
  private static func tailWidth(of number: String) -> Int {
    guard
      let point = number.utf8.firstIndex(where: {
        $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "%")
      })
    else { return 0 }
    return number.utf8.distance(from: point, to: number.utf8.endIndex)
  }

  mutating func include(_ other: DecimalWidths) {
    head = max(head, other.head)
    tail = max(tail, other.tail)
  }

  /// The spaces on both sides of a number that bring its point to its place.
  func margins(of text: String) -> (left: Int, right: Int) {
    let tailWidth = DecimalWidths.tailWidth(of: text)
    return (max(0, head - (text.columnWidth - tailWidth)), max(0, tail - tailWidth))
  }

  /// The number with the spaces that bring its point to its place.
  func aligned(_ text: String) -> String {
    let (left, right) = margins(of: text)
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: right)
  }
}

/// What is said of columns that did not fit: `2 more columns: sex, year`, with as many names as
/// there is room for.
func hiddenColumns(_ names: [String], width: Int, glyphs: RenderContext.Glyphs) -> String {
  let count = names.count
  var text = "\(grouped(count)) more column\(count == 1 ? "" : "s"): "
  for (place, name) in names.enumerated() {
    let isLast = place == count - 1
    let room = width - text.columnWidth - (isLast ? 0 : 2 + glyphs.ellipsis.columnWidth)
    let name = name.visible(glyphs)
    if name.columnWidth > room {
      return text
        + (place == 0 ? name.cut(to: max(1, room), ellipsis: glyphs.ellipsis) : glyphs.ellipsis)
    }
    text += isLast ? name : name + ", "
  }
  return text
}
