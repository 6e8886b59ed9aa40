/// Tools of the shell that read tables: those of every system, csvkit, xsv and its kin, Miller, and
/// databases that are given a statement.
struct ForeignShell {
  /// The words of the command, quotes taken off.
  let words: [String]
  /// The words that stood in quotes.
  private let quoted: Set<String>

  /// Nil where the command is none of them.
  init?(_ tokens: [ForeignToken]) {
    guard let first = tokens.first, first.kind == .word, tokens.first?.text != "|" else {
      return nil
    }
    var words: [String] = []
    var quoted: Set<String> = []
    for token in tokens {
      if token.kind == .text { quoted.insert(token.text) }
      if token.text == "|" { return nil }
      if words.isEmpty || token.isSpaced {
        words.append(token.text)
      } else {
        words[words.count - 1] += token.text
      }
    }
    self.words = words
    self.quoted = quoted
  }

  /// The line that does the same; nil where there is none.
  func line(_ writer: ForeignWriter) -> String? {
    if Self.databases.contains(words[0]) {
      let statement = words.dropFirst().first { quoted.contains($0) && $0.contains(" ") }
      let tokens = statement.flatMap { ForeignToken.tokens($0) }
      return tokens.flatMap { ForeignSQL(tokens: $0, writer: writer).line() }
    }
    if words.count == 1, let verb = Self.viewers[words[0]] { return verb }
    if words[0] == "head" || words[0] == "tail" || words[0] == "wc",
      words.dropFirst().allSatisfy({ $0.hasPrefix("-") || Int($0) != nil })
    {
      let input = ForeignPipeline(source: "", writer: writer)
      return pipeline(input, writer)?.line
    }
    return pipeline(nil, writer)?.line
  }

  private static let databases: Set = [
    "sqlite3", "duckdb", "psql", "mysql", "csvsql", "clickhouse", "textql", "q", "dsq",
  ]

  /// Where a tool has no like, the line that brings in the file that it reads: what follows is then
  /// asked of its columns. What only the shell can do is handed to it.
  static func opening(_ tokens: [ForeignToken]) -> String? {
    guard let first = tokens.first, first.kind == .word else { return nil }
    if first.text == "ls" { return "ls" }
    if first.text == "cd", tokens.count > 1, [.word, .text].contains(tokens[1].kind) {
      return "cd \(LiteralText.text(tokens[1].text))"
    }
    if ["import", "from"].contains(first.text), tokens.count > 1, tokens[1].kind == .word {
      return "?"
    }
    let command = ForeignToken.split(tokens, at: "|").first ?? tokens
    if readers.contains(first.text), let shell = ForeignShell(command) {
      let file = shell.words.dropFirst().last {
        [".csv", ".tsv", ".gz", ".txt", ".arrow"].contains(where: $0.hasSuffix)
      }
      if let file { return "load \(LiteralText.text(file))" }
    }
    guard programs.contains(first.text) else { return nil }
    var line = "!"
    for token in tokens {
      line += token.isSpaced || line == "!" ? " " : ""
      line += token.kind == .text ? LiteralText.text(token.text) : token.text
    }
    return line
  }

  private static let readers: Set = [
    "cut", "sort", "grep", "egrep", "rg", "awk", "gawk", "sed", "uniq", "tr", "paste", "jq", "perl",
    "xsv", "qsv", "mlr", "csvcut", "csvgrep", "csvstack", "csvjoin", "tac", "rev", "comm", "fgrep",
    "zcat", "zgrep", "iconv", "split", "nl", "open", "less", "more", "cat",
  ]

  private static let programs: Set = [
    "rm", "mkdir", "cp", "mv", "touch", "python", "python3", "vim", "vi", "nano", "emacs", "which",
    "git", "pip", "curl", "wget", "chmod", "sudo", "make", "man", "find", "du", "df", "ps", "top",
    "ssh", "scp", "tar", "unzip", "gzip", "gunzip", "bash", "sh", "R", "Rscript", "stata", "whoami",
    "env", "apt", "brew", "conda", "docker", "psql", "sqlite3", "tree", "file", "date",
  ]

