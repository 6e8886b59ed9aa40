extension String {
  /// Columns of a terminal that the text takes: 2 for wide characters, 0 for combining marks.
  var columnWidth: Int {
    var isASCII = true
    for byte in utf8 where byte >= 0x80 {
      isASCII = false
      break
    }
    return isASCII ? utf8.count : reduce(0) { $0 + $1.columnWidth }
  }

  /// The text in at most `width` columns, ended by `ellipsis` where it was cut.
  func cut(to width: Int, ellipsis: String) -> String {
    guard columnWidth > width else { return self }
    let room = width - ellipsis.columnWidth
    guard room > 0 else { return String(ellipsis.prefix(max(0, width))) }
    var result = ""
    var used = 0
    for character in self {
      let next = character.columnWidth
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

extension Character {
  /// 0, 1 or 2 columns, after Unicode's East Asian Width and emoji presentation.
  var columnWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII { return 1 }
    if unicodeScalars.contains("\u{FE0F}") { return 2 }
    return first.columnWidth
  }
}

extension Unicode.Scalar {
  fileprivate var columnWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    return isWide ? 2 : 1
  }

  private var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x1F1E6...0x1F1FF, 0x20000...0x3FFFD:
      true
    default: properties.isEmojiPresentation
    }
  }
}
