import Language

/// `text` in lines of at most `width` columns.
///
/// It breaks at ` · ` where it has those, else at spaces; what follows hangs under the text after the
/// first gap of two spaces (as in a list of words and their meaning), else two columns in. A word
/// that is wider than the line is broken.
func wrapped(_ text: String, width: Int, glyphs: RenderContext.Glyphs) -> [String] {
  let text = glyphs.legible(text.visible(glyphs))
  guard text.columnWidth > width, width > 0 else { return [text] }
  let indent = text.prefix { $0 == " " }.count
  let hang = min(hangingIndent(text) ?? indent + 2, width / 2)
  let parts = atoms(of: text, glyphs: glyphs)
  var lines: [String] = []
  var line = ""
  for var part in parts {
    let start = lines.isEmpty && line.isEmpty ? "" : String(repeating: " ", count: hang)
    if !line.isEmpty, line.columnWidth + part.droppingTrailingSeparator().columnWidth <= width {
      line += part
      continue
    }
    if !line.isEmpty { lines.append(line.droppingTrailingSeparator()) }
    part = String(part.drop { $0 == " " && !lines.isEmpty })
    line = start + part
    while line.droppingTrailingSeparator().columnWidth > width {
      let (head, tail) = broken(line, at: width)
      lines.append(head)
      line = String(repeating: " ", count: hang) + tail
    }
  }
  if !line.droppingTrailingSpaces().isEmpty {
    lines.append(String(line.droppingTrailingSpaces()))
  }
  return lines
}

extension String {
  /// Without the ` · ` that a line broken behind it would end with.
  fileprivate func droppingTrailingSeparator() -> String {
    hasSuffix(" · ") ? String(dropLast(3)) : String(droppingTrailingSpaces())
  }
}

/// The column at which the text after the first wide gap begins.
private func hangingIndent(_ text: String) -> Int? {
  var column = 0
  var spaces = 0
  var sawText = false
  for character in text {
    if character == " " {
      spaces += 1
    } else {
      if sawText, spaces >= 2 { return column }
      sawText = true
      spaces = 0
    }
    column += displayWidth(character)
  }
  return nil
}

/// What stays together: parts ended by ` · `, else words ended by their spaces.
private func atoms(of text: String, glyphs: RenderContext.Glyphs) -> [String] {
  let separator: [Character] = Array(glyphs == .unicode ? " · " : ", ")
  let characters = Array(text)
  func isSeparator(at index: Int) -> Bool {
    index + separator.count <= characters.count
      && Array(characters[index..<index + separator.count]) == separator
  }
  let hasParts = glyphs == .unicode && text.contains(" · ")
  var result: [String] = []
  var atom = ""
  var index = 0
  while index < characters.count {
    if hasParts, isSeparator(at: index) {
      result.append(atom + String(separator))
      atom = ""
      index += separator.count
      continue
    }
    let character = characters[index]
    let endsWord =
      !hasParts && character != " " && index > 0 && characters[index - 1] == " "
      && !atom.allSatisfy { $0 == " " }
    if endsWord {
      result.append(atom)
      atom = ""
    }
    atom.append(character)
    index += 1
  }
  if !atom.isEmpty { result.append(atom) }
  return result
}

/// A line that is too wide in two: at its last space, else in the middle of a word.
private func broken(_ line: String, at width: Int) -> (String, String) {
  var used = 0
  var end = line.startIndex
  var lastSpace: String.Index?
  var sawText = false
  for index in line.indices {
    let next = displayWidth(line[index])
    if line[index] == " " {
      if sawText { lastSpace = index }
    } else {
      sawText = true
    }
    if used + next > width { break }
    used += next
    end = line.index(after: index)
  }
  let cut = lastSpace ?? (end > line.startIndex ? end : line.index(after: line.startIndex))
  let head = String(line[..<cut].droppingTrailingSpaces())
  return (head, String(line[cut...].drop { $0 == " " }))
}
