/// Commands of Stata that change the data or read it.
extension ForeignStata {
  private static let storage: Set = ["byte", "int", "long", "float", "double"]

  func changing() -> String? {
    switch verb {
    case "gen", "generate", "egen", "replace":
      var rest = rest
      if let type = rest.first, rest.count > 3,
        Self.storage.contains(type.lowered) || type.lowered.hasPrefix("str") && rest[1].text != "="
      {
        rest.removeFirst()
        if rest.first?.kind == .number { rest.removeFirst() }
      }
      guard rest.count > 2, rest[1].text == "=",
        let value = ForeignParser.expression(Array(rest.dropFirst(2))),
        let text = writer.text(value)
      else { return nil }
      let isScore =
        verb == "egen" && text.hasPrefix("sd(") && rest.count > 2 && rest[2].lowered == "std"
      let item = isScore ? "zscore" + text.dropFirst(2) : text
      return "|= derive \(LiteralText.name(rest[0].text)) = \(item)"
        + (verb == "replace" ? "" : by) + filter
    case "keep" where rest.count == 4 && rest[0].lowered == "in" && rest[2].text == "/":
      return "|= take \(rest[1].text)..\(rest[3].text)"
    case "keep":
      if rest.isEmpty { return condition.isEmpty ? nil : "|= filter \(condition)" }
      return columns.map { "|= select \($0)" }
    case "drop":
      if rest.isEmpty, !condition.isEmpty { return "|= filter not (\(condition))" }
      return columns.map { "|= drop \($0)" }
    case "order": return columns.map { "|= select \($0), all()" }
    case "gsort", "sort": return sorting()
    case "rename": return renaming()
    case "recode": return recoding()
    case "encode":
      guard let new = option("gen") ?? option("generate"), let name = Self.names(new), let columns
      else { return nil }
      return "|= derive \(name) = dense_rank(\(columns))"
    case "destring", "tostring":
      let loose = verb == "destring" && hasOption("force") ? " strict=false" : ""
      return columns.map { "|= cast \($0) to \(verb == "destring" ? "float" : "text")\(loose)" }
    case "derive":
      guard rest.count > 1, rest[0].kind == .word else { return nil }
      let isNamed = ["=", "==", ":", ":=", "<-"].contains(rest[1].text)
      guard let value = ForeignParser.expression(Array(rest.dropFirst(isNamed ? 2 : 1))),
        let text = writer.text(value)
      else { return nil }
      return "derive \(LiteralText.name(rest[0].text)) = \(text)"
    case "duplicates" where rest.first?.lowered == "drop":
      return Self.names(Array(rest.dropFirst())).map { "|= dedupe by \($0)" } ?? "distinct"
    default: return nil
    }
  }

  private func sorting() -> String? {
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
  }

