/// csvkit, xsv and Miller.
extension ForeignShell {
  func csvkit(_ input: ForeignPipeline) -> ForeignPipeline? {
    let columns = Self.names(value("-c", "--columns"))
    switch words[0] {
    case "csvcut":
      if let left = Self.names(value("-C", "--not-columns")) {
        return input.adding("drop \(left.joined(separator: ", "))")
      }
      if has("-n", "--names") { return input.adding("schema") }
      return columns.map { input.adding("select \($0.joined(separator: ", "))") }
    case "csvgrep":
      guard let column = columns?.first else { return nil }
      if let text = value("-m", "--match") {
        return input.adding("filter \(column) == \(LiteralText.text(text))")
      }
      guard let regex = value("-r", "--regex"), !regex.contains("/") else { return nil }
      return input.adding("filter \(column) =~ /\(regex)/")
    case "csvsort":
      guard let columns else { return nil }
      let sign = has("-r", "--reverse") ? "-" : ""
      return input.adding("sort \(columns.map { sign + $0 }.joined(separator: ", "))")
    case "csvstat":
      return input.adding("describe" + (columns.map { " \($0.joined(separator: ", "))" } ?? ""))
    default: return input.adding("head")
    }
  }

  func xsv(_ tool: String, _ input: ForeignPipeline) -> ForeignPipeline? {
    let chosen = Self.names(value("-s", "--select"))
    let list = chosen?.joined(separator: ", ")
    switch tool {
    case "select":
      let columns = words.dropFirst(2).first { !$0.hasPrefix("-") }
      return Self.names(columns).map { input.adding("select \($0.joined(separator: ", "))") }
    case "frequency", "freq":
      return input.adding(list.map { "tabulate \($0)" } ?? "describe")
    case "search":
      let given = words.dropFirst(2).filter { !$0.hasPrefix("-") && $0 != value("-s", "--select") }
      guard let pattern = given.first, !pattern.contains("/"), let column = chosen?.first else {
        return nil
      }
      let isInsensitive = has("-i", "--ignore-case")
      return input.adding("filter \(column) =~ /\(pattern)/\(isInsensitive ? "i" : "")")
    case "stats": return input.adding("describe" + (list.map { " \($0)" } ?? ""))
    case "headers": return input.adding("schema")
    case "count": return input.adding("count")
    case "dedup": return input.adding("distinct")
    case "table", "flatten", "view": return input.adding("head")
    case "sort":
      guard let chosen else { return nil }
      let sign = has("-R", "--reverse") ? "-" : ""
      return input.adding("sort \(chosen.map { sign + $0 }.joined(separator: ", "))")
    case "sample", "head", "tail":
      let count = words.dropFirst(2).compactMap { Int($0) }.first
      return count.map { input.adding("\(tool) \($0)") }
    case "slice":
      if let count = value("-l", "--len").flatMap({ Int($0) }), value("-s") == nil {
        return input.adding("take \(count)")
      }
      guard let from = value("-s", "--start").flatMap({ Int($0) }), from < 1 << 40,
        let to = value("-e", "--end").flatMap({ Int($0) })
      else { return nil }
      return input.adding("take \(from + 1)..\(to)")
    default: return nil
    }
  }

  /// `mlr --icsv --opprint sort -nr x then head -n 4 file.csv`
  func miller(_ input: ForeignPipeline, _ writer: ForeignWriter) -> ForeignPipeline? {
    var rest = Array(words.dropFirst())
    while let first = rest.first, first.hasPrefix("-") {
      rest.removeFirst()
      if ["--from", "--ifs", "--ofs", "--fs", "-n"].contains(first), !rest.isEmpty {
        rest.removeFirst()
      }
    }
    var result = input
    for part in rest.split(separator: "then") {
      guard let next = millerVerb(Array(part), result, writer) else { return nil }
      result = next
    }
    return result
  }

  private func millerVerb(
    _ words: [String], _ input: ForeignPipeline, _ writer: ForeignWriter
  ) -> ForeignPipeline? {
    guard let verb = words.first else { return nil }
    func value(_ name: String) -> String? {
      words.firstIndex(of: name).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    }
    func expression(_ text: String?) -> [ForeignToken]? {
      text.flatMap { ForeignToken.tokens($0.replacing("$", with: "")) }
    }
    let fields = Self.names(value("-f"))
    let groups = Self.names(value("-g")).map { " by \($0.joined(separator: ", "))" } ?? ""
    switch verb {
    case "cat": return input
    case "head", "tail": return input.adding("\(verb) \(Int(value("-n") ?? "") ?? 10)\(groups)")
    case "cut":
      let isLeft = words.contains("-x")
      return fields.map {
        input.adding("\(isLeft ? "drop" : "select") \($0.joined(separator: ", "))")
      }
    case "sort":
      for (flag, sign) in [("-nr", "-"), ("-r", "-"), ("-nf", ""), ("-n", ""), ("-f", "")] {
        if let keys = Self.names(value(flag)) {
          return input.adding("sort \(keys.map { sign + $0 }.joined(separator: ", "))")
        }
      }
      return nil
    case "filter":
      return expression(words.dropFirst().first).flatMap { ForeignParser.expression($0) }
        .flatMap { input.filtering([$0]) }
    case "put":
      guard let tokens = expression(words.dropFirst().first), tokens.count > 2,
        tokens[1].text == "=", let value = ForeignParser.expression(Array(tokens.dropFirst(2))),
        let text = writer.text(value)
      else { return nil }
      return input.adding("derive \(LiteralText.name(tokens[0].text)) = \(text)")
    case "stats1":
      guard let fields, let functions = value("-a")?.split(separator: ",") else { return nil }
      let items = fields.flatMap { field in
        functions.map { function in
          if function.hasPrefix("p"), let share = Int(function.dropFirst()) {
            return "quantile(\(field), \(share)%)"
          }
          return "\(writer.spellings[String(function)] ?? String(function))(\(field))"
        }
      }
      return input.adding("agg \(items.joined(separator: ", "))\(groups)")
    case "count": return input.adding("count\(groups)")
    case "count-distinct":
      return fields.map { input.adding("count by \($0.joined(separator: ", "))") }
    case "uniq": return input.adding("distinct")
    default: return nil
    }
  }
}
