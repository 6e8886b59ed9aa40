/// Commands about the current frame as Stata has them, and those of shells and consoles.
struct ForeignCommand {
  let tokens: [ForeignToken]
  var writer: ForeignWriter

  /// The line that does the same; nil where there is none.
  func line() -> String? {
    guard let first = tokens.first, first.kind == .word || first.kind == .sign else { return nil }
    if let line = console(first) { return line }
    guard first.kind == .word else { return nil }
    var parts = ForeignToken.split(tokens, at: ",")
    guard !parts.isEmpty else { return nil }
    var head = parts.removeFirst()
    var options = parts.flatMap { $0 }
    // A list of names with commas has no options.
    if !options.contains(where: { $0.text == "(" || Self.options.contains($0.lowered) }) {
      head = tokens
      options = []
    }
    var prefix = ""
    if ["by", "bysort", "bys"].contains(first.lowered),
      let colon = head.firstIndex(where: { $0.text == ":" })
    {
      guard let keys = names(Array(head[1..<colon])) else { return nil }
      prefix = " by \(keys)"
      head = Array(head[(colon + 1)...])
    }
    guard let verb = head.first?.lowered else { return nil }
    var rest = Array(head.dropFirst())
    var condition = ""
    if let place = rest.firstIndex(where: { $0.lowered == "if" }) {
      guard let value = ForeignParser.expression(Array(rest[(place + 1)...])) else { return nil }
      guard let text = writer.text(Self.missing(value)) else { return nil }
      condition = text
      rest = Array(rest[..<place])
    }
    return line(verb, rest, options, condition, prefix)
  }

  private static let options: Set = [
    "by", "bin", "bins", "nq", "over", "detail", "robust", "replace", "clear", "missing", "sort",
    "short", "gen", "stat", "statistic", "normal", "generate",
  ]

  private static let looks: Set = [
    "hist", "histogram", "scatter", "describe", "summarize", "head", "tail", "count", "correlate",
    "tabulate", "tab", "schema", "missing",
  ]

  /// Stata's `.` is null.
  private static func missing(_ value: ForeignExpr) -> ForeignExpr {
    switch value {
    case .binary(let sign, let left, .text("")) where sign == "==" || sign == "!=":
      return .isNull(left, sign == "==")
    default: return value
    }
  }

