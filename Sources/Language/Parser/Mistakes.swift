/// What went wrong where nothing that may stand here was found, said so that it can be mended.
extension Parser {
  /// The error for the current token.
  func unexpected(wanted: String? = nil) -> Diagnostic {
    let token = current
    switch token.kind {
    case .error(let diagnostic): return diagnostic
    case .end, .newline:
      if let opening = lastUnclosed() { return unclosed(text(opening), opening) }
      return Diagnostic(
        .syntax, "the line ends too early", span: Span(previousEnd, previousEnd + 1),
        label: wanted ?? "expected a value here")
    case .symbol(let symbol):
      if let mistake = foreignSign(symbol) { return mistake }
    case .name(let text):
      if let keyword = Keyword(rawValue: text.lowercased()) {
        return replace(
          "unexpected `\(text)`", token.span, keyword.rawValue, "it is written in small letters")
      }
    default: break
    }
    return Diagnostic(
      .syntax, "unexpected `\(text(token.span))`", span: token.span,
      label: wanted ?? "the line cannot go on like this")
  }

  private func replace(
    _ message: String, _ span: Span, _ right: String, _ label: String
  ) -> Diagnostic {
    Diagnostic(.syntax, message, span: span, label: label, hints: [hint(span, right)])
  }

  /// A sign that other languages use for something that is spelled differently here.
  private func foreignSign(_ symbol: Symbol) -> Diagnostic? {
    let span = current.span
    func meant(_ right: String, _ what: String) -> Diagnostic {
      replace("`\(symbol.rawValue)` is not an operator here", span, right, "\(what) is `\(right)`")
    }
    switch symbol {
    case .assign: return replace("`=` does not compare", span, "==", "a comparison is `==`")
    case .tripleEqual: return meant("==", "equality")
    case .doublePipe: return meant("or", "either of two")
    case .doubleAmpersand, .ampersand: return meant("and", "both of two")
    case .lessGreater: return meant("!=", "unequal")
    case .doubleStar: return meant("^", "a power")
    case .colonEqual: return meant("=", "binding a name")
    case .pipeGreater, .magrittr: return meant("|", "the pipe")
    case .exclamation:
      let space = touches(1) ? "not " : "not"
      return replace("`!` is not an operator here", span, space, "negation is `not`")
    case .semicolon:
      return Diagnostic(
        .syntax, "unexpected `;`", span: span, label: "each command has a line of its own")
    case .tilde:
      return Diagnostic(
        .syntax, "a formula outside of `fit`", span: span,
        label: "as in `fit ols y ~ x`; a match is `=~`")
    case .pipe where index > 0 && lastUnclosed() != nil:
      return Diagnostic(
        .syntax, "a pipe inside brackets", span: span,
        label: "stages cannot stand in an expression; bind them to a name first")
    default: return nil
    }
  }

  /// The innermost bracket open before the current token.
  private func lastUnclosed() -> Span? {
    var open: [Span] = []
    for token in tokens[..<index] {
      guard case .symbol(let symbol) = token.kind else { continue }
      switch symbol {
      case .openParenthesis, .openBracket, .openBrace: open.append(token.span)
      case .closeParenthesis, .closeBracket, .closeBrace: _ = open.popLast()
      default: break
      }
    }
    return open.last
  }

  func unclosed(_ sign: String, _ opening: Span) -> Diagnostic {
    let closing = ["(": ")", "[": "]", "{": "}"][sign] ?? sign
    return Diagnostic(
      .syntax, "the `\(sign)` is never closed", span: opening, label: "no `\(closing)` for this",
      hints: [text(line) + (sign == "{" ? " }" : closing)])
  }

  func unclosedOrUnexpected(_ sign: String, _ opening: Span) -> Diagnostic {
    if case .end = kind { return unclosed(sign, opening) }
    switch kind {
    case .keyword(let keyword) where keyword.isClause: return unclosed(sign, opening)
    case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace):
      let closing = ["(": ")", "[": "]", "{": "}"][sign] ?? sign
      return Diagnostic(
        .syntax, "`\(text(current.span))` closes nothing", span: current.span,
        label: "the open bracket is `\(sign)`", hints: [hint(current.span, closing)])
    case .symbol, .name, .error:
      return unexpected(
        wanted: sign == "(" || sign == "[" ? "expected `,` or the closing bracket" : nil)
    default:
      return unexpected(wanted: "expected `,` or the closing bracket")
    }
  }

  func unexpectedInFormat() -> Diagnostic {
    if isSymbol(.colon) {
      return Diagnostic(
        .syntax, "unexpected `:`", span: current.span,
        label: "formats are functions, as in `{round(x, 2)}`")
    }
    return unexpected(wanted: "expected `}`")
  }

  /// What stands behind the items and clauses of a stage but belongs to none.
  func unexpectedInStage(_ stage: Stage) -> Diagnostic {
    if isSymbol(.equal), let name = name(-1) {
      return replace(
        "an option takes a single `=`", current.span, "=", "as in `\(name.text)=…`")
    }
    if let name = bareName(), isSymbol(.equal, at: 1),
      !stage.items.isEmpty || !stage.clauses.isEmpty
    {
      let sign = token(1).span
      return replace("an option takes a single `=`", sign, "=", "as in `\(name)=…`")
    }
    if isSymbol(.comma), case .option? = stage.clauses.last?.kind {
      return replace(
        "unexpected `,`", current.span, "", "no comma between options")
    }
    if startsOperand, !isForeignWord {
      let gap = Span(previousEnd, current.span.start)
      if let last = stage.clauses.last, case .option = last.kind {
        return unexpected(wanted: "expected an option, a clause or `|`")
      }
      let known = bareName().flatMap { nearest($0, among: clauseWords) }
      if let known {
        return replace(
          "unexpected `\(text(current.span))`", current.span, known, "did you mean `\(known)`?")
      }
      return Diagnostic(
        .syntax, "unexpected `\(text(current.span))`", span: current.span,
        label: "expected `,`, an option, a clause or `|`", hints: [hint(gap, ", ")])
    }
    return unexpected(wanted: "expected `,`, an option, a clause or `|`")
  }

  private var isForeignWord: Bool {
    bareName().map { Keyword(rawValue: $0.lowercased()) != nil } ?? false
  }

  private var startsOperand: Bool {
    switch kind {
    case .name, .quotedName, .variable, .text, .integer, .float, .percentage, .date, .datetime,
      .duration, .size, .regex, .format:
      true
    default: false
    }
  }

  private var clauseWords: [String] {
    Keyword.allCases.filter(\.isClause).map(\.rawValue) + (syntax?.prepositions.sorted() ?? [])
  }

  func chainedComparison() -> Diagnostic {
    Diagnostic(
      .syntax, "comparisons do not chain", span: current.span,
      label: "join two with `and`, or ask for a range: `x in 0..5`")
  }

  func namedArgument(_ name: Name) -> Diagnostic {
    Diagnostic(
      .syntax, "functions take no named arguments", span: name.span.joined(with: token(1).span),
      label: "give the value alone; a comparison is `==`",
      hints: [hint(Span(name.span.start, token(2).span.start), "")])
  }
}
