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
    case "pivot" where isWord(2, "on"):
      // DuckDB's `PIVOT t ON a USING count(*) GROUP BY b`
      guard let frame = name(1), let using = tokens.firstIndex(where: { $0.lowered == "using" }),
        let keys = list(Array(tokens[3..<using]))
      else { return nil }
      let group = tokens.firstIndex { $0.lowered == "group" } ?? tokens.count
      guard let item = list(Array(tokens[(using + 1)..<group])) else { return nil }
      let rows = group + 2 < tokens.count ? list(Array(tokens[(group + 2)...])) : nil
      return "\(LiteralText.name(frame)) | pivot \(item) by \(keys)"
        + (rows.map { " rows=[\($0)]" } ?? "")
    case "describe", "desc":
      guard tokens.count == 2, let frame = name(1), writer.frames.contains(frame) else {
        return nil
      }
      // As it is spelled here it is the verb of this language.
      let isVerb = first.text == "describe" && tokens.count == self.tokens.count
      return "\(LiteralText.name(frame)) | \(isVerb ? "describe" : "schema")"
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
      return order(Array(tokens.dropFirst(2)), []).map { "sort \($0)" }
    case "group" where isWord(1, "by"):
      return list(Array(tokens.dropFirst(2))).map { "agg count() by \($0)" }
    case "limit": return tokens.count == 2 ? "take \(tokens[1].text)" : nil
    case "count" where tokens.count > 1 && tokens.count < 5 && tokens[1].text == "(":
      return tokens.count == 3 || tokens[2].text == "*" ? "count" : nil
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
        case "select", "from", "where", "having", "limit", "offset", "union":
          found = token.lowered
        case "using" where next == "sample": found = token.lowered
        case "group" where next == "by", "order" where next == "by":
          found = token.lowered
          index += 1
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
    guard let parts = parts(tokens), parts["union"] == nil else { return nil }
    guard let from = parts["from"] else {
      // `SELECT 1 + 1`
      guard let value = ForeignParser.expression(parts["select"] ?? []) else { return nil }
      switch value {
      case .list, .everything: return nil
      default: return writer.text(value)
      }
    }
    if from.first?.text == "(" { return nested(parts, from) }
    guard let tables = ForeignTables(from, writer) else { return nil }
    var copy = self
    copy.writer.frames.formUnion(tables.aliases)
    return copy.stages(parts, tables.stages)
  }

  func stages(_ parts: [String: [ForeignToken]], _ sources: [String]) -> String? {
    var stages = sources
    if let tokens = parts["where"].map({ inlined($0, of: sources) }) {
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
    var limit = parts["limit"]?.first.flatMap { Int($0.text) }
    if columns.first?.lowered == "top", columns.count > 2, columns[1].kind == .number {
      limit = Int(columns[1].text)
      columns.removeFirst(2)
    }
    guard var items = items(columns) else { return nil }
    var keys = parts["group by"] ?? parts["group"]
    if keys?.map(\.lowered) == ["all"] {
      let others = split(columns).filter { part in
        !(self.items(part) ?? []).contains { $0.isAggregate }
      }
      keys = Array(others.joined(separator: ForeignToken.tokens(",") ?? []))
    }
    let isSummary = keys != nil || items.contains { $0.isAggregate }
    if let distinct = items.first(where: \.joinsDistinct) {
      // Each text once: rows are made distinct first, which other aggregates would miss.
      guard items.count(where: \.isAggregate) == 1, let stage = distincts(distinct, keys) else {
        return nil
      }
      stages.append(stage)
    }
    if isSummary {
      // What HAVING counts is a column, too.
      if let having = parts["having"], having.map(\.lowered).joined().contains("count(*)"),
        !items.contains(where: { writer.text($0.value) == "count()" })
      {
        items.append(
          Item(value: .call(.name("count"), [.init(name: nil, value: .everything)]), name: "n"))
      }
      // What else HAVING asks for is a column, too.
      if let having = parts["having"], let value = ForeignParser.expression(having) {
        for call in value.calls(of: Item.aggregates) {
          guard let text = writer.text(call), text != "count()",
            !items.contains(where: { writer.text($0.value) == text })
          else { continue }
          items.append(Item(value: call))
        }
      }
      if items.contains(where: { $0.value.window != nil }) {
        guard parts["having"] == nil, let made = shares(items, keys) else { return nil }
        stages += made
      } else {
        guard let stage = summary(items, keys) else { return nil }
        stages.append(stage)
      }
      if let having = parts["having"] {
        guard let text = self.having(having, items), !text.contains("(") else { return nil }
        stages.append("filter \(text)")
      }
    }
    if parts["order"]?.map(\.lowered).joined() == "random()", let limit {
      return (stages + ["sample \(limit)"]).joined(separator: " | ")
    }
    var after: [String] = excluded.map { ["drop \($0)"] } ?? []
    if !isSummary, !items.isEmpty {
      guard let chosen = selection(items) else { return nil }
      stages += chosen.derived
      if let selected = chosen.selected {
        after.append("\(isDistinct ? "distinct" : "select") \(selected)")
      }
    }
    if isDistinct { stages += after }
    if let tokens = parts["order"] {
      guard let keys = order(tokens, items) else { return nil }
      stages.append("sort \(keys)")
    }
    if !isDistinct { stages += after }
    if let sample = parts["using"] {
      guard sample.first?.lowered == "sample", sample.count > 1 else { return nil }
      let isShare = sample.count > 2 && sample[2].text == "%"
      stages.append("sample \(sample[1].text)\(isShare ? "%" : "")")
    }
    let offset = parts["offset"]?.first.flatMap { Int($0.text) }
    if let limit {
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

    var isAggregate: Bool { value.calls(Self.aggregates) }

    /// `string_agg(DISTINCT x, ', ')`
    var joinsDistinct: Bool {
      guard case .call(let function, let arguments) = value else { return false }
      return arguments.first?.name == "distinct"
        && ["string_agg", "listagg", "group_concat"].contains(function.path?.lowercased() ?? "")
    }

    static let aggregates: Set = [
      "count", "sum", "avg", "mean", "min", "max", "median", "stddev", "variance", "std", "sd",
      "mode", "quantile", "quantile_cont", "percentile_cont", "first", "last", "any_value", "corr",
      "stddev_samp", "var_samp", "count_if", "countif",
      "string_agg", "listagg", "group_concat",
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

  func summary(_ items: [Item], _ keys: [ForeignToken]?) -> String? {
    var keyTexts: [String] = []
    var keyValues: Set<String> = []
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
      keyValues.insert(text)
      keyTexts.append(item?.name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    var texts: [String] = []
    for item in items where item.isAggregate {
      guard let text = writer.text(item.value) else { return nil }
      texts.append(item.name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    // What is neither a key nor an aggregate known here is something else.
    for item in items where !item.isAggregate {
      guard let text = writer.text(item.value), keyValues.contains(text) else { return nil }
    }
    if texts.isEmpty { texts = ["count()"] }
    if keyTexts.isEmpty, texts == ["count()"] { return "count" }
    // Texts are put together in an order.
    let joined = texts.compactMap { text in
      text.firstRange(of: "string_agg(").map {
        String(text[$0.upperBound...].prefix { $0 != "," && $0 != ")" })
      }
    }
    return "agg \(texts.joined(separator: ", "))"
      + (keyTexts.isEmpty ? "" : " by \(keyTexts.joined(separator: ", "))")
      + (joined.first.map { " sort \($0)" } ?? "")
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
      let spelling = writer.spellings[name.lowercased()] ?? name.lowercased()
      let column = item.name ?? (inner == "all()" ? "count" : "\(spelling)_\(inner)")
      text = text.replacing(written, with: column)
    }
    return ForeignToken.tokens(text).flatMap { condition($0) }
  }

  /// The stages that make new columns, and the columns chosen; nil for all of them.
  private func selection(_ items: [Item]) -> (derived: [String], selected: String?)? {
    if items.count == 1, items[0].isEverything { return ([], nil) }
    // A column of a window has keys and an order of its own.
    var derived: [(clauses: String, items: [String])] = []
    var selected: [String] = []
    for item in items {
      if item.isEverything {
        selected.append("all()")
        continue
      }
      guard let text = writer.text(item.value), let clauses = clauses(item.value.window) else {
        return nil
      }
      let isColumn =
        switch item.value {
        case .name, .member: true
        default: false
        }
      if isColumn, item.name == nil {
        selected.append(text)
      } else {
        let name = LiteralText.name(item.name ?? "x\(derived.flatMap(\.items).count + 1)")
        if let place = derived.firstIndex(where: { $0.clauses == clauses }) {
          derived[place].items.append("\(name) = \(text)")
        } else {
          derived.append((clauses, ["\(name) = \(text)"]))
        }
        selected.append(name)
      }
    }
    let stages = derived.map { "derive \($0.items.joined(separator: ", "))\($0.clauses)" }
    if selected.first == "all()" { return (stages, nil) }
    return (stages, selected.joined(separator: ", "))
  }

  /// ` by keys sort order` of a window.
  private func clauses(_ window: ForeignWindow?) -> String? {
    guard let window else { return "" }
    let keys = window.keys.compactMap { writer.text($0) }
    let order = window.order.compactMap { key in
      writer.text(key.value).map { (key.isDescending ? "-" : "") + $0 }
    }
    guard keys.count == window.keys.count, order.count == window.order.count else { return nil }
    return (keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))")
      + (order.isEmpty ? "" : " sort \(order.joined(separator: ", "))")
  }

  private func condition(_ tokens: [ForeignToken], negated: Bool = false) -> String? {
    guard let value = ForeignParser.expression(tokens) else { return nil }
    return writer.text(negated ? .unary("not", value) : value)
  }

  /// Keys; a number is the place of an item, an aggregate the column that it became.
  private func order(_ tokens: [ForeignToken], _ items: [Item]) -> String? {
    var keys: [String] = []
    for var part in split(tokens) {
      var isDescending = false
      while let last = part.last?.lowered, ["asc", "desc", "nulls", "last", "first"].contains(last)
      {
        if last == "desc" { isDescending = true }
        part.removeLast()
      }
      guard let value = ForeignParser.expression(part), var text = writer.text(value) else {
        return nil
      }
      var item = items.first { $0.isAggregate && writer.text($0.value) == text }
      if case .number(let number) = value {
        guard let place = Int(number), items.indices.contains(place - 1) else { return nil }
        item = items[place - 1]
      }
      if let item {
        guard let column = column(item) else { return nil }
        text = column
      }
      keys.append((isDescending ? "-" : "") + text)
    }
    return keys.isEmpty ? nil : keys.joined(separator: ", ")
  }

  /// What the column of an item is called.
  private func column(_ item: Item) -> String? {
    if let name = item.name { return LiteralText.name(name) }
    if case .call(let function, let arguments) = item.value, let name = function.path?.lowercased()
    {
      let spelling = writer.spellings[name] ?? name
      let argument = arguments.first?.value.word
      return argument.map { LiteralText.name("\(spelling)_\($0)") } ?? spelling
    }
    return writer.text(item.value)
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
