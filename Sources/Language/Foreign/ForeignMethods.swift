/// The verbs and methods of pandas, Polars, dplyr and base R as stages.
extension ForeignPipeline {
  /// Marked as a change of its frame where the call says so: `inplace=True`.
  private func changing(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline {
    var copy = self
    let value = arguments.first { $0.name == "inplace" }?.value
    if value?.word == "True" { copy.changesFrame = true }
    return copy
  }

  /// The pipeline with a method's stage; nil where there is no like.
  func applying(_ method: String, _ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    appending(method, arguments)?.changing(arguments)
  }

  private func appending(
    _ method: String, _ arguments: [ForeignExpr.Argument]
  ) -> ForeignPipeline? {
    // How much is null in each column is told already, in an order of its own.
    if stages.last == "missing", ["mean", "sum", "any", "all", "sort_values"].contains(method) {
      return self
    }
    if let condition, ["mean", "sum", "any", "all"].contains(method) {
      var copy = self
      copy.stages.removeLast()
      return copy.aggregating(["\(method)(\(condition))"])
    }
    if let column, let result = applying(method, arguments, to: column) {
      return result.changing(arguments)
    }
    if !columns.isEmpty, let result = applying(method, arguments, toColumns: columns) {
      return result
    }
    let values = arguments.filter { $0.name == nil }.map(\.value)
    func named(_ name: String) -> ForeignExpr? { arguments.first { $0.name == name }?.value }
    let name = method.lowercased()
    switch name {
    case "head", "tail", "glimpse", "str", "info", "names", "colnames", "view", "dim", "schema",
      "describe", "summary", "take", "limit", "slice_head", "slice_tail", "first":
      return looking(name, values.first ?? named("n") ?? named("v"))
    case "filter", "query", "subset", "where":
      let filtered = filtering(values)
      guard let chosen = named("select") else { return filtered }
      return filtered?.selecting([chosen])
    case "select", "project", "keep":
      return selecting(values)
    case "drop", "pull", "distinct", "drop_duplicates", "unique", "distinct_", "drop_na",
      "dropna", "drop_nulls", "na.omit":
      if named("how")?.word == "all" { return nil }
      let columns =
        (named("columns") ?? named("subset"))?.words ?? values.flatMap { $0.words ?? [] }
      let list = columns.map(LiteralText.name).joined(separator: ", ")
      let verb =
        switch name {
        case "drop": "drop"
        case "pull": "select"
        case "drop_na", "dropna", "drop_nulls", "na.omit": "dropnull"
        case "distinct" where named(".keep_all") != nil: "dedupe by"
        case "drop_duplicates" where named("subset") != nil, "unique" where named("subset") != nil:
          "dedupe by"
        default: "distinct"
        }
      return adding(list.isEmpty ? verb : "\(verb) \(list)")
    case "relocate":
      return selecting(values)?.reordered
    case "mutate", "assign", "with_columns", "transform", "extend":
      return deriving(arguments.filter { ![".after", ".before", ".keep"].contains($0.name ?? "") })
    case "arrange", "sort_values", "sort", "order_by", "sort_by":
      var keys = values
      if let by = named("by") { keys.append(by) }
      if keys.isEmpty, stages.last?.hasPrefix("agg count()") == true { keys = [.name("count")] }
      // `ascending=[True, False]`
      if case .list(let turns)? = named("ascending") ?? named("descending") {
        let words = keys.flatMap { $0.words ?? [] }
        guard words.count == turns.count else { return nil }
        let falls = named("ascending") == nil ? "true" : "false"
        let list = zip(words, turns).map { word, turn in
          (writer.text(turn) == falls ? "-" : "") + LiteralText.name(word)
        }
        return adding("sort \(list.joined(separator: ", "))")
      }
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
    case "summarise_all", "summarize_all":
      return values.first.flatMap { $0.function(writer) }.flatMap {
        aggregating(["\($0)(numeric())"])
      }
    case "summarise", "summarize", "agg", "aggregate":
      if arguments.count == 1, arguments[0].name == nil, case .list = arguments[0].value,
        let all = aggregating(["numeric()"], by: arguments)
      {
        return all
      }
      return summarizing(arguments)
    case "unstack": return crossed()
    case "transmute":
      guard let next = deriving(arguments) else { return nil }
      let names = arguments.compactMap { $0.name ?? $0.value.word }.map(LiteralText.name)
      return names.count == arguments.count
        ? next.adding("select \(names.joined(separator: ", "))") : nil
    case "duplicated": return adding("describe")
    case "to_numpy", "sort_index", "infer_objects", "convert_dtypes", "toDF": return self
    case "null_count", "isnull_sum": return adding("missing")
    case "add_count", "add_tally":
      let keys = values.flatMap { $0.words ?? [] }.map(LiteralText.name)
      return keys.isEmpty ? nil : adding("derive n = count() by \(keys.joined(separator: ", "))")
    case "separate":
      guard let column = values.first?.word.map(LiteralText.name),
        let names = (named("into") ?? values.dropFirst().first).flatMap({ value -> [String]? in
          if case .call(_, let given) = value { return ForeignExpr.list(given.map(\.value)).words }
          return value.words
        })
      else { return nil }
      let separator = named("sep").flatMap { writer.text($0) } ?? "/[^A-Za-z0-9]+/"
      let items = names.enumerated().map {
        "\(LiteralText.name($1)) = split(\(column), \(separator))[\($0 + 1)]"
      }
      return adding("derive \(items.joined(separator: ", "))").adding("drop \(column)")
    case "unite":
      guard let new = values.first?.word, values.count > 2 else { return nil }
      let separator = named("sep").flatMap { writer.text($0) } ?? "\"_\""
      let parts = values.dropFirst().compactMap(\.word).map { "text(\(LiteralText.name($0)))" }
      return adding(
        "derive \(LiteralText.name(new)) = list_join([\(parts.joined(separator: ", "))], \(separator))"
      )
    case "clean_names", "janitor.clean_names": return adding("clean")
    case "eval":
      guard case .text(let text)? = values.first, let tokens = ForeignToken.tokens(text),
        tokens.count > 2, tokens[1].text == "=",
        let value = ForeignParser.expression(Array(tokens.dropFirst(2))),
        let written = writer.text(value)
      else { return nil }
      return adding("derive \(LiteralText.name(tokens[0].text)) = \(written)")
    case "boxplot":
      guard let column = (named("column") ?? values.first)?.word.map(LiteralText.name) else {
        return nil
      }
      let by = named("by")?.word.map { " by \(LiteralText.name($0))" } ?? ""
      return adding("box \(column)\(by)")
    case "memory_usage": return adding("schema")
    case "count", "value_counts", "size", "len", "nrow", "tally", "table":
      let names = values.flatMap { $0.words ?? [] }.map(LiteralText.name)
      if !names.isEmpty {
        var copy = adding("tabulate \(names.prefix(2).joined(separator: ", "))")
        copy.counted = names
        return copy
      }
      var copy = adding(keys.isEmpty ? "count" : "agg count()\(clause)")
      copy.keys = []
      return copy
    case "sum" where stages.last == "describe": return self
    case "apply":
      guard case .lambda(_, let body)? = values.first, let text = writer.text(body) else {
        return nil
      }
      return adding("derive value = \(text)")
    case "replace":
      guard case .pairs(let columns)? = values.first else { return nil }
      return columns.reduce(self as ForeignPipeline?) { pipeline, pair in
        guard let column = pair.0.word.map(LiteralText.name), case .pairs(let values) = pair.1,
          let text = writer.mapped(column, values, keepsOthers: true)
        else { return nil }
        return pipeline?.adding("derive \(column) = \(text)")
      }
    case "mean", "sum", "min", "max", "median", "std", "sd", "var":
      guard values.isEmpty else { return nil }
      let function = writer.spellings[name] ?? name
      return aggregating(["\(function)(numeric())"])
    case "slice" where values.count == 1 && writer.text(values[0]) == "count()":
      return adding("tail 1\(clause)").grouped
    case "slice":
      guard case .binary("..", let from, let to)? = values.first, let first = writer.text(from),
        let last = writer.text(to)
      else { return nil }
      return adding("take \(first)..\(last)")
    case "sample", "sample_n", "slice_sample":
      if let share = named("frac") ?? named("prop") ?? named("fraction"),
        case .number(let text) = share, let part = Double(text), part > 0, part < 1
      {
        let percent = part * 100
        let text = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        let seed = (named("random_state") ?? named("seed")).flatMap { writer.text($0) }
        return adding("sample \(text)%\(clause)" + (seed.map { " seed=\($0)" } ?? "")).grouped
      }
      guard let count = (values.first ?? named("n")).flatMap({ writer.text($0) }) else {
        return nil
      }
      return adding("sample \(count)\(clause)").grouped
    case "nlargest", "nsmallest", "top_n", "slice_max", "slice_min", "top_k":
      let count = named("n") ?? values.first { if case .number = $0 { true } else { false } }
      let column = named("by") ?? named("order_by") ?? values.first { $0.word != nil }
      guard let count = count.flatMap({ writer.text($0) }), let column = column?.word else {
        return nil
      }
      let sign = name == "nsmallest" || name == "slice_min" ? "" : "-"
      return adding("sort \(sign)\(LiteralText.name(column))").adding("take \(count)\(clause)")
        .grouped
    case "merge", "join", "left_join", "right_join", "inner_join", "full_join", "semi_join",
      "anti_join", "outer_join", "cross_join":
      return joining(name, arguments)
    case "append", "bind_rows", "union", "union_all", "vstack", "rbind":
      let names = values.compactMap(\.word).map(LiteralText.name)
      return names.isEmpty || names.count != values.count
        ? nil : adding("append \(names.joined(separator: ", "))")
    case "pivot_table", "pivot", "pivot_wider": return widened(arguments)
    case "melt", "unpivot": return lengthened(arguments, "variable", "value")
    case "pivot_longer", "gather": return lengthened(arguments, "name", "value")
    case "crosstab":
      let names = values.flatMap { $0.words ?? [] }.map(LiteralText.name)
      return names.count == 2 ? adding("tabulate \(names.joined(separator: ", "))") : nil
    case "set_index":
      var copy = self
      copy.order = (values.first?.word ?? named("keys")?.word).map(LiteralText.name)
      return copy.order == nil ? nil : copy
    case "resample", "group_by_dynamic":
      guard let column = named("on")?.word.map(LiteralText.name) ?? order,
        let unit = values.first?.word?.lowercased(), let width = ForeignWriter.widths[unit]
      else { return nil }
      var copy = self
      copy.keys = ["bin(\(column), \(width))"]
      return copy
    case "ffill", "forward_fill", "bfill", "backward_fill":
      return adding("fill all() with \(name.hasPrefix("b") ? "back" : "forward")")
    case "fillna", "fill_null", "replace_na":
      if name == "replace_na", case .call(_, let given)? = values.first,
        given.allSatisfy({ $0.name != nil })
      {
        return given.reduce(self as ForeignPipeline?) { pipeline, pair in
          writer.text(pair.value).flatMap {
            pipeline?.adding("fill \(LiteralText.name(pair.name ?? "")) with \($0)")
          }
        }
      }
      guard case .pairs(let pairs)? = values.first else {
        // One value fits the columns of its type.
        let columns =
          switch values.first {
          case .number?, .unary?: "numeric()"
          case .text?: "text()"
          default: "all()"
          }
        return values.first.flatMap { writer.text($0) }.map { adding("fill \(columns) with \($0)") }
      }
      return pairs.reduce(self as ForeignPipeline?) { pipeline, pair in
        guard let column = pair.0.word, let value = writer.text(pair.1) else { return nil }
        return pipeline?.adding("fill \(LiteralText.name(column)) with \(value)")
      }
    case "select_dtypes":
      let kinds = [
        "number": "numeric()", "object": "text()", "bool": "bools()", "datetime": "dates()",
      ]
      guard let kind = ((named("include") ?? values.first)?.word).flatMap({ kinds[$0] }) else {
        return nil
      }
      var copy = self
      copy.columns = [kind]
      return copy
    case "isna", "isnull": return adding("missing")
    case "nunique", "n_unique": return aggregating(["count_distinct(all())"])
    case "corr", "cor": return adding("correlate numeric()")
    case "to_csv", "write_csv", "write.csv", "fwrite":
      guard case .text(let path)? = values.first else { return nil }
      return adding("export \(LiteralText.text(path))")
    case "collect", "copy", "lazy", "ungroup", "reset_index", "print", "as_tibble", "to_frame":
      return self
    case "hist" where named("column")?.word != nil:
      return adding("hist \(LiteralText.name(named("column")?.word ?? ""))")
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

  private func looking(_ name: String, _ count: ForeignExpr?) -> ForeignPipeline? {
    switch name {
    case "glimpse", "str", "info", "names", "colnames", "dim", "schema": return adding("schema")
    case "describe", "summary": return adding("describe")
    case "view": return adding("head 20")
    default:
      let verb =
        name.hasSuffix("tail") ? "tail" : name == "take" || name == "limit" ? "take" : "head"
      if !keys.isEmpty {
        // Of each group pandas takes 5, and `first` is one.
        let rows = count.map { writer.text($0) } ?? (name == "first" ? "1" : "5")
        let stage = verb == "tail" ? "tail" : "take"
        return rows.map { adding("\(stage) \($0)\(clause)").grouped }
      }
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
    return texts.isEmpty
      ? nil : adding("filter \(texts.joined(separator: " and "))\(clause)").grouped
  }

  func selecting(_ items: [ForeignExpr]) -> ForeignPipeline? {
    // Polars picks summaries, too.
    if let summaries = self.items(items.map { .init(name: nil, value: $0) }),
      summaries.allSatisfy({ item in
        let call = item.firstRange(of: " = ").map { item[$0.upperBound...] } ?? item[...]
        return call.contains("(") && call.hasSuffix(")")
          && Self.reductions.subtracting(["all", "unique", "first", "last"])
            .contains(String(call.prefix { $0 != "(" }))
      })
    {
      return aggregating(summaries)
    }
    var texts: [String] = []
    var derived: [String] = []
    for item in items {
      if let words = item.words {
        texts += words.map(LiteralText.name)
        continue
      }
      // `!year` and `-c(year, sex)`
      if case .unary(_, let inner) = item, let left = selecting([inner])?.stages.last {
        texts += left.dropFirst("select ".count).split(separator: ", ").map { "-\($0)" }
        continue
      }
      if case .call(.member(_, "exclude"), let arguments) = item {
        let words = arguments.flatMap { $0.value.words ?? [] }
        texts += words.map { "-\(LiteralText.name($0))" }
        continue
      }
      if case .call(let function, let arguments) = item {
        if function.path == "where" || function.path == "cs.numeric" {
          let type = arguments.first?.value.path?.lowercased()
          texts.append(type == "is.character" ? "text()" : "numeric()")
          continue
        }
        if ["c", "all_of", "any_of"].contains(function.path) {
          let inner = arguments.count == 1 ? arguments[0].value : .list(arguments.map(\.value))
          guard let chosen = selecting([inner])?.stages.last else { return nil }
          texts.append(String(chosen.dropFirst("select ".count)))
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
      if case .binary(let sign, _, _) = item, sign != "..", sign != "..<" {
        let name = "x\(texts.count + 1)"
        derived.append("\(name) = \(text)")
        texts.append(name)
      } else {
        texts.append(text)
      }
    }
    if !derived.isEmpty {
      return adding("derive \(derived.joined(separator: ", "))")
        .adding("select \(texts.joined(separator: ", "))")
    }
    return texts.isEmpty ? nil : adding("select \(texts.joined(separator: ", "))")
  }

  private func deriving(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    // Polars' `.over("k")`
    var keys: [String] = []
    let arguments = arguments.map { argument -> ForeignExpr.Argument in
      var copy = argument
      if case .call(.member(let value, "alias"), let alias) = argument.value {
        copy = .init(name: alias.first?.value.word, value: value)
      }
      if case .call(.member(let value, "over"), let given) = copy.value {
        keys = given.flatMap { $0.value.words ?? [] }.map(LiteralText.name)
        copy.value = value
      }
      // Without a name it is that of the column it begins with.
      if copy.name == nil { copy.name = copy.value.column }
      return copy
    }
    if !keys.isEmpty {
      var grouped = self
      grouped.keys = keys
      return grouped.deriving(arguments)
    }
    guard let items = items(arguments, each: true) else { return nil }
    return adding("derive \(items.joined(separator: ", "))\(clause)").grouped
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
