/// What can be counted and compared in texts, over batches.
extension Texts {
  /// The place of the second text's first occurrence in the first, from 1; 0 where there is none.
  package static func find(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    measure(v, &context) { text, part in
      guard let place = position(of: part, in: text, from: 0) else { return 0 }
      return Int64(length(of: Bytes(rebasing: text[..<place]))) + 1
    }
  }

  /// How often the second text occurs in the first, without overlaps; an empty one never does.
  package static func occurrences(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    measure(v, &context) { text, part in
      var (count, start) = (Int64(0), 0)
      while part.count > 0, let place = position(of: part, in: text, from: start) {
        count += 1
        start = place + part.count
      }
      return count
    }
  }

  package static func byteCount(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    measure([v[0], v[0]], &context) { text, _ in Int64(text.count) }
  }

  /// The number of the first character in Unicode; null for an empty text.
  package static func codePoint(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let texts = v[0].texts.views
    var validity = v[0].validity
    var points = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      if let first = String(decoding: texts[row].prefix(4), as: UTF8.self).unicodeScalars.first {
        points[row] = Int64(first.value)
      } else {
        Validity.clear(&validity, row, count: context.count)
      }
    }
    return Vector(.ints(points), validity: validity)
  }

  private static func measure(
    _ v: [Vector], _ context: inout KernelContext, _ body: (Bytes, Bytes) throws -> Int64
  ) rethrows -> Vector {
    let (a, b) = (v[0].texts.views, v[1].texts.views)
    let validity = Validity.all(v)
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      result[row] = try body(a[row], b[row])
    }
    return Vector(.ints(result), validity: validity)
  }
}

/// How far two texts are apart, in code points.
package enum TextDistance: Sendable {
  /// Insertions, deletions and replacements that make one text of the other: Levenshtein (1966).
  case levenshtein
  /// The same where exchanging two neighbours is one step, too (optimal string alignment).
  case damerau
  /// Places in which texts of one length differ; null for others.
  case hamming
  /// 1 - levenshtein / the longer length.
  case similarity
  /// Jaro (1989), and Winkler's (1990) that favours a common beginning: 0 to 1.
  case jaro, jaroWinkler

  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (a, b) = (v[0].texts.views, v[1].texts.views)
    var validity = Validity.all(v)
    var floats = [Double](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      let x = scalars(a[row])
      let y = scalars(b[row])
      if let value = try distance(x, y) {
        floats[row] = value
      } else {
        Validity.clear(&validity, row, count: context.count)
      }
    }
    switch self {
    case .levenshtein, .damerau, .hamming:
      return Vector(.ints(floats.map { Int64($0) }), validity: validity)
    case .similarity, .jaro, .jaroWinkler: return Vector(.floats(floats), validity: validity)
    }
  }

  private func scalars(_ text: Texts.Bytes) -> [UInt32] {
    if text.allSatisfy({ $0 < 0x80 }) { return text.map { UInt32($0) } }
    return String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value)
  }

  private func distance(_ a: [UInt32], _ b: [UInt32]) throws -> Double? {
    switch self {
    case .levenshtein: return Double(try edits(a, b, exchanges: false))
    case .damerau: return Double(try edits(a, b, exchanges: true))
    case .hamming: return a.count == b.count ? Double(zip(a, b).count(where: !=)) : nil
    case .similarity:
      let longer = max(a.count, b.count)
      return longer == 0 ? 1 : 1 - Double(try edits(a, b, exchanges: false)) / Double(longer)
    case .jaro: return try jaro(a, b)
    case .jaroWinkler:
      let similarity = try jaro(a, b)
      let prefix = zip(a, b).prefix(4).prefix { $0 == $1 }.count
      return similarity > 0.7 ? similarity + Double(prefix) * 0.1 * (1 - similarity) : similarity
    }
  }

  /// Row by row of the table of edits between beginnings of the texts.
  private func edits(_ a: [UInt32], _ b: [UInt32], exchanges: Bool) throws -> Int {
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    var row = last
    for i in 0..<a.count {
      // A long text takes a while itself.
      if i & 255 == 0, b.count > 1000 { try Cancellation.check() }
      row[0] = i + 1
      for j in 0..<b.count {
        var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if exchanges, i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, before[j - 1] + 1)
        }
        row[j + 1] = best
      }
      swap(&before, &last)
      swap(&last, &row)
    }
    return last[b.count]
  }

  /// The mean of the shares of common characters, at most half the longer text apart, and of those
  /// in the same order.
  private func jaro(_ a: [UInt32], _ b: [UInt32]) throws -> Double {
    if a.isEmpty, b.isEmpty { return 1 }
    let reach = max(0, max(a.count, b.count) / 2 - 1)
    var isTaken = [Bool](repeating: false, count: b.count)
    var first: [UInt32] = []
    for (i, character) in a.enumerated() {
      if i & 255 == 0, b.count > 1000 { try Cancellation.check() }
      let window = max(0, i - reach)..<max(0, i - reach, min(b.count, i + reach + 1))
      guard let match = window.first(where: { !isTaken[$0] && b[$0] == character }) else {
        continue
      }
      isTaken[match] = true
      first.append(character)
    }
    if first.isEmpty { return 0 }
    let second = b.indices.filter { isTaken[$0] }.map { b[$0] }
    let common = Double(first.count)
    let moved = Double(zip(first, second).count(where: !=) / 2)
    return (common / Double(a.count) + common / Double(b.count) + (common - moved) / common) / 3
  }
}

extension Sequence {
  /// How many pairs `isCounted`.
  fileprivate func count<A, B>(where isCounted: (A, B) -> Bool) -> Int where Element == (A, B) {
    reduce(0) { $0 + (isCounted($1.0, $1.1) ? 1 : 0) }
  }
}
