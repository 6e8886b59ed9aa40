/// Single tokens, and what they say about the next one.
extension Lexer {
  func string(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  /// The scalar that begins at an offset; the bytes are valid UTF-8, as they come from a string.
  func scalar(at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
    let first = UInt32(bytes[offset])
    if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    var value = first & (0xFF >> UInt32(length + 1))
    for index in 1..<length {
      let byte = offset + index < bytes.count ? UInt32(bytes[offset + index]) : 0
      value = value << 6 | byte & 0x3F
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  /// The offset behind a name's characters from `offset` on.
  func endOfName(from offset: Int) -> Int {
    var offset = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte.isLetter || byte.isDigit || byte == Byte.underscore {
        offset += 1
      } else if byte >= 0x80 {
        let (scalar, length) = scalar(at: offset)
        guard scalar.continuesName else { return offset }
        offset += length
      } else {
        return offset
      }
    }
    return offset
  }

  func beginsName(at offset: Int) -> Bool {
    guard offset < bytes.count else { return false }
    let byte = bytes[offset]
    if byte < 0x80 { return byte.isLetter || byte == Byte.underscore }
    return scalar(at: offset).scalar.beginsName
  }

  func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  mutating func lexToken(_ byte: UInt8) {
    switch byte {
    case Byte.quote, Byte.apostrophe:
      lexText()
    case Byte.backtick:
      lexQuotedName(start: position, isVariable: false)
    case Byte.at:
      lexDate()
    case Byte.dollar:
      lexVariable()
    case Byte.slash where opensRegex:
      lexRegex()
    case _ where byte.isDigit || (byte == Byte.dot && self.byte(position + 1).isDigit):
      lexNumber()
    case 0x66
    where self.byte(position + 1) == Byte.quote
      || self.byte(position + 1) == Byte.apostrophe:
      lexFormat()
    case _ where beginsName(at: position):
      lexName()
    default:
      lexSymbol(byte)
    }
  }

  /// Appends a token and notes what may follow it.
  mutating func append(_ kind: Token.Kind, from start: Int, expectsOperand: Bool = false) {
    tokens.append(Token(kind, Span(start, position)))
    self.expectsOperand = expectsOperand
    isStageStart = false
    isAfterPipe = false
  }

  /// Appends an error token over `start..<position`; lexing goes on behind it.
  mutating func appendError(_ diagnostic: Diagnostic, from start: Int) {
    var diagnostic = diagnostic
    if diagnostic.span == nil { diagnostic.span = Span(start, position) }
    append(.error(diagnostic), from: start)
  }

  private var opensRegex: Bool {
    if expectsOperand, byte(position + 1) == Byte.slash { return false }
    if expectsOperand { return true }
    // Without a grammar `history /x/` is told from `a / b` by its white space.
    guard grammar == nil, tokens.count == firstToken + 1 || isBehindPipe, position > 0 else {
      return false
    }
    guard case .name = tokens.last?.kind else { return false }
    return bytes[position - 1].isSpace && !byte(position + 1).isSpace
  }

  private var isBehindPipe: Bool {
    guard tokens.count >= firstToken + 2 else { return false }
    switch tokens[tokens.count - 2].kind {
    case .symbol(.pipe), .symbol(.pipeEqual): return true
    default: return false
    }
  }

  private mutating func lexName() {
    let start = position
    position = endOfName(from: start)
    let text = string(start, position)
    if let keyword = Keyword(rawValue: text) {
      if keyword == .sort, isStageStart { verb = grammar?.verbs[text] }
      append(.keyword(keyword), from: start, expectsOperand: !keyword.isLiteral)
      return
    }
    let isFirst = tokens.count == firstToken
    var followsOperand = !expectsOperand
    // `a.. over b`: an open range is an operand.
    if case .symbol(.range) = tokens.last?.kind, start > (tokens.last?.span.end ?? start) {
      followsOperand = true
    }
    if isStageStart, isAfterPipe || !boundNames.contains(text), isVerb(text) {
      let canonical = grammar?.synonyms[text] ?? text
      let isPrefix = isFirst && (text == "time" || text == "plan")
      // What stands behind `=` in `def f(x) = …` begins a stage of its own.
      verb = isPrefix || text == "def" ? nil : grammar?.verbs[canonical]
      append(.name(text), from: start, expectsOperand: true)
      isStageStart = isPrefix
    } else if followsOperand, verb?.prepositions.contains(text) == true {
      append(.name(text), from: start, expectsOperand: true)
    } else {
      append(.name(text), from: start)
    }
    if isFirst, text == "for" { expectsBlock = true }
  }

  private mutating func lexVariable() {
    let start = position
    position += 1
    if byte(position) == Byte.backtick {
      lexQuotedName(start: start, isVariable: true)
    } else if beginsName(at: position) {
      position = endOfName(from: position)
      append(.variable(string(start + 1, position)), from: start)
    } else {
      appendError(
        Diagnostic(.syntax, "`$` needs a name behind it", label: "as in `$cutoff`"), from: start)
    }
  }

  private mutating func lexSymbol(_ byte: UInt8) {
    let start = position
    let candidates = byte < 0x80 ? Symbol.byFirstByte[Int(byte)] : []
    for candidate in candidates where matches(candidate.bytes) {
      position += candidate.bytes.count
      noteSymbol(candidate.symbol, from: start)
      return
    }
    let (scalar, length) = scalar(at: position)
    position += length
    appendError(strangeCharacter(scalar, Span(start, position)), from: start)
  }

  private func matches(_ candidate: [UInt8]) -> Bool {
    for (index, byte) in candidate.enumerated() where self.byte(position + index) != byte {
      return false
    }
    return true
  }

  private mutating func noteSymbol(_ symbol: Symbol, from start: Int) {
    let followsOperand = !self.expectsOperand
    let isOutermost = brackets.isEmpty || brackets.last?.kind == .block
    append(.symbol(symbol), from: start, expectsOperand: !symbol.endsOperand)
    switch symbol {
    case .openParenthesis: open(.parenthesis, start)
    case .openBracket: open(.bracket, start)
    case .openBrace:
      if expectsBlock, isOutermost, followsOperand {
        open(.block, start)
        beginStatement()
      } else {
        open(.brace, start)
      }
    case .closeParenthesis: close(.parenthesis)
    case .closeBracket: close(.bracket)
    case .closeBrace:
      if let block = brackets.last, block.kind == .block {
        brackets.removeLast()
        firstToken = block.firstToken
      } else {
        close(.brace)
      }
    case .pipe, .pipeEqual:
      guard isOutermost else { break }
      isStageStart = true
      isAfterPipe = true
      verb = nil
    case .assign:
      // In `name = …` and `def f(x) = …` a stage may follow; in `derive x = …` it may not.
      if isOutermost, verb == nil { isStageStart = true }
    default: break
    }
  }

  private mutating func open(_ bracket: Bracket, _ start: Int) {
    guard brackets.count < Self.nestingLimit else {
      failure = Self.tooDeep(Span(start, start + 1))
      return
    }
    brackets.append((bracket, start, firstToken))
  }

  private mutating func close(_ bracket: Bracket) {
    if brackets.last?.kind == bracket { brackets.removeLast() }
  }

  static func tooDeep(_ span: Span) -> Diagnostic {
    Diagnostic(
      .syntax, "nested too deeply", span: span,
      label: "more than \(nestingLimit) levels; bind a part to a name first")
  }
}
