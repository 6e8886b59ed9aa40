/// What went wrong where nothing that may stand here was found, said so that it can be mended.
extension Parser {
  /// The error for the current token.
  func unexpected(wanted: String? = nil) -> Diagnostic {
    let token = current
    if syntax == nil, index > 0, let word = bareName(), isVerb(word), let name = name(-1),
      grammar.boundNames.contains(name.text)
    {
      return replace(
        "unexpected `\(word)`", Span(previousEnd, token.span.start), " | ", "a verb follows a pipe",
        at: token.span)
    }
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

  private var isInOperandPosition: Bool {
    switch token(-1).kind {
    case .symbol(let symbol): return !symbol.endsOperand
    case .keyword(let keyword): return !keyword.isLiteral
    case .name(let name): return isVerb(name)
    default: return false
    }
  }

  /// `select *`, `count(*)`
  private func everything() -> Diagnostic {
    let isCall = isSymbol(.openParenthesis, at: -1) && isSymbol(.closeParenthesis, at: 1)
    return replace(
      "unexpected `*`", current.span, isCall ? "" : "all()",
      isCall ? "rows are counted by `count()`" : "every column is `all()`")
  }

  private func replace(
    _ message: String, _ span: Span, _ right: String, _ label: String, at place: Span? = nil
  ) -> Diagnostic {
    Diagnostic(.syntax, message, span: place ?? span, label: label, hints: [hint(span, right)])
  }

  /// A sign that other languages use for something that is spelled differently here.
  private func foreignSign(_ symbol: Symbol) -> Diagnostic? {
    let span = current.span
    func meant(_ right: String, _ what: String) -> Diagnostic {
      replace("`\(symbol.rawValue)` is not an operator here", span, right, "\(what) is `\(right)`")
    }
    switch symbol {
    case .assign:
      let end = isSymbol(.assign, at: 1) ? token(1).span.end : span.end
      return replace(
        "`=` does not compare", Span(span.start, end), "==", "a comparison is `==`", at: span)
    case .tripleEqual: return meant("==", "equality")
    case .doublePipe:
      if let next = bareName(1), isVerb(next) { return meant("|", "the pipe") }
      return meant("or", "either of two")
    case .multiply where index > 0 && isInOperandPosition: return everything()
    case .remainder:
      guard case .integer = token(-1).kind else { return nil }
      return replace(
        "nothing stands behind `%`", Span(previousEnd, span.end), "%",
        "a percentage touches its number")
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
  private func lastUnclosed() -> Span? { unclosedBrackets.last }

  /// The brackets open before the current token.
  private var unclosedBrackets: [Span] {
    var open: [Span] = []
    for token in tokens[..<index] {
      guard case .symbol(let symbol) = token.kind else { continue }
      switch symbol {
      case .openParenthesis, .openBracket, .openBrace: open.append(token.span)
      case .closeParenthesis, .closeBracket, .closeBrace: _ = open.popLast()
      default: break
      }
    }
    return open
  }

  func unclosed(_ sign: String, _ opening: Span) -> Diagnostic {
    let closing = ["(": ")", "[": "]", "{": "}"]
    var completed = text(line)
    for span in unclosedBrackets.reversed() {
      let isSpaced = text(Span(span.end, span.end + 1)) == " "
      completed += (isSpaced ? " " : "") + (closing[text(span)] ?? "")
    }
    return Diagnostic(
      .syntax, "the `\(sign)` is never closed", span: opening,
      label: "no `\(closing[sign] ?? sign)` for this", hints: [completed])
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
      if case .option = stage.clauses.last?.kind {
        return unexpected(wanted: "expected an option, a clause or `|`")
      }
      return strayOperand(stage)
    }
    return unexpected(wanted: "expected `,`, an option, a clause or `|`")
  }

  /// A word or literal that follows an item without anything between them.
  private func strayOperand(_ stage: Stage) -> Diagnostic {
    let wanted = "expected `,`, an option, a clause or `|`"
    var diagnostic = Diagnostic(
      .syntax, "unexpected `\(text(current.span))`", span: current.span, label: wanted)
    let gap = Span(previousEnd, current.span.start)
    if let word = bareName() {
      if let mistake = foreignOperator(word) { return mistake }
      if syntax?.options.contains(word) == true {
        diagnostic.label = "an option takes a value, as in `\(word)=…`"
        return diagnostic
      }
      if isVerb(word), !isSymbol(.assign, at: 1) {
        diagnostic.label = "a verb follows a pipe"
        diagnostic.hints = [hint(gap, " | ")]
        return diagnostic
      }
      if word.utf8.count > 1, let known = nearest(word, among: clauseWords) {
        diagnostic.label = "did you mean `\(known)`?"
        return diagnostic
      }
    }
    guard stage.clauses.isEmpty, let last = stage.items.last, last.name == nil else {
      return diagnostic
    }
    if case .name(let name) = last.value.kind {
      let isFunction = grammar.functions.contains(name)
      let call = Span(previousEnd, current.span.end)
      diagnostic.hints =
        isFunction ? [hint(call, "(\(text(current.span)))")] : [hint(gap, ", ")]
      if !isFunction, let word = bareName() {
        // A name with a space.
        diagnostic.hints.append(
          hint(last.value.span.joined(with: current.span), "`\(name) \(word)`"))
      }
      if isFunction { diagnostic.label = "a function's arguments stand in parentheses" }
    }
    return diagnostic
  }

  /// Operators that are words elsewhere.
  private func foreignOperator(_ word: String) -> Diagnostic? {
    switch word.lowercased() {
    case "between":
      var hints: [String] = []
      if isKeyword(.and, at: 2) {
        let lower = text(token(1).span)
        hints = [hint(Span(current.span.start, token(3).span.start), "in \(lower)..")]
      }
      return Diagnostic(
        .syntax, "unexpected `\(word)`", span: current.span,
        label: "a range is asked for with `in`, as in `x in 1..5`", hints: hints)
    case "like", "matches":
      return Diagnostic(
        .syntax, "unexpected `\(word)`", span: current.span,
        label: "a match is `=~`, as in `name =~ /smith/i`")
    default: return nil
    }
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
    Keyword.allCases.filter { $0.isClause || $0 == .and || $0 == .or }.map(\.rawValue)
      + (syntax?.prepositions.sorted() ?? [])
  }

  /// `drop if x > 3`, as Stata has it: a condition right behind the verb.
  func conditionBehindVerb(_ word: Span) -> Diagnostic? {
    let isOver =
      switch kind {
      case .end, .newline, .symbol(.pipe): true
      default: false
      }
    guard isOver, let place = tokens.firstIndex(where: { $0.span == word }), place > 0,
      case .name(let verb) = tokens[place - 1].kind, isVerb(verb)
    else { return nil }
    return Diagnostic(
      .syntax, "`if` is no clause", span: word, label: "rows are chosen by `filter`, or by `where`")
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
