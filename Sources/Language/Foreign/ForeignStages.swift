/// Stages behind a pipe as KQL, dplyr, PRQL, Splunk and shells write them, and stages of this
/// language with other languages' expressions.
struct ForeignStage {
  let tokens: [ForeignToken]
  var writer: ForeignWriter
  /// The verbs here.
  var verbs: Set<String>

  /// The stage as it is written here; nil where there is none.
  func stages(_ input: ForeignPipeline) -> ForeignPipeline? {
    guard let first = tokens.first, first.kind == .word else { return nil }
    let word = first.lowered
    var rest = Array(tokens.dropFirst())
    // `project-away`
    if rest.count > 1, rest[0].text == "-", !rest[0].isSpaced, rest[1].kind == .word,
      ["project"].contains(word)
    {
      let verb =
        rest[1].lowered == "away"
        ? "drop"
        : rest[1].lowered == "rename" ? "rename" : rest[1].lowered == "keep" ? "select" : nil
      if rest[1].lowered == "reorder" {
        return names(Array(rest.dropFirst(2))).map { input.adding("select \($0), all()") }
      }
      guard let verb else { return nil }
      return Self(
        tokens: [ForeignToken(kind: .word, text: verb)] + rest.dropFirst(2),
        writer: writer, verbs: verbs
      ).stages(input)
    }
    if rest.first?.text == "(", rest.first?.isSpaced == false || !verbs.contains(word),
      let value = ForeignParser.expression(tokens), case .call(let function, let arguments) = value,
      let name = function.path
    {
      return input.applying(name, arguments)
    }
    if rest.count > 1, rest[0].text == "-", !rest[0].isSpaced, rest[1].kind == .word,
      ["make", "parse"].contains(word)
    {
      return word == "make" ? series(rest, input) : nil
    }
    if rest.first?.text == "{", rest.last?.text == "}" { rest = Array(rest.dropFirst().dropLast()) }
    return stage(word, rest, input)
  }

