/// Quoted things: text, f-strings, names in backticks, regexes.
extension Lexer {
  mutating func lexText() {
    let start = position
    position += 1
    if let (text, mistake) = scanQuoted(bytes[start], start: start) {
      if let mistake {
        appendError(mistake, from: start)
      } else {
        append(.text(text), from: start)
      }
    }
  }

  mutating func lexQuotedName(start: Int, isVariable: Bool) {
    let opening = position
    position += 1
    guard let (text, mistake) = scanQuoted(Byte.backtick, start: opening) else { return }
    if let mistake {
      appendError(mistake, from: start)
    } else if text.isEmpty {
      appendError(Diagnostic(.syntax, "a name cannot be empty"), from: start)
    } else {
      append(isVariable ? .variable(text) : .quotedName(text), from: start)
    }
  }

  /// Reads up to the closing quote. Nil where there is none: then `failure` says so.
  private mutating func scanQuoted(
    _ quote: UInt8, start: Int
  ) -> (text: String, mistake: Diagnostic?)? {
    var text: [UInt8] = []
    var mistake: Diagnostic?
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        position += 1
        return (String(decoding: text, as: UTF8.self), mistake)
      }
      if byte == Byte.backslash {
        scanEscape(into: &text, mistake: &mistake)
      } else {
        text.append(byte)
        position += 1
      }
    }
    failUnclosed(start, quote)
    return nil
  }

  /// At a backslash: appends what it stands for.
  private mutating func scanEscape(into text: inout [UInt8], mistake: inout Diagnostic?) {
    let start = position
    position += 2
    switch byte(start + 1) {
    case 0x6E: text.append(Byte.newline)
    case 0x74: text.append(Byte.tab)
    case 0x72: text.append(Byte.carriageReturn)
    case 0x30: text.append(0)
    case Byte.backslash, Byte.quote, Byte.apostrophe, Byte.backtick: text.append(bytes[start + 1])
    case 0x75 where byte(position) == Byte.openBrace:
      var end = position + 1
      while byte(end).isLetter || byte(end).isDigit { end += 1 }
      let digits = string(position + 1, end)
      if byte(end) == Byte.closeBrace, digits.utf8.count <= 6,
        let value = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(value)
      {
        position = end + 1
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        position = max(end, position + 1)
        mistake =
          mistake
          ?? Diagnostic(
            .syntax, "no such character", span: Span(start, position),
            label: "`\\u{…}` takes the hexadecimal number of a Unicode character")
      }
    default:
      // Never past the end, so that a missing quote is what is reported.
      position = min(position, bytes.count)
      if position > start + 1 { position = start + 1 + scalar(at: start + 1).length }
      mistake =
        mistake
        ?? Diagnostic(
          .syntax, "unknown escape `\(string(start, position))`", span: Span(start, position),
          label: "a backslash itself is `\\\\`",
          notes: ["escapes: \\n \\t \\r \\0 \\\\ \\\" \\' \\` \\u{…}"],
          hints: [hint(Span(start, start + 1), "\\\\")])
    }
  }

  private mutating func failUnclosed(_ start: Int, _ quote: UInt8) {
    var end = start
    while end < bytes.count, bytes[end] != Byte.newline { end += 1 }
    while end > start + 1, bytes[end - 1].isSpace { end -= 1 }
    isUnclosed = true
    position = bytes.count
    if let brace = brackets.last, brace.kind == .interpolation, brace.start + 1 < start,
      byte(start - 1) != Byte.equal
    {
      failure = Self.unclosedBrace(brace.start, line: hint(Span(start, start), "}"))
      return
    }
    let sign = String(UnicodeScalar(quote))
    let close = guessedClose(start, end)
    failure = Diagnostic(
      .syntax, "the \(quote == Byte.backtick ? "backtick" : "quote") is never closed",
      span: Span(start, end), label: "no closing \(sign)",
      hints: [hint(Span(close, close), sign)])
  }

  private static func unclosedBrace(_ start: Int, line: String) -> Diagnostic {
    Diagnostic(
      .syntax, "the `{` is never closed", span: Span(start, start + 1), label: "no `}` for this",
      hints: [line])
  }

  /// Where the forgotten quote was probably meant: before a clause word, an option, a pipe or a
  /// closing bracket, else at the line's end.
  private func guessedClose(_ start: Int, _ end: Int) -> Int {
    var offset = start + 1
    while offset < end {
      if bytes[offset] == Byte.space {
        let wordEnd = endOfName(from: offset + 1)
        let word = string(offset + 1, wordEnd)
        let isClause = Keyword(rawValue: word).map { $0 != .in && $0 != .is } ?? false
        let isWord = wordEnd > offset + 1
        if isClause || byte(offset + 1) == Byte.pipe || (isWord && byte(wordEnd) == Byte.equal)
          || (isWord && verb?.prepositions.contains(word) == true)
        {
          return offset
        }
      }
      offset += 1
    }
    while offset > start + 1,
      [UInt8(0x29), Byte.closeBracket, Byte.closeBrace].contains(
        bytes[offset - 1]), brackets.count > 0
    {
      offset -= 1
    }
    return offset
  }

  /// `f"… {x} …"`; `{{` and `}}` are braces.
  mutating func lexFormat() {
    let start = position
    let quote = bytes[start + 1]
    position += 2
    var pieces: [FormatPiece] = []
    var text: [UInt8] = []
    var mistake: Diagnostic?
    func flush() {
      guard !text.isEmpty else { return }
      pieces.append(.text(String(decoding: text, as: UTF8.self)))
      text = []
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        position += 1
        flush()
        if let mistake {
          appendError(mistake, from: start)
        } else {
          append(.format(pieces), from: start)
        }
        return
      }
      if byte == Byte.backslash {
        scanEscape(into: &text, mistake: &mistake)
      } else if byte == Byte.openBrace || byte == Byte.closeBrace, self.byte(position + 1) == byte {
        text.append(byte)
        position += 2
      } else if byte == Byte.openBrace {
        flush()
        guard let tokens = lexInterpolation() else {
          return
        }
        pieces.append(.tokens(tokens))
      } else if byte == Byte.closeBrace {
        mistake =
          mistake
          ?? Diagnostic(
            .syntax, "`}` without `{`", span: Span(position, position + 1),
            label: "a brace as text is written `}}`")
        position += 1
      } else {
        text.append(byte)
        position += 1
      }
    }
    failUnclosed(start, quote)
  }

  /// The tokens between `{` and `}`; nil where the brace is never closed.
  private mutating func lexInterpolation() -> [Token]? {
    guard brackets.count < Self.nestingLimit else {
      failure = Self.tooDeep(Span(position, position + 1))
      return nil
    }
    let outer = (tokens, firstToken, isStageStart, isAfterPipe, expectsOperand, verb, expectsBlock)
    let depth = brackets.count
    brackets.append((.interpolation, position, firstToken))
    position += 1
    tokens = []
    firstToken = 0
    isStageStart = false
    isAfterPipe = false
    expectsOperand = true
    verb = nil
    expectsBlock = false
    lexTokens()
    var inner = tokens
    (tokens, firstToken, isStageStart, isAfterPipe, expectsOperand, verb, expectsBlock) = outer
    guard failure == nil else { return nil }
    guard position < bytes.count else {
      let opening = brackets[depth].start
      var end = opening
      while end < bytes.count, bytes[end] != Byte.newline { end += 1 }
      failure = Self.unclosedBrace(opening, line: hint(Span(end, end), "}\""))
      isUnclosed = true
      return nil
    }
    brackets.removeLast(brackets.count - depth)
    inner.append(Token(.end, Span(position, position)))
    position += 1
    return inner
  }

  /// `/regex/i`, on one line; `/` in it is `\/` or stands in a bracket.
  mutating func lexRegex() {
    let start = position
    var pattern: [UInt8] = []
    var isInClass = false
    position += 1
    while position < bytes.count, bytes[position] != Byte.newline {
      let byte = bytes[position]
      if byte == Byte.slash, !isInClass {
        position += 1
        finishRegex(pattern, start: start)
        return
      }
      if byte == Byte.backslash {
        let next = self.byte(position + 1)
        if next != Byte.slash { pattern.append(byte) }
        if position + 1 < bytes.count, next != Byte.newline {
          pattern.append(next)
          position += 1
        }
      } else {
        if byte == Byte.openBracket { isInClass = true }
        if byte == Byte.closeBracket { isInClass = false }
        pattern.append(byte)
      }
      position += 1
    }
    // A slash that opens nothing spoils only itself.
    let end = position
    position = start + 1
    appendError(
      Diagnostic(
        .syntax, "the regex is never closed", span: Span(start, end), label: "no closing `/`",
        hints: [hint(Span(end, end), "/")]), from: start)
    position = end
  }

  private mutating func finishRegex(_ pattern: [UInt8], start: Int) {
    let flags = position
    position = endOfName(from: position)
    let flag = string(flags, position)
    if flag.isEmpty || flag == "i" {
      append(
        .regex(pattern: String(decoding: pattern, as: UTF8.self), isCaseInsensitive: flag == "i"),
        from: start)
    } else {
      appendError(
        Diagnostic(
          .syntax, "no regex flag `\(flag)`", span: Span(flags, position),
          label: "only `i`, for either case", notes: ["a `/` inside a regex is written `\\/`"]),
        from: start)
    }
  }

  func strangeCharacter(_ scalar: Unicode.Scalar, _ span: Span) -> Diagnostic {
    switch scalar {
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "\u{00AB}", "\u{00BB}":
      return Diagnostic(
        .syntax, "a typographic quote", span: span, label: "text stands in plain quotes: \"…\"")
    case "\u{2212}", "\u{2013}":
      return Diagnostic(
        .syntax, "a typographic minus", span: span, label: "the operator is `-`",
        hints: [hint(span, "-")])
    case "\u{2264}": return wrongSign(span, "<=")
    case "\u{2265}": return wrongSign(span, ">=")
    case "\u{2260}": return wrongSign(span, "!=")
    case "\\":
      return Diagnostic(
        .syntax, "unexpected `\\`", span: span, label: "it continues a line at its end only")
    default:
      let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
      let code = String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
      let isShown = scalar.properties.generalCategory != .control && scalar.value >= 0x20
      return Diagnostic(
        .syntax, isShown ? "unexpected `\(scalar)`" : "unexpected character U+\(code)", span: span,
        label: "a name with such a character stands in backticks")
    }
  }

  private func wrongSign(_ span: Span, _ right: String) -> Diagnostic {
    Diagnostic(
      .syntax, "unexpected `\(string(span.start, span.end))`", span: span,
      label: "the operator is `\(right)`", hints: [hint(span, right)])
  }
}
