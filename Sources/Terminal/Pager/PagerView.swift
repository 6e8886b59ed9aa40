import Language

/// What the pager shows: the text, the place in it, and what keys do to that.
struct PagerView {
  let text: PagedText
  var width: Int
  var height: Int
  let usesUTF8: Bool
  /// The first line of the body and the first column that are seen.
  private(set) var top = 0
  private(set) var left = 0
  /// What is searched for, and whether it is being typed.
  private(set) var pattern = ""
  private(set) var isTyping = false
  private var note = ""
  private let textWidth: Int

  /// The columns a step sideways goes in a text that is no table.
  static let sideStep = 12

  init(text: PagedText, width: Int, height: Int, usesUTF8: Bool) {
    self.text = text
    self.width = max(1, width)
    self.height = max(2, height)
    self.usesUTF8 = usesUTF8
    textWidth = text.width
  }

  /// The lines of the body that there is room for.
  private var page: Int { max(1, height - text.header.count - 1) }
  private var lastTop: Int { max(0, text.body.count - page) }
  /// So far to the right that the end is seen, and a column of a table stands at the edge.
  private var lastLeft: Int {
    let least = max(0, textWidth - width)
    return least == 0 ? 0 : stops.first { $0 >= least } ?? least
  }
  /// The columns at the left that stay where the rest moves: none where they would fill half of the
  /// window.
  private var frozen: Int { text.frozenWidth * 2 <= width ? text.frozenWidth : 0 }

  /// The rows of the screen; the last says where one is.
  var rows: [String] {
    var rows = text.header.prefix(max(0, height - 2)).map(visiblePart)
    rows += text.body.dropFirst(top).prefix(page).map(visiblePart)
    while rows.count < height - 1 { rows.append("") }
    return rows + [status]
  }

  /// What of a line is in the window: what is frozen, a rule, and the columns moved to.
  private func visiblePart(of line: String) -> String {
    if left == 0 || frozen == 0 { return PagedText.slice(line, from: left, width: width) }
    let head = PagedText.slice(line, from: 0, width: frozen)
    let pad = String(repeating: " ", count: max(0, frozen - PagedText.width(of: head)))
    let rest = PagedText.slice(line, from: frozen + left + 1, width: width - frozen - 1)
    return head + pad + (usesUTF8 ? "│" : "|") + rest
  }

  private var status: String {
    let ellipsis = usesUTF8 ? "…" : "..."
    if isTyping {
      return truncated("/" + showingControls(pattern), to: width - 1, ellipsis: ellipsis)
    }
    let dot = usesUTF8 ? " · " : ", "
    let last = min(text.body.count, top + page)
    var parts = ["lines \(min(top + 1, last))-\(last) of \(text.body.count)"]
    if textWidth > width {
      let first = left > 0 && frozen > 0 ? left + frozen + 2 : left + 1
      parts.append("columns \(first)-\(min(textWidth, left + width)) of \(textWidth)")
    }
    parts.append(note.isEmpty ? "arrows, space, / to search, q to leave" : note)
    return truncated(parts.joined(separator: dot), to: width - 1, ellipsis: ellipsis)
  }

  /// The window has another size.
  mutating func resize(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(2, height)
    go(to: top)
    left = min(left, lastLeft)
  }

  /// Does what a key asks for; false for one that leaves the pager.
  mutating func take(_ key: String) -> Bool {
    note = ""
    if isTyping {
      type(key)
      return true
    }
    switch key {
    case "q", "Q", "\u{4}": return false
    case "\u{1B}[A", "\u{1B}OA", "k": go(to: top - 1)
    case "\u{1B}[B", "\u{1B}OB", "j", "\r", "\n": go(to: top + 1)
    case " ", "f", "\u{1B}[6~": go(to: top + page)
    case "b", "\u{1B}[5~": go(to: top - page)
    case "d": go(to: top + page / 2)
    case "u": go(to: top - page / 2)
    case "g", "<", "\u{1B}[H", "\u{1B}OH", "\u{1B}[1~": go(to: 0)
    case "G", ">", "\u{1B}[F", "\u{1B}OF", "\u{1B}[4~": go(to: lastTop)
    case "\u{1B}[C", "\u{1B}OC", "l": left = min(lastLeft, stop(behind: left))
    case "\u{1B}[D", "\u{1B}OD", "h": left = max(0, stop(before: left))
    case "0": left = 0
    case "$": left = lastLeft
    case "/":
      isTyping = true
      pattern = ""
    case "n": find(step: 1)
    case "N": find(step: -1)
    default: note = "arrows, space, b, g, G, / n N to search, q to leave"
    }
    return true
  }

  /// The places of `left` at which a column of a table stands at the edge.
  private var stops: [Int] {
    text.columnStarts.dropFirst().map { frozen > 0 ? $0 - frozen - 1 : $0 }
  }

  private func stop(behind left: Int) -> Int {
    if text.columnStarts.isEmpty { return left + Self.sideStep }
    return stops.first { $0 > left } ?? lastLeft
  }

  private func stop(before left: Int) -> Int {
    if text.columnStarts.isEmpty { return left - Self.sideStep }
    return stops.last { $0 < left } ?? 0
  }

  private mutating func type(_ key: String) {
    switch key {
    case "\r", "\n":
      isTyping = false
      find(step: 1)
    case "\u{1B}", "\u{7}": isTyping = false
    case "\u{7F}", "\u{8}":
      if pattern.isEmpty { isTyping = false } else { pattern.removeLast() }
    default: if !key.hasPrefix("\u{1B}") { pattern += key }
    }
  }

  private mutating func go(to line: Int) { top = max(0, min(line, lastTop)) }

  /// Goes to the next line below, or above, that holds the pattern in any letters.
  private mutating func find(step: Int) {
    if pattern.isEmpty { return }
    let wanted = pattern.lowercased()
    var line = top + step
    while text.body.indices.contains(line) {
      if PagedText.plain(text.body[line]).lowercased().contains(wanted) {
        go(to: line)
        if top != line { note = "found on line \(line + 1)" }
        return
      }
      line += step
    }
    note = "no \"\(showingControls(pattern))\" \(step > 0 ? "below" : "above")"
  }
}
