/// What SQL lets follow a call.
extension ForeignParser {
  /// The call with `WITHIN GROUP (ORDER BY x)`, `FILTER (WHERE c)` or `OVER (…)`; nil where none of
  /// them follows.
  mutating func clause(
    _ function: ForeignExpr, _ arguments: [ForeignExpr.Argument]
  ) -> ForeignExpr? {
    let start = index
    if eat(word: "within"), eat(word: "group"), eat("("), eat(word: "order"), eat(word: "by"),
      let value = expression()
    {
      _ = eat(word: "asc")
      if eat(")") { return .call(function, [.init(name: nil, value: value)] + arguments) }
    }
    index = start
    if eat(word: "filter"), eat("("), eat(word: "where"), let condition = expression(), eat(")") {
      // What the condition leaves out is null, which no aggregate counts.
      var value = arguments.first?.value ?? .number("1")
      if case .everything = value { value = .number("1") }
      let chosen = ForeignExpr.cases([(condition, value)], nil)
      return .call(function, [.init(name: nil, value: chosen)] + arguments.dropFirst())
    }
    index = start
    if eat(word: "over"), eat("("), let window = window() {
      return .windowed(.call(function, arguments), window)
    }
    index = start
    return nil
  }

  private mutating func window() -> ForeignWindow? {
    var window = ForeignWindow()
    if eat(word: "partition") {
      guard eat(word: "by") else { return nil }
      repeat {
        guard let key = expression() else { return nil }
        window.keys.append(key)
      } while eat(",")
    }
    if eat(word: "order") {
      guard eat(word: "by") else { return nil }
      repeat {
        guard let key = expression() else { return nil }
        let isDescending = eat(word: "desc")
        _ = eat(word: "asc")
        if eat(word: "nulls") { index += 1 }
        window.order.append((key, isDescending))
      } while eat(",")
    }
    if eat(word: "rows") {
      let isRange = eat(word: "between")
      if current.kind == .number, let rows = Int(current.text), isWord("preceding", at: 1) {
        window.rows = rows + 1
        index += 2
      } else {
        guard eat(word: "unbounded"), eat(word: "preceding") else { return nil }
      }
      if isRange {
        guard eat(word: "and"), eat(word: "current"), eat(word: "row") else { return nil }
      }
    }
    return eat(")") ? window : nil
  }
}
