/// Reads expressions as SQL, Python and R write them.
///
/// Of its own it accepts more than any of them; what cannot be said here is left to whoever writes
/// the result down.
struct ForeignParser {
  var tokens: [ForeignToken]
  var index = 0
  private var depth = 0

  init(_ tokens: [ForeignToken]) { self.tokens = tokens }

  var current: ForeignToken { index < tokens.count ? tokens[index] : .end }
  var isAtEnd: Bool { index >= tokens.count }

  func token(_ offset: Int) -> ForeignToken {
    let place = index + offset
    return tokens.indices.contains(place) ? tokens[place] : .end
  }

  func isSign(_ text: String, at offset: Int = 0) -> Bool {
    token(offset).kind == .sign && token(offset).text == text
  }

  func isWord(_ text: String, at offset: Int = 0) -> Bool {
    token(offset).kind == .word && token(offset).lowered == text
  }

  mutating func eat(_ sign: String) -> Bool {
    guard isSign(sign) else { return false }
    index += 1
    return true
  }

  mutating func eat(word: String) -> Bool {
    guard isWord(word) else { return false }
    index += 1
    return true
  }

  /// The whole of the tokens as one expression; nil where they are more or none.
  static func expression(_ tokens: [ForeignToken]) -> ForeignExpr? {
    var parser = ForeignParser(tokens)
    guard let expression = parser.expression(), parser.isAtEnd else { return nil }
    return expression
  }

  mutating func expression(_ least: Int = 0) -> ForeignExpr? {
    depth += 1
    defer { depth -= 1 }
    guard depth < 100, var left = prefix() else { return nil }
    while let (sign, tightness, length) = infix(), tightness >= least {
      index += length
      switch sign {
      case "between":
        guard let low = expression(50) else { return nil }
        if case .binary("..", _, _) = low {
          left = .binary("in", left, low)
          continue
        }
        guard eat(word: "and") || eat(","), let high = expression(50) else { return nil }
        left = .binary("in", left, .binary("..", low, high))
      case "is":
        let isNot = eat(word: "not")
        guard ["null", "none", "na"].contains(current.lowered) else { return nil }
        index += 1
        left = .isNull(left, !isNot)
      case "?":
        // C's choice; its colon is no range.
        guard let yes = expression(51), eat(":"), let no = expression(6) else { return nil }
        left = .cases([(left, yes)], no)
      default:
        guard let right = expression(sign == "^" ? tightness : tightness + 1) else { return nil }
        left = .binary(sign, left, right)
      }
    }
    // Python's condition behind the value.
    if least == 0, isWord("if"), !isAtEnd {
      index += 1
      guard let condition = expression(1), eat(word: "else"), let other = expression(1) else {
        return nil
      }
      return .cases([(condition, left)], other)
    }
    return left
  }

  /// The operator here as it is written in this language, how tightly it binds and of how many
  /// tokens it is.
  private func infix() -> (sign: String, tightness: Int, length: Int)? {
    let token = current
    if token.kind == .word {
      switch token.lowered {
      case "or": return ("or", 10, 1)
      case "and": return ("and", 20, 1)
      case "in" where isSign("~", at: 1) && !self.token(1).isSpaced: return ("in~", 40, 2)
      case "in": return ("in", 40, 1)
      case "like", "ilike", "between", "is", "has", "contains", "startswith", "endswith":
        return (token.lowered, 40, 1)
      case "not":
        let next = self.token(1).lowered
        return Self.matchers.contains(next) ? ("not \(next)", 40, 2) : nil
      case "matches" where self.token(1).lowered == "regex": return ("matches", 40, 2)
      default: return nil
      }
    }
    guard token.kind == .sign else { return nil }
    // KQL's `!contains`
    if token.text == "!", Self.matchers.contains(self.token(1).lowered), !self.token(1).isSpaced {
      return ("not \(self.token(1).lowered)", 40, 2)
    }
    switch token.text {
    case "~": return ("~", 5, 1)
    case "?": return ("?", 6, 1)
    case ":=": return (":=", 4, 1)
    case "||": return ("||", 10, 1)
    case "or", "|": return ("or", 10, 1)
    case "&&", "&": return ("and", 20, 1)
    case "=", "==", "===": return ("==", 40, 1)
    case "!=", "<>": return ("!=", 40, 1)
    case "=<": return ("<=", 40, 1)
    case "=>": return (">=", 40, 1)
    case "<", "<=", ">", ">=", "=~", "!~": return (token.text, 40, 1)
    case "%in%": return ("in", 40, 1)
    case "..", ":": return ("..", 50, 1)
    case "..<": return ("..<", 50, 1)
    case "+", "-": return (token.text, 60, 1)
    case "*", "/", "//", "%": return (token.text, 70, 1)
    case "%%": return ("%", 70, 1)
    case "**", "^": return ("^", 90, 1)
    case "??": return ("??", 35, 1)
    default: return nil
    }
  }