  private func line(
    _ verb: String, _ rest: [ForeignToken], _ options: [ForeignToken], _ condition: String,
    _ prefix: String
  ) -> String? {
    let filter = condition.isEmpty ? "" : " where \(condition)"
    // `hist penguins body_mass_g` and `hist penguins.body_mass_g`
    if let frame = rest.first, writer.frames.contains(frame.text), prefix.isEmpty,
      Self.looks.contains(verb)
    {
      let columns = Array(rest.dropFirst(rest.count > 1 && rest[1].text == "." ? 2 : 1))
      let stage = line(verb, columns, options, condition, prefix) ?? (columns.isEmpty ? verb : nil)
      return stage.map { "\(LiteralText.name(frame.text)) | \($0)" }
    }
    let columns = names(rest)
    let list = columns.map { " \($0)" } ?? ""
    let by = option("by", options).flatMap(names).map { " by \($0)" } ?? prefix
    switch verb {
    case "gen", "generate", "egen":
      guard rest.count > 2, rest[1].text == "=",
        let value = ForeignParser.expression(Array(rest.dropFirst(2))),
        let text = writer.text(value)
      else { return nil }
      return "|= derive \(LiteralText.name(rest[0].text)) = \(text)\(by)\(filter)"
    case "replace":
      guard rest.count > 2, rest[1].text == "=",
        let value = ForeignParser.expression(Array(rest.dropFirst(2))),
        let text = writer.text(value)
      else { return nil }
      return "|= derive \(LiteralText.name(rest[0].text)) = \(text)\(filter)"
    case "keep":
      if rest.isEmpty { return condition.isEmpty ? nil : "|= filter \(condition)" }
      return columns.map { "|= select \($0)" }
    case "drop":
      if rest.isEmpty, !condition.isEmpty {
        return "|= filter not (\(condition))"
      }
      return columns.map { "|= drop \($0)" }
    case "list", "browse", "edit":
      var stages = condition.isEmpty ? [] : ["filter \(condition)"]
      if let place = rest.firstIndex(where: { $0.lowered == "in" }) {
        let range = Array(rest[(place + 1)...])
        guard range.count == 3, range[1].text == "/" else { return nil }
        if let columns = names(Array(rest[..<place])) { stages.append("select \(columns)") }
        stages.append("take \(range[0].text)..\(range[2].text)")
      } else {
        if let columns { stages.append("select \(columns)") }
        stages.append("head")
      }
      return stages.joined(separator: " | ")
    case "summarize", "summarise", "sum", "su", "inspect", "codebook":
      return "describe\(list)\(by)\(filter)"
    case "describe": return "schema"
    case "tab", "table", "tabulate", "tab1", "tab2":
      guard let columns else { return nil }
      if let statistic = option("statistic", options), statistic.count == 2 {
        return "agg \(statistic[0].text)(\(statistic[1].text)) by \(columns)"
      }
      return "tabulate \(columns)\(filter)"
    case "tabstat":
      return columns.map { "describe \($0)\(by)" }
    case "count": return condition.isEmpty ? "count" : "filter \(condition) | count"
    case "gsort", "sort":
      var keys: [String] = []
      var sign = ""
      for token in rest {
        if token.text == "-" {
          sign = "-"
        } else if token.kind == .word {
          if ["desc", "descending"].contains(token.lowered), !keys.isEmpty {
            keys[keys.count - 1] = "-" + keys[keys.count - 1]
          } else if !["by", "asc", "ascending"].contains(token.lowered) {
            keys.append(sign + LiteralText.name(token.text))
          }
          sign = ""
        } else if token.text != ",", token.text != "+" {
          return nil
        }
      }
      return keys.isEmpty ? nil : "sort \(keys.joined(separator: ", "))"
    case "collapse":
      var rest = rest
      var function = "mean"
      if rest.first?.text == "(", rest.count > 2 {
        function = rest[1].text
        rest.removeFirst(3)
      } else if let word = rest.first?.text, writer.functions.contains(word) {
        function = word
        rest.removeFirst()
      }
      var name = ""
      if rest.count > 2, rest[1].text == "=" {
        name = "\(LiteralText.name(rest[0].text)) = "
        rest.removeFirst(2)
      }
      guard rest.count == 1, let column = names(rest) else { return nil }
      return "agg \(name)\(writer.spellings[function] ?? function)(\(column))\(by)"
    case "regress", "reg", "logit", "logistic", "fit":
      var words = rest.filter { $0.text != "=" && $0.text != "~" && $0.text != "." }
      var kind = verb == "logit" || verb == "logistic" ? "logit" : "ols"
      if verb == "fit", let tilde = rest.firstIndex(where: { $0.text == "~" }),
        rest[..<tilde].count > 1,
        !["ols", "logit", "lm", "linear", "glm"].contains(rest[0].lowered)
      {
        return nil
      }
      if verb == "fit" {
        if ["ols", "logit"].contains(words.first?.lowered) {
          kind = words.removeFirst().lowered
        } else {
          if ["lm", "linear", "glm", "regression"].contains(words.first?.lowered) {
            words.removeFirst()
          }
        }
      }
      // `i.species` is a factor.
      var terms: [String] = []
      var isFactor = false
      for word in words {
        if word.kind != .word { if word.text == "+" { continue } else { return nil } }
        if word.text == "i" || word.text == "c" {
          isFactor = word.text == "i"
          continue
        }
        terms.append(isFactor ? "C(\(word.text))" : LiteralText.name(word.text))
        isFactor = false
      }
      guard terms.count > 1 else { return nil }
      let robust = options.contains { $0.lowered == "robust" } ? " se=robust" : ""
      return "fit \(kind) \(terms[0]) ~ \(terms.dropFirst().joined(separator: " + "))\(robust)"
    case "histogram", "hist":
      guard let columns else { return nil }
      let bins = (option("bin", options) ?? option("bins", options))?.first?.text
      return "hist \(columns)\(bins.map { " bins=\($0)" } ?? "")\(by)\(filter)"
    case "scatter", "twoway", "correlate", "corr", "pwcorr", "distinct", "dropnull", "select":
      var words = rest
      if verb == "twoway", words.first?.lowered == "scatter" { words.removeFirst() }
      words.removeAll { $0.lowered == "vs" || $0.lowered == "and" }
      guard let columns = names(words), !columns.isEmpty else { return nil }
      let name = verb == "twoway" ? "scatter" : verb.contains("corr") ? "correlate" : verb
      return "\(name) \(columns)\(by)\(filter)"
    case "rename":
      if rest.count == 2, let columns = names(rest) {
        return "|= rename \(columns.replacing(", ", with: " -> "))"
      }
      if rest.count == 3, ["to", "as"].contains(rest[1].lowered) {
        return "|= rename \(LiteralText.name(rest[0].text)) -> \(LiteralText.name(rest[2].text))"
      }
      if rest.count == 3, rest[1].text == "=" {
        return "|= rename \(LiteralText.name(rest[2].text)) -> \(LiteralText.name(rest[0].text))"
      }
      let groups = rest.split { $0.text == "(" || $0.text == ")" }.map(Array.init)
      guard groups.count == 2, groups[0].count == groups[1].count else { return nil }
      let pairs = zip(groups[0], groups[1]).map {
        "\(LiteralText.name($0.text)) -> \(LiteralText.name($1.text))"
      }
      return "|= rename \(pairs.joined(separator: ", "))"
    case "derive":
      guard rest.count > 1, rest[0].kind == .word else { return nil }
      let isNamed = ["=", "==", ":", ":=", "<-"].contains(rest[1].text)
      guard let value = ForeignParser.expression(Array(rest.dropFirst(isNamed ? 2 : 1))),
        let text = writer.text(value)
      else { return nil }
      return "derive \(LiteralText.name(rest[0].text)) = \(text)"
    case "duplicates": return rest.first?.lowered == "drop" ? "distinct" : nil
    case "recode": return nil
    case "display", "di", "print", "echo":
      return ForeignParser.expression(rest).flatMap { writer.text($0) }
    case "use", "open", "read", "insheet", "import", "load":
      return loading(rest)
    case "save":
      return rest.count == 1 && rest[0].kind == .word
        ? "export \(LiteralText.name(rest[0].text)) \"\(rest[0].text).csv\"" : nil
    case "export": return exporting(rest)
    default:
      if writer.functions.contains(writer.spellings[verb] ?? verb), rest.count == 1 {
        let function = writer.spellings[verb] ?? verb
        if rest[0].kind == .number { return "\(function)(\(rest[0].text))" }
        if let columns { return "agg \(function)(\(columns))" }
      }
      return nil
    }
  }

