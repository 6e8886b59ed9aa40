/// Canonical text of stages.
enum StagePrinter {
  static func text(_ stage: Stage) -> String {
    var parts = [stage.verb.text] + stage.words.map { LiteralText.name($0.text) }
    let hasConditions = !stage.conditions.isEmpty
    for (index, item) in stage.items.enumerated() {
      let isLast = index == stage.items.count - 1
      let isFollowed = isLast ? hasConditions : stage.items[index + 1].isJuxtaposed
      var text = stage.verb.text == "help" ? topic(item) : self.item(item, mayEndOpen: !isFollowed)
      if index == 0, item.name == nil { text = protected(text, stage) }
      if index > 0, !item.isJuxtaposed { parts[parts.count - 1] += "," }
      if index > 0, item.isJuxtaposed, continues(text, item.value) { text = "(\(text))" }
      parts.append(text)
    }
    parts += stage.clauses.map { clause($0, mayEndOpen: !hasConditions) }
    guard hasConditions else { return parts.joined(separator: " ") }
    return parts.joined(separator: " ") + ": "
      + stage.conditions.map { ExpressionPrinter.text($0) }.joined(separator: ", ")
  }

  /// Words that begin a clause of some verbs; an item right behind a verb that begins with one is
  /// put in backticks.
  private static let prepositions: Set = [
    "with", "to", "over", "for", "beats", "from", "against", "using",
  ]

  private static func protected(_ text: String, _ stage: Stage) -> String {
    if stage.verb.text == "load", text == "`-`" { return "-" }
    guard stage.verb.text != "help", let word = leadingWord(text) else { return text }
    let isLost = prepositions.contains(word)
    return isLost ? quotingWord(text, word) : text
  }

  /// Whether a text behind an item without a comma would go on with that item.
  private static func continues(_ text: String, _ value: Expr) -> Bool {
    if let first = text.utf8.first, [Byte.minus, Byte.dot, Byte.slash].contains(first) {
      return true
    }
    if let word = leadingWord(text), prepositions.contains(word) { return true }
    return beginsWithDuration(value)
  }

  private static func beginsWithDuration(_ value: Expr) -> Bool {
    switch value.kind {
    case .duration: true
    case .binary(_, let left, _), .isNull(let left, _), .index(let left, _),
      .formula(let left, _), .range(.some(let left), _, _):
      beginsWithDuration(left)
    default: false
    }
  }

  private static func topic(_ item: Item) -> String {
    if case .name(let word) = item.value.kind {
      let isWord = LiteralText.isBare(word) || Keyword(rawValue: word) != nil
      return isWord ? word : LiteralText.name(word)
    }
    return ExpressionPrinter.text(item.value)
  }

  static func item(_ item: Item, mayEndOpen: Bool = true) -> String {
    let isRenamed = item.renamed != nil
    let value = ExpressionPrinter.text(item.value, mayEndOpen: mayEndOpen && !isRenamed)
    if let name = item.name { return "\(LiteralText.name(name.text)) = \(value)" }
    if let each = item.each { return "each(\(ExpressionPrinter.text(each))) = \(value)" }
    if let renamed = item.renamed { return "\(value) -> \(LiteralText.name(renamed.text))" }
    return value
  }

  private static func list(_ items: [Item], mayEndOpen: Bool) -> String {
    items.enumerated().map { index, item in
      self.item(item, mayEndOpen: mayEndOpen || index < items.count - 1)
    }.joined(separator: ", ")
  }

  private static func clause(_ clause: Clause, mayEndOpen: Bool) -> String {
    switch clause.kind {
    case .by(let items): return "by " + list(items, mayEndOpen: mayEndOpen)
    case .where(let condition):
      return "where " + ExpressionPrinter.text(condition, mayEndOpen: mayEndOpen)
    case .sort(let keys): return "sort " + keys.map(key).joined(separator: ", ")
    case .into(let names):
      return "into " + names.map { LiteralText.name($0.text) }.joined(separator: ", ")
    case .on(let items): return "on " + list(items, mayEndOpen: mayEndOpen)
    case .as(let name): return "as " + LiteralText.name(name.text)
    case .preposition(let word, let items):
      return "\(word.text) " + list(items, mayEndOpen: mayEndOpen)
    case .option(let name, let value): return option(name, value, mayEndOpen: mayEndOpen)
    }
  }

  private static func key(_ key: SortKey) -> String {
    let text = ExpressionPrinter.text(key.value, mayEndOpen: false)
    if key.isDescending { return "-" + text }
    // A leading minus would be the direction.
    return text.hasPrefix("-") ? "(\(text))" : text
  }

  static func option(_ name: Name, _ value: Expr, mayEndOpen: Bool = true) -> String {
    let keyword = Keyword(rawValue: name.text)
    let key = keyword?.isClause == false ? name.text : LiteralText.name(name.text)
    return "\(key)=\(optionValue(value, mayEndOpen: mayEndOpen))"
  }

  private static func optionValue(_ value: Expr, mayEndOpen: Bool) -> String {
    switch value.kind {
    case .name(let word): return isOptionWord(word) ? word : LiteralText.name(word)
    case .range(let lower, let upper, _):
      let isPlain = [lower, upper].allSatisfy { end in end.map { Self.isPlain($0) } ?? true }
      let text = ExpressionPrinter.text(value, mayEndOpen: mayEndOpen)
      return isPlain ? text : "(\(text))"
    default:
      let text = ExpressionPrinter.text(value)
      return isPlain(value) ? text : "(\(text))"
    }
  }

  /// Whether a value may stand behind `=` as it is.
  private static func isPlain(_ value: Expr) -> Bool {
    if case .unary(.minus, let operand) = value.kind { return operand.precedence == .postfix }
    return value.precedence == .postfix || value.precedence == .minus
  }

  /// Whether a word is read as one behind `=`: `robust`, `github-actions`, `n:1`.
  static func isOptionWord(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    guard let first = bytes.first, let last = bytes.last, last != Byte.colon else { return false }
    if Keyword(rawValue: word) != nil { return false }
    if LiteralText.isBare(word) { return true }
    let isRatio = first.isDigit && bytes.drop(while: \.isDigit).first == Byte.colon
    guard first.isLetter || isRatio else { return false }
    for (index, byte) in bytes.enumerated() {
      if byte == Byte.dot, index + 1 == bytes.count || bytes[index + 1] == Byte.dot { return false }
      guard
        byte.isLetter || byte.isDigit || byte == Byte.underscore || byte == Byte.colon
          || byte == Byte.minus || byte == Byte.dot
      else { return false }
    }
    return true
  }
}
