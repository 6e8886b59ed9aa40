/// Cuts source text into statements, and these into tokens.
///
/// Where a line ends, whether `/` opens a regex and whether a brace holds lines depends on what
/// stands before, so the lexer follows brackets and the place of verbs. Time is linear in the text.
package struct Lexer {
  /// How deep brackets and f-strings may nest.
  static let nestingLimit = 200

  enum Bracket: Equatable {
    case parenthesis, bracket, brace
    /// The braces of `for`, which hold lines.
    case block
    /// The braces in an f-string.
    case interpolation
  }

  let bytes: [UInt8]
  /// Nil where no verbs are known, as in highlighting; white space then decides about `/`.
  let grammar: Grammar?
  var boundNames: Set<String>
  var position = 0
  var tokens: [Token] = []
  var brackets: [(kind: Bracket, start: Int, firstToken: Int)] = []
  /// What keeps the text from being read on: an unclosed quote, too deep nesting.
  var failure: Diagnostic?
  /// Whether more text could mend the failure.
  var isUnclosed = false

  /// Whether the next name is a verb, a source or a name to bind.
  var isStageStart = true
  var isAfterPipe = false
  /// Whether the next token can only be an operand.
  var expectsOperand = true
  /// The verb of the stage, where it is known.
  var verb: VerbSyntax?
  /// Whether the next brace outside of brackets is the body of `for`.
  var expectsBlock = false
  /// Where the current statement's tokens begin.
  var firstToken = 0
  /// Where the statement begins, for hints that repeat it.
  var statementStart = 0

  package init(_ text: String, grammar: Grammar? = nil) {
    bytes = Array(text.utf8)
    self.grammar = grammar
    boundNames = grammar?.boundNames ?? []
  }

  /// A logical line: its tokens end with `.end`.
  package struct Line: Sendable {
    package var tokens: [Token]
    package var span: Span
    /// False where more text is needed: an open bracket or quote, a trailing operator.
    package var isComplete: Bool
  }

  /// The next logical line, nil at the end of the text.
  package mutating func nextLine() -> Line? {
    skipBlankLines()
    guard position < bytes.count else { return nil }
    tokens = []
    brackets = []
    failure = nil
    isUnclosed = false
    let start = position
    statementStart = start
    beginStatement()
    if !lexRawLine() {
      lexTokens()
    }
    var end = tokens.last?.span.end ?? start
    if let failure {
      end = bytes.count
      tokens.append(Token(.error(failure), failure.span ?? Span(start, end)))
    }
    var isComplete = !isUnclosed && (failure != nil || (brackets.isEmpty && !lastTokenContinues))
    if isAtTrailingBackslash { isComplete = false }
    tokens.append(Token(.end, Span(end, end)))
    return Line(tokens: tokens, span: Span(start, end), isComplete: isComplete)
  }

  // A backslash right at the end of the text asks for another line.
  private var isAtTrailingBackslash: Bool {
    position >= bytes.count && bytes.last == Byte.backslash && failure == nil
      && !(tokens.last.map { $0.span.end == bytes.count } ?? false)
  }

  mutating func beginStatement() {
    isStageStart = true
    isAfterPipe = false
    expectsOperand = true
    verb = nil
    expectsBlock = false
    firstToken = tokens.count
  }

  private mutating func skipBlankLines() {
    while position < bytes.count, bytes[position].isSpace || bytes[position] == Byte.newline {
      position += 1
    }
  }

  /// Lexes to the end of the statement, or to the brace that closes an interpolation.
  mutating func lexTokens() {
    let depth = brackets.count
    while failure == nil {
      skipSpace()
      guard position < bytes.count else { return }
      let byte = bytes[position]
      if byte == Byte.newline {
        if endsLine() { return }
      } else if byte == Byte.closeBrace, brackets.last?.kind == .interpolation,
        brackets.count == depth
      {
        return
      } else if tokens.count == firstToken, brackets.last?.kind == .block, lexRawLine() {
        continue
      } else {
        lexToken(byte)
      }
    }
  }

  /// Skips white space, comments behind a token, and a backslash that ends a line.
  private mutating func skipSpace() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte.isSpace {
        position += 1
      } else if byte == Byte.hash {
        // In a block, a comment on a line of its own is prose.
        if brackets.last?.kind == .block, tokens.count == firstToken, isFirstInLine(position) {
          return
        }
        while position < bytes.count, bytes[position] != Byte.newline { position += 1 }
      } else if byte == Byte.backslash, let next = newline(after: position + 1) {
        position = next
      } else if byte >= 0x80 {
        let (scalar, length) = scalar(at: position)
        guard scalar.properties.isWhitespace else { return }
        position += length
      } else {
        return
      }
    }
  }

  /// The offset behind the line end that follows nothing but white space; also the text's end.
  private func newline(after offset: Int) -> Int? {
    var offset = offset
    while offset < bytes.count, bytes[offset].isSpace { offset += 1 }
    if offset == bytes.count { return offset }
    return bytes[offset] == Byte.newline ? offset + 1 : nil
  }

  private func isFirstInLine(_ offset: Int) -> Bool {
    var offset = offset
    while offset > 0, bytes[offset - 1].isSpace { offset -= 1 }
    return offset == 0 || bytes[offset - 1] == Byte.newline
  }

  /// At a line's end: steps over it, and returns whether the statement ends here.
  private mutating func endsLine() -> Bool {
    let kind = brackets.last?.kind
    guard kind == nil || kind == .block, tokens.count > firstToken, !lastTokenContinues else {
      position += 1
      return false
    }
    // A line that starts with `|` goes on with this one, comments between them or not.
    var next = position + 1
    while next < bytes.count {
      if bytes[next].isSpace {
        next += 1
      } else if bytes[next] == Byte.hash {
        while next < bytes.count, bytes[next] != Byte.newline { next += 1 }
        next += 1
      } else {
        break
      }
    }
    if next < bytes.count, bytes[next] == Byte.pipe,
      next + 1 == bytes.count || bytes[next + 1] != Byte.equal
    {
      position = next
      return false
    }
    if kind == .block {
      tokens.append(Token(.newline, Span(position, position + 1)))
      position += 1
      beginStatement()
      return false
    }
    position += 1
    return true
  }

  /// Whether the statement so far asks for more.
  var lastTokenContinues: Bool {
    guard tokens.count > firstToken, let last = tokens.last else { return false }
    switch last.kind {
    case .keyword(let keyword): return keyword.continuesLine
    case .symbol(let symbol):
      guard symbol.continuesLine else { return false }
      // `load -` is complete, and `select *` is a mistake to report, not to go on with.
      guard tokens.count - firstToken >= 2 else { return symbol != .multiply }
      let previous = tokens[tokens.count - 2]
      if case .name(let name) = previous.kind, wasVerb(tokens.count - 2, name) {
        if symbol == .subtract { return name != "load" }
        return symbol != .multiply
      }
      return true
    default: return false
    }
  }

  private func wasVerb(_ index: Int, _ name: String) -> Bool {
    if index == firstToken { return !boundNames.contains(name) }
    switch tokens[index - 1].kind {
    case .symbol(.pipe), .symbol(.pipeEqual): return true
    case .symbol(.assign): return !boundNames.contains(name) && isVerb(name)
    default: return false
    }
  }

  func isVerb(_ name: String) -> Bool {
    guard let grammar else { return false }
    return grammar.verbs[name] != nil || grammar.synonyms[name] != nil
  }

  /// Prose, `!` and `?` take the rest of their line as it is.
  private mutating func lexRawLine() -> Bool {
    let start = position
    let first = bytes[position]
    guard first == Byte.hash || first == Byte.exclamation || first == Byte.question else {
      return false
    }
    var end = start
    while end < bytes.count, bytes[end] != Byte.newline { end += 1 }
    position = end
    while end > start + 1, bytes[end - 1].isSpace { end -= 1 }
    var textStart = start + 1
    if first == Byte.hash {
      if textStart < end, bytes[textStart] == Byte.space { textStart += 1 }
      tokens.append(Token(.prose(string(textStart, end)), Span(start, end)))
      return true
    }
    while textStart < end, bytes[textStart].isSpace { textStart += 1 }
    let text = string(textStart, end)
    tokens.append(
      Token(first == Byte.exclamation ? .shell(text) : .help(text), Span(start, end)))
    return true
  }
}
