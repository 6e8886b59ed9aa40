/// Expressions by precedence climbing.
extension Parser {
  mutating func parseExpression(
    minimum: Precedence = .formula
  ) throws(Diagnostic) -> Expr {
    var left = try parsePrefix(minimum)
    var leftHeight = height
    var hasComparison = false
    while true {
      let start = left.span.start
      if case .keyword(.is) = kind, minimum <= .comparison {
        if hasComparison { throw chainedComparison() }
        left = try parseIsNull(left)
        hasComparison = true
        height = leftHeight
      } else if isSymbol(.range) || isSymbol(.halfOpenRange), minimum <= .range {
        left = try parseRange(lower: left)
        height = max(height, leftHeight)
        if isSymbol(.range) || isSymbol(.halfOpenRange) {
          throw unexpected(wanted: "a range has two ends")
        }
      } else if isSymbol(.tilde), minimum <= .formula, allowsFormula {
        if case .formula = left.kind { throw secondTilde() }
        advance()
        let outer = isInFormula
        isInFormula = true
        defer { isInFormula = outer }
        let terms = try parseExpression(minimum: .or)
        left = Expr(.formula(response: left, terms: terms), Span(start, terms.span.end))
        height = max(height, leftHeight)
      } else if let (operation, length) = binaryOperator(), operation.precedence >= minimum {
        if operation.precedence == .comparison {
          if hasComparison { throw chainedComparison() }
          hasComparison = true
        } else {
          hasComparison = false
        }
        let sign = current.span
        index += length
        if isAtEnd { throw missingOperand(sign) }
        let right: Expr
        if operation == .power {
          // Right associative; a minus may follow, `2^-1`.
          try enter()
          defer { leave() }
          right = try parseExpression(minimum: isSymbol(.subtract) ? .minus : .power)
        } else {
          right = try parseExpression(minimum: operation.precedence.tighter)
        }
        left = Expr(.binary(operation, left, right), Span(start, right.span.end))
        height = max(height, leftHeight)
      } else {
        height = leftHeight
        return left
      }
      height += 1
      leftHeight = height
      if height > Self.heightLimit {
        throw Diagnostic(
          .syntax, "the expression is too long", span: Span(start, previousEnd),
          label: "more than \(Self.heightLimit) operators in a row; many alternatives are "
            + "`x in [a, b, …]`")
      }
    }
  }

  private func secondTilde() -> Diagnostic {
    Diagnostic(
      .syntax, "a formula has one `~`", span: current.span,
      label: "the response stands before it, the terms behind it")
  }

  private func missingOperand(_ sign: Span) -> Diagnostic {
    if text(sign) == "%" {
      var copy = self
      copy.index -= 1
      if case .integer = copy.token(-1).kind { return copy.unexpected() }
    }
    return Diagnostic(
      .syntax, "nothing stands behind `\(text(sign))`", span: sign, label: "expected a value here")
  }

  /// The operator here and how many tokens it takes.
  private func binaryOperator() -> (operation: BinaryOperator, length: Int)? {
    switch kind {
    case .keyword(.and): return (.and, 1)
    case .keyword(.or): return (.or, 1)
    case .keyword(.in): return (.isIn, 1)
    case .keyword(.not) where isKeyword(.in, at: 1): return (.isNotIn, 2)
    case .symbol(.colon): return isInFormula ? (.interaction, 1) : nil
    case .symbol(let symbol): return BinaryOperator(symbol).map { ($0, 1) }
    default: return nil
    }
  }

  private mutating func parseIsNull(_ operand: Expr) throws(Diagnostic) -> Expr {
    let sign = current.span
    advance()
    let isNegated = eat(.not)
    guard eat(.null) else {
      let replacement = isNegated ? "!=" : "=="
      throw Diagnostic(
        .syntax, "`is` is for null only", span: Span(sign.start, previousEnd),
        label: "equality is `\(replacement)`",
        hints: [hint(Span(sign.start, previousEnd), replacement)])
    }
    return Expr(.isNull(operand, isNegated: isNegated), Span(operand.span.start, previousEnd))
  }

