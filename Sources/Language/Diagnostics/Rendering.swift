extension Diagnostic {
  /// The error as a person reads it, without a line end behind it:
  ///
  ///     error[unknown-column]: no column `fair` here
  ///       trips | derive x = fair / dist
  ///                          ^^^^ did you mean `fare`?
  ///       columns at this stage: id, dist, fare
  ///
  /// Of a source with several lines the one at fault is shown and its number named, counted from
  /// `firstLine`; with `file` the file is named, too. Lines wider than `width` columns are cut
  /// around the place at fault. Carets stand under what a terminal shows: wide characters take two
  /// columns, tabs are spaces to the next multiple of 8, control characters are pictures.
  ///
  /// The first line is cut at spaces where `wrapsHead`. `show` says how each part is shown, as in
  /// colour; it must keep what of it is seen.
  package func render(
    source: String, firstLine: Int = 1, file: String? = nil, width: Int = 80,
    wrapsHead: Bool = false, show: (String, RenderedPart) -> String = { text, _ in text }
  ) -> String {
    let title = "error[\(code.rawValue)]"
    func lines(_ head: String, _ excerpt: [String], _ rest: [String]) -> String {
      var head = wrapsHead ? wrapped(head, width: max(20, width)) : [head]
      head[0] = show(title, .code) + show(String(head[0].dropFirst(title.count)), .words)
      return
        (head[..<1] + head[1...].map { show($0, .words) } + excerpt
        + rest.map { show($0, .words) }).joined(separator: "\n")
    }
    var head = title + ": \(showingControls(shortened(message)))"
    guard let span else {
      if let file { head += " (\(showingControls(file)))" }
      return lines(
        head, [], (label.map { [showingControls($0)] } ?? []).map(indented) + tail(width, hints))
    }
    let place = SourcePlace(source, span)
    if let file {
      head += " (\(showingControls(file)) line \(firstLine + place.line))"
    } else if place.isOneOfSeveral {
      head += " (line \(firstLine + place.line))"
    }
    let said = suggestedLine(of: source)
    let others = hints.filter { $0 != said }
    return lines(
      head, excerpt(place, width: max(20, width - 2), show), tail(width, others))
  }

  private func tail(_ width: Int, _ hints: [String]) -> [String] {
    var lines = notes.flatMap { note in
      note.split(separator: "\n").flatMap { line in
        // What is indented is laid out already, as the lines of a difference.
        line.hasPrefix(" ")
          ? [showingControls(line)] : wrapped(showingControls(line), width: max(20, width - 2))
      }
    }.map(indented)
    for (number, hint) in hints.filter({ $0.utf8.count <= longestHint }).enumerated() {
      for (index, line) in hint.split(separator: "\n").enumerated() {
        let lead = index > 0 ? "     " : number == 0 ? "try: " : " or: "
        lines.append(indented(lead + showingControls(line)))
      }
    }
    return lines
  }

  private func indented(_ line: String) -> String { line.isEmpty ? "" : "  \(line)" }

  /// The source line and the carets with the label.
  private func excerpt(
    _ place: SourcePlace, width: Int, _ show: (String, RenderedPart) -> String
  ) -> [String] {
    var (cells, start, end) = (place.cells, place.start, max(place.end, place.start + 1))
    var shown = cells.reduce(0) { $0 + $1.width }
    if shown > width {
      // Keep the place at fault in view, with some of what stands before it.
      let first = start > width * 2 / 3 ? start - width / 3 : 0
      var column = 0
      var kept: [SourcePlace.Cell] = []
      var keptWidth = 0
      var dropped = 0
      for cell in cells {
        defer { column += cell.width }
        if column < first {
          dropped = column + cell.width
        } else if keptWidth + cell.width <= width - 2 {
          kept.append(cell)
          keptWidth += cell.width
        } else {
          break
        }
      }
      let isCutAhead = dropped > 0
      let isCutBehind = dropped + keptWidth < shown
      cells =
        (isCutAhead ? [.init(text: "…", width: 1)] : []) + kept
        + (isCutBehind ? [.init(text: "…", width: 1)] : [])
      shown = keptWidth + (isCutAhead ? 1 : 0)
      start = start - dropped + (isCutAhead ? 1 : 0)
      end = max(min(end - dropped + (isCutAhead ? 1 : 0), shown), start + 1)
    }
    let line = indented(show(cells.map(\.text).joined(), .source))
    let margin = String(repeating: " ", count: max(0, start))
    let count = max(1, end - start)
    let carets = indented(margin + show(String(repeating: "^", count: count), .carets))
    guard let label, !label.isEmpty else { return [line, carets] }
    let said = showingControls(label)
    let words = show(said, .words)
    let fits = margin.utf8.count + count + 1 + displayWidth(said) <= width
    return fits ? [line, "\(carets) \(words)"] : [line, carets, indented(words)]
  }
}

