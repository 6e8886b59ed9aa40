/// What a piece of source text is, for colours.
package enum HighlightCategory: Sendable {
  /// A word where a verb stands: first in a line or behind a pipe.
  case verb
  case keyword, name, variable, number, string, `operator`, comment, error
}

extension Lexer {
  /// The pieces of a text in order, white space between them left out. With a grammar a first word
  /// is a verb where the grammar knows it.
  package static func highlight(
    _ text: String, grammar: Grammar? = nil
  ) -> [(span: Span, category: HighlightCategory)] {
    var lexer = Lexer(text, grammar: grammar)
    var pieces: [(span: Span, category: HighlightCategory)] = []
    while let line = lexer.nextLine() {
      lexer.highlight(line.tokens, into: &pieces)
      let end = min(max(lexer.position, line.span.end), lexer.bytes.count)
      lexer.highlightComments(from: line.span.end, to: end, into: &pieces)
    }
    return pieces
  }

  private func highlight(
    _ tokens: [Token], into pieces: inout [(span: Span, category: HighlightCategory)]
  ) {
    var mayBeVerb = true
    for (index, token) in tokens.enumerated() {
      if index > 0 {
        highlightComments(from: tokens[index - 1].span.end, to: token.span.start, into: &pieces)
      }
      let wasVerb = mayBeVerb
      mayBeVerb = false
      switch token.kind {
      case .name(let name):
        let isVerb = wasVerb && (grammar == nil || self.isVerb(name))
        pieces.append((token.span, isVerb ? .verb : .name))
        mayBeVerb = isVerb && (name == "time" || name == "plan")
      case .quotedName: pieces.append((token.span, .name))
      case .variable: pieces.append((token.span, .variable))
      case .keyword(let keyword):
        pieces.append((token.span, wasVerb && keyword == .sort ? .verb : .keyword))
      case .integer, .float, .percentage, .duration, .size, .date, .datetime:
        pieces.append((token.span, .number))
      case .text, .format, .regex: pieces.append((token.span, .string))
      case .prose: pieces.append((token.span, .comment))
      case .shell, .help:
        pieces.append((Span(token.span.start, token.span.start + 1), .operator))
        if token.span.end > token.span.start + 1 {
          pieces.append((Span(token.span.start + 1, token.span.end), .string))
        }
      case .symbol(let symbol):
        pieces.append((token.span, .operator))
        mayBeVerb = symbol == .pipe || symbol == .pipeEqual || symbol == .assign
      case .newline: mayBeVerb = true
      case .end: break
      case .error(let diagnostic):
        // An unclosed quote is still text.
        let isUnclosed = diagnostic.message.hasSuffix("never closed")
        pieces.append((token.span, isUnclosed ? .string : .error))
      }
    }
  }

  /// Comments between two tokens.
  private func highlightComments(
    from start: Int, to end: Int,
    into pieces: inout [(span: Span, category: HighlightCategory)]
  ) {
    var offset = start
    while offset < end {
      guard bytes[offset] == Byte.hash else {
        offset += 1
        continue
      }
      var lineEnd = offset
      while lineEnd < end, bytes[lineEnd] != Byte.newline { lineEnd += 1 }
      pieces.append((Span(offset, lineEnd), .comment))
      offset = lineEnd
    }
  }
}
