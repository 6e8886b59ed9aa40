/// Reads statements from tokens, by recursive descent.
///
/// It stops at the first mistake: one error with its place, not a cascade.
package struct Parser {
  /// How deep constructs may nest.
  static let nestingLimit = 200
  /// How high an expression's tree may grow, so that walking it never exhausts the stack.
  static let heightLimit = 1_000

  let source: [UInt8]
  var grammar: Grammar
  var tokens: [Token]
  var index = 0
  /// The whole logical line, for hints that repeat it.
  var line: Span
  var nesting = 0
  /// The height of the expression just parsed.
  var height = 0
  /// The verb of the stage being parsed.
  var syntax: VerbSyntax?
  var allowsFormula = false
  var isInFormula = false

  /// The statements of one entry, in order. Names that a statement binds are known to those
  /// behind it. Comments on their own line become prose; those behind a statement are left out.
  package static func parse(
    _ text: String, grammar: Grammar
  ) throws(Diagnostic) -> [Statement] {
    var lexer = Lexer(text, grammar: grammar)
    let source = lexer.bytes
    var grammar = grammar
    var statements: [Statement] = []
    while let line = lexer.nextLine() {
      var parser = Parser(
        source: source, grammar: grammar, tokens: line.tokens, line: line.span)
      let statement = try parser.parseLine()
      statements.append(statement)
      grammar.boundNames.formUnion(statement.boundNames.map(\.text))
      lexer.boundNames = grammar.boundNames
    }
    return statements
  }

  private init(source: [UInt8], grammar: Grammar, tokens: [Token], line: Span) {
    self.source = source
    self.grammar = grammar
    self.tokens = tokens
    self.line = line
  }

  private mutating func parseLine() throws(Diagnostic) -> Statement {
    let statement = try parseStatement()
    guard isAtEnd else { throw unexpected() }
    return statement
  }

  // Looking at tokens.

  var current: Token { tokens[index] }
  var kind: Token.Kind { tokens[index].kind }
  var previousEnd: Int { index > 0 ? tokens[index - 1].span.end : current.span.start }

  func token(_ offset: Int) -> Token { tokens[max(0, min(index + offset, tokens.count - 1))] }

  mutating func advance() { if index + 1 < tokens.count { index += 1 } }

  /// Whether the statement ends here.
  var isAtEnd: Bool {
    switch kind {
    case .end, .newline: true
    default: false
    }
  }

  func isSymbol(_ symbol: Symbol, at offset: Int = 0) -> Bool {
    if case .symbol(symbol) = token(offset).kind { true } else { false }
  }

  func isKeyword(_ keyword: Keyword, at offset: Int = 0) -> Bool {
    if case .keyword(keyword) = token(offset).kind { true } else { false }
  }

  mutating func eat(_ symbol: Symbol) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func eat(_ keyword: Keyword) -> Bool {
    guard isKeyword(keyword) else { return false }
    advance()
    return true
  }

  /// Whether the token at an offset touches the one before it.
  func touches(_ offset: Int = 0) -> Bool {
    index + offset > 0 && token(offset - 1).span.end == token(offset).span.start
  }

  /// The name at an offset, in backticks or not.
  func name(_ offset: Int = 0) -> Name? {
    let token = token(offset)
    switch token.kind {
    case .name(let text), .quotedName(let text): return Name(text, token.span)
    default: return nil
    }
  }

  /// The name at an offset, if it has no backticks.
  func bareName(_ offset: Int = 0) -> String? {
    if case .name(let text) = token(offset).kind { text } else { nil }
  }

  mutating func expect(_ symbol: Symbol, _ why: String) throws(Diagnostic) {
    guard eat(symbol) else { throw unexpected(wanted: "expected `\(symbol.rawValue)` \(why)") }
  }

  mutating func expectName(_ what: String) throws(Diagnostic) -> Name {
    if let name = name() {
      advance()
      return name
    }
    if case .keyword(let keyword) = kind {
      throw Diagnostic(
        .syntax, "`\(keyword.rawValue)` is a reserved word", span: current.span,
        label: "as a name it stands in backticks",
        hints: [hint(current.span, "`\(keyword.rawValue)`")])
    }
    if case .text(let text) = kind {
      throw Diagnostic(
        .syntax, "a name stands without quotes", span: current.span,
        hints: [hint(current.span, LiteralText.name(text))])
    }
    if case .symbol(.pipe) = kind { throw missing(what) }
    throw isAtEnd ? missing(what) : unexpected(wanted: "expected \(what)")
  }

  func missing(_ what: String) -> Diagnostic {
    Diagnostic(
      .syntax, "\(what) is missing", span: Span(previousEnd, previousEnd + 1),
      label: "expected \(what) here")
  }

  func text(_ span: Span) -> String {
    let start = min(max(span.start, 0), source.count)
    return String(decoding: source[start..<min(max(span.end, start), source.count)], as: UTF8.self)
  }

  /// The line with a place in it replaced: a line that would work.
  func hint(_ span: Span, _ replacement: String) -> String {
    text(Span(line.start, span.start)) + replacement + text(Span(span.end, line.end))
  }

  mutating func enter() throws(Diagnostic) {
    nesting += 1
    if nesting > Self.nestingLimit { throw Lexer.tooDeep(current.span) }
  }

  mutating func leave() { nesting -= 1 }
}

extension Statement {
  /// The names that later lines may use because of this one.
  package var boundNames: [Name] {
    switch kind {
    case .bind(let names, let value):
      if case .pipeline(let pipeline) = value { return names + pipeline.boundNames }
      return names
    case .rebind(let name, _): return name.map { [$0] } ?? []
    case .pipeline(let pipeline): return pipeline.boundNames
    case .parameter(let parameter): return [parameter.name]
    case .definition(let definition): return [definition.name]
    case .loop(_, _, let body): return body.flatMap(\.boundNames)
    case .inspect(_, let statement): return statement.boundNames
    case .expression, .shell, .help, .prose: return []
    }
  }
}

extension Pipeline {
  /// `load … as name` binds the name.
  package var boundNames: [Name] {
    guard source == nil, let first = stages.first, first.verb.text == "load" else { return [] }
    return first.clauses.compactMap {
      if case .as(let name) = $0.kind { name } else { nil }
    }
  }
}
