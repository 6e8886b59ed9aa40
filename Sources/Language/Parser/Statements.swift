/// Whole lines: what a first word means, and what `=` begins.
extension Parser {
  mutating func parseStatement() throws(Diagnostic) -> Statement {
    try enter()
    defer { leave() }
    let start = current.span.start
    syntax = nil
    let kind = try parseStatementKind()
    return Statement(kind, Span(start, max(start, previousEnd)))
  }

  private mutating func parseStatementKind() throws(Diagnostic) -> Statement.Kind {
    switch kind {
    case .prose(let text):
      advance()
      return .prose(text)
    case .shell(let text):
      advance()
      return .shell(text)
    case .help(let text):
      advance()
      return .help(text)
    case .symbol(.pipeEqual):
      advance()
      return .rebind(name: nil, stages: try parseStages())
    case .symbol(.pipe), .symbol(.doublePipe), .symbol(.pipeGreater): throw leadingPipe()
    case .keyword where isSymbol(.assign, at: 1) || isSymbol(.pipeEqual, at: 1):
      _ = try expectName("a name")
    default: break
    }
    if name() != nil {
      if isSymbol(.pipeEqual, at: 1) {
        let name = try expectName("a name")
        advance()
        return .rebind(name: name, stages: try parseStages())
      }
      if let names = try parseBoundNames() {
        return .bind(names: names, value: try parseBound(count: names.count))
      }
      if let kind = try parseWordStatement() { return kind }
    }
    if let mistake = foreignStatement() { throw mistake }
    if startsPipeline(afterEqual: false) { return .pipeline(try parsePipeline()) }
    if let mistake = unknownVerb() { throw mistake }
    let expression = try parseExpression()
    if isSymbol(.pipe) { throw pipedExpression(expression) }
    if isSymbol(.assign), case .index(let base, let column) = expression.kind,
      case .name(let frame) = base.kind, case .text(let name) = column.kind
    {
      let value = text(Span(current.span.end, line.end)).trimmed
      throw Diagnostic(
        .syntax, "a column is not assigned to", span: current.span, label: "`derive` makes columns",
        hints: ["\(frame) |= derive \(LiteralText.name(name)) = \(value)"])
    }
    return .expression(expression)
  }

  /// `a, b =`, if that is what stands here.
  private mutating func parseBoundNames() throws(Diagnostic) -> [Name]? {
    var offset = 1
    while isSymbol(.comma, at: offset), name(offset + 1) != nil { offset += 2 }
    guard isSymbol(.assign, at: offset) || isSymbol(.colonEqual, at: offset) else { return nil }
    if isSymbol(.colonEqual, at: offset) {
      index += offset
      throw unexpected()
    }
    if bareName() == "_" {
      throw Diagnostic(
        .syntax, "`_` is what was last shown", span: current.span, label: "it cannot be bound")
    }
    var names = [try expectName("a name")]
    while eat(.comma) { names.append(try expectName("a name")) }
    advance()
    for (position, name) in names.enumerated()
    where names[..<position].contains(where: { $0.text == name.text }) {
      throw Diagnostic(
        .duplicateName, "`\(name.text)` is bound twice", span: name.span,
        label: "each part needs its own name")
    }
    return names
  }

  private mutating func parseBound(count: Int) throws(Diagnostic) -> Statement.Bound {
    if isAtEnd { throw missing("a value") }
    if startsPipeline(afterEqual: true) { return .pipeline(try parsePipeline()) }
    let expression = try parseExpression()
    if isSymbol(.pipe) { throw pipedExpression(expression) }
    if count > 1 {
      throw Diagnostic(
        .syntax, "one value for \(count) names", span: expression.span,
        label: "several names are bound by a pipeline, as in `train, test = trips | split 80%`")
    }
    return .expression(expression)
  }

  /// Whether a pipeline begins here and not an expression: a bound name alone or before `|`, or
  /// a verb.
  func startsPipeline(afterEqual: Bool) -> Bool {
    let next = token(1)
    let endsName: Bool
    switch next.kind {
    case .end, .newline, .symbol(.pipe): endsName = true
    case .symbol(.closeBrace): endsName = !afterEqual
    default: endsName = false
    }
    guard let name = name() else {
      if case .keyword(.sort) = kind { return true }
      // `_` is a name, so nothing else is left.
      return false
    }
    let isQuoted = bareName() == nil
    if !isQuoted, let second = bareName(1), grammar.synonyms["\(name.text) \(second)"] != nil {
      return true
    }
    if grammar.boundNames.contains(name.text) {
      if endsName { return true }
      if isQuoted || !isVerb(name.text) { return false }
      // A bound name that is a verb, too, is a value where an operator follows.
      return !continuesExpression(1)
    }
    if isSymbol(.pipe, at: 1) { return true }
    if isQuoted || !isVerb(name.text) { return false }
    if isSymbol(.openParenthesis, at: 1) {
      if touches(1) { return !grammar.functions.contains(name.text) && !afterEqual }
      return !afterEqual
    }
    return true
  }

  /// Whether what stands at an offset goes on with an expression rather than begin an item.
  private func continuesExpression(_ offset: Int) -> Bool {
    switch token(offset).kind {
    case .symbol(let symbol):
      switch symbol {
      case .openParenthesis, .openBracket: return touches(offset)
      case .subtract: return !touches(offset + 1) || touches(offset)
      case .openBrace, .colon: return false
      default: return BinaryOperator(symbol) != nil || symbol == .range || symbol == .halfOpenRange
      }
    case .keyword(.and), .keyword(.or), .keyword(.in), .keyword(.is): return true
    case .keyword(.not): return isKeyword(.in, at: offset + 1)
    default: return false
    }
  }