  private func stage(
    _ word: String, _ rest: [ForeignToken], _ input: ForeignPipeline
  ) -> ForeignPipeline? {
    switch word {
    case "where", "filter",
      "keep" where rest.first?.lowered == "if":
      let tokens = rest.first?.lowered == "if" ? Array(rest.dropFirst()) : rest
      return ForeignParser.expression(tokens).flatMap { input.filtering([$0]) }
    case "summarize", "summarise", "agg", "aggregate", "stats":
      return summary(rest, input)
    case "project", "select", "fields", "table", "keep":
      return selection(rest, input)
    case "extend", "derive", "mutate", "eval", "gen", "let":
      return named(rest).map { input.adding("derive \($0)") }
    case "rename": return renaming(rest).map { input.adding("rename \($0)") }
    case "drop", "dropnull", "tabulate":
      return names(rest).map { input.adding("\(word) \($0)") }
    case "uniq" where rest.map(\.text) == ["-", "c"]:
      guard let last = input.stages.last, last.hasPrefix("sort ") else { return nil }
      var copy = input
      copy.stages[copy.stages.count - 1] = "tabulate " + last.dropFirst(5)
      return copy
    case "distinct", "dedup", "drop_duplicates", "uniq", "unique":
      if rest.isEmpty || rest[0].text == "*" { return input.adding("distinct") }
      if rest[0].text == "-" { return nil }
      return names(rest).map { input.adding("distinct \($0)") }
    case "top":
      guard rest.count > 1, rest[0].kind == .number else { return nil }
      let columns = rest.dropFirst(rest[1].lowered == "by" ? 2 : 1)
      guard let keys = order(Array(columns), isDescending: true) else { return nil }
      return input.adding("sort \(keys)").adding("take \(rest[0].text)")
    case "sort", "order", "arrange", "sortby":
      var keys = rest
      if keys.first?.lowered == "by" { keys.removeFirst() }
      var turned = false
      if keys.count == 3, keys[0].text == "-", keys[1].text == "u" {
        return names([keys[2]]).map { input.adding("distinct \($0)") }
      }
      if keys.count > 2, keys[0].text == "-", !keys[1].isSpaced,
        ["n", "r", "k"].contains(keys[1].text)
      {
        turned = keys[1].text == "r"
        keys.removeFirst(2)
      }
      return order(keys, isDescending: turned, default: false).map { input.adding("sort \($0)") }
    case "group", "group_by", "groupby":
      var keys = rest
      if keys.first?.lowered == "by" { keys.removeFirst() }
      if let place = keys.firstIndex(where: { $0.text == "(" }) {
        guard let names = names(Array(keys[..<place])) else { return nil }
        let inner = Array(keys[(place + 1)...].dropLast())
        var copy = input
        copy.keys = names.components(", ")
        return Self(tokens: inner, writer: writer, verbs: verbs).stages(copy)
      }
      guard let names = names(keys) else { return nil }
      var copy = input
      copy.keys = names.components(", ")
      return copy
    case "fit", "lm", "regress":
      let tokens = [ForeignToken(kind: .word, text: "fit")] + rest
      return ForeignStata(tokens, writer)?.line().map { input.adding($0) }
    case "tee":
      return rest.isEmpty
        ? nil
        : input.adding("export \(LiteralText.text(rest.map(\.text).joined()))")
    case "getschema": return input.adding("schema")
    case "wc": return input.adding("count")
    case "less", "more": return input.adding("head 20")
    case "head", "tail", "take", "limit":
      let isFromEnd = word == "take" && rest.first?.text == "-"
      let verb = isFromEnd ? "tail" : word == "limit" ? "take" : word
      let count = rest.last
      guard let count else { return input.adding(verb) }
      let words = ["one": "1", "two": "2", "three": "3", "five": "5", "ten": "10"]
      let number = count.kind == .number ? count.text : words[count.lowered]
      return number.map { input.adding("\(verb) \($0)") }
    case "mean", "median", "sum", "min", "max", "avg", "sd", "std", "var":
      guard rest.count == 1, rest[0].kind == .word else { return nil }
      return input.aggregating([
        "\(writer.spellings[word] ?? word)(\(LiteralText.name(rest[0].text)))"
      ])
    case "count" where rest.first?.lowered == "by" && rest.count > 2:
      guard let last = rest.last?.lowered, ["desc", "descending", "asc"].contains(last),
        let keys = names(Array(rest.dropFirst().dropLast()))
      else { return nil }
      return input.adding("agg n = count() by \(keys)").adding("sort \(last == "asc" ? "" : "-")n")
    case "tab": return names(rest).map { input.adding("tabulate \($0)") }
    case "describe", "hist":
      guard let place = rest.firstIndex(where: { $0.lowered == "if" }),
        let value = ForeignParser.expression(Array(rest[(place + 1)...])),
        let condition = writer.text(value)
      else { return nil }
      let items = place == 0 ? "" : (names(Array(rest[..<place])).map { " \($0)" } ?? "")
      return input.adding("\(word)\(items) where \(condition)")
    case "join", "lookup": return joining(rest, input)
    case "union", "append":
      if rest.contains(where: { $0.kind == .text }) { return nil }
      return names(rest.filter { $0.text != "(" && $0.text != ")" }).map {
        input.adding("append \($0)")
      }
    case "render": return rest.first.flatMap { input.rendered($0.lowered) }
    case "serialize" where rest.isEmpty: return input
    case "mv" where rest.count == 3 && rest[1].lowered == "expand":
      return expanded(LiteralText.name(rest[2].text), input)
    case "evaluate":
      // `evaluate pivot(key, aggregate, rows)`
      guard case .call(.name("pivot"), let arguments)? = ForeignParser.expression(rest),
        let key = arguments.first.flatMap({ writer.text($0.value) })
      else { return nil }
      let item = arguments.count > 1 ? writer.text(arguments[1].value) : "count()"
      let rows = arguments.dropFirst(2).compactMap { writer.text($0.value) }
      let list = rows.isEmpty ? "" : " rows=[\(rows.joined(separator: ", "))]"
      return item.map { input.adding("pivot \($0) by \(key)\(list)") }
    case "as", "print": return nil
    default:
      return ForeignShell(tokens)?.pipeline(input, writer)
    }
  }

