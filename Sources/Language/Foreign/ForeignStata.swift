/// A command of Stata about the current frame: `verb what if condition, options`, and commands of
/// this language that are written so.
struct ForeignStata {
  let verb: String
  let rest: [ForeignToken]
  let options: [ForeignToken]
  /// What stands behind `if`, as it is written here; empty without one.
  let condition: String
  let writer: ForeignWriter
  private let prefix: String

  /// Nil where it has not that form.
  init?(_ tokens: [ForeignToken], _ writer: ForeignWriter) {
    var parts = ForeignToken.split(tokens, at: ",")
    guard let first = tokens.first, first.kind == .word, !parts.isEmpty else { return nil }
    var head = parts.removeFirst()
    var options = parts.flatMap { $0 }
    // A list of names with commas has no options.
    let isOption = options.first.map { Self.optionNames.contains($0.lowered) } ?? false
    if !isOption, !options.contains(where: { $0.text == "(" }) {
      head = tokens
      options = []
    }
    var prefix = ""
    if first.lowered == "by", let place = tokens.firstIndex(where: { $0.text == ":" }),
      tokens[..<place].contains(where: { $0.lowered == "sort" })
    {
      // `by g, sort: …`
      let keys = tokens[1..<place].filter { $0.text != "," && $0.lowered != "sort" }
      self.init(
        [tokens[0]] + keys + Array(tokens[place...]), writer)
      return
    }
    if ["by", "bysort", "bys"].contains(first.lowered),
      let colon = head.firstIndex(where: { $0.text == ":" })
    {
      guard let keys = Self.names(Array(head[1..<colon])) else { return nil }
      prefix = " by \(keys)"
      head = Array(head[(colon + 1)...])
    }
    guard let verb = head.first?.lowered else { return nil }
    var rest = Array(head.dropFirst())
    var condition = ""
    if let place = rest.firstIndex(where: { $0.lowered == "if" }) {
      guard let value = ForeignParser.expression(Array(rest[(place + 1)...])),
        let text = writer.text(Self.missing(value))
      else { return nil }
      condition = text
      rest = Array(rest[..<place])
    }
    self.init(verb, rest, options, condition, prefix, writer)
  }

  private init(
    _ verb: String, _ rest: [ForeignToken], _ options: [ForeignToken], _ condition: String,
    _ prefix: String, _ writer: ForeignWriter
  ) {
    self.verb = verb
    self.rest = rest
    self.options = options
    self.condition = condition
    self.prefix = prefix
    self.writer = writer
  }

  private static let optionNames: Set = [
    "by", "bin", "bins", "nq", "over", "detail", "robust", "replace", "clear", "missing", "sort",
    "short", "gen", "stat", "statistic", "normal", "generate", "row", "col", "column", "cell",
    "chi2", "plot", "d", "centile", "cuts", "or", "noobs", "force", "sig", "star", "percent",
    "discrete", "freq", "frequency",
    "width", "title", "statistics", "vce", "label", "nolabel", "unequal", "welch", "exact",
    "cluster",
    "exact", "sig", "force", "nofreq", "percent", "nolabel", "noobs", "star", "unequal", "welch",
    "stable", "d", "m", "r", "case",
  ]

  /// Stata's `.` is null.
  private static func missing(_ value: ForeignExpr) -> ForeignExpr {
    switch value {
    case .binary(let sign, let left, .text("")) where sign == "==" || sign == "!=":
      return .isNull(left, sign == "==")
    default: return value
    }
  }

  /// The line that does the same; nil where there is none.
  func line() -> String? {
    if let line = framed() { return line }
    return looking() ?? changing() ?? reshaping() ?? summarizing() ?? modelling() ?? filing()
      ?? calling()
  }

  private static let looks: Set = [
    "hist", "histogram", "scatter", "describe", "summarize", "head", "tail", "count", "correlate",
    "tabulate", "tab", "schema", "missing",
  ]

