/// A range of UTF-8 offsets into a source text.
package struct Span: Sendable, Hashable {
  package var start: Int
  package var end: Int

  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest span that covers both.
  package func joined(with other: Span) -> Span {
    Span(min(start, other.start), max(end, other.end))
  }
}

/// A name as written, without backticks.
package struct Name: Sendable {
  package var text: String
  package var span: Span

  package init(_ text: String, _ span: Span = Span(0, 0)) {
    self.text = text
    self.span = span
  }
}
