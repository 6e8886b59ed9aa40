/// Mistakes about words: verbs that are none, calls of verbs, other languages' statements.
extension Parser {
  /// Nothing of that name is a verb; says what was likely meant.
  func noSuchVerb(_ word: String, _ span: Span) -> Diagnostic {
    var diagnostic = Diagnostic(.unknownVerb, "no verb `\(word)`", span: span)
    let lowered = word.lowercased()
    let spelled = Array(grammar.verbs.keys) + grammar.synonyms.keys.filter { !$0.contains(" ") }
    if word != lowered, isVerb(lowered) {
      diagnostic.label = "verbs are written in small letters"
      diagnostic.hints = [hint(span, lowered)]
    } else if grammar.functions.contains(word) {
      let end = line.end
      let argument = text(Span(span.end, end)).split(separator: "|").first.map(String.init) ?? ""
      diagnostic.label = "`\(word)` is a function; a verb takes it"
      diagnostic.hints = ["agg \(word)(\(argument.trimmed))"]
    } else if let name = nearest(word, among: spelled) {
      diagnostic.label = "did you mean `\(name)`?"
    } else if let name = nearest(word, among: grammar.boundNames) {
      diagnostic.label = "did you mean `\(name)`?"
    } else if let name = nearest(word, among: grammar.functions) {
      diagnostic.label = "did you mean the function `\(name)`?"
    } else {
      diagnostic.label = "`?` lists the verbs"
    }
    return diagnostic
  }

  /// At a line's start: a word that is neither verb nor value and is followed by what only a verb
  /// can be followed by.
  func unknownVerb() -> Diagnostic? {
    guard let word = bareName(), word != "_", !grammar.boundNames.contains(word) else { return nil }
    if isSymbol(.openParenthesis, at: 1), touches(1) { return nil }
    switch token(1).kind {
    case .end, .newline: return noSuchVerb(word, current.span)
    case .symbol(let symbol):
      switch symbol {
      case .subtract where !touches(1) && touches(2): return noSuchVerb(word, current.span)
      case .multiply where isAtEnd(2): return noSuchVerb(word, current.span)
      case .less where isSymbol(.subtract, at: 2) && touches(2) && !touches(3):
        return assignedByArrow(word)
      case .openParenthesis, .openBracket, .openBrace:
        return touches(1) ? nil : noSuchVerb(word, current.span)
      case .comma, .colon: return noSuchVerb(word, current.span)
      default: return nil
      }
    case .keyword(let keyword):
      return keyword.isClause || keyword == .if || keyword == .case || keyword.isLiteral
        ? noSuchVerb(word, current.span) : nil
    case .error: return nil
    default: return noSuchVerb(word, current.span)
    }
  }

  private func isAtEnd(_ offset: Int) -> Bool {
    switch token(offset).kind {
    case .end, .newline: true
    default: false
    }
  }

  private func assignedByArrow(_ word: String) -> Diagnostic {
    let span = token(1).span.joined(with: token(2).span)
    return Diagnostic(
      .syntax, "`<-` is not an operator here", span: span, label: "binding a name is `=`",
      hints: [hint(span, "=")])
  }

  /// `filter(x > 3)`
  func verbCalled(_ verb: Name) -> Diagnostic {
    let opening = current.span
    let close = closing(index)
    var line = hint(Span(opening.start, opening.start), " ")
    if let close, endsItem(close - index + 1) {
      let inner = text(Span(opening.end, tokens[close].span.start)).trimmed
      let space = inner.isEmpty ? "" : " "
      line = hint(Span(opening.start, tokens[close].span.end), space + inner)
    }
    return Diagnostic(
      .syntax, "`\(verb.text)` is a verb, not a function", span: opening,
      label: "no parentheses around what it takes", hints: [line])
  }

  /// In an expression, `filter(x > 3)` where no function has that name.
  func callsVerb(_ function: Name) -> Diagnostic? {
    let name = function.text
    guard !grammar.functions.isEmpty, !grammar.functions.contains(name),
      !grammar.boundNames.contains(name), grammar.verbs[name] != nil
    else { return nil }
    var copy = self
    copy.index -= 1
    return copy.verbCalled(function)
  }

