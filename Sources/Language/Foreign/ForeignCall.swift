/// Calls of functions on frames and their columns: `mean(df$x)`, `lm(y ~ x, data = df)`.
struct ForeignCall {
  let path: String
  let arguments: [ForeignExpr.Argument]
  var writer: ForeignWriter

  func line() -> String? {
    if let figure = ForeignPlot.line(path, arguments, writer) { return figure }
    let values = arguments.filter { $0.name == nil }.map(\.value)
    switch path {
    case "print", "view", "View", "display", "str", "type", "help", "rm", "library", "require":
      return console(values)
    case "quit", "exit", "q": return "exit"
    case "ls": return "frames"
    case "lm", "glm", "smf.ols": return model(values)
    case "filter" where values.count == 1, "select" where values.count == 1: return nil
    case "length" where values.count == 1:
      guard case .call(let function, let inner)? = values.first, function.path == "unique",
        let column = inner.first.flatMap({ column($0.value) })
      else { return summary(values) }
      return "\(column.frame) | agg count_distinct(\(column.name))"
    case "sum", "mean", "median", "min", "max", "sd", "var", "std", "quantile", "length":
      return summary(values)
    case "table", "tabulate":
      let columns = values.compactMap(column)
      guard let frame = columns.first?.frame, columns.count == values.count else { return nil }
      return "\(frame) | tabulate \(columns.map(\.name).joined(separator: ", "))"
    case "prop.table", "proportions", "round",
      "sort" where values.count == 1:
      // Shares stand beside the counts, in their order.
      guard case .call(let function, let inner)? = values.first, let name = function.path else {
        return nil
      }
      return ForeignCall(path: name, arguments: inner, writer: writer).line()
    case "colSums", "colMeans", "any":
      guard case .call(let function, let inner)? = values.first, function.path == "is.na" else {
        return nil
      }
      return frame(inner.first?.value).map { "\($0) | missing" }
    case "levels":
      if case .call(_, let inner)? = values.first {
        return inner.first.flatMap { column($0.value) }.map { "\($0.frame) | distinct \($0.name)" }
      }
      return values.first.flatMap(column).map { "\($0.frame) | distinct \($0.name)" }
    case "unique", "distinct":
      return values.first.flatMap(column).map { "\($0.frame) | distinct \($0.name)" }
    case "hist", "histogram", "plot", "scatter", "cor", "plt.hist", "plt.scatter", "sns.histplot",
      "sns.scatterplot":
      let columns = values.compactMap(column)
      guard let frame = columns.first?.frame, columns.count == values.count else {
        return nil
      }
      let names = columns.map(\.name).joined(separator: ", ")
      let verb = columns.count == 1 ? "hist" : path == "cor" ? "correlate" : "scatter"
      return "\(frame) | \(verb) \(names)"
    case "pd.crosstab":
      let shares = ["index": " pct=row", "columns": " pct=col", "all": " pct=all"]
      let share = arguments.first { $0.name == "normalize" }?.value.word.flatMap { shares[$0] }
      return ForeignCall(path: "table", arguments: arguments, writer: writer).line()
        .map { $0 + (share ?? "") }
    case "apply", "sapply", "lapply", "vapply":
      guard let frame = frame(values.first), let function = values.last?.function(writer) else {
        return nil
      }
      if ["class", "typeof", "str"].contains(function) { return "\(frame) | schema" }
      return ForeignPipeline.reductions.contains(function)
        ? "\(frame) | agg \(function)(numeric())" : nil
    case "by":
      guard values.count == 3, let y = column(values[0]), let x = column(values[1]) else {
        return nil
      }
      return "\(y.frame) | describe \(y.name) by \(x.name)"
    case "na.omit", "complete.cases", "drop_na":
      return frame(values.first).map { "\($0) | dropnull" }
    case "attach": return frame(values.first).map { "use \($0)" }
    case "barplot":
      guard case .call(let function, let inner)? = values.first, function.path == "table",
        let column = inner.first.flatMap({ column($0.value) })
      else { return nil }
      return "\(column.frame) | bar count() over \(column.name)"
    case "chisq.test", "cor.test", "fisher.test":
      guard values.count == 2, let x = column(values[0]), let y = column(values[1]) else {
        return nil
      }
      let kinds = ["chisq.test": "chi2", "cor.test": "correlation", "fisher.test": "fisher"]
      return "\(x.frame) | test \(kinds[path] ?? "chi2") \(x.name), \(y.name)"
    case "anova", "TukeyHSD":
      guard case .call(let function, let inner)? = values.first, let name = function.path else {
        return nil
      }
      return ForeignCall(path: name == "lm" ? "aov" : name, arguments: inner, writer: writer).line()
    case "with" where values.count == 2:
      guard let frame = frame(values[0]) else { return nil }
      if case .call(let function, let inner) = values[1], function.path == "tapply",
        inner.count > 2, let y = inner[0].value.word, let x = inner[1].value.word,
        let name = inner[2].value.function(writer)
      {
        return "\(frame) | agg \(name)(\(LiteralText.name(y))) by \(LiteralText.name(x))"
      }
      return writer.text(values[1]).map { "\(frame) | agg \($0)" }
    case "tapply", "ave":
      guard values.count == 3, let y = column(values[0]), let x = column(values[1]),
        let function = values[2].word
      else { return nil }
      return "\(y.frame) | agg \(writer.spellings[function] ?? function)(\(y.name)) by \(x.name)"
    case "aggregate":
      guard let data = arguments.first(where: { $0.name == "data" })?.value.word else { return nil }
      let pipeline = ForeignPipeline(source: LiteralText.name(data), writer: writer)
      return pipeline.applying("aggregate", arguments.filter { $0.name != "data" })?.line
    case "t.test", "wilcox.test", "aov", "kruskal.test": return hypothesis(values)
    case "boxplot": return boxes(values)
    case "len", "nrow", "NROW", "dim":
      return frame(values.first).map { "\($0) | count" }
    case "ncol": return frame(values.first).map { "\($0) | schema" }
    case "write.csv", "write_csv", "fwrite":
      guard values.count > 1, let frame = frame(values[0]), case .text(let file) = values[1] else {
        return nil
      }
      return "export \(frame) \(LiteralText.text(file))"
    default: return nil
    }
  }