  /// Operators that are words and may be denied.
  private static let matchers: Set = [
    "in", "like", "ilike", "has", "contains", "startswith", "endswith",
  ]

  private mutating func prefix() -> ForeignExpr? {
    if eat("-") { return expression(80).map { .unary("-", $0) } }
    if eat("+") { return expression(80) }
    if isSign("!") || isSign("~") {
      index += 1
      return expression(80).map { .unary("not", $0) }
    }
    if eat(word: "not") { return expression(30).map { .unary("not", $0) } }
    if isWord("lambda"), token(1).kind == .word, isSign(":", at: 2) {
      let name = token(1).text
      index += 3
      return expression().map { .lambda(name, $0.naming(name)) }
    }
    if isWord("case"), isWord("when", at: 1) || isWord("when", at: 2) { return caseWhen() }
    guard var value = primary() else { return nil }
    while true {
      if isSign("."), token(1).kind == .word {
        value = .member(value, token(1).text)
        index += 2
        if let path = value.path, ["np.nan", "np.NaN", "pd.NA", "pd.NaT"].contains(path) {
          value = .name("NULL")
        }
      } else if isSign("::"), token(1).kind == .word {
        value = .call(
          .name("cast"),
          [.init(name: nil, value: value), .init(name: nil, value: .name(token(1).text))])
        index += 2
      } else if case .call(let function, let given) = value,
        let clause = self.clause(function, given)
      {
        value = clause
      } else if isSign("$"), token(1).kind == .word {
        value = .member(value, token(1).text)
        index += 2
      } else if isSign("("), !current.isSpaced || isFunction(value) {
        guard let arguments = arguments() else { return nil }
        value = .call(value, arguments)
      } else if isSign("["), !current.isSpaced {
        index += 1
        guard let places = places() else { return nil }
        value = .index(value, places)
      } else {
        return value
      }
    }
  }

  private func isFunction(_ value: ForeignExpr) -> Bool {
    if case .name(let name) = value { return name.lowercased() == "count" }
    return false
  }

  private mutating func primary() -> ForeignExpr? {
    let token = current
    switch token.kind {
    case .number:
      index += 1
      return .number(token.text)
    case .text:
      index += 1
      return .text(token.text)
    case .word:
      index += 1
      if let time = timeLiteral(token.lowered) { return time }
      return .name(token.text)
    case .sign:
      if eat("*") { return .everything }
      if isSign("$"), self.token(1).kind == .word {
        index += 2
        return .name(tokens[index - 1].text)
      }
      // R's `~ mean(.x)`
      if isSign("."), self.token(1).text == "x", !self.token(1).isSpaced {
        index += 2
        return .name(".x")
      }
      // data.table's `.(…)`
      if isSign("."), isSign("(", at: 1) {
        index += 1
        return .name(".")
      }
      // Stata's missing value.
      if isSign("."), self.token(1).kind != .word {
        index += 1
        return .name("NULL")
      }
      if eat("(") {
        guard let items = items(until: ")") else { return nil }
        return items.count == 1 ? items[0] : .list(items)
      }
      if eat("[") { return items(until: "]").map { .list($0) } }
      if eat("{") { return braces() }
      return nil
    case .end: return nil
    }
  }

  /// SQL's `DATE '2024-03-01'` and `TIMESTAMP '2024-03-01 08:30'`, behind their word.
  private mutating func timeLiteral(_ word: String) -> ForeignExpr? {
    guard ["date", "timestamp", "datetime"].contains(word), current.kind == .text else {
      return nil
    }
    let bytes = Array(current.text.utf8)
    guard let end = ForeignToken.dateEnd(bytes, 0), end == bytes.count || word != "date" else {
      return nil
    }
    let text = "@" + current.text.replacing(" ", with: "T")
    index += 1
    return .number(text)
  }