  private func renaming() -> String? {
    if rest.count == 2, let columns {
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
  }

  /// `recode year (2007=1) (2008=2), gen(y)`
  private func recoding() -> String? {
    guard let column = rest.first, column.kind == .word else { return nil }
    var pairs: [String] = []
    for group in rest.dropFirst().split(whereSeparator: { $0.text == "(" || $0.text == ")" }) {
      let parts = ForeignToken.split(Array(group), at: "=")
      guard parts.count == 2, parts[0].count == 1, parts[1].count == 1 else { return nil }
      let (old, new) = (parts[0][0], parts[1][0])
      guard old.kind == .number || old.kind == .text, new.kind == .number || new.kind == .text
      else {
        return nil
      }
      func literal(_ token: ForeignToken) -> String {
        token.kind == .text ? LiteralText.text(token.text) : token.text
      }
      pairs.append("\(LiteralText.name(column.text)) == \(literal(old)): \(literal(new))")
    }
    guard !pairs.isEmpty else { return nil }
    let name = LiteralText.name(column.text)
    let new = (option("gen") ?? option("generate")).flatMap(Self.names) ?? name
    return "|= derive \(new) = case { \(pairs.joined(separator: ", ")), else: \(name) }"
  }

  func reshaping() -> String? {
    switch verb {
    case "reshape":
      guard let to = rest.first?.lowered, let value = Self.names(Array(rest.dropFirst())),
        let keys = option("j").flatMap(Self.names)
      else { return nil }
      if to == "long" { return "melt starts(\"\(value)\") into \(keys), \(value)" }
      guard to == "wide", let rows = option("i").flatMap(Self.names) else { return nil }
      let list = rows.contains(",") ? "[\(rows)]" : rows
      return "pivot mean(\(value)) by \(keys) rows=\(list)"
    case "merge":
      // `merge m:1 id using "zones.dta"`
      guard let place = rest.firstIndex(where: { $0.lowered == "using" }), place + 1 < rest.count
      else { return nil }
      let isCounted = rest.count > 3 && rest[1].text == ":"
      guard let keys = Self.names(Array(rest[(isCounted ? 3 : 0)..<place])) else { return nil }
      let kinds = ["1:1": "1:1", "m:1": "n:1", "1:m": "1:n", "m:m": "n:m"]
      let expected = isCounted ? kinds[rest[..<3].map(\.lowered).joined()] : nil
      return "join \(frame(Array(rest[(place + 1)...]))) on \(keys) kind=left"
        + (expected.map { " expect=\($0)" } ?? "")
    case "append" where rest.first?.lowered == "using" && rest.count > 1:
      return "append \(frame(Array(rest.dropFirst())))"
    default: return nil
    }
  }

  /// What a file would be called that is loaded.
  private func frame(_ tokens: [ForeignToken]) -> String {
    let file = tokens.map(\.text).joined().split(separator: "/").last ?? ""
    return LiteralText.name(String(file.split(separator: ".").first ?? ""))
  }

  func filing() -> String? {
    switch verb {
    case "use", "open", "read", "insheet", "import", "load": return loading()
    case "save" where rest.count == 1 && rest[0].kind == .text && rest[0].text.hasSuffix(".dta"):
      return "export \(LiteralText.text(String(rest[0].text.dropLast(4)) + ".csv"))"
    case "save":
      guard rest.count == 1, rest[0].kind == .word else { return nil }
      return "export \(LiteralText.name(rest[0].text)) \"\(rest[0].text).csv\""
    case "export": return exporting()
    default: return nil
    }
  }

  /// `load data.csv as p`, `import delimited "data.csv", clear`
  private func loading() -> String? {
    var path = ""
    var isQuoted = false
    var name = ""
    for token in rest where !["delimited", "using", "excel"].contains(token.lowered) {
      if token.kind == .text, !isQuoted {
        path = token.text
        isQuoted = true
      } else if path.isEmpty || !token.isSpaced && !isQuoted {
        path += token.text
      } else if ["as", "into", "to"].contains(token.lowered) {
        continue
      } else if token.kind == .word, name.isEmpty {
        name = token.text
      } else {
        return nil
      }
    }
    guard path.contains(".") else { return nil }
    return "load \(LiteralText.text(path))" + (name.isEmpty ? "" : " as \(LiteralText.name(name))")
  }

  private func exporting() -> String? {
    var words = rest
    words.removeAll { ["to", "using", "delimited", "into", "as"].contains($0.lowered) }
    guard let frame = words.first(where: { $0.kind == .word && writer.frames.contains($0.text) })
    else {
      let path = words.map(\.text).joined()
      guard words.count == 1 && words[0].kind == .text || path.contains(".") else { return nil }
      return "export \(LiteralText.text(path))"
    }
    words.removeAll { $0 == frame }
    if words.contains(where: { $0.text == "=" }) { return nil }
    let path = words.map(\.text).joined()
    guard path.contains(".") else { return nil }
    return "export \(LiteralText.name(frame.text)) \(LiteralText.text(path))"
  }
}
