/// Names close to one that does not exist.
package enum Suggestion {
  /// The candidate that is fewest edits away from `name`, if it is near enough to be a slip.
  package static func nearest(to name: String, in candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.lowercased().utf8.prefix(64))
      let limit = max(1, min(wanted.count, other.count) / 3)
      guard abs(wanted.count - other.count) <= limit else { continue }
      let distance = distance(wanted, other)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    if let best { return best.name }
    // Half a name, or one with another separator, is a slip, too.
    guard wanted.count >= 3 else { return nil }
    let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
    return candidates.first {
      let candidate = $0.lowercased()
      return candidate.filter { $0.isLetter || $0.isNumber } == plain
    } ?? candidates.first { $0.lowercased().hasPrefix(name.lowercased()) }
  }

  /// Edits between two texts, where swapping neighbours is one: optimal string alignment.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }

  /// `name` as it is written in a line: in backticks where it is not a plain word.
  package static func quoted(_ name: String) -> String { name }

  /// `columns at this stage: id, fare, … (19)`
  static func listing(_ names: [String]) -> String {
    if names.isEmpty { return "there are no columns at this stage" }
    var shown: [String] = []
    var width = 0
    for name in names {
      width += name.count + 2
      if width > 52, !shown.isEmpty { break }
      shown.append(name)
    }
    let isCut = shown.count < names.count
    return "columns at this stage: " + shown.joined(separator: ", ")
      + (isCut ? ", … (\(names.count))" : "")
  }
}
