import Language

/// The candidates for a completion, laid out for the screen.
struct CompletionMenu {
  /// With pictures for control characters: names come from files.
  let candidates: [CompletionResult.Candidate]
  let width: Int
  let height: Int
  let usesColor: Bool
  let usesUTF8: Bool

  init(
    candidates: [CompletionResult.Candidate], width: Int, height: Int, usesColor: Bool,
    usesUTF8: Bool
  ) {
    func shown(_ text: String) -> String {
      usesUTF8 ? showingControls(text) : asciiForm(of: showingControls(text))
    }
    self.candidates = candidates.map {
      CompletionResult.Candidate(shown($0.text), detail: shown($0.detail))
    }
    self.width = width
    self.height = height
    self.usesColor = usesColor
    self.usesUTF8 = usesUTF8
  }

  /// The rows to print: columns read downwards, the details dim beside the texts. Never wider than
  /// the terminal; where the rows would fill the screen, the last says how many are left out.
  var rows: [String] {
    if candidates.isEmpty || width < 4 { return [] }
    let ellipsis = usesUTF8 ? "…" : "..."
    let room = width - 1
    let textWidth = min(candidates.map { displayWidth($0.text) }.max() ?? 0, room - 2)
    let detailRoom = room - textWidth - 4
    let longestDetail = candidates.map { displayWidth($0.detail) }.max() ?? 0
    let detailWidth = detailRoom < 4 ? 0 : min(longestDetail, detailRoom)
    let cellWidth = 2 + textWidth + (detailWidth > 0 ? 2 + detailWidth : 0)
    let perRow = max(1, room / (cellWidth + 1))
    let allRows = (candidates.count + perRow - 1) / perRow
    let rowLimit = max(3, height - 4)
    let count = allRows <= rowLimit ? allRows : rowLimit - 1
    let columnCount = allRows <= rowLimit ? (candidates.count + count - 1) / count : perRow
    var result: [String] = []
    for row in 0..<count {
      var line = ""
      for column in 0..<columnCount {
        let index = column * count + row
        if index >= candidates.count { break }
        let candidate = candidates[index]
        let text = truncated(candidate.text, to: textWidth, ellipsis: ellipsis)
        let detail =
          detailWidth > 0 ? truncated(candidate.detail, to: detailWidth, ellipsis: ellipsis) : ""
        let isLast = column == columnCount - 1 || index + count >= candidates.count
        line += column == 0 ? "  " : "   "
        line += text
        if detail.isEmpty, isLast { break }
        line += String(repeating: " ", count: textWidth - displayWidth(text))
        if detailWidth == 0 { continue }
        line += "  " + (usesColor && !detail.isEmpty ? "\u{1B}[2m\(detail)\u{1B}[0m" : detail)
        if !isLast { line += String(repeating: " ", count: detailWidth - displayWidth(detail)) }
      }
      result.append(line)
    }
    let left = candidates.count - count * columnCount
    if left > 0 {
      result.append(truncated("  \(ellipsis) and \(left) more", to: room, ellipsis: ellipsis))
    }
    return result
  }
}
