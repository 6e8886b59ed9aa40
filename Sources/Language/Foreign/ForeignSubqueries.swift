/// Parts of queries that are stages of their own here.
extension ForeignSQL {
  /// A condition with `(SELECT avg(x) FROM t)` as `avg(x)`, where `t` is the table of the query itself:
  /// an aggregate in a condition is that of all rows.
  func inlined(_ tokens: [ForeignToken], of sources: [String]) -> [ForeignToken] {
    guard sources.count == 1 else { return tokens }
    var result: [ForeignToken] = []
    var index = 0
    while index < tokens.count {
      guard tokens[index].text == "(", index + 1 < tokens.count,
        tokens[index + 1].lowered == "select", let end = closing(tokens, index)
      else {
        result.append(tokens[index])
        index += 1
        continue
      }
      let inner = Array(tokens[(index + 2)..<end])
      guard let from = inner.lastIndex(where: { $0.lowered == "from" }), from + 2 == inner.count,
        LiteralText.name(inner[from + 1].text) == sources[0],
        let value = ForeignParser.expression(Array(inner[..<from])), value.calls(Item.aggregates)
      else { return tokens }
      result += [tokens[index]] + inner[..<from] + [tokens[end]]
      index = end + 1
    }
    return result
  }

  private func closing(_ tokens: [ForeignToken], _ opening: Int) -> Int? {
    var depth = 0
    for index in opening..<tokens.count {
      if tokens[index].text == "(" { depth += 1 }
      if tokens[index].text == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// The stage that leaves each combination of keys and a text's column once.
  func distincts(_ item: Item, _ keys: [ForeignToken]?) -> String? {
    guard case .call(_, let arguments) = item.value, let column = arguments.first?.value.word else {
      return nil
    }
    let words = split(keys ?? []).map { $0.count == 1 && $0[0].kind == .word ? $0[0].text : nil }
    let names = words.compactMap { $0 }
    guard names.count == words.count else { return nil }
    return "distinct \((names + [column]).map(LiteralText.name).joined(separator: ", "))"
  }

  /// `count(*) * 100.0 / sum(count(*)) OVER ()`: the summary, and then what is made of its columns.
  func shares(_ items: [Item], _ keys: [ForeignToken]?) -> [String]? {
    var summaries: [Item] = []
    var derived: [String] = []
    for item in items {
      guard item.value.window != nil else {
        summaries.append(item)
        continue
      }
      guard let name = item.name, var text = writer.text(item.value),
        item.value.window?.order.isEmpty == true, item.value.window?.keys.isEmpty == true
      else { return nil }
      for call in item.value.calls(of: Item.aggregates) {
        guard let written = writer.text(call) else { return nil }
        let known = summaries.first { writer.text($0.value) == written && $0.name != nil }
        let column = known?.name ?? (written == "count()" ? "n" : "total")
        if known == nil {
          guard !summaries.contains(where: { $0.name == column }) else { return nil }
          summaries.append(Item(value: call, name: column))
        }
        text = text.replacing(written, with: LiteralText.name(column))
      }
      derived.append("\(LiteralText.name(name)) = \(text)")
    }
    return summary(summaries, keys).map { [$0, "derive \(derived.joined(separator: ", "))"] }
  }
}
