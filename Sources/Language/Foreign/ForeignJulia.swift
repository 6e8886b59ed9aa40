/// Calls of DataFrames.jl, whose columns are symbols as `:mass`.
struct ForeignJulia {
  private let tokens: [ForeignToken]
  private let writer: ForeignWriter

  /// Nil where nothing in the line is of Julia alone.
  init?(_ tokens: [ForeignToken], _ writer: ForeignWriter) {
    var isJulia = false
    var rest: [ForeignToken] = []
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      let next = index + 1 < tokens.count ? tokens[index + 1] : .end
      let opens = rest.last.map { ["(", "[", ",", "=>"].contains($0.text) && $0.kind == .sign }
      if token.text == ":", token.kind == .sign, next.kind == .word, !next.isSpaced,
        opens == true || token.isSpaced
      {
        // `:mass`
        isJulia = true
      } else if token.text == ".",
        ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "=<"]
          .contains(next.text), !next.isSpaced
      {
        // `.>`
        isJulia = true
      } else if token.text == ".", next.text == "&" || next.text == "|" {
        isJulia = true
      } else if token.text == "@", index == 0 {
        isJulia = true
      } else if token.text == "->", token.kind == .sign, index > 1 {
        isJulia = true
        rest.append(token)
      } else {
        rest.append(token)
      }
      index += 1
    }
    guard isJulia else { return nil }
    self.tokens = rest
    self.writer = writer
  }

  /// The line that does the same; nil where there is none.
  func line() -> String? { pipeline(tokens)?.line }

  private func pipeline(_ tokens: [ForeignToken]) -> ForeignPipeline? {
    // `t[t.x .> 3, :]`
    if tokens.count > 3, tokens[1].text == "[", tokens.last?.text == "]",
      let frame = frame([tokens[0]])
    {
      let places = ForeignToken.split(Array(tokens[2..<(tokens.count - 1)]), at: ",")
      guard places.count == 2, let row = places.first else { return nil }
      var result = frame
      if row.map(\.text) != [":"], row.map(\.text) != ["!"] {
        guard let condition = ForeignParser.expression(row),
          let next = result.filtering([condition])
        else { return nil }
        result = next
      }
      if places[1].map(\.text) == [":"] { return result }
      guard let columns = names(places[1].filter { $0.kind == .word }) else { return nil }
      return result.adding("select \(columns)")
    }
    guard tokens.count > 3, tokens[0].kind == .word, tokens[1].text == "(",
      tokens.last?.text == ")"
    else { return nil }
    let arguments = ForeignToken.split(Array(tokens[2..<(tokens.count - 1)]), at: ",")
    guard let first = arguments.first else { return nil }
    let word = tokens[0].lowered
    let rest = Array(arguments.dropFirst())
    // `filter(row -> row.x > 3, t)`
    if word == "filter" || word == "subset", first.count > 2, first[1].text == "->",
      rest.count == 1, let input = frame(rest[0]),
      let condition = ForeignParser.expression(Array(first.dropFirst(2)))
    {
      return input.filtering([condition.naming(first[0].text)])
    }
    guard let input = frame(first) else { return nil }
    return stage(word, rest, input)
  }

  /// A bound frame, `groupby(t, :k)` or a call of another kind.
  private func frame(_ tokens: [ForeignToken]) -> ForeignPipeline? {
    if tokens.count == 1, writer.frames.contains(tokens[0].text) {
      return ForeignPipeline.lowering(.name(tokens[0].text), writer)
    }
    return tokens.count > 1 ? pipeline(tokens) : nil
  }

  private func stage(
    _ word: String, _ rest: [[ForeignToken]], _ input: ForeignPipeline
  ) -> ForeignPipeline? {
    let plain = rest.filter { $0.count < 2 || $0[1].text != "=" }
    func option(_ name: String) -> String? {
      rest.first { $0.count == 3 && $0[0].text == name && $0[1].text == "=" }?[2].text
    }
    let columns = names(plain.flatMap { $0 }.filter { $0.kind == .word })
    switch word {
    case "groupby":
      var copy = input
      copy.keys = columns?.components(", ") ?? []
      return copy.keys.isEmpty ? nil : copy
    case "combine":
      let items = plain.compactMap { made($0, isSummary: true) }
      return items.count == plain.count ? input.aggregating(items) : nil
    case "transform":
      let items = plain.compactMap { made($0, isSummary: false) }
      guard items.count == plain.count, !items.isEmpty else { return nil }
      return input.adding("derive \(items.joined(separator: ", "))\(input.clause)").grouped
    case "select" where plain.allSatisfy { $0.count == 1 }:
      return columns.map { input.adding("select \($0)") }
    case "unique": return input.adding(columns.map { "distinct \($0)" } ?? "distinct")
    case "dropmissing": return input.adding(columns.map { "dropnull \($0)" } ?? "dropnull")
    case "sort":
      guard let columns else { return nil }
      let sign = option("rev") == "true" ? "-" : ""
      let keys = columns.components(", ").map { sign + $0 }
      return input.adding("sort \(keys.joined(separator: ", "))")
    case "subset", "rsubset":
      let conditions = plain.compactMap { ForeignParser.expression($0) }
      return conditions.count == plain.count ? input.filtering(conditions) : nil
    case "rename":
      let pairs = plain.map { $0.filter { $0.kind == .word }.map { LiteralText.name($0.text) } }
      guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
      let list = pairs.map { "\($0[0]) -> \($0[1])" }
      return input.adding("rename \(list.joined(separator: ", "))")
    default: return nil
    }
  }

  /// `:mass => mean => :m`, `nrow => :n`, `:mass => ByRow(x -> x / 1000) => :kg`
  private func made(_ tokens: [ForeignToken], isSummary: Bool) -> String? {
    let parts = ForeignToken.split(tokens, at: "=>")
    guard let name = parts.last, name.count == 1, name[0].kind == .word, parts.count > 1 else {
      return nil
    }
    let new = LiteralText.name(name[0].text)
    if parts.count == 2 { return parts[0].map(\.text) == ["nrow"] ? "\(new) = count()" : nil }
    guard parts.count == 3, parts[0].count == 1 else { return nil }
    let column = parts[0][0].text
    if parts[1].count == 1 {
      let function = writer.spellings[parts[1][0].lowered] ?? parts[1][0].lowered
      return "\(new) = \(function)(\(LiteralText.name(column)))"
    }
    // A function written in place.
    var body = parts[1]
    if body.first?.text == "ByRow", body.count > 3 { body = Array(body[2..<(body.count - 1)]) }
    guard body.count > 2, body[1].text == "->",
      let value = ForeignParser.expression(Array(body.dropFirst(2)))
    else { return nil }
    return writer.text(value.replacing(body[0].text, with: .name(column))).map { "\(new) = \($0)" }
  }

  private func names(_ tokens: [ForeignToken]) -> String? {
    tokens.isEmpty ? nil : tokens.map { LiteralText.name($0.text) }.joined(separator: ", ")
  }
}
