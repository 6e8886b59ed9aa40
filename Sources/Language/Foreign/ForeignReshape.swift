/// Joins and changes of shape as pandas, Polars and the tidyverse call them.
extension ForeignPipeline {
  /// Its stages have gone by the keys.
  var grouped: ForeignPipeline {
    var copy = self
    copy.areKeysUsed = true
    return copy
  }

  /// A selection that keeps the other columns behind it.
  var reordered: ForeignPipeline {
    var copy = self
    if let last = copy.stages.popLast() { copy.stages.append("\(last), all()") }
    return copy
  }

  /// `left_join(zones, by = "zone")`, `merge(zones, on="zone", how="left")`
  func joining(_ name: String, _ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    func named(_ names: String...) -> ForeignExpr? {
      arguments.first { names.contains($0.name ?? "") }?.value
    }
    let values = arguments.filter { $0.name == nil }.map(\.value)
    guard let other = (values.first ?? named("right", "y", "other"))?.word else { return nil }
    let kinds = [
      "left": "left", "right": "right", "outer": "full", "full": "full", "semi": "semi",
      "anti": "anti", "cross": "cross",
    ]
    let word = named("how")?.word ?? name.split(separator: "_").first.map(String.init) ?? ""
    let kind = kinds[word].map { " kind=\($0)" } ?? ""
    var keys: [String] = []
    if let left = named("left_on")?.words, let right = named("right_on")?.words,
      left.count == right.count
    {
      keys = zip(left, right).map { "\(LiteralText.name($0)) == \(LiteralText.name($1))" }
    } else if let given = named("on", "by") ?? values.dropFirst().first {
      keys = Self.joinKeys(given, writer)
    }
    let on = keys.isEmpty ? "" : " on \(keys.joined(separator: ", "))"
    guard !keys.isEmpty || kind == " kind=cross" else { return nil }
    return adding("join \(LiteralText.name(other))\(on)\(kind)")
  }

  /// `"id"`, `["id", "day"]`, `c("zone" = "zone_id")`, `join_by(zone == zone_id)`
  private static func joinKeys(_ value: ForeignExpr, _ writer: ForeignWriter) -> [String] {
    if let words = value.words { return words.map(LiteralText.name) }
    guard case .call(_, let arguments) = value else { return [] }
    return arguments.compactMap { argument in
      if let name = argument.name, let other = argument.value.word {
        return "\(LiteralText.name(name)) == \(LiteralText.name(other))"
      }
      return argument.value.word.map(LiteralText.name) ?? writer.text(argument.value)
    }
  }

  /// `pivot_table(values=…, index=…, columns=…)`, `pivot_wider(names_from = …, values_from = …)`
  func widened(_ arguments: [ForeignExpr.Argument]) -> ForeignPipeline? {
    if !counted.isEmpty {
      var copy = self
      copy.stages[copy.stages.count - 1] = "agg n = count() by \(counted.joined(separator: ", "))"
      copy.counted = []
      copy.summary = (["n = count()"], counted)
      return copy.widened(arguments)
    }
    func named(_ names: String...) -> [String]? {
      arguments.first { names.contains($0.name ?? "") }?.value.words?.map(LiteralText.name)
    }
    let first = arguments.first { $0.name == nil }?.value.words?.map(LiteralText.name)
    guard let keys = named("columns", "names_from", "on") else { return nil }
    let given = arguments.first {
      ["aggfunc", "values_fn", "aggregate_function"].contains($0.name)
    }
    if case .pairs(let pairs)? = given?.value {
      // `aggfunc={"survived": sum, "fare": "mean"}`
      let items = pairs.compactMap { column, function in
        column.word.flatMap { name in
          function.function(writer).map { "\($0)(\(LiteralText.name(name)))" }
        }
      }
      let rows = named("index", "id_cols")?.joined(separator: ", ")
      guard items.count == pairs.count else { return nil }
      return adding(
        "pivot \(items.joined(separator: ", ")) by \(keys.joined(separator: ", "))"
          + (rows.map { " rows=[\($0)]" } ?? ""))
    }
    guard let values = named("values", "values_from") ?? first, let value = values.first,
      values.count == 1
    else { return nil }
    if let summary, given == nil, stages.last?.hasPrefix("agg ") == true {
      // Counts spread over columns: each is the only one of its row and column.
      let rows = summary.keys.filter { !keys.contains($0) }
      return adding(
        "pivot sum(\(value)) by \(keys.joined(separator: ", "))"
          + (rows.isEmpty ? "" : " rows=[\(rows.joined(separator: ", "))]"))
    }
    let function = given?.value.path ?? given?.value.word ?? "mean"
    let name = writer.spellings[function.lowercased()] ?? function
    let rows = named("index", "id_cols")
    let suffix = rows.map {
      $0.count == 1 ? " rows=\($0[0])" : " rows=[\($0.joined(separator: ", "))]"
    }
    return adding(
      "pivot \(name)(\(value)) by \(keys.joined(separator: ", "))\(suffix ?? "")")
  }

  /// `melt(id_vars=…, value_vars=…)`, `pivot_longer(cols = …, names_to = …, values_to = …)`
  func lengthened(
    _ arguments: [ForeignExpr.Argument], _ nameColumn: String, _ valueColumn: String
  ) -> ForeignPipeline? {
    func named(_ names: String...) -> ForeignExpr? {
      arguments.first { names.contains($0.name ?? "") }?.value
    }
    let first = arguments.first { $0.name == nil }?.value
    var columns = ""
    if let chosen = named("value_vars", "cols", "on") ?? first {
      guard let stage = applying("select", [.init(name: nil, value: chosen)])?.stages.last else {
        return nil
      }
      columns = String(stage.dropFirst("select ".count))
    } else if let ids = named("id_vars", "index", "id_cols")?.words {
      columns = ids.map { "-\(LiteralText.name($0))" }.joined(separator: ", ")
    }
    guard !columns.isEmpty else { return nil }
    let name = named("var_name", "variable_name", "names_to")?.word
    let value = named("value_name", "values_to")?.word
    let isNamed = name != nil || value != nil || nameColumn != "name"
    let into =
      " into \(LiteralText.name(name ?? nameColumn)), \(LiteralText.name(value ?? valueColumn))"
    return adding("melt \(columns)\(isNamed ? into : "")")
  }
}
