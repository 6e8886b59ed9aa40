/// Procedures of SAS and commands of SPSS.
struct ForeignStatistics {
  let tokens: [ForeignToken]
  let writer: ForeignWriter

  init(_ tokens: [ForeignToken], _ writer: ForeignWriter) {
    self.tokens = tokens
    self.writer = writer
  }

  /// The line that does the same; nil where there is none.
  func line() -> String? {
    guard let first = tokens.first, first.kind == .word else { return nil }
    if first.lowered == "proc" { return procedure() }
    // A full stop ends a command of SPSS.
    guard tokens.last?.text == ".", tokens.count > 2 else { return nil }
    return command(first.lowered, Array(tokens.dropFirst().dropLast()))
  }

  /// `proc means data=t; var x; class g; run;`
  private func procedure() -> String? {
    let parts = ForeignToken.split(tokens, at: ";")
    guard let head = parts.first, head.count > 4, head[2].lowered == "data", head[3].text == "="
    else { return nil }
    let frame = LiteralText.name(head[4].text)
    func statement(_ name: String) -> [ForeignToken]? {
      parts.dropFirst().first { $0.first?.lowered == name }.map { Array($0.dropFirst()) }
    }
    func names(_ name: String) -> String? { statement(name).flatMap(ForeignStata.names) }
    let by = names("class").map { " by \($0)" } ?? ""
    switch head[1].lowered {
    case "means", "univariate", "summary":
      return "\(frame) | describe\(names("var").map { " \($0)" } ?? "")\(by)"
    case "contents": return "\(frame) | schema"
    case "freq":
      guard let tables = statement("tables") else { return nil }
      let words = tables.prefix { $0.text != "/" }.filter { $0.kind == .word }.map(\.text)
      return (1...2).contains(words.count)
        ? "\(frame) | tabulate \(words.map(LiteralText.name).joined(separator: ", "))" : nil
    case "print":
      let count = head.lastIndex { $0.lowered == "obs" }.flatMap { place in
        place + 2 < head.count && head[place + 2].kind == .number ? head[place + 2].text : nil
      }
      let columns = names("var").map { " | select \($0)" } ?? ""
      return "\(frame)\(columns) | head\(count.map { " \($0)" } ?? "")"
    case "sort":
      guard let keys = statement("by"), !keys.isEmpty else { return nil }
      var sorted: [String] = []
      var sign = ""
      for key in keys {
        if key.lowered == "descending" {
          sign = "-"
        } else {
          guard key.kind == .word else { return nil }
          sorted.append(sign + LiteralText.name(key.text))
          sign = ""
        }
      }
      return "\(frame) |= sort \(sorted.joined(separator: ", "))"
    case "corr":
      return "\(frame) | correlate \(names("var") ?? "numeric()")"
    case "reg", "glm":
      guard let model = statement("model"), let sign = model.firstIndex(where: { $0.text == "=" }),
        let y = ForeignStata.names(Array(model[..<sign])),
        let x = ForeignStata.names(Array(model[(sign + 1)...].prefix { $0.text != "/" }))
      else { return nil }
      return "\(frame) | fit ols \(y) ~ \(x.replacing(", ", with: " + "))"
    default: return nil
    }
  }

  /// `FREQUENCIES VARIABLES=a b`, `COMPUTE x = y / 2`, `SELECT IF (a = 1)`, `SORT CASES BY a (D)`
  private func command(_ word: String, _ rest: [ForeignToken]) -> String? {
    func behind(_ name: String) -> String? {
      guard let place = rest.firstIndex(where: { $0.lowered == name }) else { return nil }
      let words = rest[(place + 1)...].drop { $0.text == "=" }.prefix { $0.kind == .word }
      return ForeignStata.names(words.filter { $0.lowered != "by" })
    }
    switch word {
    case "frequencies": return behind("variables").map { "tabulate \($0)" }
    case "descriptives": return behind("variables").map { "describe \($0)" }
    case "crosstabs": return behind("tables").map { "tabulate \($0)" }
    case "compute":
      guard rest.count > 2, rest[1].text == "=",
        let value = ForeignParser.expression(Array(rest.dropFirst(2))),
        let text = writer.text(value)
      else { return nil }
      return "|= derive \(LiteralText.name(rest[0].text)) = \(text)"
    case "select" where rest.first?.lowered == "if":
      return ForeignParser.expression(Array(rest.dropFirst())).flatMap { writer.text($0) }
        .map { "|= filter \($0)" }
    case "sort" where rest.first?.lowered == "cases":
      var keys: [String] = []
      for token in rest.dropFirst() where token.kind == .word && token.lowered != "by" {
        if token.lowered == "d", let last = keys.popLast() {
          keys.append("-" + last)
        } else if token.lowered != "a" || keys.isEmpty {
          keys.append(LiteralText.name(token.text))
        }
      }
      return keys.isEmpty ? nil : "|= sort \(keys.joined(separator: ", "))"
    default: return nil
    }
  }
}
