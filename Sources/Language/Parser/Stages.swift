/// A verb with its items and clauses.
extension Parser {
  /// The verb that a word stands for: itself, a synonym's, at the prompt a unique beginning's.
  func verb(_ word: String) -> (name: String, syntax: VerbSyntax)? {
    if let syntax = grammar.verbs[word] { return (word, syntax) }
    if let name = grammar.synonyms[word], let syntax = grammar.verbs[name] { return (name, syntax) }
    if grammar.isInteractive, word.utf8.count >= 2, !grammar.boundNames.contains(word) {
      let matches = grammar.verbs.keys.filter { $0.hasPrefix(word) }
      if matches.count == 1, let name = matches.first, let syntax = grammar.verbs[name] {
        return (name, syntax)
      }
    }
    return nil
  }

  mutating func parseStage() throws(Diagnostic) -> Stage {
    let start = current.span
    let verb = try parseVerb()
    let outer = (syntax, allowsFormula)
    defer { (syntax, allowsFormula) = outer }
    syntax = verb.syntax
    allowsFormula = verb.syntax.takesFormula
    var stage = Stage(verb: Name(verb.name, verb.span), span: start)
    if isSymbol(.openParenthesis), touches() { throw verbCalled(stage.verb) }
    if verb.name == "help" {
      stage.items = try parseTopics()
    } else {
      stage.words = parseWords(verb.syntax.wordCount)
      stage.items = try parseItems(verb.syntax)
    }
    try parseClauses(&stage)
    if eat(.colon) {
      guard verb.syntax.takesConditions else {
        index -= 1
        throw unexpected(wanted: "`\(verb.name)` takes no conditions")
      }
      stage.conditions = try parseConditions()
      try parseClauses(&stage)
    }
    guard isAtEnd || isSymbol(.pipe) || isSymbol(.closeBrace) else {
      throw unexpectedInStage(stage)
    }
    stage.span = Span(start.start, max(previousEnd, start.end))
    return stage
  }

  private mutating func parseVerb() throws(Diagnostic) -> (
    name: String, syntax: VerbSyntax, span: Span
  ) {
    let token = current
    let word: String
    switch token.kind {
    case .name(let text): word = text
    case .keyword(.sort): word = "sort"
    default:
      if isAtEnd { throw missing("a verb") }
      throw unexpected(wanted: "expected a verb")
    }
    if let next = bareName(1), let name = grammar.synonyms["\(word) \(next)"],
      let syntax = grammar.verbs[name]
    {
      let span = token.span.joined(with: self.token(1).span)
      index += 2
      return (name, syntax, span)
    }
    if let (name, syntax) = verb(word) {
      advance()
      return (name, syntax, token.span)
    }
    // A definition of the user's own.
    if grammar.boundNames.contains(word) {
      advance()
      return (word, VerbSyntax(name: word), token.span)
    }
    throw noSuchVerb(word, token.span)
  }

  /// Leading words of the verb's own, as `ols` in `fit ols y ~ x`.
  private mutating func parseWords(_ count: Int) -> [Name] {
    var words: [Name] = []
    while words.count < count, let text = bareName() {
      switch token(1).kind {
      case .symbol(let symbol):
        switch symbol {
        case .assign, .comma, .tilde, .openParenthesis, .openBracket, .dot, .arrow: return words
        case .subtract where !touches(1) && touches(2): break
        default: if BinaryOperator(symbol) != nil { return words }
        }
      case .keyword(let keyword) where !keyword.isClause && keyword != .if && keyword != .case:
        if !keyword.isLiteral, keyword != .not { return words }
      default: break
      }
      words.append(Name(text, current.span))
      advance()
    }
    return words
  }

  /// What `help` is asked about: words, reserved ones too.
  private mutating func parseTopics() throws(Diagnostic) -> [Item] {
    var items: [Item] = []
    while !isAtEnd, !isSymbol(.pipe), !isSymbol(.closeBrace) {
      let word: String
      switch kind {
      case .name(let text), .quotedName(let text), .text(let text): word = text
      case .keyword(let keyword): word = keyword.rawValue
      default: throw unexpected(wanted: "expected a verb or a word to look for")
      }
      let value = Expr(.name(word), current.span)
      items.append(Item(value: value, isJuxtaposed: !items.isEmpty))
      advance()
    }
    return items
  }