  private mutating func parseRange(lower: Expr?) throws(Diagnostic) -> Expr {
    let sign = current.span
    let isHalfOpen = isSymbol(.halfOpenRange)
    advance()
    let start = lower?.span.start ?? sign.start
    if endsOpenRange {
      if isHalfOpen || lower == nil {
        throw Diagnostic(
          .syntax, "the range has no upper end", span: sign,
          label: "`a..` is open above, `..b` below")
      }
      height = 0
      return Expr(.range(lower: lower, upper: nil, isHalfOpen: false), Span(start, sign.end))
    }
    let upper = try parseExpression(minimum: .sum)
    return Expr(
      .range(lower: lower, upper: upper, isHalfOpen: isHalfOpen), Span(start, upper.span.end))
  }

  /// An open `a..` stands only before a closing bracket, `,`, `|`, a clause or the end.
  private var endsOpenRange: Bool {
    switch kind {
    case .end, .newline: return true
    case .symbol(let symbol): return symbol.endsOperand || symbol == .comma || symbol == .pipe
    case .keyword(let keyword): return keyword.isClause || startsOption
    case .name: return startsOption || (startsPreposition && !touches())
    case .quotedName: return startsOption
    default: return false
    }
  }

  private mutating func parsePrefix(_ minimum: Precedence) throws(Diagnostic) -> Expr {
    let start = current.span
    switch kind {
    case .symbol(.subtract):
      try enter()
      defer { leave() }
      advance()
      if case .integer(let magnitude) = kind, magnitude > UInt64(Int64.max),
        !isSymbol(.power, at: 1)
      {
        advance()
        height = 0
        return Expr(.integer(.min), Span(start.start, previousEnd))
      }
      if isAtEnd { throw missingOperand(start) }
      let operand = try parseExpression(minimum: .minus)
      height += 1
      return Expr(.unary(.minus, operand), Span(start.start, operand.span.end))
    case .keyword(.not):
      if minimum > .not {
        throw Diagnostic(
          .syntax, "`not` binds looser than the operator before it", span: start,
          label: "put it in parentheses: `(not …)`")
      }
      try enter()
      defer { leave() }
      advance()
      if isAtEnd { throw missingOperand(start) }
      let operand = try parseExpression(minimum: .not)
      height += 1
      return Expr(.unary(.not, operand), Span(start.start, operand.span.end))
    case .symbol(.range), .symbol(.halfOpenRange):
      if minimum > .range { throw unexpected() }
      let range = try parseRange(lower: nil)
      height += 1
      return range
    case .keyword(.if): return try parseConditional()
    default: return try parsePostfix()
    }
  }

  private mutating func parseConditional() throws(Diagnostic) -> Expr {
    try enter()
    defer { leave() }
    let start = current.span
    advance()
    let condition = try parseExpression(minimum: .conditional)
    var highest = height
    guard eat(.then) else {
      if let mistake = conditionBehindVerb(start) { throw mistake }
      throw unexpected(wanted: "expected `then`, as in `if a > 0 then 1 else 0`")
    }
    let then = try parseExpression(minimum: .conditional)
    highest = max(highest, height)
    guard eat(.else) else {
      throw unexpected(wanted: "expected `else`, as in `if a > 0 then 1 else 0`")
    }
    let otherwise = try parseExpression(minimum: .conditional)
    height = max(highest, height) + 1
    return Expr(
      .conditional(condition: condition, then: then, otherwise: otherwise),
      Span(start.start, otherwise.span.end))
  }

  private mutating func parsePostfix() throws(Diagnostic) -> Expr {
    var value = try parsePrimary()
    while touches(), isSymbol(.openBracket) || isSymbol(.dot) {
      if isSymbol(.dot) { throw dotted(value) }
      let opening = current.span
      let base = height
      advance()
      let index = try nested { parser throws(Diagnostic) in try parser.parseExpression() }
      guard eat(.closeBracket) else { throw unclosedOrUnexpected("[", opening) }
      value = Expr(.index(value, index), Span(value.span.start, previousEnd))
      height = max(height, base) + 1
      if height > Self.heightLimit { throw Lexer.tooDeep(opening) }
    }
    return value
  }

  /// Parses what stands in brackets, where formulas do not reach and nesting is counted.
  mutating func nested<Value>(
    _ parse: (inout Parser) throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    try enter()
    let outer = (isInFormula, allowsFormula)
    (isInFormula, allowsFormula) = (false, false)
    defer {
      (isInFormula, allowsFormula) = outer
      leave()
    }
    return try parse(&self)
  }
}
