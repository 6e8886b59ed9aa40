/// The prompt of continued lines.
///
/// libedit draws a prompt on the first row only, so the marks stand in its buffer, one after each
/// newline, in spaces that no one types. What a key did to the buffer is carried over to the text
/// without them; a key that took away a part of a mark has taken away the newline.
struct ContinuationMarks {
  /// Figure spaces round an ellipsis; empty where the terminal shows only ASCII.
  let mark: [UInt32]

  init(usesUTF8: Bool) { mark = usesUTF8 ? [0x2007, 0x2007, 0x2026, 0x2007] : [] }

  /// `line` as libedit holds it.
  func marked(_ line: EditedLine) -> EditedLine {
    var result = EditedLine()
    result.text.reserveCapacity(line.text.count)
    for (index, scalar) in line.text.enumerated() {
      if index == line.cursor { result.cursor = result.text.count }
      result.text.append(scalar)
      if scalar == EditedLine.newline { result.text += mark }
    }
    if line.cursor >= line.text.count { result.cursor = result.text.count }
    return result
  }

  /// The text after libedit turned `before`, the marked form of `line`, into `after`.
  func unmarked(_ after: EditedLine, before: EditedLine, line: EditedLine) -> EditedLine {
    if mark.isEmpty { return after }
    if after.text == before.text {
      // A step left out of a mark's end goes to the line above; any other goes after the mark.
      let roundsUp = after.cursor >= before.cursor
      return EditedLine(
        text: line.text, cursor: place(after.cursor, in: before.text, roundsUp: roundsUp))
    }
    let shorter = min(before.text.count, after.text.count)
    var prefix = 0
    while prefix < shorter, before.text[prefix] == after.text[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix,
      before.text[before.text.count - 1 - suffix] == after.text[after.text.count - 1 - suffix]
    { suffix += 1 }
    let oldEnd = before.text.count - suffix
    let newEnd = after.text.count - suffix
    let start = place(prefix, in: before.text, roundsUp: false)
    let end = prefix == oldEnd ? start : place(oldEnd, in: before.text, roundsUp: true)
    let inserted = withoutMarks(after.text[prefix..<newEnd])
    var result = EditedLine(text: line.text)
    result.text.replaceSubrange(start..<end, with: inserted)
    if after.cursor <= prefix {
      result.cursor = min(start, place(after.cursor, in: before.text, roundsUp: false))
    } else if after.cursor >= newEnd {
      let old = after.cursor - newEnd + oldEnd
      result.cursor =
        start + inserted.count + max(0, place(old, in: before.text, roundsUp: true) - end)
    } else {
      result.cursor = start + withoutMarks(after.text[prefix..<after.cursor]).count
    }
    return result
  }

  /// The place in the text of a place in its marked form; inside a mark it is before the newline, or
  /// after it when `roundsUp`.
  private func place(_ index: Int, in marked: [UInt32], roundsUp: Bool) -> Int {
    var newlines = 0
    var last = -1
    for position in 0..<index where marked[position] == EditedLine.newline {
      newlines += 1
      last = position
    }
    let full = index - newlines * mark.count
    if last < 0 || index > last + mark.count { return full }
    let before = last - (newlines - 1) * mark.count
    return roundsUp ? before + 1 : before
  }

  private func withoutMarks(_ scalars: ArraySlice<UInt32>) -> [UInt32] {
    var result: [UInt32] = []
    var index = scalars.startIndex
    while index < scalars.endIndex {
      result.append(scalars[index])
      index += 1
      if result.last == EditedLine.newline, scalars[index...].starts(with: mark) {
        index += mark.count
      }
    }
    return result
  }
}
