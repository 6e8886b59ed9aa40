/// Statements of SQL.
struct ForeignSQL {
  let tokens: [ForeignToken]
  var writer: ForeignWriter

  /// The line that does the same; nil where there is none.
  func line() -> String? {
    var tokens = tokens
    if tokens.last?.text == ";" { tokens.removeLast() }
    guard let first = tokens.first, first.kind == .word else { return nil }
    func name(_ index: Int) -> String? {
      tokens.indices.contains(index) && [.word, .text].contains(tokens[index].kind)
        ? tokens[index].text : nil
    }
    func isWord(_ index: Int, _ word: String) -> Bool {
      tokens.indices.contains(index) && tokens[index].lowered == word
    }
    switch first.lowered {
    case "select", "from": return query(tokens)
    case "explain": return query(Array(tokens.dropFirst())).map { "plan \($0)" }
    case "pragma" where tokens.count == 5:
      return name(3).map { "\(LiteralText.name($0)) | schema" }
    case "show" where isWord(1, "tables"): return "frames"
    case "describe", "desc":
      guard tokens.count == 2, let frame = name(1), writer.frames.contains(frame) else {
        return nil
      }
      return "\(LiteralText.name(frame)) | schema"
    case "summarize":
      guard tokens.count == 2, let frame = name(1), writer.frames.contains(frame) else {
        return nil
      }
      return "\(LiteralText.name(frame)) | describe"
    case "create" where tokens.count > 4 && isWord(3, "as"):
      guard let name = name(2) else { return nil }
      return query(Array(tokens.dropFirst(4))).map { "\(LiteralText.name(name)) = \($0)" }
    case "with" where isWord(2, "as"):
      return common(tokens)
    case "drop" where isWord(1, "table") && tokens.count == 3:
      return name(2).map { "forget \(LiteralText.name($0))" }
    case "delete":
      guard isWord(1, "from"), let frame = name(2) else { return nil }
      guard isWord(3, "where") else { return nil }
      return condition(Array(tokens.dropFirst(4)), negated: true).map {
        "\(LiteralText.name(frame)) |= filter \($0)"
      }
    case "update": return update(tokens)
    case "alter" where isWord(1, "table"): return alter(tokens)
    case "copy": return copy(tokens)
    case "where":
      return condition(Array(tokens.dropFirst())).map { "filter \($0)" }
    case "order" where isWord(1, "by"):
      return order(Array(tokens.dropFirst(2))).map { "sort \($0)" }
    case "group" where isWord(1, "by"):
      return list(Array(tokens.dropFirst(2))).map { "agg count() by \($0)" }
    case "limit": return tokens.count == 2 ? "take \(tokens[1].text)" : nil
    case "count" where tokens.count > 1 && tokens[1].text == "(": return "count"
    default: return nil
    }
  }

