/// The menu of candidates below the line, and which of them is in it.
struct OpenMenu {
  let found: CompletionResult
  /// The line as it was when the menu opened.
  let base: EditedLine
  private(set) var selected: Int?

  init(found: CompletionResult, base: EditedLine) {
    self.found = found
    self.base = base
  }

  /// What a candidate takes the place of; nil for a range that does not lie in the line.
  var present: String? {
    let bytes = Array(base.string.utf8)
    let range = found.replacement
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// The line with `text` in that place, and the cursor behind it.
  func line(with text: String) -> EditedLine {
    let bytes = Array(base.string.utf8)
    let range = found.replacement
    let head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self) + text
    let tail = String(decoding: bytes[range.upperBound...], as: UTF8.self)
    return EditedLine(head + tail, utf8Cursor: head.utf8.count)
  }

  /// The line as the menu has it.
  var shown: EditedLine { selected.map { line(with: found.candidates[$0].text) } ?? base }

  /// Goes `step` candidates on, from the last to the first.
  mutating func next(_ step: Int) -> EditedLine? {
    let count = found.candidates.count
    if count == 0 { return nil }
    selected = selected.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
    return shown
  }

  func rows(
    width: Int, height: Int, usesColor: Bool, usesUTF8: Bool
  ) -> [LineLayout.Row] {
    CompletionMenu(
      candidates: found.candidates, selected: selected, width: width, height: height,
      usesColor: usesColor, usesUTF8: usesUTF8
    ).rows
  }
}