  /// `load data.csv as p`, `import delimited "data.csv", clear`
  private func loading(_ tokens: [ForeignToken]) -> String? {
    var path = ""
    var name = ""
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      if ["delimited", "using", "excel"].contains(token.lowered) { index += 1; continue }
      if token.kind == .text {
        path = token.text
      } else if path.isEmpty || !token.isSpaced {
        path += token.text
      } else if ["as", "into", "to"].contains(token.lowered) {
        index += 1
        continue
      } else if token.kind == .word, name.isEmpty {
        name = token.text
      } else {
        return nil
      }
      index += 1
    }
    guard path.contains(".") else { return nil }
    return "load \(LiteralText.text(path))" + (name.isEmpty ? "" : " as \(LiteralText.name(name))")
  }

  private func exporting(_ tokens: [ForeignToken]) -> String? {
    var words = tokens
    words.removeAll { ["to", "using", "delimited", "into", "as"].contains($0.lowered) }
    guard let frame = words.first(where: { $0.kind == .word && writer.frames.contains($0.text) })
    else {
      guard words.count == 1, words[0].kind == .text else { return nil }
      return "export \(LiteralText.text(words[0].text))"
    }
    words.removeAll { $0 == frame }
    if words.contains(where: { $0.text == "=" }) { return nil }
    let path = words.map(\.text).joined()
    guard path.contains(".") else { return nil }
    return "export \(LiteralText.name(frame.text)) \(LiteralText.text(path))"
  }

  /// What stands in the parentheses of an option: `by(species)`.
  private func option(_ name: String, _ options: [ForeignToken]) -> [ForeignToken]? {
    guard let place = options.firstIndex(where: { $0.lowered == name }), place + 1 < options.count
    else { return nil }
    if options[place + 1].text == "=" {
      return place + 2 < options.count ? [options[place + 2]] : nil
    }
    guard options[place + 1].text == "(",
      let end = options[place...].firstIndex(where: { $0.text == ")" })
    else { return nil }
    return Array(options[(place + 2)..<end])
  }

  /// Names with or without commas.
  private func names(_ tokens: [ForeignToken]) -> String? {
    let kept = tokens.filter { ![",", "and", "by"].contains($0.lowered) }
    guard !kept.isEmpty, kept.allSatisfy({ $0.kind == .word || $0.kind == .text }) else {
      return nil
    }
    return kept.map { LiteralText.name($0.text) }.joined(separator: ", ")
  }

  /// What is typed at the prompts of shells and databases.
  private func console(_ first: ForeignToken) -> String? {
    let words = tokens.map(\.lowered)
    switch words {
    case [".", "tables"], ["\\", "dt"], ["ls"], ["show", "tables", ";"], ["ls", "(", ")"]:
      return "frames"
    case [".", "quit"], [".", "exit"], ["\\", "q"], ["quit"], ["q"], ["quit", ";"], ["exit", ";"],
      ["q", "(", ")"], ["quit", "(", ")"], ["exit", "(", ")"]:
      return "exit"
    default: break
    }
    if words.starts(with: [".", "schema"]) || words.starts(with: ["\\", "d"]), tokens.count == 3 {
      return "\(LiteralText.name(tokens[2].text)) | schema"
    }
    // `penguins > out.csv`
    if tokens.count > 3, writer.frames.contains(first.text),
      [">", ">>"].contains(tokens[1].text)
        || tokens[1].text == ">" && tokens[2].text == ">"
    {
      let path = tokens.dropFirst(2).map(\.text).joined().drop { $0 == ">" }
      if path.contains("."), path.first?.isLetter == true {
        return "export \(LiteralText.name(first.text)) \(LiteralText.text(String(path)))"
      }
    }
    // `proc means data=penguins; run;`
    if first.lowered == "proc", tokens.count > 4, tokens[2].lowered == "data" {
      let frame = LiteralText.name(tokens[4].text)
      switch tokens[1].lowered {
      case "print": return "\(frame) | head"
      case "means", "univariate", "summary": return "\(frame) | describe"
      case "contents": return "\(frame) | schema"
      case "freq":
        guard let place = words.firstIndex(of: "tables"), place + 1 < tokens.count else {
          return nil
        }
        return "\(frame) | tabulate \(LiteralText.name(tokens[place + 1].text))"
      default: return nil
      }
    }
    // A spreadsheet's formula.
    if first.text == "=", let value = ForeignParser.expression(Array(tokens.dropFirst())),
      case .call = value
    {
      return writer.text(value).map { "agg \($0)" }
    }
    switch first.lowered {
    case "cat", "head", "less", "more", "wc", "tail":
      var rest = Array(tokens.dropFirst())
      var count = ""
      if rest.count > 1, rest[0].text == "-" {
        rest.removeFirst()
        if rest.first?.lowered == "n" || rest.first?.lowered == "l" { rest.removeFirst() }
        if rest.first?.kind == .number { count = " " + rest.removeFirst().text }
      }
      let verb = first.lowered == "wc" ? "count" : first.lowered == "tail" ? "tail" : "head"
      if rest.isEmpty { return "\(verb)\(count)" }
      let path = rest.map(\.text).joined()
      if writer.frames.contains(path) { return "\(LiteralText.name(path)) | \(verb)\(count)" }
      guard path.contains("."), path.first?.isNumber == false else { return nil }
      return "load \(LiteralText.text(path)) | \(verb)\(count)"
    case "echo", "print", "show", "display":
      guard tokens.count == 2, writer.frames.contains(tokens[1].text) else { return nil }
      return LiteralText.name(tokens[1].text)
    case "man":
      return tokens.count == 2 ? "? \(tokens[1].text)" : nil
    case "del", "rm":
      return tokens.count == 2 ? "forget \(LiteralText.name(tokens[1].text))" : nil
    default:
      if tokens.count > 2, words.suffix(3) == ["-", "-", "help"] { return "? \(first.text)" }
      return nil
    }
  }
}
