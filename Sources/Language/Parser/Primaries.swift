/// Literals, names, calls and what stands in brackets.
extension Parser {
  mutating func parsePrimary() throws(Diagnostic) -> Expr {
    let token = current
    height = 0
    switch token.kind {
    case .integer(let magnitude):
      guard let value = Int64(exactly: magnitude) else {
        throw Lexer.tooLarge(token.span, line: hint(token.span, "\(text(token.span)).0"))
      }
      return literal(.integer(value))
    case .float(let value): return literal(.float(value))
    case .percentage(let value): return literal(.percentage(value))
    case .text(let value): return literal(.text(value))
    case .date(let value): return literal(.date(value))
    case .datetime(let value): return literal(.datetime(value))
    case .duration(let parts): return literal(.duration(parts))
    case .size(let value): return literal(.size(value))
    case .regex(let pattern, let isCaseInsensitive):
      return literal(.regex(pattern: pattern, isCaseInsensitive: isCaseInsensitive))
    case .variable(let name): return literal(.variable(name))
    case .format(let pieces): return try parseFormat(pieces)
    case .keyword(.null): return literal(.null)
    case .keyword(.true): return literal(.bool(true))
    case .keyword(.false): return literal(.bool(false))
    case .keyword(.case): return try parseChoice()
    case .name(let name):
      if isSymbol(.openParenthesis, at: 1), touches(1) { return try parseCall() }
      return literal(name == "_" ? .placeholder : .name(name))
    case .quotedName(let name):
      if isSymbol(.openParenthesis, at: 1), touches(1) { return try parseCall() }
      return literal(.name(name))
    case .symbol(.openParenthesis): return try parseParenthesized()
    case .symbol(.openBracket): return try parseListLiteral()
    case .symbol(.openBrace): return try parseRecord()
    default:
      throw unexpected(wanted: isAtEnd ? nil : "expected a value")
    }
  }

  private mutating func literal(_ kind: Expr.Kind) -> Expr {
    let span = current.span
    advance()
    height = 0
    return Expr(kind, span)
  }

  private mutating func parseParenthesized() throws(Diagnostic) -> Expr {
    let opening = current.span
    advance()
    if isSymbol(.closeParenthesis) { throw unexpected(wanted: "expected a value") }
    try enter()
    defer { leave() }
    let outer = allowsFormula
    allowsFormula = false
    defer { allowsFormula = outer }
    let value = try parseExpression()
    guard eat(.closeParenthesis) else { throw unclosedOrUnexpected("(", opening) }
    return Expr(value.kind, Span(opening.start, previousEnd))
  }

  private mutating func parseCall() throws(Diagnostic) -> Expr {
    let function = try expectName("a function")
    let opening = current.span
    advance()
    if let mistake = callsVerb(function) { throw mistake }
    var highest = 0
    let arguments = try nested { parser throws(Diagnostic) in
      var arguments: [Expr] = []
      while !parser.isSymbol(.closeParenthesis) {
        if let name = parser.name(), parser.isSymbol(.assign, at: 1) {
          throw parser.namedArgument(name)
        }
        arguments.append(try parser.parseExpression())
        highest = max(highest, parser.height)
        guard parser.eat(.comma) else { break }
      }
      return arguments
    }
    guard eat(.closeParenthesis) else { throw unclosedOrUnexpected("(", opening) }
    height = highest + 1
    return Expr(
      .call(function: function, arguments: arguments), Span(function.span.start, previousEnd))
  }

  private mutating func parseListLiteral() throws(Diagnostic) -> Expr {
    let opening = current.span
    advance()
    var highest = 0
    let elements = try nested { parser throws(Diagnostic) in
      var elements: [Expr] = []
      while !parser.isSymbol(.closeBracket) {
        elements.append(try parser.parseExpression())
        highest = max(highest, parser.height)
        guard parser.eat(.comma) else { break }
      }
      return elements
    }
    guard eat(.closeBracket) else { throw unclosedOrUnexpected("[", opening) }
    height = highest + 1
    return Expr(.list(elements), Span(opening.start, previousEnd))
  }

