import Language

extension String {
  /// Columns of a terminal that the text takes: 2 for wide characters, 0 for combining marks.
  var columnWidth: Int {
    // Most cells are ASCII, and this is asked for every one.
    for byte in utf8 where byte >= 0x80 { return displayWidth(self) }
    return utf8.count
  }

  /// The text in at most `width` columns, ended by `ellipsis` where it was cut.
  func cut(to width: Int, ellipsis: String) -> String {
    guard columnWidth > width else { return self }
    let room = width - ellipsis.columnWidth
    guard room > 0 else { return String(ellipsis.prefix(max(0, width))) }
    var result = ""
    var used = 0
    for character in self {
      let next = displayWidth(character)
      if used + next > room { break }
      used += next
      result.append(character)
    }
    return result + ellipsis
  }

  func padded(to width: Int, alignment: TextAlignment = .left) -> String {
    let missing = width - columnWidth
    guard missing > 0 else { return self }
    let space = String(repeating: " ", count: missing)
    return alignment == .left ? self + space : space + self
  }
}

enum TextAlignment: Sendable {
  case left, right
}
