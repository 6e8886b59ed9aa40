/// What pandas, Polars and R do to one column or to several that were picked.
extension ForeignPipeline {
  /// Functions that give a group one value.
  static let reductions: Set = [
    "mean", "sum", "min", "max", "median", "sd", "var", "count", "count_distinct", "mode",
    "quantile", "skew", "kurtosis", "first", "last", "any", "all", "corr", "cov", "string_agg",
    "null_rate", "unique",
  ]

  /// Functions whose value goes by the order of rows.
  static let ordered: Set = [
    "lag", "lead", "diff", "pct_change", "cumsum", "cumprod", "cummax", "cummin", "cummean",
    "cumcount", "rolling_mean", "rolling_sum", "rolling_min", "rolling_max", "rolling_sd",
    "rolling_median", "rolling_count", "fill_forward", "fill_back", "row_number",
  ]

  /// Methods that ask something of each value.
  private static let tests: Set = [
    "isin", "is_in", "between", "isna", "isnull", "is_null", "notna", "notnull", "is_not_null",
    "eq", "ne", "lt", "le", "gt", "ge",
  ]

  /// ` sort date`, by the index or the first column of times.
  private var sortClause: String {
    (order ?? writer.orders[source]).map { " sort \(LiteralText.name($0))" } ?? ""
  }

  /// What is done to one column: `penguins.body_mass_g.mean()`.
  func applying(
    _ method: String, _ arguments: [ForeignExpr.Argument], to column: String
  ) -> ForeignPipeline? {
    var copy = self
    copy.column = nil
    let first = arguments.first { $0.name == nil }?.value
    switch method {
    case "value_counts", "table": return copy.adding("tabulate \(column)")
    case "rank":
      let falls = arguments.first { $0.name == "ascending" }?.value.word == "False"
      return copy.adding(
        falls
          ? "derive rank = rank()\(clause) sort -\(column)"
          : "derive rank = rank(\(column))\(clause)"
      ).grouped
    case "quantile":
      guard case .list(let shares)? = first else { break }
      let texts = shares.compactMap { writer.text($0) }
      return texts.count == shares.count
        ? copy.aggregating(texts.map { "quantile(\(column), \($0))" }) : nil
    case "clip":
      func bound(_ name: String, _ place: Int) -> String? {
        let plain = arguments.filter { $0.name == nil }
        let value = arguments.first { $0.name == name } ?? plain.dropFirst(place).first
        return value.flatMap { writer.text($0.value) }
      }
      switch (bound("lower", 0), bound("upper", 1)) {
      case (let low?, let high?):
        return copy.adding("derive \(column) = clamp(\(column), \(low), \(high))")
      case (let low?, nil): return copy.adding("derive \(column) = greatest(\(column), \(low))")
      case (nil, let high?): return copy.adding("derive \(column) = least(\(column), \(high))")
      case (nil, nil): return nil
      }
    case "unique", "drop_duplicates": return copy.adding("distinct \(column)")
    case "describe", "summary": return copy.describing([column])
    case "hist", "plot":
      let bins = arguments.first { $0.name == "bins" }.flatMap { writer.text($0.value) }
      return copy.adding("hist \(column)" + (bins.map { " bins=\($0)" } ?? ""))
    case "head", "tail":
      return copy.adding("select \(column)").applying(method, arguments)
    case "sort_values": return copy.adding("select \(column)").adding("sort \(column)")
    case "fillna", "fill_null", "replace_na":
      // `fillna(df.groupby("k")["x"].transform("median"))`
      if let inner = first.flatMap({ Self.lowering($0, writer) }), inner.stages.count == 1,
        let item = inner.stages.first, let sign = item.firstRange(of: " = ")
      {
        return copy.adding("fill \(column) with \(item[sign.upperBound...])").grouped
      }
      guard let value = first.flatMap({ writer.text($0) }) else { return nil }
      return copy.adding("fill \(column) with \(value)\(clause)").grouped
    case "nlargest", "nsmallest":
      guard let count = first.flatMap({ writer.text($0) }) else { return nil }
      return copy.adding("sort \(method == "nlargest" ? "-" : "")\(column)").adding("take \(count)")
    case "agg", "aggregate": return copy.aggregating([column], by: arguments)
    case "rolling":
      var rolling = self
      let width =
        first ?? arguments.first { $0.name == "window" || $0.name == "window_size" }?.value
      if case .text(let time)? = width {
        // `"7D"`
        guard Int(time.dropLast()) != nil, let unit = time.last?.lowercased(), "dhw".contains(unit)
        else { return nil }
        rolling.window = "\(time.dropLast())\(unit)"
      } else {
        rolling.window = width.flatMap { writer.text($0) }
      }
      let least = arguments.first { $0.name == "min_periods" || $0.name == "min_samples" }
      if let window = rolling.window, let least = least.flatMap({ writer.text($0.value) }) {
        rolling.window = "\(window), \(least)"
      }
      return rolling.window == nil ? nil : rolling
    case "transform": return copy.transforming(column, first)
    case "apply", "map", "replace":
      if case .pairs(let pairs)? = first {
        return writer.mapped(column, pairs, keepsOthers: method == "replace")
          .map { copy.adding("derive \(column) = \($0)") }
      }
      guard method != "replace" else { break }
      let value: ForeignExpr? =
        if case .lambda(let name, let body)? = first {
          body.replacing(name, with: .name(column))
        } else {
          first.map { .call($0, [.init(name: nil, value: .name(column))]) }
        }
      return value.flatMap { writer.text($0) }.map { copy.adding("derive \(column) = \($0)") }
    case "idxmax", "argmax": return copy.adding("sort -\(column)").adding("take 1")
    case "idxmin", "argmin": return copy.adding("sort \(column)").adding("take 1")
    case "tolist", "to_list", "to_numpy": return copy.adding("select \(column)")
    default: break
    }
    if let window {
      copy.window = nil
      let function = "rolling_\(writer.spellings[method] ?? method)"
      guard Self.ordered.contains(function) else { return nil }
      return copy.adding("derive \(function)(\(column), \(window))\(clause)\(sortClause)").grouped
    }
    guard let item = writer.text(.call(.member(.name(column), method), arguments)) else {
      return nil
    }
    let function = String(item.prefix { $0 != "(" })
    if Self.tests.contains(method) {
      // A condition, of which the next method may be the sum.
      copy.condition = item
      return copy.adding("filter \(item)")
    }
    if function.contains(" ") { return copy.adding("derive \(column) = \(item)") }
    if Self.ordered.contains(function) {
      return copy.adding("derive \(item)\(clause)\(sortClause)").grouped
    }
    if Self.reductions.contains(function) || !writer.functions.contains(function) {
      return copy.aggregating([item])
    }
    return copy.adding("derive \(column) = \(item)\(clause)").grouped
  }

