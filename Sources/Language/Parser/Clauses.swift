/// What follows a stage's items, in any order, each once.
extension Parser {
  mutating func parseClauses(_ stage: inout Stage) throws(Diagnostic) {
    while true {
      let start = current.span
      let kind: Clause.Kind
      if case .keyword(let keyword) = self.kind, keyword.isClause {
        advance()
        if isAtEnd || isSymbol(.pipe) { throw missing(Self.wanted(keyword)) }
        if isSymbol(.assign) {
          throw Diagnostic(
            .syntax, "`\(keyword.rawValue)` is a clause, not an option", span: current.span,
            label: "no `=` behind it",
            hints: [hint(Span(start.end, token(1).span.start), " ")])
        }
        kind = try parseClause(keyword)
      } else if startsPreposition, let name = name() {
        advance()
        kind = .preposition(name, try parsePrepositionItems(name))
      } else if startsOption {
        let option = try parseOption()
        kind = .option(option.name, option.value)
      } else {
        return
      }
      let span = Span(start.start, previousEnd)
      if stage.clauses.contains(where: { $0.kind.key == kind.key }) {
        throw givenTwice(Name(text(start), start))
      }
      stage.clauses.append(Clause(kind, span))
    }
  }

  private static func wanted(_ keyword: Keyword) -> String {
    switch keyword {
    case .where: "a condition"
    case .as, .into: "a name"
    default: "a column"
    }
  }

  private mutating func parseClause(_ keyword: Keyword) throws(Diagnostic) -> Clause.Kind {
    switch keyword {
    case .by: return .by(try parseList(allowsName: true))
    case .where: return .where(try parseExpression())
    case .on: return .on(try parseList(allowsName: false))
    case .as: return .as(try expectName("a name"))
    case .into:
      var names = [try expectName("a name")]
      while eat(.comma) { names.append(try expectName("a name")) }
      return .into(names)
    default:
      var keys = [try parseSortKey()]
      while eat(.comma) { keys.append(try parseSortKey()) }
      return .sort(keys)
    }
  }

  private mutating func parseSortKey() throws(Diagnostic) -> SortKey {
    let isDescending = eat(.subtract)
    return SortKey(value: try parseExpression(), isDescending: isDescending)
  }

  private mutating func parseList(allowsName: Bool) throws(Diagnostic) -> [Item] {
    var items = [try parseItem(allowsName: allowsName)]
    while eat(.comma) { items.append(try parseItem(allowsName: allowsName)) }
    return items
  }

  private mutating func parsePrepositionItems(_ name: Name) throws(Diagnostic) -> [Item] {
    if isAtEnd || isSymbol(.pipe) { throw missing("what `\(name.text)` is about") }
    return try parseList(allowsName: false)
  }

  // Options.

  var startsOption: Bool { optionName() != nil }

  /// The option that is given at an offset; `null` is one of `load`, so it may be a reserved word.
  func optionName(_ offset: Int = 0) -> Name? {
    guard isSymbol(.assign, at: offset + 1) else { return nil }
    if case .keyword(let keyword) = token(offset).kind, !keyword.isClause {
      return Name(keyword.rawValue, token(offset).span)
    }
    return name(offset)
  }

  mutating func parseOption() throws(Diagnostic) -> (name: Name, value: Expr) {
    guard let name = optionName() else { throw unexpected(wanted: "expected an option") }
    index += 2
    if isAtEnd || isSymbol(.pipe) { throw missing("a value for `\(name.text)`") }
    return (name, try parseOptionValue(name))
  }

  private mutating func parseOptionValue(_ option: Name) throws(Diagnostic) -> Expr {
    if let word = optionWord() { return word }
    if case .keyword(let keyword) = kind, keyword.isClause {
      throw touches()
        ? Diagnostic(
          .syntax, "`\(keyword.rawValue)` is a reserved word", span: current.span,
          label: "as a value it stands in backticks",
          hints: [hint(current.span, "`\(keyword.rawValue)`")])
        : missing("a value for `\(option.text)`")
    }
    switch kind {
    case .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.openBrace), .symbol(.subtract),
      .symbol(.range), .symbol(.halfOpenRange):
      break
    case .symbol: throw unexpected(wanted: "expected a value for `\(option.text)`")
    default: break
    }
    let outer = isInFormula
    isInFormula = false
    defer { isInFormula = outer }
    return try parseExpression(minimum: .range)
  }

  /// `word := letter [letters digits _ . : -]*`, with `1:1` and the like, as one name; nil where
  /// the value is something else.
  private mutating func optionWord() -> Expr? {
    let start = current.span.start
    switch kind {
    case .name, .keyword: break
    case .integer where isSymbol(.colon, at: 1) && touches(1): break
    default: return nil
    }
    var end = start
    while end < source.count {
      let byte = source[end]
      if byte.isLetter || byte.isDigit || byte == Byte.underscore || byte == Byte.colon
        || byte == Byte.minus || byte >= 0x80
      {
        end += 1
      } else if byte == Byte.dot, end + 1 < source.count, source[end + 1] != Byte.dot {
        end += 1
      } else {
        break
      }
    }
    // A colon at its end opens the conditions.
    while end > start + 1, source[end - 1] == Byte.colon { end -= 1 }
    // Only whole tokens, and nothing that goes on as an expression.
    var last = index
    while last + 1 < tokens.count, tokens[last + 1].span.start < end { last += 1 }
    guard tokens[last].span.end == end else { return nil }
    if last == index {
      guard case .name = kind else { return nil }
    }
    switch token(last + 1 - index).kind {
    case .symbol(.openParenthesis), .symbol(.range), .symbol(.halfOpenRange), .symbol(.openBracket):
      if tokens[last + 1].span.start == end { return nil }
    default: break
    }
    let word = text(Span(start, end))
    if word == "_" { return nil }
    index = last
    advance()
    return Expr(.name(word), Span(start, end))
  }

  func givenTwice(_ name: Name) -> Diagnostic {
    Diagnostic(
      .syntax, "`\(name.text)` is given twice", span: name.span, label: "once is enough")
  }
}

extension Clause.Kind {
  /// What may stand only once in a stage.
  fileprivate var key: String {
    switch self {
    case .by: "by"
    case .where: "where"
    case .sort: "sort"
    case .into: "into"
    case .on: "on"
    case .as: "as"
    case .preposition(let name, _): "preposition \(name.text)"
    case .option(let name, _): "option \(name.text)"
    }
  }
}
