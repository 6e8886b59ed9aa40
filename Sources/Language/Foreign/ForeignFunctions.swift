/// Calls of functions and methods of other languages.
extension ForeignWriter {
  func member(_ base: ForeignExpr, _ name: String) -> String? {
    // `penguins.year`, `pl.col`; `x.dt.year` is the year of x.
    if case .name(let frame) = base, frames.contains(frame) { return LiteralText.name(name) }
    if case .member(let column, "dt") = base { return text(column).map { "\(name)(\($0))" } }
    return nil
  }

  func call(
    _ function: ForeignExpr, _ all: [ForeignExpr.Argument], _ least: Int
  ) -> String? {
    let options: Set = [
      "na.rm", "na_rm", "axis", "skipna", "numeric_only", "ascending", "na", "regex", "dropna",
      "errors", "use",
    ]
    let arguments = all.filter { !options.contains($0.name ?? "") }
    if let path = function.path?.lowercased() {
      if let known = named(path, arguments, least) { return known }
    }
    if case .member(.call(let then, let value), "otherwise") = function {
      return whenThen(.call(then, value), arguments.first?.value, least)
    }
    // `pl.mean("x")`
    if case .member(.name("pl"), let method) = function {
      return called(
        method,
        arguments.map { argument in
          if case .text(let name) = argument.value { return .name(name) }
          return argument.value
        })
    }
    if case .member(.name(let module), let method) = function,
      ["np", "numpy", "pd", "math", "pl", "stats"].contains(module)
    {
      return called(String(method.drop { $0 == "_" }), arguments.map(\.value))
    }
    if case .member(let base, let method) = function {
      return self.method(method, base, arguments, least)
    }
    guard case .name(let name) = function else { return nil }
    return called(name, arguments.map(\.value))
  }