  /// `groupby(k)["x"].transform("mean")`, and with a lambda that fills.
  private func transforming(_ column: String, _ value: ForeignExpr?) -> ForeignPipeline? {
    var value = value
    if case .lambda(_, let body)? = value { value = body }
    switch value {
    case .text(let name)?, .name(let name)?:
      let function = writer.spellings[name.lowercased()] ?? name
      return adding("derive \(function)_\(column) = \(function)(\(column))\(clause)").grouped
    case .call(.name("fillna"), let arguments)?, .call(.member(_, "fillna"), let arguments)?:
      guard case .call(let function, _)? = arguments.first?.value,
        let name = function.path?.split(separator: ".").last.map(String.init)
      else { return nil }
      return adding("fill \(column) with \(writer.spellings[name] ?? name)(\(column))\(clause)")
        .grouped
    default: return nil
    }
  }

  /// What is done to columns picked by a list: `frame[["a", "b"]].mean()`.
  func applying(
    _ method: String, _ arguments: [ForeignExpr.Argument], toColumns names: [String]
  ) -> ForeignPipeline? {
    var copy = self
    copy.columns = []
    switch method {
    case "agg", "aggregate": return copy.aggregating(names, by: arguments)
    case "describe", "summary": return copy.describing(names)
    case "value_counts", "size":
      guard keys.isEmpty else { return nil }
      copy = copy.adding("tabulate \(names.prefix(2).joined(separator: ", "))")
      if names.count > 2 {
        copy.stages[copy.stages.count - 1] = "agg n = count() by \(names.joined(separator: ", "))"
      } else {
        copy.counted = names
      }
      return copy
    case "corr":
      return keys.isEmpty ? copy.adding("correlate \(names.joined(separator: ", "))") : nil
    default:
      let function = writer.spellings[method] ?? method
      guard Self.reductions.contains(function), !arguments.contains(where: { $0.name == nil })
      else { return nil }
      return copy.aggregating(names.map { "\(function)(\($0))" })
    }
  }

  private func describing(_ names: [String]) -> ForeignPipeline {
    var copy = adding("describe \(names.joined(separator: ", "))\(clause)")
    copy.keys = []
    return copy
  }

  /// Each function of a list of each column; `numeric()` stands for all of them.
  func aggregating(
    _ names: [String], by arguments: [ForeignExpr.Argument]
  ) -> ForeignPipeline? {
    let values: [ForeignExpr]
    switch arguments.first?.value {
    case .list(let list)?: values = list
    case .call(.name("c"), let given)?, .call(.name("list"), let given)?:
      values = given.map(\.value)
    case let value?: values = [value]
    case nil: return nil
    }
    let functions = values.compactMap { $0.function(writer) }
    guard functions.count == values.count, functions.allSatisfy(Self.reductions.contains) else {
      return nil
    }
    return aggregating(names.flatMap { name in functions.map { "\($0)(\(name))" } })
  }

  /// `unstack()` behind a summary by two keys: the last of them goes across.
  func crossed() -> ForeignPipeline? {
    guard let summary, summary.keys.count > 1, let last = summary.keys.last else { return nil }
    var copy = self
    copy.stages.removeLast()
    let rows = summary.keys.dropLast()
    let list = rows.count == 1 ? rows[0] : "[\(rows.joined(separator: ", "))]"
    return copy.adding("pivot \(summary.items.joined(separator: ", ")) by \(last) rows=\(list)")
  }

  /// A summary as a figure over its one key: KQL's `render`.
  func rendered(_ kind: String) -> ForeignPipeline? {
    guard let summary, summary.keys.count == 1, summary.items.count == 1 else { return nil }
    var copy = self
    copy.stages.removeLast()
    let isLine = ["timechart", "linechart", "areachart"].contains(kind)
    let item = summary.items[0].split(separator: " = ").last.map(String.init) ?? ""
    return copy.adding("\(isLine ? "line" : "bar") \(item) over \(summary.keys[0])")
  }
}

extension ForeignExpr {
  /// The function that it names: `"mean"`, `mean`, `np.mean`, `"std"`.
  func function(_ writer: ForeignWriter) -> String? {
    // R's `~ mean(.x)`
    if case .unary(_, .call(let function, let given)) = self, given.first?.value.word == ".x" {
      return function.function(writer)
    }
    let name = word ?? path?.split(separator: ".").last.map(String.init)
    return name.map { writer.spellings[$0.lowercased()] ?? $0.lowercased() }
  }
}
