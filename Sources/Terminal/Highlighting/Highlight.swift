import Language

/// A piece of the text being edited and what it is, for its colour.
package struct Highlight: Sendable, Equatable {
  package enum Style: Sendable {
    case verb, keyword, function, variable, number, string, comment
    /// A column that is there, and one that is not.
    case column, unknown
    case name, sign, error
    /// One of two brackets that belong together, where the cursor is at one.
    case bracket
  }

  package var span: Span
  package var style: Style

  package init(_ span: Span, _ style: Style) {
    self.span = span
    self.style = style
  }

  /// The pieces of a text by its tokens alone.
  package static func pieces(of text: String, grammar: Grammar?) -> [Highlight] {
    Lexer.highlight(text, grammar: grammar).map { Highlight($0.span, Style($0.category)) }
  }

  /// The colour code of each scalar of `line`; later pieces stand over earlier ones.
  static func codes(of pieces: [Highlight], in line: EditedLine) -> [String] {
    let starts = utf8Starts(of: line)
    var codes = [String](repeating: "", count: line.text.count)
    for piece in pieces {
      if piece.style.code.isEmpty { continue }
      var index = place(of: piece.span.start, in: starts)
      while index < codes.count, starts[index] < piece.span.end {
        codes[index] = piece.style.code
        index += 1
      }
    }
    return codes
  }

  /// The bracket at the cursor, or before it, and the one that belongs to it.
  static func brackets(_ pieces: [Highlight], in line: EditedLine) -> [Highlight] {
    let starts = utf8Starts(of: line)
    let found = pieces.compactMap { piece -> (span: Span, sign: Unicode.Scalar, index: Int)? in
      guard piece.style == .sign, piece.span.end == piece.span.start + 1 else { return nil }
      let index = place(of: piece.span.start, in: starts)
      guard index < line.text.count, let sign = Unicode.Scalar(line.text[index]),
        "()[]{}".unicodeScalars.contains(sign)
      else { return nil }
      return (piece.span, sign, index)
    }
    var open: [Int] = []
    for (place, bracket) in found.enumerated() {
      if "([{".unicodeScalars.contains(bracket.sign) {
        open.append(place)
        continue
      }
      guard let other = open.popLast() else { continue }
      let pair = [found[other].index, bracket.index]
      if pair.contains(line.cursor) || pair.contains(line.cursor - 1) {
        return [Highlight(found[other].span, .bracket), Highlight(bracket.span, .bracket)]
      }
    }
    return []
  }

  /// The UTF-8 offset of each scalar.
  private static func utf8Starts(of line: EditedLine) -> [Int] {
    var offset = 0
    return line.text.map { value in
      defer { offset += Unicode.Scalar(value).map { UTF8.width($0) } ?? 3 }
      return offset
    }
  }

  /// The first scalar at or behind an offset, by binary search.
  private static func place(of offset: Int, in starts: [Int]) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Highlight.Style {
  package init(_ category: HighlightCategory) {
    self =
      switch category {
      case .verb: .verb
      case .keyword: .keyword
      case .name: .name
      case .variable: .variable
      case .number: .number
      case .string: .string
      case .operator: .sign
      case .comment: .comment
      case .error: .error
      }
  }

  /// Colours of the basic eight that can be read on dark and on light; plain names and signs have
  /// none.
  var code: String {
    switch self {
    case .verb: "1"
    case .keyword: "35"
    case .function: "34"
    case .variable, .number: "36"
    case .string: "32"
    case .comment: "2"
    case .column, .name, .sign: ""
    case .unknown: "31"
    case .error: "4;31"
    case .bracket: "7"
    }
  }
}