  private static let viewers = [
    "cat": "head", "less": "head", "more": "head", "bat": "head", "csvlook": "head", "vd": "head",
    "column": "head", "visidata": "head", "csvstat": "describe", "csvcut": "schema",
  ]

  /// What the tool does with rows that come through a pipe, or without them with those of its file.
  func pipeline(_ input: ForeignPipeline?, _ writer: ForeignWriter) -> ForeignPipeline? {
    guard let input = input ?? source(writer) else { return nil }
    switch words[0] {
    case "csvcut", "csvgrep", "csvsort", "csvstat", "csvlook", "csvjson", "csvformat", "csvclean":
      return csvkit(input)
    case "xsv", "qsv", "xan":
      return words.count > 1 ? xsv(words[1], input) : nil
    case "mlr": return miller(input, writer)
    case "cat" where words.count > 2: return nil
    case "sort", "uniq":
      // Without columns they are of whole lines.
      return nil
    case "tail" where words.contains(where: { $0.hasPrefix("+") }):
      // `tail -n +2` leaves out the names.
      return value("-n").flatMap { Int($0.dropFirst()) }.flatMap {
        $0 > 1 && $0 < 1 << 40 ? input.adding($0 == 2 ? "head" : "take \($0 - 1)..") : nil
      }
    case "head", "tail":
      guard let text = value("-n") ?? words.dropFirst().first.map({ String($0.drop { $0 == "-" }) })
      else { return input.adding(words[0]) }
      return input.adding(Int(text).map { "\(words[0]) \($0)" } ?? words[0])
    case "wc": return input.adding("count")
    case "sed":
      // `sed -n '1,5p'`
      guard let script = words.first(where: { $0.hasSuffix("p") && $0.contains(",") }) else {
        return nil
      }
      let ends = script.dropLast().split(separator: ",").compactMap { Int($0) }
      return ends.count == 2 ? input.adding("take \(ends[0])..\(ends[1])") : nil
    case "shuf":
      return value("-n").flatMap { Int($0) }.map { input.adding("sample \($0)") }
    default:
      guard let verb = Self.viewers[words[0]] else { return nil }
      return input.adding(verb)
    }
  }

  /// `load` of the file at the end, or behind `--from`; a bound frame by its name.
  private func source(_ writer: ForeignWriter) -> ForeignPipeline? {
    let last = value("--from") ?? words.dropFirst().last { !$0.hasPrefix("-") }
    guard let last else { return nil }
    if writer.frames.contains(last) {
      return ForeignPipeline(source: LiteralText.name(last), writer: writer)
    }
    let endings = [".csv", ".tsv", ".gz", ".txt", ".arrow", ".parquet", ".json"]
    guard endings.contains(where: { last.hasSuffix($0) }), last.count > 4 else { return nil }
    return ForeignPipeline(source: "load \(LiteralText.text(last))", writer: writer)
  }

  /// What stands behind an option, or in one word with it.
  func value(_ names: String...) -> String? {
    for (index, word) in words.enumerated().dropFirst() {
      if names.contains(word) { return index + 1 < words.count ? words[index + 1] : nil }
      if let name = names.first(where: { word.hasPrefix($0 + "=") }) {
        return String(word.dropFirst(name.count + 1))
      }
      if let name = names.first(where: { $0.count == 2 && word.hasPrefix($0) && word.count > 2 }) {
        return String(word.dropFirst(name.count))
      }
    }
    return nil
  }

  func has(_ names: String...) -> Bool { words.dropFirst().contains { names.contains($0) } }

  /// Names with commas between them; nil where one is a number of a column.
  static func names(_ text: String?) -> [String]? {
    guard let text else { return nil }
    let parts = text.split(separator: ",").map(String.init)
    guard !parts.isEmpty, parts.allSatisfy({ $0.first?.isNumber == false }) else { return nil }
    return parts.map(LiteralText.name)
  }
}