  private mutating func items(until sign: String) -> [ForeignExpr]? {
    var items: [ForeignExpr] = []
    while !eat(sign) {
      guard let item = expression() else { return nil }
      items.append(item)
      if !eat(","), !isSign(sign) { return nil }
    }
    return items
  }

  private mutating func braces() -> ForeignExpr? {
    var pairs: [(ForeignExpr, ForeignExpr)] = []
    while !eat("}") {
      guard let key = primary(), eat(":"), let value = expression() else { return nil }
      pairs.append((key, value))
      if !eat(","), !isSign("}") { return nil }
    }
    return .pairs(pairs)
  }

  private mutating func arguments() -> [ForeignExpr.Argument]? {
    index += 1
    var arguments: [ForeignExpr.Argument] = []
    while !eat(")") {
      var name: String?
      if current.kind == .word || current.kind == .text {
        // R's names may have dots: `na.rm = TRUE`.
        var length = 1
        while isSign(".", at: length), token(length + 1).kind == .word { length += 2 }
        if isSign("=", at: length) {
          name = tokens[index..<index + length].map(\.text).joined()
          index += length + 1
        }
      } else if isSign("."), token(1).kind == .word, isSign("=", at: 2) {
        name = "." + token(1).text
        index += 3
      }
      // `EXTRACT(YEAR FROM t)`
      if current.kind == .word, isWord("from", at: 1) {
        arguments.append(.init(name: nil, value: .name(current.text)))
        index += 2
      }
      if eat(word: "distinct"), let value = expression() {
        arguments.append(.init(name: "distinct", value: value))
      } else {
        guard let value = expression() else { return nil }
        arguments.append(.init(name: name, value: value))
      }
      // `CAST(x AS type)`, where types may have a length.
      if isWord("as"), token(1).kind == .word {
        arguments.append(.init(name: nil, value: .name(token(1).text)))
        index += 2
        if isSign("(") { while !eat(")"), !isAtEnd { index += 1 } }
      }
      if !eat(","), !isSign(")") { return nil }
    }
    return arguments
  }

  private mutating func places() -> [ForeignExpr?]? {
    var places: [ForeignExpr?] = []
    while true {
      if isSign(",") || isSign("]") {
        places.append(nil)
      } else if isSign(":"), isSign(",", at: 1) || isSign("]", at: 1) {
        index += 1
        places.append(nil)
      } else if eat(":") {
        guard let end = expression(51) else { return nil }
        places.append(.slice(nil, end))
      } else if isSign("-"), isSign(":", at: 2), isSign("]", at: 3) || isSign(",", at: 3) {
        places.append(.slice(prefix(), nil))
        index += 1
      } else if isSign(":", at: 1), isSign("]", at: 2) || isSign(",", at: 2) {
        places.append(.slice(primary(), nil))
        index += 1
      } else {
        guard let value = expression() else { return nil }
        places.append(value)
      }
      if eat("]") { return places }
      guard eat(",") else { return nil }
      // `.N` and `by = x` of data.table
      if isWord("by"), isSign("=", at: 1) {
        index += 2
        guard let keys = expression() else { return nil }
        places.append(.call(.name("by"), [.init(name: nil, value: keys)]))
        return eat("]") ? places : nil
      }
      if isSign("."), isWord("n", at: 1) {
        index += 2
        places.append(.call(.name("count"), []))
        if eat("]") { return places }
        guard eat(","), isWord("by"), isSign("=", at: 1) else { return nil }
        index += 2
        guard let keys = expression() else { return nil }
        places.append(.call(.name("by"), [.init(name: nil, value: keys)]))
        return eat("]") ? places : nil
      }
    }
  }

  private mutating func caseWhen() -> ForeignExpr? {
    index += 1
    var cases: [(ForeignExpr, ForeignExpr)] = []
    while eat(word: "when") {
      guard let condition = expression(), eat(word: "then"), let value = expression() else {
        return nil
      }
      cases.append((condition, value))
    }
    var otherwise: ForeignExpr?
    if eat(word: "else") {
      otherwise = expression()
      if otherwise == nil { return nil }
    }
    return eat(word: "end") ? .cases(cases, otherwise) : nil
  }
}