  /// R's `boxplot(y ~ x, data = d)` and `boxplot(d$y)`.
  private func boxes(_ values: [ForeignExpr]) -> String? {
    if let only = values.first.flatMap(column) { return "\(only.frame) | box \(only.name)" }
    guard case .binary("~", let y, let x)? = values.first, let left = writer.text(y),
      let right = writer.text(x),
      let data = arguments.first(where: { $0.name == "data" })?.value.word
    else { return nil }
    return "\(LiteralText.name(data)) | box \(left) by \(right)"
  }

  private func console(_ values: [ForeignExpr]) -> String? {
    guard let first = values.first else { return nil }
    if path == "rm" || path == "del" { return first.word.map { "forget \(LiteralText.name($0))" } }
    if path == "help" { return first.word.map { "? \($0)" } }
    if path == "library" || path == "require" { return "?" }
    if path == "str" || path == "type" { return frame(first).map { "\($0) | schema" } }
    if let frame = frame(first) { return path == "print" ? frame : "\(frame) | head" }
    return ForeignPipeline.lowering(first, writer)?.line
  }

  private func frame(_ value: ForeignExpr?) -> String? {
    guard case .name(let name)? = value, writer.frames.contains(name) else { return nil }
    return LiteralText.name(name)
  }

  private func column(_ value: ForeignExpr) -> (frame: String, name: String)? {
    switch value {
    case .member(.name(let frame), let name) where writer.frames.contains(frame):
      return (LiteralText.name(frame), LiteralText.name(name))
    case .index(.name(let frame), let places) where writer.frames.contains(frame):
      guard places.count == 1, case .text(let name)? = places[0] else { return nil }
      return (LiteralText.name(frame), LiteralText.name(name))
    default: return nil
    }
  }

  private func summary(_ values: [ForeignExpr]) -> String? {
    guard let first = values.first else { return nil }
    let function = writer.spellings[path] ?? path
    if let column = column(first) {
      let rest = values.dropFirst().compactMap { writer.text($0) }.map { ", \($0)" }.joined()
      return
        "\(column.frame) | agg \(function == "length" ? "count" : function)(\(column.name)\(rest))"
    }
    guard case .name(let name) = first, !writer.frames.contains(name) else { return nil }
    return "agg \(function)(\(LiteralText.name(name)))"
  }

  /// `t.test(y ~ g, data = df)`
  private func hypothesis(_ values: [ForeignExpr]) -> String? {
    let kinds = [
      "t.test": "t", "wilcox.test": "mannwhitney", "aov": "anova", "kruskal.test": "kruskal",
    ]
    guard let kind = kinds[path], case .binary("~", let y, let group)? = values.first,
      let y = writer.text(y), let group = writer.text(group)
    else { return nil }
    let data = arguments.first { $0.name == "data" }?.value
    let frame = frame(data).map { "\($0) | " } ?? ""
    return "\(frame)test \(kind) \(y) by \(group)"
  }

  private func model(_ values: [ForeignExpr]) -> String? {
    guard case .binary("~", let y, let x)? = values.first, let left = writer.text(y),
      let right = writer.text(x)
    else { return nil }
    let data = arguments.first { $0.name == "data" }?.value ?? values.dropFirst().first
    let family = arguments.first { $0.name == "family" }?.value
    let kind = path == "glm" && (family?.word ?? family?.path) == "binomial" ? "logit" : "ols"
    let fit = "fit \(kind) \(left) ~ \(right)"
    return frame(data).map { "\($0) | \(fit)" } ?? fit
  }
}