  /// The parts of a query by the words that begin them.
  private func parts(_ tokens: [ForeignToken]) -> [String: [ForeignToken]]? {
    var parts: [String: [ForeignToken]] = [:]
    var clause: String?
    var depth = 0
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      if token.kind == .sign {
        if "([{".contains(token.text) { depth += 1 }
        if ")]}".contains(token.text) { depth -= 1 }
      }
      let next = index + 1 < tokens.count ? tokens[index + 1].lowered : ""
      var found: String?
      if depth == 0 {
        switch token.lowered {
        case "select", "from", "where", "having", "limit", "offset", "using", "union", "join":
          found = token.lowered
        case "group" where next == "by", "order" where next == "by":
          found = token.lowered
          index += 1
        case "inner", "left", "right", "full", "cross": return nil
        default: break
        }
      }
      if let found {
        if parts[found] != nil { return nil }
        clause = found
        parts[found] = []
      } else if let clause {
        parts[clause, default: []].append(token)
      }
      index += 1
    }
    return parts
  }

  private func query(_ tokens: [ForeignToken]) -> String? {
    guard let parts = parts(tokens), parts["union"] == nil, parts["join"] == nil,
      let from = parts["from"], let source = source(from)
    else { return nil }
    var copy = self
    if let alias = from.last, from.count > 1, alias.kind == .word {
      copy.writer.frames.insert(alias.text)
    }
    return copy.stages(parts, source)
  }

  private func source(_ tokens: [ForeignToken]) -> String? {
    guard let first = tokens.first else { return nil }
    if first.kind == .text { return "load \(LiteralText.text(first.text))" }
    if first.kind == .word, tokens.count > 3, tokens[1].text == "(", tokens[2].kind == .text {
      return "load \(LiteralText.text(tokens[2].text))"
    }
    guard first.kind == .word, tokens.count <= 3 else { return nil }
    if tokens.count > 1, tokens[1].text == "," { return nil }
    return LiteralText.name(first.text)
  }

  private func stages(_ parts: [String: [ForeignToken]], _ source: String) -> String? {
    var stages = [source]
    if let tokens = parts["where"] {
      guard let condition = condition(tokens) else { return nil }
      stages.append("filter \(condition)")
    }
    var isDistinct = false
    var columns = parts["select"] ?? []
    var excluded: String?
    if columns.count > 3, columns[0].text == "*",
      ["exclude", "except"].contains(columns[1].lowered)
    {
      excluded = list(Array(columns[3..<(columns.count - 1)]))
      columns = [columns[0]]
    }
    if columns.first?.lowered == "distinct" {
      isDistinct = true
      columns.removeFirst()
    }
    guard let items = items(columns) else { return nil }
    let keys = parts["group by"] ?? parts["group"]
    let isSummary = keys != nil || items.contains { $0.isAggregate }
    if isSummary {
      guard let stage = summary(items, keys) else { return nil }
      stages.append(stage)
      if let having = parts["having"] {
        guard let text = self.having(having, items) else { return nil }
        stages.append("filter \(text)")
      }
    }
    var after: [String] = excluded.map { ["drop \($0)"] } ?? []
    if !isSummary, !items.isEmpty {
      guard let chosen = selection(items) else { return nil }
      if let derived = chosen.derived { stages.append("derive \(derived)") }
      if let selected = chosen.selected {
        after.append("\(isDistinct ? "distinct" : "select") \(selected)")
      }
    }
    if isDistinct { stages += after }
    if let tokens = parts["order"] {
      guard let keys = order(tokens) else { return nil }
      stages.append("sort \(keys)")
    }
    if !isDistinct { stages += after }
    if let sample = parts["using"] {
      guard sample.first?.lowered == "sample", sample.count > 1 else { return nil }
      stages.append("sample \(sample[1].text)")
    }
    let offset = parts["offset"]?.first.flatMap { Int($0.text) }
    if let limit = parts["limit"]?.first.flatMap({ Int($0.text) }) {
      let from = offset ?? 0
      stages.append(from > 0 ? "take \(from + 1)..\(from + limit)" : "take \(limit)")
    } else if let offset {
      stages.append("take \(offset + 1)..")
    }
    return stages.joined(separator: " | ")
  }

  /// What stands between SELECT and FROM: an expression and perhaps its name.
  struct Item {
    var value: ForeignExpr
    var name: String?

    var isEverything: Bool {
      if case .everything = value { true } else { false }
    }

    var isAggregate: Bool {
      guard case .call(let function, _) = value, let name = function.path?.lowercased() else {
        return false
      }
      return Self.aggregates.contains(name)
    }

    private static let aggregates: Set = [
      "count", "sum", "avg", "mean", "min", "max", "median", "stddev", "variance", "std", "sd",
      "mode", "quantile", "quantile_cont", "first", "last", "any_value", "corr",
    ]
  }

  private func items(_ tokens: [ForeignToken]) -> [Item]? {
    var items: [Item] = []
    for var part in split(tokens) {
      if part.count > 1, part[0].text == "*" { return nil }
      var name: String?
      if part.count > 2, part[part.count - 2].lowered == "as" {
        name = part[part.count - 1].text
        part.removeLast(2)
      } else if part.count > 1, let last = part.last, last.kind == .word, last.lowered != "end",
        part[part.count - 2].text == ")" || part.count == 2 && part[0].kind == .word
      {
        name = last.text
        part.removeLast()
      }
      guard let value = ForeignParser.expression(part) else { return nil }
      items.append(Item(value: value, name: name))
    }
    return items
  }

  private func summary(_ items: [Item], _ keys: [ForeignToken]?) -> String? {
    var keyTexts: [String] = []
    for key in keys.map(split) ?? [] {
      guard let value = ForeignParser.expression(key) else { return nil }
      // `GROUP BY 1` and `GROUP BY alias` name an item.
      var item: Item?
      if case .number(let number) = value, let place = Int(number),
        items.indices.contains(place - 1)
      {
        item = items[place - 1]
      } else if let word = value.word {
        item = items.first { $0.name == word }
      }
      guard let text = writer.text(item?.value ?? value) else { return nil }
      keyTexts.append(item?.name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    var texts: [String] = []
    for item in items where item.isAggregate {
      guard let text = writer.text(item.value) else { return nil }
      texts.append(item.name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    if texts.isEmpty { texts = ["count()"] }
    if keyTexts.isEmpty, texts == ["count()"] { return "count" }
    return "agg \(texts.joined(separator: ", "))"
      + (keyTexts.isEmpty ? "" : " by \(keyTexts.joined(separator: ", "))")
  }

  private func having(_ tokens: [ForeignToken], _ items: [Item]) -> String? {
    // An aggregate in it is a column by now.
    var text = tokens.map(\.text).joined()
    text = text.lowercased()
    for item in items where item.isAggregate {
      guard case .call(let function, let arguments) = item.value, let name = function.path else {
        continue
      }
      let inner = arguments.first.flatMap { writer.text($0.value) } ?? ""
      let written = "\(name.lowercased())(\(inner == "all()" ? "*" : inner.lowercased()))"
      let column = item.name ?? (inner == "all()" ? "count" : "\(name.lowercased())_\(inner)")
      text = text.replacing(written, with: column)
    }
    return ForeignToken.tokens(text).flatMap { condition($0) }
  }

  private func selection(_ items: [Item]) -> (derived: String?, selected: String?)? {
    if items.count == 1, items[0].isEverything { return (nil, nil) }
    var derived: [String] = []
    var selected: [String] = []
    for item in items {
      if item.isEverything {
        selected.append("all()")
        continue
      }
      guard let text = writer.text(item.value) else { return nil }
      if case .name = item.value, item.name == nil {
        selected.append(text)
      } else if case .member = item.value, item.name == nil {
        selected.append(text)
      } else {
        let name = LiteralText.name(item.name ?? "x\(derived.count + 1)")
        derived.append("\(name) = \(text)")
        selected.append(name)
      }
    }
    let derivedText = derived.isEmpty ? nil : derived.joined(separator: ", ")
    if selected.first == "all()" { return (derivedText, nil) }
    return (derivedText, selected.joined(separator: ", "))
  }

  private func condition(_ tokens: [ForeignToken], negated: Bool = false) -> String? {
    guard let value = ForeignParser.expression(tokens) else { return nil }
    return writer.text(negated ? .unary("not", value) : value)
  }

  private func order(_ tokens: [ForeignToken]) -> String? {
    var keys: [String] = []
    for var part in split(tokens) {
      var isDescending = false
      while let last = part.last?.lowered, ["asc", "desc", "nulls", "last", "first"].contains(last)
      {
        if last == "desc" { isDescending = true }
        part.removeLast()
      }
      guard let value = ForeignParser.expression(part), let text = writer.text(value) else {
        return nil
      }
      keys.append((isDescending ? "-" : "") + text)
    }
    return keys.isEmpty ? nil : keys.joined(separator: ", ")
  }

  private func list(_ tokens: [ForeignToken]) -> String? {
    let texts = split(tokens).compactMap {
      ForeignParser.expression($0).flatMap { writer.text($0) }
    }
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }

  /// The tokens between commas outside of brackets.
  func split(_ tokens: [ForeignToken]) -> [[ForeignToken]] { ForeignToken.split(tokens, at: ",") }
}
