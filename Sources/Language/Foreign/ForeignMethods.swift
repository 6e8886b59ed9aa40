/// The verbs and methods of pandas, Polars, dplyr and base R as stages.
extension ForeignPipeline {
  /// The pipeline with a method's stage; nil where there is no like.
  func applying(_ method: String, _ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    if let column, let result = applying(method, arguments, to: column) { return result }
    let values = arguments.filter { $0.name == nil }.map(\.value)
    func named(_ name: String) -> ForeignExpr? { arguments.first { $0.name == name }?.value }
    let name = method.lowercased()
    switch name {
    case "head", "tail", "glimpse", "str", "info", "names", "colnames", "view", "dim", "schema",
      "describe", "summary", "take", "limit", "slice_head", "slice_tail", "first":
      return looking(name, values.first ?? named("n") ?? named("v"))
    case "filter", "query", "subset", "where":
      return filtering(values)
    case "select", "project", "keep":
      return selecting(values)
    case "drop", "pull", "distinct", "drop_duplicates", "unique", "distinct_", "drop_na",
      "dropna", "drop_nulls", "na.omit":
      let columns =
        (named("columns") ?? named("subset"))?.words ?? values.flatMap { $0.words ?? [] }
      let list = columns.map(LiteralText.name).joined(separator: ", ")
      let verb =
        switch name {
        case "drop": "drop"
        case "pull": "select"
        case "drop_na", "dropna", "drop_nulls", "na.omit": "dropnull"
        default: "distinct"
        }
      return adding(list.isEmpty ? verb : "\(verb) \(list)")
    case "mutate", "assign", "with_columns", "transform", "extend":
      return deriving(arguments)
    case "arrange", "sort_values", "sort", "order_by", "sort_by":
      var keys = values
      if let by = named("by") { keys.append(by) }
      let turned =
        (named("ascending").flatMap { writer.text($0) } == "false")
        || (named("descending").flatMap { writer.text($0) } == "true")
      return Self.sortKeys(keys, writer, isDescending: turned).map { adding("sort \($0)") }
    case "rename":
      return renaming(arguments)
    case "group_by", "groupby":
      var copy = self
      copy.keys = values.flatMap { value in
        value.words?.map(LiteralText.name) ?? writer.text(value).map { [$0] } ?? []
      }
      return copy.keys.isEmpty ? nil : copy
    case "summarise", "summarize", "agg", "aggregate", "summarise_all":
      return summarizing(arguments)
    case "count", "value_counts", "size", "len", "nrow", "tally", "table":
      let names = values.flatMap { $0.words ?? [] }.map(LiteralText.name)
      if !names.isEmpty {
        return adding("tabulate \(names.prefix(2).joined(separator: ", "))")
      }
      var copy = adding(keys.isEmpty ? "count" : "agg count()\(clause)")
      copy.keys = []
      return copy
    case "sum" where stages.last == "missing": return self
    case "mean", "sum", "min", "max", "median", "std", "sd", "var":
      guard values.isEmpty else { return nil }
      let function = writer.spellings[name] ?? name
      return aggregating(["\(function)(numeric())"])
    case "slice":
      guard case .binary("..", let from, let to)? = values.first, let first = writer.text(from),
        let last = writer.text(to)
      else { return nil }
      return adding("take \(first)..\(last)")
    case "sample", "sample_n", "slice_sample":
      guard let count = (values.first ?? named("n")).flatMap({ writer.text($0) }) else {
        return nil
      }
      return adding("sample \(count)")
    case "nlargest", "nsmallest", "top_n", "slice_max", "slice_min", "top_k":
      let count = named("n") ?? values.first { if case .number = $0 { true } else { false } }
      let column = named("by") ?? named("order_by") ?? values.first { $0.word != nil }
      guard let count = count.flatMap({ writer.text($0) }), let column = column?.word else {
        return nil
      }
      let sign = name == "nsmallest" || name == "slice_min" ? "" : "-"
      return adding("sort \(sign)\(LiteralText.name(column))").adding("take \(count)")
    case "isna", "isnull": return adding("missing")
    case "nunique", "n_unique": return aggregating(["count_distinct(all())"])
    case "corr", "cor": return adding("correlate numeric()")
    case "to_csv", "write_csv", "write.csv", "fwrite":
      guard case .text(let path)? = values.first else { return nil }
      return adding("export \(LiteralText.text(path))")
    case "collect", "copy", "lazy", "ungroup", "reset_index", "print", "as_tibble", "to_frame":
      return self
    case "plot", "hist", "scatter":
      if let x = named("x")?.word, let y = named("y")?.word {
        return adding("scatter \(LiteralText.name(x)), \(LiteralText.name(y))")
      }
      let columns = values.compactMap(\.word).map(LiteralText.name)
      guard columns.count == 1 else { return nil }
      return adding("hist \(columns[0])")
    default: return nil
    }
  }

  /// What is done to one column: `penguins.body_mass_g.mean()`.
  private func applying(
    _ method: String, _ arguments: [ForeignExpr.Argument], to column: String
  ) -> ForeignPipeline? {
    var copy = self
    copy.column = nil
    switch method {
    case "value_counts", "table": return copy.adding("tabulate \(column)")
    case "unique", "drop_duplicates": return copy.adding("distinct \(column)")
    case "describe", "summary": return copy.adding("describe \(column)")
    case "hist", "plot": return copy.adding("hist \(column)")
    case "head", "tail":
      return copy.adding("select \(column)").applying(method, arguments)
    case "sort_values": return copy.adding("select \(column)").adding("sort \(column)")
    case "isna", "isnull", "is_null":
      copy.column = "\(column) is null"
      return copy
    default:
      let item = writer.text(.call(.member(.name(column), method), arguments))
      guard let item else { return nil }
      return copy.aggregating([item])
    }
  }

