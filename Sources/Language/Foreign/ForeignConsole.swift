/// What is typed at the prompts of databases, statistics programs and spreadsheets.
struct ForeignConsole {
  let tokens: [ForeignToken]
  let writer: ForeignWriter

  /// The line that does the same; nil where there is none.
  func line() -> String? {
    guard let first = tokens.first else { return nil }
    let words = tokens.map(\.lowered)
    switch words {
    case [".", "help"], ["help", "(", ")"]: return "help"
    case [":", "q"], [":", "q", "!"], [":", "wq"]: return "exit"
    case ["history", "|", "tail"], ["history", "|", "less"]: return "history"
    case [".", "tables"], ["\\", "dt"], ["ls"], ["show", "tables", ";"], ["ls", "(", ")"]:
      return "frames"
    case [".", "quit"], [".", "exit"], ["\\", "q"], ["quit"], ["q"], ["quit", ";"], ["exit", ";"],
      ["q", "(", ")"], ["quit", "(", ")"], ["exit", "(", ")"]:
      return "exit"
    default: break
    }
    if words.starts(with: ["history", "|", "tail"]) { return "history" }
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
    if let line = ForeignStatistics(tokens, writer).line() { return line }
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
      case .call(let function, let arguments) = value
    {
      if let line = counted(function.path?.lowercased() ?? "", arguments) { return line }
      guard let text = writer.text(value),
        writer.functions.contains(String(text.prefix { $0 != "(" }))
      else { return nil }
      return "agg \(text)"
    }
    // A shell's variable.
    if words.count == 4, words[0] == "export", words[2] == "=", tokens[1].kind == .word {
      let value = tokens[3].kind == .word ? LiteralText.text(tokens[3].text) : tokens[3].text
      return tokens[3].isSpaced || tokens[2].isSpaced
        ? nil : "\(LiteralText.name(tokens[1].text)) = \(value)"
    }
    switch first.lowered {
    case "echo", "print", "show", "display":
      guard tokens.count == 2, writer.frames.contains(tokens[1].text) else { return nil }
      return LiteralText.name(tokens[1].text)
    case "man":
      return tokens.count == 2 ? "? \(tokens[1].text)" : nil
    case "del", "rm":
      return tokens.count == 2 ? "forget \(LiteralText.name(tokens[1].text))" : nil
    default:
      if words.starts(with: ["for"]), let place = words.firstIndex(of: "in"),
        words.dropFirst(place + 2).starts(with: [".", "columns", ":"])
      {
        return "\(LiteralText.name(tokens[place + 1].text)) | schema"
      }
      if tokens.count > 2, words.suffix(3) == ["-", "-", "help"] { return "? \(first.text)" }
      return nil
    }
  }

  /// `COUNTIF(column, ">5")`, `SUMIF(column, "a", other)`: rows are chosen, then summed up.
  private func counted(_ path: String, _ arguments: [ForeignExpr.Argument]) -> String? {
    let functions = ["countif": "", "sumif": "sum", "averageif": "mean"]
    guard let function = functions[path], arguments.count >= 2,
      let column = arguments[0].value.word.map(LiteralText.name)
    else { return nil }
    let condition: String
    switch arguments[1].value {
    case .text(let text):
      let sign = [">=", "<=", "<>", ">", "<", "="].first { text.hasPrefix($0) }
      let value = String(text.dropFirst(sign?.count ?? 0))
      let spelled = sign == "<>" ? "!=" : sign == "=" || sign == nil ? "==" : sign ?? "=="
      condition = "\(column) \(spelled) \(Double(value) == nil ? LiteralText.text(value) : value)"
    case .number(let number): condition = "\(column) == \(number)"
    default: return nil
    }
    if function.isEmpty { return "filter \(condition) | count" }
    let summed = arguments.count > 2 ? arguments[2].value.word.map(LiteralText.name) : column
    return summed.map { "filter \(condition) | agg \(function)(\($0))" }
  }
}