  /// `n = count(), avg(x) by k`, also with `as`, `over`, `group by`.
  private func summary(_ tokens: [ForeignToken], _ input: ForeignPipeline) -> ForeignPipeline? {
    var items = tokens
    var keys: [ForeignToken] = []
    let words: Set = ["by", "over", "per", "group"]
    var depth = 0
    for (index, token) in tokens.enumerated() {
      if token.text == "(" { depth += 1 }
      if token.text == ")" { depth -= 1 }
      if depth == 0, token.kind == .word, words.contains(token.lowered) {
        items = Array(tokens[..<index])
        keys = Array(tokens[(index + 1)...])
        if token.lowered == "group", keys.first?.lowered == "by" { keys.removeFirst() }
        break
      }
    }
    if items.last?.text == "," { items.removeLast() }
    keys.removeAll { $0.lowered == "by" }
    if items.count == 1, items[0].lowered == "count" { items += ForeignToken.tokens("()") ?? [] }
    // Stata's `mean x`, PRQL's `average x`
    if items.count == 2, items.allSatisfy({ $0.kind == .word }) {
      let function = writer.spellings[items[0].lowered] ?? items[0].text
      items = ForeignToken.tokens("\(function)(\(items[1].text))") ?? items
    }
    var copy = input
    if !keys.isEmpty {
      guard let names = named(keys) else { return nil }
      copy.keys = names.components(", ")
    }
    if items.isEmpty {
      let columns = copy.keys.joined(separator: ", ")
      copy.keys = []
      return columns.isEmpty ? nil : copy.adding("distinct \(columns)")
    }
    // KQL's and SQL's sets of values.
    if let call = ForeignParser.expression(items), case .call(let function, let arguments) = call,
      ["make_set", "make_list", "array_agg", "collect_set"].contains(function.path ?? ""),
      let column = arguments.first.flatMap({ writer.text($0.value) })
    {
      let columns = (copy.keys + [column]).joined(separator: ", ")
      copy.keys = []
      return copy.adding("distinct \(columns)")
    }
    if let call = ForeignParser.expression(items), case .call(let function, let arguments) = call,
      function.path == "arg_max" || function.path == "arg_min", arguments.count > 1,
      let key = writer.text(arguments[0].value),
      let others = ForeignExpr.list(arguments.dropFirst().map(\.value)).words
    {
      let columns = (copy.keys + [key] + others.map(LiteralText.name)).joined(separator: ", ")
      return copy.adding("sort \(function.path == "arg_max" ? "-" : "")\(key)")
        .adding("take 1\(copy.clause)").grouped.adding("select \(columns)")
    }
    // KQL's rows of the greatest value in each group.
    if let call = ForeignParser.expression(items), case .call(let function, let arguments) = call,
      function.path == "arg_max" || function.path == "arg_min", arguments.count == 2,
      case .everything = arguments[1].value, let key = writer.text(arguments[0].value)
    {
      return copy.adding("sort \(function.path == "arg_max" ? "-" : "")\(key)")
        .adding("take 1\(copy.clause)").grouped
    }
    // A column alone is no aggregate.
    guard let text = named(items) else { return nil }
    if !text.contains("(") {
      guard let columns = names(items) else { return nil }
      if input.source.isEmpty || tokens.count == items.count {
        if tokens.count == items.count { return input.adding("describe \(columns)") }
      }
      return copy.aggregating(columns.components(", ").map { "mean(\($0))" })
    }
    return copy.aggregating([text])
  }

  /// A row for each part: where the parts were made just before, in one stage.
  private func expanded(_ column: String, _ input: ForeignPipeline) -> ForeignPipeline? {
    guard let last = input.stages.last, last.hasPrefix("derive \(column) = split(") else {
      return input.adding("explode split(\(column), \",\")")
    }
    var copy = input
    copy.stages[copy.stages.count - 1] = "explode " + last.dropFirst("derive ".count)
    return copy
  }

  private func selection(_ tokens: [ForeignToken], _ input: ForeignPipeline) -> ForeignPipeline? {
    var tokens = tokens
    if tokens.first?.lowered == "distinct" {
      return names(Array(tokens.dropFirst())).map { input.adding("distinct \($0)") }
    }
    if tokens.count == 1, tokens[0].text == "*" { return input }
    if tokens.first?.text == "[", tokens.last?.text == "]" {
      tokens = Array(tokens.dropFirst().dropLast())
    }
    if !tokens.contains(where: { $0.text == "=" || $0.lowered == "as" }) {
      return names(tokens).map { input.adding("select \($0)") }
    }
    var derived: [String] = []
    var renamed: [String] = []
    var selected: [String] = []
    for part in ForeignToken.split(tokens, at: ",") {
      guard let item = named(part) else { return nil }
      if let place = item.range(" = ") {
        let (name, value) = (item[..<place.lowerBound], item[place.upperBound...])
        selected.append(String(name))
        if part.count == 3 { renamed.append("\(value) -> \(name)") } else { derived.append(item) }
      } else {
        selected.append(item)
      }
    }
    var result = input
    if !derived.isEmpty { result = result.adding("derive \(derived.joined(separator: ", "))") }
    if !renamed.isEmpty { result = result.adding("rename \(renamed.joined(separator: ", "))") }
    return result.adding("select \(selected.joined(separator: ", "))")
  }

