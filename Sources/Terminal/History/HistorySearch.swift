import CTerminal

/// Searching backwards through the history while the pattern is typed, as Ctrl-R does.
struct HistorySearch {
  private let entries: [String]
  /// What is shown again when the search is given up.
  let original: EditedLine
  private(set) var pattern = ""
  /// The entry shown, if one was found.
  private(set) var match: Int?
  /// Whether the pattern stands nowhere further in the direction last taken.
  private(set) var hasFailed = false

  init(entries: [String], original: EditedLine) {
    self.entries = entries
    self.original = original
  }

  /// The line to show: the match with the cursor where the pattern stands, or the original line.
  var line: EditedLine {
    guard let match else { return original }
    let entry = entries[match]
    guard !pattern.isEmpty, let offset = Self.offset(of: pattern, in: entry) else {
      return EditedLine(entry)
    }
    return EditedLine(entry, utf8Cursor: offset)
  }

  /// Adds to the pattern; the present match stays when it still fits.
  mutating func extend(with scalar: Unicode.Scalar) {
    pattern.unicodeScalars.append(scalar)
    find(from: match ?? entries.count - 1, step: -1)
  }

  /// Takes the last character off the pattern.
  mutating func shorten() {
    if pattern.isEmpty { return }
    pattern.removeLast()
    hasFailed = false
    if pattern.isEmpty {
      match = nil
    } else {
      find(from: entries.count - 1, step: -1)
    }
  }

  /// The next match: older when `step` is -1, newer when it is 1.
  mutating func again(step: Int) {
    if pattern.isEmpty { return }
    find(from: (match ?? entries.count) + step, step: step)
  }

  /// The UTF-8 offset of `pattern` in `text`: over tens of thousands of entries, a comparison of
  /// characters would be felt at each key.
  private static func offset(of pattern: String, in text: String) -> Int? {
    var (pattern, text) = (pattern, text)
    let offset = pattern.withUTF8 { pattern in
      // SAFETY: both buffers live for the closure; a text without bytes may have no address.
      text.withUTF8 { text in
        text.isEmpty || pattern.isEmpty
          ? -1 : kz_find(text.baseAddress, text.count, pattern.baseAddress, pattern.count)
      }
    }
    return offset < 0 ? nil : offset
  }

  private mutating func find(from start: Int, step: Int) {
    var index = start
    let shown = match.map { entries[$0] }
    while entries.indices.contains(index) {
      // The same text again would look as if nothing had happened.
      if Self.offset(of: pattern, in: entries[index]) != nil,
        index == match || entries[index] != shown
      {
        match = index
        hasFailed = false
        return
      }
      index += step
    }
    hasFailed = true
  }
}
