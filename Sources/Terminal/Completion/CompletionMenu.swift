import Language

/// The candidates for a completion, laid out for the screen.
struct CompletionMenu {
  /// With pictures for control characters: names come from files.
  let candidates: [CompletionResult.Candidate]
  /// The candidate that stands in the line.
  let selected: Int?
  let width: Int
  /// The rows there are for it.
  let height: Int
  let usesColor: Bool
  let usesUTF8: Bool

  init(
    candidates: [CompletionResult.Candidate], selected: Int? = nil, width: Int, height: Int,
    usesColor: Bool, usesUTF8: Bool
  ) {
    func shown(_ text: String) -> String {
      usesUTF8 ? showingControls(text) : asciiForm(of: showingControls(text))
    }
    self.candidates = candidates.map {
      CompletionResult.Candidate(
        shown($0.text), kind: shown($0.kind), detail: shown($0.detail))
    }
    self.selected = selected
    self.width = width
    self.height = height
    self.usesColor = usesColor
    self.usesUTF8 = usesUTF8
  }

  private var ellipsis: String { usesUTF8 ? "…" : "..." }
  private var room: Int { width - 1 }

  /// How much of a candidate is shown, and how wide each part is.
  private struct Cell {
    var text: Int
    var kind: Int
    var detail: Int

    var width: Int { 2 + text + (kind > 0 ? 2 + kind : 0) + (detail > 0 ? 2 + detail : 0) }
  }

  /// The rows to print: columns read downwards, kinds and meanings dim beside the texts, the meanings
  /// only where all rows fit with them; else that of the selected one stands in a row below. Never wider than the terminal; where the rows would fill the
  /// screen, the last says how many are left out, and the rest follows the selected one.
  var rows: [LineLayout.Row] {
    if candidates.isEmpty || width < 4 { return [] }
    let rowLimit = max(2, height)
    let meaning = meaningOfSelected
    let text = min(widest(\.text), room - 2)
    let kind = text + widest(\.kind) + 4 <= room ? widest(\.kind) : 0
    let left = room - Cell(text: text, kind: kind, detail: 0).width - 2
    let full = Cell(text: text, kind: kind, detail: left >= 8 ? min(widest(\.detail), left) : 0)
    let cell = Cell(text: text, kind: kind, detail: 0)
    for (cell, below) in [(full, []), (cell, meaning)] {
      let perRow = perRow(cell)
      let count = (candidates.count + perRow - 1) / perRow
      if count + below.count <= rowLimit {
        return rows(of: 0..<candidates.count, cell, count: count) + below
      }
    }
    let count = max(1, rowLimit - 1 - meaning.count)
    let page = count * perRow(cell)
    let start = (selected ?? 0) / page * page
    let end = min(candidates.count, start + page)
    let note =
      "  \(ellipsis) \(start > 0 ? "\(start + 1) to \(end) of " : "and ")"
      + (start > 0 ? "\(candidates.count)" : "\(candidates.count - end) more")
    let last = truncated(note, to: room, ellipsis: ellipsis)
    return rows(of: start..<end, cell, count: count)
      + [LineLayout.Row(text: last, width: displayWidth(last))] + meaning.prefix(rowLimit - 2)
  }

  /// A row with the meaning of the selected candidate, where it has one.
  private var meaningOfSelected: [LineLayout.Row] {
    guard let selected, candidates.indices.contains(selected),
      !candidates[selected].detail.isEmpty
    else { return [] }
    var row = LineLayout.Row()
    pad(&row, to: 2)
    put(candidates[selected].detail, room - 2, "2", into: &row)
    return [row]
  }

  private func widest(_ part: KeyPath<CompletionResult.Candidate, String>) -> Int {
    candidates.map { displayWidth($0[keyPath: part]) }.max() ?? 0
  }

  private func perRow(_ cell: Cell) -> Int { max(1, room / (cell.width + 1)) }

  private func rows(of range: Range<Int>, _ cell: Cell, count: Int) -> [LineLayout.Row] {
    (0..<min(count, range.count)).map { number in
      var row = LineLayout.Row()
      for index in stride(from: range.lowerBound + number, to: range.upperBound, by: count) {
        if row.width > 0 { pad(&row, to: row.width + 1) }
        let start = row.width
        let candidate = candidates[index]
        pad(&row, to: start + 2)
        put(candidate.text, cell.text, index == selected ? "7" : "", into: &row)
        let hasNext = index + count < range.upperBound
        var place = start + 2 + cell.text
        for (part, width) in [(candidate.kind, cell.kind), (candidate.detail, cell.detail)]
        where width > 0 {
          if !part.isEmpty {
            pad(&row, to: place + 2)
            put(part, width, "2", into: &row)
          }
          place += 2 + width
        }
        if hasNext { pad(&row, to: place) }
      }
      return row
    }
  }

  private func put(_ text: String, _ width: Int, _ code: String, into row: inout LineLayout.Row) {
    let shown = truncated(text, to: width, ellipsis: ellipsis)
    row.text += usesColor && !code.isEmpty ? "\u{1B}[\(code)m\(shown)\u{1B}[0m" : shown
    row.width += displayWidth(shown)
  }

  private func pad(_ row: inout LineLayout.Row, to width: Int) {
    if row.width >= width { return }
    row.text += String(repeating: " ", count: width - row.width)
    row.width = width
  }
}