  /// The index of the token that closes the bracket at an index.
  private func closing(_ opening: Int) -> Int? {
    var depth = 0
    for position in opening..<tokens.count {
      guard case .symbol(let symbol) = tokens[position].kind else { continue }
      switch symbol {
      case .openParenthesis, .openBracket, .openBrace: depth += 1
      case .closeParenthesis, .closeBracket, .closeBrace:
        depth -= 1
        if depth == 0 { return position }
      default: break
      }
    }
    return nil
  }

  /// `df.head()`, `df.column`, `load penguins.csv`
  func dotted(_ value: Expr) -> Diagnostic {
    let dot = current.span
    guard let member = name(1) else { return unexpected() }
    let pathVerbs: Set = [
      "load", "open", "save", "replay", "promote", "source", "export", "ls", "cd",
    ]
    if let syntax, pathVerbs.contains(syntax.name) {
      var end = member.span.end
      var start = value.span.start
      while start > line.start, !source[start - 1].isSpace { start -= 1 }
      while end < source.count, !source[end].isSpace, source[end] != Byte.newline { end += 1 }
      let path = Span(start, end)
      return Diagnostic(
        .syntax, "a path stands in quotes", span: path, hints: [hint(path, "\"\(text(path))\"")])
    }
    let start = value.span.start
    let isCall = isSymbol(.openParenthesis, at: 2) && touches(2)
    var rest = member.text
    var end = member.span.end
    if isCall, let close = closing(index + 2) {
      let inner = text(Span(token(2).span.end, tokens[close].span.start)).trimmed
      end = tokens[close].span.end
      rest = isVerb(member.text) ? member.text : "agg \(member.text)"
      if isVerb(member.text) {
        if !inner.isEmpty { rest += " \(inner)" }
      } else {
        rest += "(\(inner))"
      }
    } else {
      rest = isVerb(member.text) ? member.text : "select \(member.text)"
    }
    let source = text(value.span)
    return Diagnostic(
      .syntax, "no `.` between a value and a name", span: dot.joined(with: member.span),
      label: isCall ? "verbs follow a pipe" : "a column is named alone, in a stage",
      hints: syntax == nil ? [hint(Span(start, end), "\(source) | \(rest)")] : [])
  }

  /// `hist x, bins=5`: the comma makes an item of the option.
  func optionBehindComma(_ syntax: VerbSyntax) -> Diagnostic? {
    guard !syntax.takesNamedItems, let name = name(), isSymbol(.assign, at: 1),
      syntax.options.contains(name.text)
    else { return nil }
    let comma = token(-1).span
    return Diagnostic(
      .syntax, "`\(name.text)` is an option, not an item", span: comma,
      label: "options follow without a comma", hints: [hint(comma, "")])
  }

  /// `fit ols y = x` and `rename new = old`, which would read as options.
  func assignedPair(_ syntax: VerbSyntax) -> Diagnostic? {
    guard let name = name(), isSymbol(.assign, at: 1), !syntax.options.contains(name.text) else {
      return nil
    }
    let sign = token(1).span
    switch syntax.name {
    case "fit":
      return Diagnostic(
        .syntax, "`=` is no formula", span: sign, label: "what is explained stands before `~`",
        hints: [hint(sign, "~")])
    case "rename":
      let pair = Span(name.span.start, token(2).span.end)
      return Diagnostic(
        .syntax, "`rename` takes `old -> new`", span: sign, label: "the old name comes first",
        hints: [hint(pair, "\(text(token(2).span)) -> \(text(name.span))")])
    default: return nil
    }
  }

  func leadingPipe() -> Diagnostic {
    let rest = text(Span(current.span.end, line.end)).trimmed
    return Diagnostic(
      .syntax, "a line cannot start with `|`", span: current.span,
      label: "there is nothing in front of it",
      notes: ["`|=` changes the current frame, `_ |` goes on from what was last shown"],
      hints: rest.isEmpty ? [] : ["|= \(rest)", "_ | \(rest)"])
  }

  func pipedExpression(_ expression: Expr) -> Diagnostic {
    let value = text(expression.span)
    let rest = text(Span(current.span.end, line.end)).trimmed
    return Diagnostic(
      .syntax, "a pipeline starts from a name or a verb", span: current.span,
      label: "bind the value in front of it first", hints: ["x = \(value)", "x | \(rest)"])
  }
}

extension String {
  var trimmed: String {
    var scalars = self[...]
    while scalars.first?.isWhitespace == true { scalars.removeFirst() }
    while scalars.last?.isWhitespace == true { scalars.removeLast() }
    return String(scalars)
  }
}
