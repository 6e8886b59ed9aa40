/// What SQL reads from: a table or file and those joined to it.
struct ForeignTables {
  /// The source, then a `join` each.
  var stages: [String] = []
  /// What columns may be called by in front of their dot.
  var aliases: Set<String> = []

  private static let kinds = [
    "inner": "", "left": " kind=left", "right": " kind=right", "full": " kind=full",
    "cross": " kind=cross", "semi": " kind=semi", "anti": " kind=anti", "asof": " kind=asof",
  ]

  /// Nil where there is no like.
  init?(_ tokens: [ForeignToken], _ writer: ForeignWriter) {
    var parts: [(kind: String, tokens: [ForeignToken])] = [("", [])]
    var kind = ""
    for token in tokens {
      if let known = Self.kinds[token.lowered] {
        kind = known
      } else if token.lowered == "outer" || token.lowered == "natural" {
        continue
      } else if token.lowered == "join" {
        parts.append((kind, []))
        kind = ""
      } else {
        parts[parts.count - 1].tokens.append(token)
      }
    }
    for (number, part) in parts.enumerated() {
      let place = part.tokens.firstIndex { ["on", "using"].contains($0.lowered) }
      let table = Array(part.tokens[..<(place ?? part.tokens.count)])
      guard let source = source(table) else { return nil }
      if number == 0 {
        guard place == nil else { return nil }
        stages = [source]
        continue
      }
      guard !source.hasPrefix("load ") else { return nil }
      let alias = table.last?.text ?? ""
      guard let place else {
        guard part.kind == " kind=cross" else { return nil }
        stages.append("join \(source)\(part.kind)")
        continue
      }
      let isUsing = part.tokens[place].lowered == "using"
      let given = Array(part.tokens[(place + 1)...])
      guard let value = ForeignParser.expression(given) else { return nil }
      let keys = isUsing ? value.words.map { $0.map(LiteralText.name) } : pairs(value, alias)
      guard let keys, !keys.isEmpty else { return nil }
      stages.append("join \(source) on \(keys.joined(separator: ", "))\(part.kind)")
    }
  }

  /// A bound name or a file, and its alias among the others.
  private mutating func source(_ tokens: [ForeignToken]) -> String? {
    guard let first = tokens.first else { return nil }
    if first.kind == .text { return "load \(LiteralText.text(first.text))" }
    if first.kind == .word, tokens.count > 3, tokens[1].text == "(", tokens[2].kind == .text {
      return "load \(LiteralText.text(tokens[2].text))"
    }
    guard first.kind == .word, tokens.count <= 3, tokens.allSatisfy({ $0.kind == .word }) else {
      return nil
    }
    aliases.formUnion([first.text, tokens[tokens.count - 1].text])
    return LiteralText.name(first.text)
  }

  /// `a.x = b.y AND …` as keys: what belongs to the alias stands on the right.
  private func pairs(_ value: ForeignExpr, _ alias: String) -> [String]? {
    switch value {
    case .binary("and", let left, let right):
      guard let first = pairs(left, alias), let second = pairs(right, alias) else { return nil }
      return first + second
    case .binary("==", .member(let base, let left), .member(_, let right)):
      let isTurned = base.word == alias
      let (left, right) = isTurned ? (right, left) : (left, right)
      let (first, second) = (LiteralText.name(left), LiteralText.name(right))
      return [first == second ? first : "\(first) == \(second)"]
    default: return nil
    }
  }
}
