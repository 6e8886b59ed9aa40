extension Diagnostic {
  /// The name that the label asks about: `did you mean `fare`?`
  package var suggestion: String? {
    guard let label, label.hasPrefix("did you mean `"), label.hasSuffix("`?") else { return nil }
    return String(label.dropFirst("did you mean `".count).dropLast(2))
  }

  /// The line of `source` that its correction, or else what the label asks about, makes; nil where
  /// there is neither, or its place is not in one line of the source.
  package func correctedLine(of source: String) -> String? {
    correction.flatMap { Self.line(of: source, with: $0) } ?? suggestedLine(of: source)
  }

  /// The line of `source` with what the label asks about in its place.
  func suggestedLine(of source: String) -> String? {
    guard let span, let suggestion else { return nil }
    return Self.line(of: source, with: Correction(span, suggestion))
  }

  private static func line(of source: String, with correction: Correction) -> String? {
    let bytes = Array(source.utf8)
    let span = correction.span
    guard span.start >= 0, span.start <= span.end, span.end <= bytes.count else { return nil }
    let start = bytes[..<span.start].lastIndex(of: Byte.newline).map { $0 + 1 } ?? 0
    let end = bytes[span.start...].firstIndex(of: Byte.newline) ?? bytes.count
    guard span.end <= end else { return nil }
    let line =
      Array(bytes[start..<span.start]) + Array(correction.text.utf8) + Array(bytes[span.end..<end])
    return String(decoding: line, as: UTF8.self)
  }
}
