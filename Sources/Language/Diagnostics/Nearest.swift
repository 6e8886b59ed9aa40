/// The candidate most like a misspelt name, nil where none is like it.
///
/// Spelling in another case comes first, then candidates that begin with the name, then the least
/// Damerau-Levenshtein distance up to a third of the length (at least 1); ties go to the
/// alphabetically first.
package func nearest(_ name: String, among candidates: some Collection<String>) -> String? {
  let lowered = Array(name.lowercased().unicodeScalars.prefix(64))
  guard !lowered.isEmpty else { return nil }
  let limit = lowered.count <= 2 ? 1 : max(1, (lowered.count + 2) / 3)
  var best: (rank: Int, name: String)?
  for candidate in candidates where candidate != name {
    let other = Array(candidate.lowercased().unicodeScalars.prefix(65))
    let rank: Int
    if other == lowered {
      rank = 0
    } else if lowered.count >= 2, other.starts(with: lowered) {
      rank = 100 + other.count - lowered.count
    } else {
      guard abs(other.count - lowered.count) <= limit else { continue }
      let distance = editDistance(lowered, other)
      // A name of one or two letters is like another only if it shares one.
      guard distance <= limit, distance < max(lowered.count, other.count) else { continue }
      rank = distance <= 1 ? 50 : 1_000 + distance
    }
    if let current = best, (current.rank, current.name) <= (rank, candidate) { continue }
    best = (rank, candidate)
  }
  return best?.name
}

/// Insertions, deletions, substitutions and swaps of neighbours between two texts (optimal string
/// alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  var current = last
  for i in 1...a.count {
    current[0] = i
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      var value = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        value = min(value, beforeLast[j - 2] + 1)
      }
      current[j] = value
    }
    (beforeLast, last, current) = (last, current, beforeLast)
  }
  return last[b.count]
}
