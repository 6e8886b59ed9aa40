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
    let options: Set = ["na.rm", "na_rm", "axis", "skipna", "numeric_only", "ascending"]
    let arguments = all.filter { !options.contains($0.name ?? "") }
    if let path = function.path?.lowercased() {
      if let known = named(path, arguments, least) { return known }
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
    case "cast":
      return nil
    case "dcount", "approx_count_distinct":
      return first.flatMap { text($0) }.map { "count_distinct(\($0))" }
    default: return nil
    }
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
      let types = ["float": "float", "int": "int", "str": "text", "bool": "bool"]
      guard let type = values.first?.word, let function = types[type], let column = text(base)
      else { return nil }
      return "\(function)(\(column))"
    case "len": return isText ? called("length", [base]) : called("count", [base])
    case "n_unique", "nunique": return called("count_distinct", [base])
    default: break
    }
    return called(method, [base] + values)
  }
}
