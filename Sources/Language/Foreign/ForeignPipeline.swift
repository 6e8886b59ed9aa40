/// A line of this language in the making: where rows come from and what is done to them.
struct ForeignPipeline {
  /// What stands first: a name, or `load "…"`.
  var source: String
  var stages: [String] = []
  /// Columns by which the next summary is, from `groupby`.
  var keys: [String] = []
  /// Whether a stage went by the keys, which `groupby` alone would count.
  var areKeysUsed = false
  /// The column that pandas has made the index.
  var order: String?
  /// The column picked so far, of which the next method is.
  var column: String?
  /// The columns picked so far by a list, of which the next summary is.
  var columns: [String] = []
  /// The condition that the last stage filters by, where that may turn out to be summed.
  var condition: String?
  /// Whether rows were asked for as R does, counted from 1.
  var countsFromOne = false
  /// The width of the window that the next method rolls over.
  var window: String?
  /// The items and keys of the last stage, where that is a summary.
  var summary: (items: [String], keys: [String])?
  /// What the last stage counts, where it shows that as a table.
  var counted: [String] = []
  /// Whether the frame itself is changed.
  var changesFrame = false
  var writer: ForeignWriter

  /// The whole line.
  var line: String {
    var all = stages
    if let column { all.append("select \(column)") }
    if !columns.isEmpty { all.append("select \(columns.joined(separator: ", "))") }
    if !keys.isEmpty, column == nil, !areKeysUsed { all.append("agg count()\(clause)") }
    if changesFrame, !all.isEmpty, !source.hasPrefix("load ") {
      return (source.isEmpty ? "" : source + " ") + "|= " + all.joined(separator: " | ")
    }
    return ((source.isEmpty ? [] : [source]) + all).joined(separator: " | ")
  }

  func adding(_ stage: String) -> ForeignPipeline {
    var copy = self
    if !counted.isEmpty {
      // What goes on with counts needs them as columns.
      copy.stages[copy.stages.count - 1] = "agg n = count() by \(counted.joined(separator: ", "))"
      copy.counted = []
      copy.summary = (["n = count()"], counted)
      return copy.adding(stage)
    }
    if !columns.isEmpty { copy.stages.append("select \(columns.joined(separator: ", "))") }
    copy.stages.append(stage)
    copy.column = nil
    copy.columns = []
    copy.summary = nil
    if !stage.hasPrefix("filter ") { copy.condition = nil }
    return copy
  }

  /// Adds `agg`, by the keys so far.
  func aggregating(_ items: [String]) -> ForeignPipeline? {
    guard !items.isEmpty else { return nil }
    var copy = adding("agg \(items.joined(separator: ", "))\(clause)")
    copy.summary = (items, keys)
    copy.keys = []
    return copy
  }

