/// Two texts line by line: `- recorded`, `+ now`, with the common lines between them left out but for
/// one beside each change.
package func difference(_ old: String, _ new: String) -> [String] {
  var old = old.unixLines[...]
  var new = new.unixLines[...]
  // The time of a comparison grows with the square of what differs: ends that agree are taken off,
  // and of the rest only the beginning is shown.
  while old.count > 1, new.count > 1, old.first == new.first,
    old.dropFirst().first == new.dropFirst().first
  {
    old.removeFirst()
    new.removeFirst()
  }
  while old.count > 1, new.count > 1, old.last == new.last,
    old.dropLast().last == new.dropLast().last
  {
    old.removeLast()
    new.removeLast()
  }
  let limit = 200
  let hidden = max(old.count, new.count) - limit
  var shown = changes(Array(old.prefix(limit)), Array(new.prefix(limit)))
  if shown.count > 40 || hidden > 0 {
    let more = max(0, shown.count - 40) + max(0, hidden)
    shown = Array(shown.prefix(40)) + ["  … \(more) more lines"]
  }
  return shown
}

private func changes(_ old: [String], _ new: [String]) -> [String] {
  let changes = new.difference(from: old)
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in changes {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  var lines: [(mark: String, text: String, isChange: Bool)] = []
  var left = 0
  var right = 0
  while left < old.count || right < new.count {
    if removed.contains(left) {
      lines.append(("-", old[left], true))
      left += 1
    } else if inserted.contains(right) {
      lines.append(("+", new[right], true))
      right += 1
    } else if left < old.count {
      lines.append((" ", old[left], false))
      left += 1
      right += 1
    } else {
      break
    }
  }
  var shown: [String] = []
  for (index, line) in lines.enumerated() {
    let near = lines[max(0, index - 1)..<min(lines.count, index + 2)].contains { $0.isChange }
    if near { shown.append("  \(line.mark) \(line.text)") }
  }
  return shown
}