  /// `join kind=leftouter (zones) on $left.zone == $right.id, day`
  private func joining(_ tokens: [ForeignToken], _ input: ForeignPipeline) -> ForeignPipeline? {
    var tokens = tokens.filter { $0.text != "(" && $0.text != ")" }
    var kind = ""
    if tokens.first?.lowered == "kind", tokens.count > 3, tokens[1].text == "=" {
      let kinds = [
        "leftouter": "left", "rightouter": "right", "fullouter": "full", "leftsemi": "semi",
        "leftanti": "anti", "left": "left", "right": "right", "full": "full", "semi": "semi",
        "anti": "anti",
      ]
      kind = kinds[tokens[2].lowered].map { " kind=\($0)" } ?? ""
      tokens.removeFirst(3)
    }
    guard tokens.count > 2, tokens[0].kind == .word, tokens[1].lowered == "on" else { return nil }
    var keys: [String] = []
    for part in ForeignToken.split(Array(tokens.dropFirst(2)), at: ",") {
      // `$left.a == $right.b` is seven signs and words, or nine.
      let words = part.filter { $0.kind == .word }.map(\.text)
      if part.count == 1, words.count == 1 {
        keys.append(LiteralText.name(words[0]))
      } else if words.count == 4, words[0] == "left", words[2] == "right" {
        let (left, right) = (LiteralText.name(words[1]), LiteralText.name(words[3]))
        keys.append(left == right ? left : "\(left) == \(right)")
      } else {
        return nil
      }
    }
    let list = keys.joined(separator: ", ")
    return input.adding("join \(LiteralText.name(tokens[0].text)) on \(list)\(kind)")
  }

  /// Items with or without a name: `a = b`, `b as a`, `a <- b`, `a: b`.
  func named(_ tokens: [ForeignToken]) -> String? {
    var items: [String] = []
    for var part in ForeignToken.split(tokens, at: ",") {
      var name: String?
      if part.count > 2, part[part.count - 2].lowered == "as" {
        name = part[part.count - 1].text
        part.removeLast(2)
      } else if part.count > 2, part[0].kind == .word,
        ["=", "<-", ":=", ":"].contains(part[1].text)
      {
        name = part[0].text
        part.removeFirst(2)
      }
      guard let value = ForeignParser.expression(part), let text = writer.text(value) else {
        return nil
      }
      items.append(name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    return items.isEmpty ? nil : items.joined(separator: ", ")
  }

  private func renaming(_ tokens: [ForeignToken]) -> String? {
    var pairs: [String] = []
    for part in ForeignToken.split(tokens, at: ",") {
      if part.count == 3, part[1].text == "=" {
        pairs.append("\(LiteralText.name(part[2].text)) -> \(LiteralText.name(part[0].text))")
      } else if part.count == 3, ["to", "as", "->", "=>"].contains(part[1].lowered) {
        pairs.append("\(LiteralText.name(part[0].text)) -> \(LiteralText.name(part[2].text))")
      } else if part.count == 2, part.allSatisfy({ $0.kind == .word }) {
        pairs.append("\(LiteralText.name(part[0].text)) -> \(LiteralText.name(part[1].text))")
      } else {
        return nil
      }
    }
    return pairs.isEmpty ? nil : pairs.joined(separator: ", ")
  }

  /// Names with or without commas, in quotes or not.
  private func names(_ tokens: [ForeignToken]) -> String? {
    let kept = tokens.filter { ![",", "and", "by", "[", "]"].contains($0.lowered) }
    guard !kept.isEmpty, kept.allSatisfy({ $0.kind == .word || $0.kind == .text }) else {
      return nil
    }
    return kept.map { LiteralText.name($0.text) }.joined(separator: ", ")
  }

  /// `a desc, b asc`; KQL sorts descending where nothing is said.
  private func order(
    _ tokens: [ForeignToken], isDescending: Bool, default standard: Bool? = nil
  ) -> String? {
    var keys: [String] = []
    for var part in ForeignToken.split(tokens, at: ",") {
      var turned = isDescending
      if part.count > 2, part[part.count - 2].lowered == "nulls" { part.removeLast(2) }
      if let last = part.last?.lowered, part.count > 1 {
        if ["desc", "descending"].contains(last) {
          turned = true
          part.removeLast()
        } else if ["asc", "ascending"].contains(last) {
          turned = false
          part.removeLast()
        }
      } else if part.count == 1, ["desc", "descending"].contains(part[0].lowered), !keys.isEmpty {
        keys = keys.map { $0.hasPrefix("-") ? $0 : "-\($0)" }
        continue
      }
      guard let value = ForeignParser.expression(part),
        let text = ForeignPipeline.sortKeys([value], writer, isDescending: turned)
      else { return nil }
      keys.append(text)
    }
    return keys.isEmpty ? nil : keys.joined(separator: ", ")
  }
}

extension String {
  /// The texts between a separator.
  func components(_ separator: String) -> [String] {
    split(separator: separator).map(String.init)
  }

  /// Where another text first stands in it.
  fileprivate func range(_ part: String) -> Range<String.Index>? { firstRange(of: part) }
}