  private mutating func parseRecord() throws(Diagnostic) -> Expr {
    let opening = current.span
    advance()
    var highest = 0
    let fields = try nested { parser throws(Diagnostic) in
      var fields: [RecordField] = []
      while !parser.isSymbol(.closeBrace) {
        let key = try parser.parseKey()
        try parser.expect(.colon, "and a value")
        if let other = fields.first(where: { $0.key.text == key.text }) {
          throw parser.givenTwice(Name(other.key.text, key.span))
        }
        fields.append(RecordField(key: key, value: try parser.parseExpression()))
        highest = max(highest, parser.height)
        guard parser.eat(.comma) else { break }
      }
      return fields
    }
    guard eat(.closeBrace) else { throw unclosedOrUnexpected("{", opening) }
    height = highest + 1
    return Expr(.record(fields), Span(opening.start, previousEnd))
  }

  private mutating func parseKey() throws(Diagnostic) -> Name {
    let span = current.span
    switch kind {
    case .name(let text), .quotedName(let text), .text(let text):
      advance()
      return Name(text, span)
    case .keyword(let keyword):
      advance()
      return Name(keyword.rawValue, span)
    default: throw unexpected(wanted: "expected a name, as in `{zip: text}`")
    }
  }

  /// `case { c1: a, c2: b, else: c }`
  private mutating func parseChoice() throws(Diagnostic) -> Expr {
    let start = current.span
    advance()
    let opening = current.span
    try expect(.openBrace, "as in `case { a > 0: 1, else: 0 }`")
    var highest = 0
    let (arms, otherwise) = try nested { parser throws(Diagnostic) in
      var arms: [ChoiceArm] = []
      var otherwise: Expr?
      while !parser.isSymbol(.closeBrace), otherwise == nil {
        let condition = parser.eat(.else) ? nil : try parser.parseExpression()
        highest = max(highest, parser.height)
        try parser.expect(.colon, "and a value")
        let value = try parser.parseExpression()
        highest = max(highest, parser.height)
        if let condition {
          arms.append(ChoiceArm(condition: condition, value: value))
        } else {
          otherwise = value
        }
        guard parser.eat(.comma) else { break }
      }
      return (arms, otherwise)
    }
    guard eat(.closeBrace) else {
      throw otherwise == nil
        ? unclosedOrUnexpected("{", opening) : unexpected(wanted: "`else` comes last")
    }
    if arms.isEmpty {
      throw Diagnostic(
        .syntax, "`case` without a condition", span: Span(start.start, previousEnd),
        label: "as in `case { a > 0: 1, else: 0 }`")
    }
    height = highest + 1
    return Expr(.choice(arms: arms, otherwise: otherwise), Span(start.start, previousEnd))
  }

  private mutating func parseFormat(_ pieces: [FormatPiece]) throws(Diagnostic) -> Expr {
    let span = current.span
    var parts: [FormatPart] = []
    var highest = 0
    for piece in pieces {
      switch piece {
      case .text(let text): parts.append(.text(text))
      case .tokens(let tokens):
        var inner = self
        inner.tokens = tokens
        inner.index = 0
        if tokens.count == 1 {
          throw Diagnostic(
            .syntax, "nothing between the braces",
            span: Span(max(span.start, tokens[0].span.start - 1), tokens[0].span.start + 1),
            label: "a brace as text is written `{{`")
        }
        try inner.enter()
        inner.isInFormula = false
        inner.allowsFormula = false
        parts.append(.expression(try inner.parseExpression()))
        highest = max(highest, inner.height)
        guard inner.isAtEnd else { throw inner.unexpectedInFormat() }
      }
    }
    advance()
    height = highest + 1
    return Expr(.format(parts), span)
  }
}