  var clause: String { keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))" }

  /// What a chain of methods, brackets and pipes does; nil where it says something else.
  static func lowering(
    _ value: ForeignExpr, _ writer: ForeignWriter
  ) -> ForeignPipeline? {
    switch value {
    case .name(let name):
      guard writer.frames.contains(name) else { return nil }
      // What examples call their table stands for the current one, where it is bound to nothing.
      let isCurrent = writer.placeholders.contains(name)
      return ForeignPipeline(source: isCurrent ? "" : LiteralText.name(name), writer: writer)
    case .binary("+", let plot, let layer):
      return ForeignPlot(plot, layer, writer)?.pipeline
    case .call(let function, let arguments):
      if let path = function.path?.lowercased(), readers.contains(path),
        case .text(let file)? = arguments.first?.value
      {
        let separator = arguments.first { ["sep", "delimiter", "delim"].contains($0.name ?? "") }
        let option = separator.flatMap { writer.text($0.value) }.map { " sep=\($0)" } ?? ""
        return ForeignPipeline(source: "load \(LiteralText.text(file))\(option)", writer: writer)
      }
      if let path = function.path, path == "pd.concat" || path == "pl.concat",
        case .list(let frames)? = arguments.first?.value,
        let names = ForeignExpr.list(frames).words,
        names.count > 1
      {
        let others = names.dropFirst().map(LiteralText.name).joined(separator: ", ")
        return ForeignPipeline(source: LiteralText.name(names[0]), writer: writer)
          .adding("append \(others)")
      }
      if let path = function.path, ["pd.melt", "pd.pivot_table", "pd.pivot"].contains(path),
        let first = arguments.first, let input = lowering(first.value, writer)
      {
        return input.applying(String(path.dropFirst(3)), Array(arguments.dropFirst()))
      }
      if let chain = texts(value, writer) { return chain }
      if let path = function.path, path == "pd.merge", let first = arguments.first,
        let input = lowering(first.value, writer)
      {
        return input.applying("merge", Array(arguments.dropFirst()))
      }
      if case .member(let base, let method) = function, let input = lowering(base, writer) {
        return input.applying(method, arguments)
      }
      if case .name(let name) = function, let first = arguments.first, first.name == nil,
        let input = lowering(first.value, writer)
      {
        return input.applying(name, Array(arguments.dropFirst()))
      }
      return nil
    case .member(let base, let name):
      guard var input = lowering(base, writer) else { return nil }
      if ["loc", "iloc", "str", "dt", "plot", "lazy"].contains(name) { return input }
      if ["T", "values", "at", "index"].contains(name), input.column == nil { return input }
      if ["shape", "columns", "dtypes", "info", "schema"].contains(name) {
        return input.adding("schema")
      }
      guard input.column == nil else { return nil }
      input.column = LiteralText.name(name)
      return input
    case .index(let base, let places):
      return lowering(base, writer)?.indexed(places)
    default: return nil
    }
  }

  /// `frame["a"].str.lower().str.strip()`: methods of texts and times, one behind the other.
  private static func texts(_ value: ForeignExpr, _ writer: ForeignWriter) -> ForeignPipeline? {
    var root = value
    var isChain = false
    while case .call(.member(let base, _), _) = root {
      root = base
      if case .member(let column, "str") = root { (root, isChain) = (column, true) }
      if case .member(let column, "dt") = root { (root, isChain) = (column, true) }
    }
    let frame: String
    let column: String
    switch root {
    case .index(.name(let name), let places):
      guard places.count == 1, case .text(let text)? = places[0] else { return nil }
      (frame, column) = (name, text)
    case .member(.name(let name), let text): (frame, column) = (name, text)
    default: return nil
    }
    guard isChain, writer.frames.contains(frame), let text = writer.text(value),
      let input = lowering(.name(frame), writer),
      !reductions.contains(String(text.prefix { $0 != "(" })), !text.hasPrefix("value_counts(")
    else { return nil }
    let function = String(text.prefix { $0 != "(" })
    guard writer.functions.contains(function) else { return nil }
    if ["contains", "starts", "ends", "matches"].contains(function) {
      return input.adding("filter \(text)")
    }
    return input.adding("derive \(LiteralText.name(column)) = \(text)")
  }

  static let readers: Set = [
    "pd.read_csv", "pl.read_csv", "pl.scan_csv", "read_csv", "read.csv", "fread", "csv.read",
    "readr.read_csv", "read_csv_auto", "pd.read_table", "read.table", "read_tsv",
  ]

  /// `frame[…]`
  private func indexed(_ places: [ForeignExpr?]) -> ForeignPipeline? {
    var result = self
    // A row, `1:5, ` or a condition comes first where two are asked for.
    let (row, column) = places.count > 1 ? (places[0], places[1]) : (places.first ?? nil, nil)
    if case .call(let by, let keys)? = places.last ?? nil, by.path == "by" {
      var names = keys.first?.value.words
      if case .call(_, let list)? = keys.first?.value {
        names = ForeignExpr.list(list.map(\.value)).words
      }
      guard let names else { return nil }
      result.keys = names.map(LiteralText.name)
      if case .call(let function, _)? = column, function.path == "count" {
        return result.aggregating(["count()"])
      }
      if case .call(let function, let arguments)? = column, function.path == "." {
        return result.applying("agg", arguments)
      }
      guard let item = column.flatMap({ writer.text($0) }) else { return nil }
      return result.aggregating([item])
    }
    // `shape[0]`
    if stages.last == "schema", case .number(let number)? = row {
      if number == "0" { result.stages[stages.count - 1] = "count" }
      return result
    }
    if let row {
      switch row {
      case .call(.member(let target, let method), _)
      where ["idxmax", "idxmin", "argmax", "argmin"].contains(method):
        guard let name = writer.text(target) else { return nil }
        result = adding("sort \(method.hasSuffix("max") ? "-" : "")\(name)").adding("take 1")
      case .text(let name):
        result.column = LiteralText.name(name)
      case .list:
        guard let names = row.words else { return nil }
        result.columns = names.map(LiteralText.name)
      case .slice(let from, let to):
        guard let range = Self.rows(from, to) else { return nil }
        result = adding(range)
      case .binary("..", let from, let to):
        // Python's ends before its end and counts from 0; R's includes it and counts from 1.
        if places.count > 1 || countsFromOne {
          guard let from = writer.text(from), let to = writer.text(to) else { return nil }
          result = adding("take \(from)..\(to)")
        } else {
          guard let range = Self.rows(from, to) else { return nil }
          result = adding(range)
        }
      case .number(let number):
        guard let place = Int(number) else { return nil }
        result = adding("take \(place + 1)..\(place + 1)")
      case .call(let function, let arguments) where function.path == "order":
        guard let keys = Self.sortKeys(arguments.map(\.value), writer) else { return nil }
        result = adding("sort \(keys)")
        result.countsFromOne = true
      default:
        guard let condition = writer.text(row) else { return nil }
        result = adding("filter \(condition)")
      }
    }
    if let column {
      if case .binary(":=", let name, let value) = column, let name = name.word {
        return writer.text(value).map { result.adding("derive \(LiteralText.name(name)) = \($0)") }
      }
      if case .call(let function, let names) = column, function.path == "c" {
        guard let names = ForeignExpr.list(names.map(\.value)).words else { return nil }
        return result.adding("select \(names.map(LiteralText.name).joined(separator: ", "))")
      }
      if case .call(let function, let arguments) = column, function.path == "." {
        return result.applying("agg", arguments)
      }
      if case .binary("..", let from, let to) = column, let from = from.word, let to = to.word {
        return result.adding("select \(LiteralText.name(from))..\(LiteralText.name(to))")
      }
      if case .call = column { return writer.text(column).map { result.adding("agg \($0)") } }
      guard let names = column.words else { return nil }
      result = result.adding("select \(names.map(LiteralText.name).joined(separator: ", "))")
    }
    return result
  }

  private static func rows(_ from: ForeignExpr?, _ to: ForeignExpr?) -> String? {
    func whole(_ value: ForeignExpr?) -> Int?? {
      guard let value else { return .some(nil) }
      if case .number(let text) = value, let number = Int(text) { return .some(number) }
      if case .unary("-", .number(let text)) = value, let number = Int(text) {
        return .some(-number)
      }
      return nil
    }
    guard let first = whole(from), let last = whole(to) else { return nil }
    switch (first, last) {
    case (let first?, nil) where first < 0: return "tail \(-first)"
    case (let first?, _) where first < 0: return nil
    case (_, let last?) where last < 0: return nil
    case (nil, let last?), (0, let last?): return "take \(last)"
    case (let first?, let last?): return "take \(first + 1)..\(last)"
    case (let first?, nil): return "take \(first + 1).."
    case (nil, nil): return nil
    }
  }

  /// Keys as `sort` takes them: `desc(x)` and `-x` are turned around.
  static func sortKeys(
    _ keys: [ForeignExpr], _ writer: ForeignWriter, isDescending: Bool = false
  ) -> String? {
    var texts: [String] = []
    for key in keys {
      var value = key
      var turns = isDescending
      if case .call(let function, let arguments) = key, function.path == "desc",
        let first = arguments.first
      {
        value = first.value
        turns.toggle()
      } else if case .unary("-", let operand) = key {
        value = operand
        turns.toggle()
      }
      guard let text = value.words?.map(LiteralText.name) ?? writer.text(value).map({ [$0] })
      else { return nil }
      texts += text.map { (turns ? "-" : "") + $0 }
    }
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }
}