/// The parts of an error that may be shown in ways of their own.
package enum RenderedPart: Sendable {
  /// `error[unknown-column]`
  case code
  /// The line at fault, as it was typed.
  case source
  case carets
  /// All else.
  case words
}

/// Of a longer hint nobody reads the end, and a line may have megabytes.
private let longestHint = 2_000

/// A message that quotes more of the line than can be read, with its middle left out.
private func shortened(_ message: String) -> String {
  guard message.utf8.count > 600 else { return message }
  return "\(message.prefix(200))…\(message.suffix(100))"
}

/// A note, cut at spaces into lines of at most `width` columns where it is wider, those after the
/// first indented.
private func wrapped(_ text: String, width: Int) -> [String] {
  // What is indented was laid out by whoever wrote it, as the lines of a difference.
  if displayWidth(text) <= width || text.hasPrefix(" ") { return [text] }
  var lines: [String] = []
  var line = ""
  var column = 0
  var isEmpty = true
  for word in text.split(separator: " ") {
    let length = displayWidth(String(word))
    if !isEmpty, column + 1 + length > width {
      lines.append(line)
      line = "    "
      column = 4
      isEmpty = true
    }
    line += (isEmpty ? "" : " ") + word
    column += (isEmpty ? 0 : 1) + length
    isEmpty = false
  }
  return lines + [line]
}

/// A span's line as a terminal shows it.
private struct SourcePlace {
  struct Cell {
    var text: String
    var width: Int
  }

  /// The line's number in the source, from 0.
  var line = 0
  var isOneOfSeveral = false
  var cells: [Cell] = []
  /// Columns of the span, from 0.
  var start = 0
  var end = 0

  init(_ source: String, _ span: Span) {
    let bytes = Array(source.utf8)
    let at = min(max(span.start, 0), bytes.count)
    var lineStart = 0
    for (index, byte) in bytes.enumerated() where byte == Byte.newline {
      if index < at {
        line += 1
        lineStart = index + 1
      }
      if index + 1 < bytes.count { isOneOfSeveral = true }
    }
    var lineEnd = lineStart
    while lineEnd < bytes.count, bytes[lineEnd] != Byte.newline { lineEnd += 1 }
    if lineEnd > lineStart, bytes[lineEnd - 1] == Byte.carriageReturn { lineEnd -= 1 }
    var offset = lineStart
    var column = 0
    var startColumn: Int?
    var endColumn: Int?
    for character in String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self) {
      let length = character.utf8.count
      // A span may begin or end within a character of several scalars.
      if startColumn == nil, offset + length > at { startColumn = column }
      if endColumn == nil, offset >= span.end { endColumn = column }
      let text = character == "\t" ? tabulator(column) : showingControls(String(character))
      let width = displayWidth(text)
      cells.append(Cell(text: text, width: width))
      column += width
      offset += length
    }
    // What is missing at the line's end has its place right behind it.
    start = startColumn ?? column
    end = endColumn ?? (span.end > lineEnd && start == column ? column + 1 : column)
  }
}

private func tabulator(_ column: Int) -> String {
  String(repeating: " ", count: 8 - column % 8)
}
