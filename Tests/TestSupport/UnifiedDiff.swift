/// How `actual` differs from `expected`, as `diff -u` shows it; empty if it does not.
package func unifiedDiff(expected: [String], actual: [String], context: Int = 3) -> String {
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in actual.difference(from: expected) {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  if removed.isEmpty && inserted.isEmpty { return "" }

  var lines: [(mark: Character, text: String)] = []
  var old = 0
  var new = 0
  while old < expected.count || new < actual.count {
    if removed.contains(old) {
      lines.append(("-", expected[old]))
      old += 1
    } else if inserted.contains(new) {
      lines.append(("+", actual[new]))
      new += 1
    } else {
      lines.append((" ", expected[old]))
      old += 1
      new += 1
    }
  }
  let changed = lines.indices.filter { lines[$0].mark != " " }
  var shown = Set(changed.flatMap { max(0, $0 - context)...min(lines.count - 1, $0 + context) })
  // A gap of one line says less than the line.
  for index in lines.indices where shown.contains(index - 1) && shown.contains(index + 1) {
    shown.insert(index)
  }
  var result = ""
  for index in lines.indices where shown.contains(index) {
    if !shown.contains(index - 1), index > 0 { result += "  …\n" }
    result += "\(lines[index].mark) \(lines[index].text)\n"
  }
  return result
}
