import Language

/// Reading a notebook: by line, as CommonMark finds fences.
extension NotebookFile {
  /// The elements of `text`. Throws a `syntax` diagnostic, with the line, for a malformed attribute
  /// of a cell and for front matter or a cell without an end.
  package init(parsing text: String) throws {
    var reader = Reader(text)
    try reader.read()
    elements = reader.elements
  }

  private struct Fence {
    /// A backtick or a tilde.
    var mark: UInt8
    var length: Int
    var info: Substring
  }

  private struct Reader {
    /// Lines with their ends.
    let lines: [Substring]
    var next = 0
    var elements: [Element] = []
    var prose = ""

    init(_ text: String) {
      var lines: [Substring] = []
      var rest = text.utf8[...]
      while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let end = rest.index(after: newline)
        lines.append(Substring(rest[rest.startIndex..<end]))
        rest = rest[end...]
      }
      if !rest.isEmpty { lines.append(Substring(rest)) }
      self.lines = lines
    }

    mutating func read() throws {
      if let first = lines.first, content(first) == "---" { try readFrontMatter() }
      while next < lines.count {
        guard let fence = opening(lines[next]) else {
          prose += lines[next]
          next += 1
          continue
        }
        try readFenced(fence)
      }
      flush()
    }

    private mutating func readFrontMatter() throws {
      guard let end = lines.dropFirst().firstIndex(where: { content($0) == "---" }) else {
        throw Diagnostic(.syntax, "line 1: the front matter has no end: a second line `---`")
      }
      elements.append(.frontMatter(lines[0...end].joined()))
      next = end + 1
    }

    private mutating func readFenced(_ fence: Fence) throws {
      let start = next
      let kind = fence.info.prefix { !$0.isWhitespace }
      var end = start + 1
      while end < lines.count, !isClosing(lines[end], fence) { end += 1 }
      let isClosed = end < lines.count
      let raw = lines[start..<min(end + 1, lines.count)].joined()
      next = min(end + 1, lines.count)
      guard kind == "kaizen" || kind == "out" else {
        prose += raw
        return
      }
      guard isClosed else {
        throw Diagnostic(.syntax, "line \(start + 1): this \(kind) fence is never closed")
      }
      let attributes = try parseAttributes(
        fence.info.dropFirst(kind.count), line: start + 1)
      let body = lines[(start + 1)..<end].map { content($0) }.joined(separator: "\n")
      flush()
      if kind == "kaizen" {
        elements.append(
          .cell(Cell(raw: raw, code: body, attributes: attributes, line: start + 1)))
      } else {
        let text = end == start + 1 ? "" : body + "\n"
        elements.append(
          .output(RecordedOutput(raw: raw, text: text, attributes: attributes, line: start + 1)))
      }
    }

    private mutating func flush() {
      if !prose.isEmpty { elements.append(.prose(prose)) }
      prose = ""
    }

    /// A line without its end.
    private func content(_ line: Substring) -> Substring {
      // By bytes: CR LF is one character, and so is a backtick with an accent that follows it.
      var bytes = line.utf8
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      return Substring(bytes)
    }

    private func opening(_ line: Substring) -> Fence? {
      let text = content(line).utf8
      let start = text.prefix(4).prefix { $0 == UInt8(ascii: " ") }.count
      let marks = text.dropFirst(start)
      guard start < 4, let mark = marks.first,
        mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
      else { return nil }
      let length = marks.prefix { $0 == mark }.count
      guard length >= 3 else { return nil }
      let info = marks.dropFirst(length).drop {
        $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
      }
      if mark == UInt8(ascii: "`"), info.contains(mark) { return nil }
      return Fence(mark: mark, length: length, info: Substring(info))
    }

    private func isClosing(_ line: Substring, _ fence: Fence) -> Bool {
      let text = content(line).utf8
      let start = text.prefix(4).prefix { $0 == UInt8(ascii: " ") }.count
      guard start < 4 else { return false }
      let marks = text.dropFirst(start)
      let length = marks.prefix { $0 == fence.mark }.count
      return length >= fence.length
        && marks.dropFirst(length).allSatisfy {
          $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
        }
    }

    private func parseAttributes(_ text: Substring, line: Int) throws -> [String: String] {
      var attributes: [String: String] = [:]
      var rest = text.drop { $0.isWhitespace }
      while !rest.isEmpty {
        let key = rest.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        rest = rest.dropFirst(key.count)
        guard !key.isEmpty, rest.first == "=" else {
          throw malformed("`\(rest.prefix(20))` is no attribute; they have the form name=value")
        }
        rest = rest.dropFirst()
        let value: Substring
        if rest.first == "\"" {
          let quoted = rest.dropFirst()
          guard let end = quoted.firstIndex(of: "\"") else {
            throw malformed("the value of `\(key)` has no closing quote")
          }
          value = quoted[..<end]
          rest = quoted[quoted.index(after: end)...]
        } else {
          value = rest.prefix { !$0.isWhitespace }
          rest = rest.dropFirst(value.count)
        }
        guard !value.isEmpty else { throw malformed("`\(key)` has no value") }
        guard attributes[String(key)] == nil else { throw malformed("`\(key)` is given twice") }
        attributes[String(key)] = String(value)
        rest = rest.drop { $0.isWhitespace }
      }
      return attributes

      func malformed(_ message: String) -> Diagnostic {
        Diagnostic(.syntax, "line \(line): \(message)")
      }
    }
  }
}