  private func looking(_ name: String, _ count: ForeignExpr?) -> ForeignPipeline? {
    switch name {
    case "glimpse", "str", "info", "names", "colnames", "dim", "schema": return adding("schema")
    case "describe", "summary": return adding("describe")
    case "view": return adding("head 20")
    default:
      let verb =
        name.hasSuffix("tail") ? "tail" : name == "take" || name == "limit" ? "take" : "head"
      guard let count else { return adding(verb) }
      return writer.text(count).map { adding("\(verb) \($0)") }
    }
  }

  func filtering(_ conditions: [ForeignExpr]) -> ForeignPipeline? {
    var texts: [String] = []
    for condition in conditions {
      var value = condition
      // `df.query("x > 3")`
      if case .text(let text) = condition,
        let inner = ForeignToken.tokens(text).flatMap({ ForeignParser.expression($0) })
      {
        value = inner
      }
      guard let text = writer.text(value, conditions.count > 1 ? 21 : 0) else { return nil }
      texts.append(text)
    }
    return texts.isEmpty ? nil : adding("filter \(texts.joined(separator: " and "))")
  }

  private func selecting(_ items: [ForeignExpr]) -> ForeignPipeline? {
    var texts: [String] = []
    for item in items {
      if let words = item.words {
        texts += words.map(LiteralText.name)
        continue
      }
      if case .call(let function, let arguments) = item {
        if function.path == "where" || function.path == "cs.numeric" {
          let type = arguments.first?.value.path?.lowercased()
          texts.append(type == "is.character" ? "text()" : "numeric()")
          continue
        }
        let selectors = [
          "starts_with": "starts", "ends_with": "ends", "contains": "contains",
          "everything": "all", "pl.all": "all",
        ]
        if let path = function.path, let selector = selectors[path] {
          let parts = arguments.compactMap { writer.text($0.value) }
          texts.append("\(selector)(\(parts.joined(separator: ", ")))")
          continue
        }
      }
      guard let text = writer.text(item) else { return nil }
      texts.append(text)
    }
    return texts.isEmpty ? nil : adding("select \(texts.joined(separator: ", "))")
  }

  private func deriving(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    guard let items = items(arguments) else { return nil }
    return adding("derive \(items.joined(separator: ", "))\(clause)")
  }

  /// `name = expression` for each argument; also `expression.alias("name")`.
  private func items(_ arguments: [ForeignExpr.Argument]) -> [String]? {
    var items: [String] = []
    for argument in arguments {
      var value = argument.value
      var name = argument.name
      if case .call(.member(let inner, "alias"), let alias) = value,
        let word = alias.first?.value.word
      {
        value = inner
        name = word
      }
      // `mass=("body_mass_g", "mean")`
      if case .list(let pair) = value, pair.count == 2, let column = pair[0].word,
        let function = pair[1].word
      {
        value = .call(.name(function), [.init(name: nil, value: .name(column))])
      }
      guard let text = writer.text(value) else { return nil }
      items.append(name.map { "\(LiteralText.name($0)) = \(text)" } ?? text)
    }
    return items.isEmpty ? nil : items
  }

  private func summarizing(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    // `agg({"body_mass_g": "mean"})`
    if case .pairs(let pairs)? = arguments.first?.value {
      let items = pairs.compactMap { column, function -> String? in
        guard let column = column.word, let function = function.word else { return nil }
        return writer.text(.call(.name(function), [.init(name: nil, value: .name(column))]))
      }
      return items.count == pairs.count ? aggregating(items) : nil
    }
    var named = arguments.filter { ![".by", ".groups"].contains($0.name ?? "") }
    var copy = self
    if let keys = arguments.first(where: { $0.name == ".by" })?.value {
      copy.keys = keys.words ?? writer.text(keys).map { [$0] } ?? []
    }
    // `aggregate(y ~ x, data, FUN = mean)` has its formula first.
    if case .binary("~", let y, let x)? = named.first?.value {
      let function = named.first { $0.name == "FUN" }?.value.word ?? "mean"
      guard let y = y.word, let x = x.word else { return nil }
      copy.keys = [LiteralText.name(x)]
      named = [.init(name: nil, value: .call(.name(function), [.init(name: nil, value: .name(y))]))]
    }
    guard let items = items(named) else { return nil }
    return copy.aggregating(items)
  }

  private func renaming(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    var pairs: [(old: String, new: String)] = []
    for argument in arguments {
      if case .pairs(let list) = argument.value {
        for (old, new) in list {
          guard let old = old.word, let new = new.word else { return nil }
          pairs.append((old, new))
        }
      } else if let new = argument.name, let old = argument.value.word {
        pairs.append((old, new))
      }
    }
    let texts = pairs.map { "\(LiteralText.name($0.old)) -> \(LiteralText.name($0.new))" }
    return texts.isEmpty ? nil : adding("rename \(texts.joined(separator: ", "))")
  }
}