  /// `hist penguins body_mass_g` and `hist penguins.body_mass_g`
  private func framed() -> String? {
    guard let frame = rest.first, writer.frames.contains(frame.text), prefix.isEmpty,
      Self.looks.contains(verb)
    else { return nil }
    let columns = Array(rest.dropFirst(rest.count > 1 && rest[1].text == "." ? 2 : 1))
    let inner = Self(verb, columns, options, condition, prefix, writer)
    let stage = inner.line() ?? (columns.isEmpty ? verb : nil)
    if writer.placeholders.contains(frame.text) { return stage }
    return stage.map { "\(LiteralText.name(frame.text)) | \($0)" }
  }

  /// The names behind the verb.
  var columns: String? { Self.names(rest) }
  /// ` where condition`
  var filter: String { condition.isEmpty ? "" : " where \(condition)" }
  /// ` by keys`, of an option or the prefix.
  var by: String { option("by").flatMap(Self.names).map { " by \($0)" } ?? prefix }

  func hasOption(_ names: String...) -> Bool {
    options.contains { names.contains($0.lowered) }
  }

  /// What stands in the parentheses of an option: `by(species)`.
  func option(_ name: String) -> [ForeignToken]? {
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
  static func names(_ tokens: [ForeignToken]) -> String? {
    let kept = tokens.filter { ![",", "and", "by"].contains($0.lowered) }
    guard !kept.isEmpty, kept.allSatisfy({ $0.kind == .word || $0.kind == .text }) else {
      return nil
    }
    return kept.map { LiteralText.name($0.text) }.joined(separator: ", ")
  }

  /// A function of a column: `mean fare`, `sqrt 2`.
  private func calling() -> String? {
    let function = writer.spellings[verb] ?? verb
    guard !writer.verbs.contains(verb), writer.functions.contains(function), rest.count == 1 else {
      return nil
    }
    if rest[0].kind == .number { return "\(function)(\(rest[0].text))" }
    return columns.map { "agg \(function)(\($0))" }
  }

  private func looking() -> String? {
    switch verb {
    case "list", "browse", "edit": return listing()
    case "summarize", "summarise", "sum", "su", "inspect", "codebook":
      let list = columns.map { " \($0)" } ?? ""
      return "describe\(list)\(by)\(filter)"
    case "describe": return "schema"
    case "tab1": return columns.map { "describe \($0)\(filter)" }
    case "tab", "table", "tabulate", "tab2": return tabulating()
    case "tabstat": return columns.map { "describe \($0)\(by)" }
    case "count": return condition.isEmpty ? "count" : "filter \(condition) | count"
    case "duplicates" where rest.first?.lowered == "report":
      return Self.names(Array(rest.dropFirst())).map { "distinct \($0) | count" }
        ?? "distinct | count"
    case "contract": return columns.map { "agg n = count() by \($0)" }
    case "histogram", "hist":
      let bins = (option("bin") ?? option("bins"))?.first?.text
      return columns.map { "hist \($0)\(bins.map { " bins=\($0)" } ?? "")\(by)\(filter)" }
    case "scatter", "twoway", "correlate", "corr", "pwcorr", "distinct", "dropnull", "select":
      var words = rest
      if verb == "twoway", let figure = layered() { return figure }
      if verb == "twoway", words.first?.lowered == "scatter" { words.removeFirst() }
      words.removeAll { $0.lowered == "vs" || $0.lowered == "and" }
      guard let columns = Self.names(words), !columns.isEmpty else { return nil }
      let name = verb == "twoway" ? "scatter" : verb.contains("corr") ? "correlate" : verb
      let p = verb == "pwcorr" && hasOption("sig", "star") ? " p=true" : ""
      return "\(name) \(columns)\(p)\(by)\(filter)"
    case "graph" where rest.first?.lowered == "box":
      guard let columns = Self.names(Array(rest.dropFirst())) else { return nil }
      let over = option("over").flatMap(Self.names).map { " by \($0)" } ?? by
      return "box \(columns)\(over)\(filter)"
    case "graph" where rest.first?.lowered == "bar":
      guard let over = option("over").flatMap(Self.names),
        let column = rest.last(where: { $0.kind == .word })
      else { return nil }
      return "bar mean(\(LiteralText.name(column.text))) over \(over)\(filter)"
    case "ci" where rest.first?.lowered == "means" && rest.count == 2:
      return "test t \(LiteralText.name(rest[1].text)) mean=0\(filter)"
    case "isid": return columns.map { "check unique(\($0))" }
    case "assert":
      return ForeignParser.expression(rest).flatMap { writer.text($0) }.map { "check \($0)" }
    case "centile":
      guard let columns, let shares = option("centile") else { return nil }
      let items = shares.filter { $0.kind == .number }.map { "quantile(\(columns), \($0.text)%)" }
      return items.isEmpty ? nil : "agg \(items.joined(separator: ", "))\(filter)"
    case "winsor2":
      guard let columns, let cut = option("cuts")?.first?.text else { return nil }
      return "|= derive \(columns)_w = winsorize(\(columns), \(cut)%)"
    case "set" where rest.first?.lowered == "more": return "set pager=off"
    case "kdensity": return columns.map { "density \($0)\(by)\(filter)" }
    case "mdesc", "misstable":
      return "missing\(verb == "mdesc" ? columns.map { " \($0)" } ?? "" : "")"
    case "xtile":
      guard rest.count == 3, rest[1].text == "=",
        let parts = (option("nq") ?? option("nquantiles"))?
          .first?.text
      else { return nil }
      return "|= derive \(LiteralText.name(rest[0].text)) = "
        + "ntile(\(LiteralText.name(rest[2].text)), \(parts))\(filter)"
    case "display", "di", "print", "echo":
      return ForeignParser.expression(rest).flatMap { writer.text($0) }
    default: return nil
    }
  }

  /// `twoway (scatter y x) (lfit y x)`: what is on the y axis stands first.
  private func layered() -> String? {
    guard rest.count > 4, rest[0].text == "(", rest[1].lowered == "scatter",
      let end = rest.firstIndex(where: { $0.text == ")" }), end == 4
    else { return nil }
    let hasLine = rest.contains { $0.lowered == "lfit" || $0.lowered == "lfitci" }
    let (y, x) = (LiteralText.name(rest[2].text), LiteralText.name(rest[3].text))
    return "scatter \(x), \(y)\(hasLine ? " smooth=lm" : "")\(filter)"
  }

  private func listing() -> String? {
    var stages = condition.isEmpty ? [] : ["filter \(condition)"]
    if let place = rest.firstIndex(where: { $0.lowered == "in" }) {
      let range = Array(rest[(place + 1)...])
      guard range.count == 3, range[1].text == "/" else { return nil }
      if let columns = Self.names(Array(rest[..<place])) { stages.append("select \(columns)") }
      stages.append("take \(range[0].text)..\(range[2].text)")
    } else {
      if let columns { stages.append("select \(columns)") }
      stages.append("head")
    }
    return stages.joined(separator: " | ")
  }

  private func tabulating() -> String? {
    guard let columns else { return nil }
    let words = columns.components(", ")
    if let contents = option("c") ?? option("contents"), contents.count == 2, words.count < 3 {
      let item = "\(contents[0].text)(\(LiteralText.name(contents[1].text)))"
      return words.count == 1
        ? "agg \(item) by \(columns)" : "pivot \(item) by \(words[1]) rows=\(words[0])"
    }
    if let statistic = option("statistic"), statistic.count == 2 {
      return "agg \(statistic[0].text)(\(statistic[1].text)) by \(columns)"
    }
    var line = "tabulate \(columns)"
    if hasOption("row") {
      line += " pct=row"
    } else if hasOption("col", "column") {
      line += " pct=col"
    } else if hasOption("cell") {
      line += " pct=all"
    }
    if hasOption("chi2") {
      line += " test=chi2"
    } else if hasOption("exact") {
      line += " test=fisher"
    }
    return line + filter
  }
}