  /// A function by its name here, or by the one it has elsewhere.
  private func called(_ name: String, _ arguments: [ForeignExpr]) -> String? {
    var values: [String] = []
    for argument in arguments {
      guard let value = text(argument) else { return nil }
      values.append(value)
    }
    let lowered = name.lowercased()
    let spelling =
      functions.contains(name)
      ? name : functions.contains(lowered) ? lowered : spellings[lowered] ?? name
    guard spelling.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == Byte.underscore }) else {
      return nil
    }
    return "\(spelling)(\(values.joined(separator: ", ")))"
  }

  /// Functions whose arguments stand in another way here.
  private func named(
    _ path: String, _ arguments: [ForeignExpr.Argument], _ least: Int
  ) -> String? {
    let values = arguments.map(\.value)
    let first = values.first
    switch path {
    case "count", "n", "len", "pl.len", "nrow", "size":
      if first == nil { return "count()" }
      if case .everything? = first { return "count()" }
      if path == "count", arguments[0].name == "distinct", let first {
        return text(first).map { "count_distinct(\($0))" }
      }
      return nil
    case "c": return text(.list(values), least)
    case "pl.col", "col", "f.col": return first?.word.map { LiteralText.name($0) }
    case "pl.lit", "lit", "desc": return first.flatMap { text($0, least) }
    case "is.na", "isnull", "isna", "is_null", "is_na", "pd.isna", "is.null", "isempty", "missing":
      return first.flatMap { text(.isNull($0, true), least) }
    case "isnotnull", "isnotempty", "notna", "pd.notna":
      return first.flatMap { text(.isNull($0, false), least) }
    case "ifelse", "if_else", "iff", "iif", "if", "np.where", "fifelse":
      guard values.count == 3 else { return nil }
      return text(.cases([(values[0], values[1])], values[2]), least)
    case "case":
      guard values.count >= 3, values.count % 2 == 1 else { return nil }
      let cases = stride(from: 0, to: values.count - 1, by: 2).map { (values[$0], values[$0 + 1]) }
      return text(.cases(cases, values[values.count - 1]), least)
    case "case_when":
      var cases: [(ForeignExpr, ForeignExpr)] = []
      var other: ForeignExpr?
      for argument in arguments {
        if argument.name == ".default" || argument.name == "default" { other = argument.value }
        guard case .binary("~", let condition, let value) = argument.value else { continue }
        if condition.word?.uppercased() == "TRUE" {
          other = value
        } else {
          cases.append((condition, value))
        }
      }
      return cases.isEmpty ? nil : text(.cases(cases, other), least)
    case "extract" where values.count == 3:
      // KQL's pattern stands first.
      guard case .text(let pattern) = values[0], case .number(let group) = values[1],
        let subject = text(values[2])
      else { return nil }
      return "extract(\(subject), \(LiteralText.text(pattern)), \(group))"
    case "pd.cut", "cut", "pd.qcut", "qcut":
      guard let column = first.flatMap({ text($0) }) else { return nil }
      func named(_ name: String) -> ForeignExpr? { arguments.first { $0.name == name }?.value }
      let rest = arguments.dropFirst().filter { $0.name == nil }.map(\.value)
      guard
        let breaks = (named("breaks") ?? named("bins") ?? named("q") ?? rest.first)
          .flatMap({ text($0) })
      else { return nil }
      let labels = (named("labels") ?? rest.dropFirst().first).flatMap { text($0) }
      let function = path.hasSuffix("qcut") ? "qcut" : "cut"
      let isNamed = labels.map { $0.hasPrefix("[") } ?? false
      return "\(function)(\(column), \(breaks)\(isNamed ? ", \(labels ?? "")" : ""))"
    case "as.factor", "factor", "pd.categorical", "ungroup":
      return first.flatMap { text($0, least) }
    case "take_any", "any_value", "anyif", "arbitrary":
      return first.flatMap { text($0) }.map { "min(\($0))" }
    case "dcountif":
      guard values.count == 2 else { return nil }
      return text(.cases([(values[1], values[0])], nil)).map { "count_distinct(\($0))" }
    case "percentiles":
      guard let column = first.flatMap({ text($0) }) else { return nil }
      let shares = values.dropFirst().compactMap { value -> String? in
        if case .number(let p) = value { "quantile(\(column), \(p)%)" } else { nil }
      }
      return shares.count == values.count - 1 ? shares.joined(separator: ", ") : nil
    case "percentile":
      guard values.count == 2, case .number(let p) = values[1], let column = text(values[0]) else {
        return nil
      }
      return "quantile(\(column), \(p)%)"
    case "as.numeric", "as.double", "todouble", "toreal", "real", "double":
      return first.flatMap { text($0) }.map { "float(\($0))" }
    case "as.integer", "toint", "tolong": return first.flatMap { text($0) }.map { "int(\($0))" }
    case "as.character", "tostring", "str":
      return first.flatMap { text($0) }.map { "text(\($0))" }
    case "paste", "paste0", "strcat", "concat_ws":
      var parts: [String] = []
      for argument in arguments where argument.name == nil {
        guard let part = text(argument.value) else { return nil }
        parts.append(part)
      }
      let separator = path == "paste" ? ", \" \", " : ", "
      return "concat(\(parts.joined(separator: separator)))"
    case "substr", "substring":
      guard values.count == 3, case .number(let from) = values[1],
        case .number(let count) = values[2],
        let start = Int(from), let length = Int(count), let subject = text(values[0])
      else { return nil }
      return "slice(\(subject), \(start), \(start + length - 1))"
    case "cast", "try_cast", "safe_cast", "convert":
      guard values.count == 2, let type = values[1].word?.lowercased(),
        let function = Self.types[type]
      else { return nil }
      return text(values[0]).map { "\(function)(\($0))" }
    case "datediff", "date_diff", "timestampdiff":
      // MySQL's has the end first, and counts days.
      guard let unit = values.count == 3 ? values[0].word?.lowercased() : "day",
        (2...3).contains(values.count), let a = text(values[values.count - 2]),
        let b = text(values[values.count - 1])
      else { return nil }
      let (from, to) = values.count == 3 ? (a, b) : (b, a)
      return "date_diff(\(LiteralText.text(unit)), \(from), \(to))"
    case "inlist":
      guard let first, values.count > 1 else { return nil }
      return text(.binary("in", first, .list(Array(values.dropFirst()))), least)
    case "extract", "date_part", "datepart", "datetime_part":
      guard values.count == 2, let unit = values[0].word?.lowercased(),
        let function = Self.units[unit]
      else { return nil }
      return text(values[1]).map { "\(function)(\($0))" }
    case "strftime", "format", "to_char", "date_format":
      guard values.count == 2 else { return nil }
      let (time, form) = Self.isFormat(values[0]) ? (values[1], values[0]) : (values[0], values[1])
      guard case .text(let pattern) = form, Self.isFormat(form), let time = text(time) else {
        return nil
      }
      if let part = Self.formats[pattern] { return "\(part)(\(time))" }
      return "format_date(\(time), \(LiteralText.text(pattern)))"
    case "date_trunc", "datetrunc", "floor_date", "trunc_date", "dt.truncate":
      guard values.count == 2 else { return nil }
      for (time, unit) in [(values[1], values[0]), (values[0], values[1])] {
        if let word = unit.word?.lowercased(), let width = Self.widths[word] {
          return text(time).map { "bin(\($0), \(width))" }
        }
      }
      return nil
    case "startofyear", "startofmonth", "startofweek", "startofday":
      return first.flatMap { text($0) }.map {
        "bin(\($0), \(Self.widths[String(path.dropFirst(7))] ?? "1d"))"
      }
    case "monthofyear", "getmonth": return first.flatMap { text($0) }.map { "month(\($0))" }
    case "hourofday": return first.flatMap { text($0) }.map { "hour(\($0))" }
    case "dayofmonth": return first.flatMap { text($0) }.map { "day(\($0))" }
    case "ago":
      guard let first, let text = text(first, 61) else { return nil }
      return wrapped("today() - \(text)", 60, least)
    case "datetime", "todatetime", "date", "pd.to_datetime", "pd.timestamp", "as.date", "timestamp":
      if case .number(let text)? = first, text.hasPrefix("@") { return text }
      if case .text(let text)? = first,
        ForeignToken.dateEnd(Array(text.utf8), 0) == text.utf8.count
      {
        return "@\(text)"
      }
      return nil
    case "grepl", "str_detect", "regexp_matches", "regexp_like":
      guard values.count == 2 else { return nil }
      let (subject, form) = path == "grepl" ? (values[1], values[0]) : (values[0], values[1])
      return text(.binary("matches", subject, form), least)
    case "countif", "count_if":
      return first.flatMap { text($0) }.map { "sum(\($0))" }
    case "n_distinct": return first.flatMap { text($0) }.map { "count_distinct(\($0))" }
    case "dcount", "approx_count_distinct":
      return first.flatMap { text($0) }.map { "count_distinct(\($0))" }
    default: return nil
    }
  }

  private static func isFormat(_ value: ForeignExpr) -> Bool {
    if case .text(let text) = value { text.contains("%") } else { false }
  }

  /// Functions of this language that turn values into a type, by the type's names elsewhere.
  private static let types = [
    "varchar": "text", "text": "text", "string": "text", "char": "text", "nvarchar": "text",
    "int": "int", "integer": "int", "bigint": "int", "smallint": "int", "int64": "int",
    "float": "float", "double": "float", "real": "float", "numeric": "float", "decimal": "float",
    "float64": "float", "bool": "bool", "boolean": "bool", "date": "date", "timestamp": "datetime",
    "datetime": "datetime",
  ]

  private static let units = [
    "year": "year", "quarter": "quarter", "month": "month", "week": "iso_week", "day": "day",
    "hour": "hour", "minute": "minute", "second": "second", "dow": "weekday",
    "doy": "day_of_year", "epoch": "epoch", "isodow": "weekday", "isoyear": "iso_year",
  ]

  private static let formats = [
    "%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%M": "minute", "%j": "day_of_year",
  ]

  static let widths = [
    "year": "1y", "quarter": "1q", "month": "1mo", "week": "1w", "day": "1d", "hour": "1h",
    "minute": "1min", "second": "1s", "y": "1y", "a": "1y", "ye": "1y", "q": "1q", "qe": "1q",
    "m": "1mo", "me": "1mo", "ms": "1mo", "w": "1w", "d": "1d", "h": "1h",
  ]

  /// Operators that pandas has as methods, too.
  private static let operators = [
    "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "add": "+", "sub": "-",
    "mul": "*", "div": "/", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "^",
  ]

  /// The function that makes what NumPy, pandas and Polars call `Int64` or `np.float32`.
  private static func type(named name: String) -> String? {
    let name = name.split(separator: ".").last.map(String.init) ?? name
    if name.hasPrefix("int") || name.hasPrefix("uint") { return "int" }
    if name.hasPrefix("float") { return "float" }
    if name.hasPrefix("datetime") { return "datetime" }
    return [
      "str": "text", "string": "text", "object": "text", "utf8": "text", "category": "text",
      "bool": "bool", "boolean": "bool", "date": "date",
    ][name]
  }

  /// `pl.when(c).then(a).when(d).then(b).otherwise(e)`
  private func whenThen(_ chain: ForeignExpr, _ other: ForeignExpr?, _ least: Int) -> String? {
    var cases: [(ForeignExpr, ForeignExpr)] = []
    var rest = chain
    while case .call(.member(.call(let when, let condition), "then"), let value) = rest {
      guard let condition = condition.first?.value, let value = value.first?.value else {
        return nil
      }
      cases.insert((condition, value), at: 0)
      if when.path == "pl.when" || when.path == "when" { return text(.cases(cases, other), least) }
      guard case .member(let before, "when") = when else { return nil }
      rest = before
    }
    return nil
  }

  /// `map({"male": 0})` and `replace({"male": "M"})`: what is not named becomes null, or stays.
  func mapped(
    _ column: String, _ pairs: [(ForeignExpr, ForeignExpr)], keepsOthers: Bool
  ) -> String? {
    var texts: [String] = []
    for (old, new) in pairs {
      guard let old = text(old), let new = text(new) else { return nil }
      texts.append("\(column) == \(old): \(new)")
    }
    let isText = pairs.allSatisfy { if case .text = $0.1 { true } else { false } }
    if keepsOthers, isText { texts.append("else: \(column)") }
    return texts.isEmpty ? nil : "case { \(texts.joined(separator: ", ")) }"
  }

  /// `column.method(…)`
  private func method(
    _ method: String, _ base: ForeignExpr, _ arguments: [ForeignExpr.Argument], _ least: Int
  ) -> String? {
    var base = base
    var isText = false
    if case .member(let column, let space) = base, ["str", "dt"].contains(space) {
      base = column
      isText = space == "str"
    }
    let values = arguments.map(\.value)
    switch method {
    case "isin", "is_in":
      return values.first.flatMap { text(.binary("in", base, $0), least) }
    case "isna", "isnull", "is_null", "is_nan": return text(.isNull(base, true), least)
    case "notna", "notnull", "is_not_null": return text(.isNull(base, false), least)
    case "fillna", "fill_null":
      return values.first.flatMap { text(.binary("??", base, $0), least) }
    case "between":
      guard values.count == 2 else { return nil }
      return text(.binary("in", base, .binary("..", values[0], values[1])), least)
    case "alias", "name": return nil
    case "astype", "cast":
      guard let type = (values.first?.word ?? values.first?.path)?.lowercased(),
        let function = Self.type(named: type), let column = text(base)
      else { return nil }
      return "\(function)(\(column))"
    case "contains" where isText && arguments.contains(where: { $0.name == "case" }):
      guard case .text(let pattern)? = values.first, !pattern.contains("/") else { return nil }
      return text(base, 41).map { wrapped("\($0) =~ /\(pattern)/i", 40, least) }
    case _ where Self.operators[method] != nil && values.count == 1 && !isText:
      return text(.binary(Self.operators[method] ?? "==", base, values[0]), least)
    case "rolling", "groupby", "resample", "expanding", "ewm": return nil
    case "mean", "sum", "min", "max", "std", "median", "count", "var":
      // `x.rolling(7).mean()`
      guard case .call(.member(let column, "rolling"), let window) = base,
        let width = window.first.flatMap({ text($0.value) }), let column = text(column)
      else { break }
      return "rolling_\(spellings[method] ?? method)(\(column), \(width))"
    case "len": return isText ? called("length", [base]) : called("count", [base])
    case "n_unique", "nunique": return called("count_distinct", [base])
    default: break
    }
    return called(method, [base] + values)
  }
}