  // Items.

  private mutating func parseItems(_ syntax: VerbSyntax) throws(Diagnostic) -> [Item] {
    guard startsItem, !startsOption || syntax.takesNamedItems || isConditionMistake else {
      if let mistake = assignedPair(syntax) { throw mistake }
      return []
    }
    if isSymbol(.subtract), syntax.name == "load", endsItem(1) {
      let item = Item(value: Expr(.name("-"), current.span))
      advance()
      return [item]
    }
    var items = [try parseItem(allowsName: syntax.takesNamedItems)]
    while true {
      if eat(.comma) {
        if isAtEnd { throw missing("an item") }
        if let mistake = optionBehindComma(syntax) { throw mistake }
        items.append(try parseItem(allowsName: true))
      } else if syntax.isJuxtaposed, startsItem, !startsOption {
        var item = try parseItem(allowsName: false)
        item.isJuxtaposed = true
        items.append(item)
      } else {
        return items
      }
    }
  }

  /// `filter fare = 3`: not an option, whatever it looks like.
  private var isConditionMistake: Bool {
    guard let syntax, let name = name() else { return false }
    return syntax.name == "filter" && !syntax.options.contains(name.text)
  }

  /// `name = value`, `value`, `old -> new` or `each(selector) = value`.
  mutating func parseItem(allowsName: Bool) throws(Diagnostic) -> Item {
    if allowsName, let name = name(), isSymbol(.assign, at: 1) {
      index += 2
      if isAtEnd { throw missing("a value for `\(name.text)`") }
      return Item(name: name, value: try parseExpression())
    }
    let value = try parseExpression()
    if eat(.arrow) { return Item(value: value, renamed: try expectName("the new name")) }
    if isSymbol(.assign), allowsName, case .call(let function, let arguments) = value.kind,
      function.text == "each", arguments.count == 1
    {
      advance()
      return Item(value: try parseExpression(), each: arguments[0])
    }
    return item(value)
  }

  private func item(_ value: Expr) -> Item { Item(value: value) }

  /// Whether an operand begins here, and not a clause or the end.
  var startsItem: Bool {
    switch kind {
    case .end, .newline: return false
    case .keyword(let keyword): return !keyword.isClause && !isInfix(keyword)
    case .symbol(let symbol):
      switch symbol {
      case .pipe, .colon, .comma, .closeBrace, .closeBracket, .closeParenthesis, .assign:
        return false
      case .openParenthesis, .openBracket, .openBrace, .subtract, .range, .halfOpenRange:
        return true
      // A mistake, to be reported as one where an operand was wanted.
      default: return index > 0 && isBehindVerb
      }
    case .name: return !startsPreposition
    default: return true
    }
  }

  private func isInfix(_ keyword: Keyword) -> Bool {
    switch keyword {
    case .and, .or, .in, .is, .then, .else: true
    default: false
    }
  }

  private var isBehindVerb: Bool {
    switch token(-1).kind {
    case .name(let text): isVerb(text)
    case .keyword(.sort): true
    default: false
    }
  }

  var startsPreposition: Bool {
    guard let text = bareName(), let syntax else { return false }
    return syntax.prepositions.contains(text) && !isSymbol(.assign, at: 1)
  }

  /// Whether the token at an offset ends a list of items.
  func endsItem(_ offset: Int) -> Bool {
    switch token(offset).kind {
    case .end, .newline, .symbol(.pipe), .symbol(.closeBrace): return true
    case .keyword(let keyword): return keyword.isClause || optionName(offset) != nil
    case .name(let text):
      return isSymbol(.assign, at: offset + 1) || syntax?.prepositions.contains(text) == true
    case .quotedName: return optionName(offset) != nil
    default: return false
    }
  }

  private mutating func parseConditions() throws(Diagnostic) -> [Expr] {
    if isAtEnd || isSymbol(.pipe) { throw missing("a condition") }
    var conditions = [try parseExpression()]
    while eat(.comma) {
      if isAtEnd { throw missing("a condition") }
      conditions.append(try parseExpression())
    }
    return conditions
  }
}