  func isVerb(_ name: String) -> Bool { verb(name) != nil }

  /// A pipeline: a source by name, or a first stage, then stages behind pipes.
  mutating func parsePipeline() throws(Diagnostic) -> Pipeline {
    var source: Name?
    if let name = name() {
      let isAlone: Bool
      switch token(1).kind {
      case .end, .newline, .symbol(.pipe), .symbol(.closeBrace): isAlone = true
      default: isAlone = false
      }
      let isBound = grammar.boundNames.contains(name.text)
      if isAlone, isBound || bareName() == nil || !isVerb(name.text) {
        source = name
        advance()
        guard eat(.pipe) else { return Pipeline(source: source, stages: []) }
      }
    }
    return Pipeline(source: source, stages: try parseStages())
  }

  mutating func parseStages() throws(Diagnostic) -> [Stage] {
    var stages = [try parseStage()]
    while eat(.pipe) { stages.append(try parseStage()) }
    return stages
  }

  /// `param`, `def`, `for`, `time` and `plan`, which shape a whole line.
  private mutating func parseWordStatement() throws(Diagnostic) -> Statement.Kind? {
    guard let word = bareName() else { return nil }
    let isValue = grammar.boundNames.contains(word)
    switch word {
    case "param" where name(1) != nil:
      advance()
      return .parameter(try parseParameter())
    case "def" where name(1) != nil:
      advance()
      return .definition(try parseDefinition())
    case "for" where name(1) != nil && isKeyword(.in, at: 2):
      advance()
      return try parseLoop()
    case "time", "plan":
      switch token(1).kind {
      case .end, .newline, .symbol(.pipe):
        guard isValue else {
          advance()
          throw missing("a line to \(word)")
        }
        return nil
      default:
        if isValue, continuesExpression(1) { return nil }
        advance()
        let inspection: Statement.Inspection = word == "time" ? .time : .plan
        return .inspect(inspection, try parseStatement())
      }
    case "param", "def", "for":
      guard !isValue else { return nil }
      advance()
      let forms = [
        "param": "param day = @2024-03-01", "def": "def double(x) = x * 2",
        "for": "for b in [\"Bronx\", \"Queens\"] { … }",
      ]
      throw unexpected(wanted: "as in `\(forms[word] ?? word)`")
    default: return nil
    }
  }

  private mutating func parseParameter() throws(Diagnostic) -> ParameterDeclaration {
    let name = try expectName("a name")
    var value: Expr?
    if !startsOption {
      try expect(.assign, "and a value")
      if isAtEnd { throw missing("a value") }
      value = try parseExpression()
    }
    var options: [(name: Name, value: Expr)] = []
    while startsOption {
      let option = try parseOption()
      if options.contains(where: { $0.name.text == option.name.text }) {
        throw givenTwice(option.name)
      }
      options.append(option)
    }
    return ParameterDeclaration(name: name, value: value, options: options)
  }

  private mutating func parseDefinition() throws(Diagnostic) -> Definition {
    let name = try expectName("a name")
    try expect(.openParenthesis, "and parameters")
    var parameters: [Name] = []
    while !isSymbol(.closeParenthesis) {
      let parameter = try expectName("a parameter")
      if parameters.contains(where: { $0.text == parameter.text }) {
        throw Diagnostic(
          .duplicateName, "two parameters called `\(parameter.text)`", span: parameter.span)
      }
      parameters.append(parameter)
      guard eat(.comma) else { break }
    }
    try expect(.closeParenthesis, "behind the parameters")
    try expect(.assign, "and a body")
    if isAtEnd { throw missing("a body") }
    let outer = grammar.boundNames
    defer { grammar.boundNames = outer }
    grammar.boundNames.formUnion(parameters.map(\.text))
    if startsPipeline(afterEqual: true) {
      return Definition(
        name: name, parameters: parameters, body: .pipeline(try parsePipeline()))
    }
    let expression = try parseExpression()
    if isSymbol(.pipe) { throw pipedExpression(expression) }
    return Definition(name: name, parameters: parameters, body: .expression(expression))
  }

  private mutating func parseLoop() throws(Diagnostic) -> Statement.Kind {
    let variable = try expectName("a name")
    advance()
    let values = try parseExpression()
    let opening = current.span
    try expect(.openBrace, "and the lines to repeat")
    let outer = grammar.boundNames
    defer { grammar.boundNames = outer }
    grammar.boundNames.insert(variable.text)
    var body: [Statement] = []
    while true {
      while case .newline = kind { advance() }
      if eat(.closeBrace) { break }
      if case .end = kind { throw unclosed("{", opening) }
      let statement = try parseStatement()
      grammar.boundNames.formUnion(statement.boundNames.map(\.text))
      body.append(statement)
      guard isAtEnd || isSymbol(.closeBrace) else { throw unexpected() }
    }
    if body.isEmpty {
      throw Diagnostic(
        .syntax, "nothing to repeat", span: opening.joined(with: Span(previousEnd, previousEnd)),
        label: "write the lines between the braces")
    }
    return .loop(variable: variable, values: values, body: body)
  }
}
