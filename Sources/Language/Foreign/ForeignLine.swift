/// Lines of SQL, pandas, Polars, dplyr, base R, Stata, KQL and shells as this language has them.
///
/// Works on the form alone, without the columns; what comes out is offered as a hint, so it says
/// nothing rather than something that is not meant, and a line that does not parse is no answer.
package enum ForeignLine {
  /// The line that does what `line` does elsewhere; nil where none is known.
  ///
  /// `spellings` gives functions by their names elsewhere, `unknown` is a name in the line that is
  /// no column, `orders` the column of times of each frame. Linear in the line's length; lines of more
  /// than 2,000 bytes get none.
  package static func translation(
    of line: String, grammar: Grammar, spellings: [String: String] = [:], unknown: String? = nil,
    orders: [String: String] = [:]
  ) -> String? {
    let line = line.replacing("“", with: "\"").replacing("”", with: "\"")
    guard line.utf8.count <= 2_000, let tokens = ForeignToken.tokens(line), !tokens.isEmpty else {
      return nil
    }
    var writer = ForeignWriter(
      frames: grammar.boundNames.union(["pl", "pd", "np"]), spellings: spellings,
      functions: grammar.functions, unknown: unknown)
    writer.orders = orders
    writer.verbs = Set(grammar.verbs.keys)
    writer.placeholders = Set(["df", "data", "dat", "tbl", "dt", "T"])
      .subtracting(grammar.boundNames)
    writer.frames.formUnion(writer.placeholders)
    // What they are called elsewhere, though here it is bound to nothing yet.
    writer.frames.remove("_")
    for candidate in candidates(tokens, writer, grammar) {
      if spaceless(candidate) != spaceless(line), parses(candidate, grammar) { return candidate }
    }
    return nil
  }

  /// Whether a line can be read.
  package static func parses(_ line: String, _ grammar: Grammar) -> Bool {
    guard let statements = try? Parser.parse(line, grammar: grammar) else { return false }
    return !statements.isEmpty
  }

  private static func candidates(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar
  ) -> [String] {
    var found: [String?] = []
    found.append(ForeignSQL(tokens: tokens, writer: writer).line())
    // A query that SQL's reader does not know is no line of another language.
    let isQuery = tokens.first?.lowered == "select" && tokens.contains { $0.lowered == "from" }
    if isQuery { return found.compactMap { $0 } }
    found.append(ForeignConsole(tokens: tokens, writer: writer).line())
    if let julia = ForeignJulia(tokens, writer) { found.append(julia.line()) }
    found.append(assigned(tokens, writer, grammar))
    found.append(piped(tokens, writer, grammar))
    found.append(piped(tokens, writer, grammar, isRewriting: true))
    // `wc -l < t.csv` would be a comparison.
    let isCommand = tokens.count > 1 && tokens[1].isSpaced && tokens[1].text != "("
    if isCommand { found.append(ForeignShell(tokens)?.line(writer)) }
    found.append(value(tokens, writer, grammar))
    if !isCommand { found.append(ForeignShell(tokens)?.line(writer)) }
    found.append(turned(tokens, writer, grammar))
    found.append(ForeignStata(tokens, writer)?.line())
    found.append(stage(tokens, writer, grammar))
    found.append(balanced(tokens))
    found.append(uncommented(tokens, writer, grammar))
    found.append(ForeignShell.opening(tokens))
    return found.compactMap { $0 }
  }

  /// `filter penguins year == 2008`: the verb stands in front of its table.
  private static func turned(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar
  ) -> String? {
    let partnered: Set = [
      "join", "append", "export", "compare", "check", "gate", "evaluate", "forget", "use", "diff",
      "load", "save", "predict", "diagnose", "explain",
    ]
    let clauses: Set = ["on", "by", "where", "as", "with", "into", "sort", "to", "in"]
    guard tokens.count > 2, grammar.verbs[tokens[0].text] != nil,
      !partnered.contains(tokens[0].text), tokens[1].kind == .word,
      writer.frames.contains(tokens[1].text), tokens[2].kind == .word || tokens[2].kind == .text,
      !clauses.contains(tokens[2].lowered)
    else { return nil }
    let pipe = ForeignToken(kind: .sign, text: "|", isSpaced: true)
    return piped([tokens[1], pipe, tokens[0]] + tokens[2...], writer, grammar)
  }

  /// `x <- …`, `frame["column"] = …`, `let x = …`
  private static func assigned(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar
  ) -> String? {
    var tokens = tokens
    if tokens.last?.text == ";" { tokens.removeLast() }
    if ["let", "var", "const"].contains(tokens.first?.lowered), tokens.count > 3 {
      tokens.removeFirst()
      // KQL binds names first and goes on behind a semicolon.
      tokens = ForeignToken.split(tokens, at: ";").first ?? []
    }
    var depth = 0
    var place: Int?
    for (index, token) in tokens.enumerated() where token.kind == .sign {
      if "([{".contains(token.text) { depth += 1 }
      if ")]}".contains(token.text) { depth -= 1 }
      if depth == 0, ["<-", "=", ":="].contains(token.text) {
        place = index
        break
      }
      if depth == 0, token.text == "|" || token.text == "%>%" || token.text == "|>" { return nil }
    }
    guard let place, place > 0, place + 1 < tokens.count else { return nil }
    let left = Array(tokens[..<place])
    let right = Array(tokens[(place + 1)...])
    if left.count == 1, left[0].kind == .word {
      let name = LiteralText.name(left[0].text)
      let line = piped(right, writer, grammar) ?? value(right, writer, grammar)
      if let line {
        if line.hasPrefix("load "), !line.contains(" | ") { return "\(line) as \(name)" }
        return "\(name) = \(line)"
      }
      guard let value = ForeignParser.expression(right), let text = writer.text(value) else {
        return nil
      }
      // What is made of a frame's columns is a column of it.
      let frames = value.frames(among: writer.frames.subtracting(["pl", "pd", "np"]))
      if frames.count == 1, let frame = frames.first {
        return "\(LiteralText.name(frame)) |= derive \(name) = \(text)"
      }
      return "\(name) = \(text)"
    }
    if left.count == 2, tokens[place].text == "=", ["+", "-", "*", "/"].contains(left[1].text) {
      guard let text = ForeignParser.expression(right).flatMap({ writer.text($0, 61) }) else {
        return nil
      }
      let name = LiteralText.name(left[0].text)
      return "\(name) = \(name) \(left[1].text) \(text)"
    }
    guard let target = ForeignParser.expression(left), let value = ForeignParser.expression(right)
    else { return nil }
    switch target {
    case .member(.name(let frame), "columns") where writer.frames.contains(frame):
      // `df.columns = df.columns.str.lower()`
      guard case .call = value else { return nil }
      return "\(writer.placeholders.contains(frame) ? "" : LiteralText.name(frame) + " ")|= clean"
    case .member(.name(let frame), let column) where writer.frames.contains(frame):
      return changed(frame, column, value, writer)
    case .index(.name(let frame), let places) where writer.frames.contains(frame):
      guard places.count == 1, case .text(let column)? = places[0] else { return nil }
      return changed(frame, column, value, writer)
    default: return nil
    }
  }

  /// `frame["column"] = value`
  private static func changed(
    _ frame: String, _ column: String, _ value: ForeignExpr, _ writer: ForeignWriter
  ) -> String? {
    let name = LiteralText.name(column)
    let target = writer.placeholders.contains(frame) ? "" : LiteralText.name(frame) + " "
    if let stages = ForeignPipeline.lowering(value, writer)?.stages, stages.count == 1 {
      if stages[0].hasPrefix("fill \(name) ") { return "\(target)|= \(stages[0])" }
      let item = stages[0].dropFirst("derive ".count)
      if stages[0].hasPrefix("derive ") {
        let text = item.firstRange(of: " = ").map { item[$0.upperBound...] } ?? item
        return "\(target)|= derive \(name) = \(text)"
      }
    }
    return writer.text(value).map { "\(target)|= derive \(name) = \($0)" }
  }

  /// A chain of pipes, of this language or another.
  static func piped(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar,
    isRewriting: Bool = false
  ) -> String? {
    var parts: [[ForeignToken]] = [[]]
    var depth = 0
    for token in tokens {
      if token.kind == .sign {
        if ["(", "[", "{"].contains(token.text) { depth += 1 }
        if [")", "]", "}"].contains(token.text) { depth -= 1 }
        let pipes: Set = ["|", "%>%", "|>", "||", "->", ">>"]
        if depth == 0, pipes.contains(token.text) {
          parts.append([])
          continue
        }
      }
      parts[parts.count - 1].append(token)
    }
    parts.removeAll(where: \.isEmpty)
    // PRQL's `from t`
    let isNamed = parts.first?.first?.lowered == "from" && parts[0].count == 2
    if isNamed { parts[0].removeFirst() }
    // `penguins head`
    if parts.count == 1, let first = parts[0].first, writer.frames.contains(first.text),
      parts[0].count > 1, let second = Optional(parts[0][1]), second.kind == .word
    {
      parts = [[first], Array(parts[0].dropFirst())]
    }
    // `where x > 3 | …` and the like are of the current frame.
    guard parts.count > 1 || isNamed else { return nil }
    guard let first = parts.first, let source = source(first, writer) else { return nil }
    var pipeline = source
    // What a viewer of files shows is all of it for the next tool.
    if parts.count > 1, pipeline.stages.last == "head", pipeline.source.hasPrefix("load ") {
      pipeline.stages.removeLast()
    }
    for part in parts.dropFirst() {
      let text = written(part)
      // A shell's `head -5`
      if part.count == 3, part[1].text == "-", part[2].kind == .number,
        ["head", "tail"].contains(part[0].text), !isBareFrame(parts[0], writer)
      {
        pipeline = pipeline.adding("\(part[0].text) \(part[2].text)")
        continue
      }
      // A shell sorts lines so that `uniq` finds them together.
      if part.count == 1, part[0].text == "sort", pipeline.source.hasPrefix("load ") { continue }
      let isPlain =
        part.first.map { pipeline.keys.isEmpty && grammar.verbs[$0.text] != nil } ?? false
      let isRead = isPlain && parses("x | \(text)", grammar)
      if isRead, !isRewriting {
        pipeline = pipeline.adding(text)
        continue
      }
      let stage = ForeignStage(tokens: part, writer: writer, verbs: Set(grammar.verbs.keys))
      if let next = stage.stages(pipeline) {
        pipeline = next
        continue
      }
      if isRead {
        pipeline = pipeline.adding(text)
        continue
      }
      // `filter (a) | (b)` had a bar for `or`.
      if part.first?.text == "(", let last = pipeline.stages.last, last.hasPrefix("filter "),
        let value = ForeignParser.expression(part), let right = writer.text(value, 11)
      {
        pipeline.stages[pipeline.stages.count - 1] = "\(last) or \(right)"
        continue
      }
      return nil
    }
    return pipeline.line
  }

  private static func isBareFrame(_ tokens: [ForeignToken], _ writer: ForeignWriter) -> Bool {
    tokens.count == 1 && writer.frames.contains(tokens[0].text)
  }

  /// One stage of the current frame.
  private static func stage(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar
  ) -> String? {
    guard let first = tokens.first, first.kind == .word, !writer.frames.contains(first.text) else {
      return nil
    }
    let stage = ForeignStage(tokens: tokens, writer: writer, verbs: Set(grammar.verbs.keys))
    let result = stage.stages(ForeignPipeline(source: "", writer: writer))
    return result.flatMap { $0.stages.isEmpty ? nil : $0.line }
  }

  /// Without a comment behind another sign; one alone as a note.
  private static func uncommented(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar
  ) -> String? {
    for (index, token) in tokens.enumerated() where token.kind == .sign {
      let isDashed =
        token.text == "-" && index + 1 < tokens.count && tokens[index + 1].text == "-"
        && !tokens[index + 1].isSpaced
      guard isDashed || token.text == "//" else { continue }
      if index == 0 { return "# " + written(Array(tokens.dropFirst(isDashed ? 2 : 1))).trimmed }
      guard token.isSpaced else { continue }
      let rest = Array(tokens[..<index])
      if let line = candidates(rest, writer, grammar).first(where: { parses($0, grammar) }) {
        return line
      }
      return written(rest)
    }
    return nil
  }

  /// Without a bracket that closes nothing.
  private static func balanced(_ tokens: [ForeignToken]) -> String? {
    guard let last = tokens.last, last.kind == .sign, [")", "]", "}", ".", ";"].contains(last.text)
    else {
      return nil
    }
    return written(Array(tokens.dropLast()))
  }

  /// A line without what does not change it.
  private static func spaceless(_ line: String) -> String {
    line.filter { $0 != " " }.replacing("'", with: "\"")
  }

  private static func source(
    _ tokens: [ForeignToken], _ writer: ForeignWriter
  ) -> ForeignPipeline? {
    if tokens.count == 1, tokens[0].text == "_" {
      return ForeignPipeline(source: "_", writer: writer)
    }
    if tokens.count == 1, tokens[0].kind == .word {
      let isCurrent = writer.placeholders.contains(tokens[0].text)
      return ForeignPipeline(
        source: isCurrent ? "" : LiteralText.name(tokens[0].text), writer: writer)
    }
    if tokens.count == 2, tokens[0].text == "$" {
      return ForeignPipeline(source: LiteralText.name(tokens[1].text), writer: writer)
    }
    return ForeignParser.expression(tokens).flatMap { ForeignPipeline.lowering($0, writer) }
      ?? ForeignShell(tokens)?.pipeline(nil, writer)
  }

  /// One expression: a call or chain of methods on a frame.
  private static func value(
    _ tokens: [ForeignToken], _ writer: ForeignWriter, _ grammar: Grammar
  ) -> String? {
    guard let value = ForeignParser.expression(tokens) else { return nil }
    if case .call(let function, let arguments) = value, let path = function.path {
      if let line = ForeignCall(path: path, arguments: arguments, writer: writer).line() {
        return line
      }
    }
    if let pipeline = ForeignPipeline.lowering(value, writer),
      !pipeline.stages.isEmpty
        || pipeline.column != nil || !pipeline.columns.isEmpty || pipeline.source.hasPrefix("load ")
        || !pipeline.keys.isEmpty
    {
      return pipeline.line
    }
    return computed(value, writer)
  }

  /// An expression over one frame's columns as a stage: a condition chooses rows, a summary is one
  /// row, anything else a column.
  private static func computed(_ value: ForeignExpr, _ writer: ForeignWriter) -> String? {
    let frames = value.frames(among: writer.frames.subtracting(["pl", "pd", "np"]))
    guard frames.count == 1, let frame = frames.first, let text = writer.text(value) else {
      return nil
    }
    // Columns and functions that there are, and no frame as a whole.
    let words = ForeignToken.tokens(text) ?? []
    for (place, word) in words.enumerated() where word.kind == .word {
      let isCall = place + 1 < words.count && words[place + 1].text == "("
      if isCall ? !writer.functions.contains(word.text) : word.text == frame { return nil }
    }
    let source = writer.placeholders.contains(frame) ? "" : LiteralText.name(frame) + " | "
    switch value {
    case .member, .index, .name: return nil
    case .isNull: return "\(source)filter \(text)"
    case .binary(let sign, _, _) where !["+", "-", "*", "/", "//", "%", "^", "??"].contains(sign):
      return "\(source)filter \(text)"
    default: break
    }
    var reductions = ForeignPipeline.reductions
    reductions.formUnion(["std", "avg", "nunique", "len"])
    let isSummary = reductions.contains { text.contains("\($0)(") }
    return "\(source)\(isSummary ? "agg" : "derive") value = \(text)"
  }

  /// Tokens as one would write them.
  private static func written(_ tokens: [ForeignToken]) -> String {
    var text = ""
    for token in tokens {
      if token.isSpaced, !text.isEmpty { text += " " }
      text += token.kind == .text ? LiteralText.text(token.text) : token.text
    }
    return text
  }
}
