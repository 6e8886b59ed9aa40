/// Writes expressions of other languages as this one has them.
struct ForeignWriter {
  /// What may stand in front of a column with a dot: frames, and `pl` and the like.
  var frames: Set<String>
  /// Functions by their names elsewhere.
  var spellings: [String: String]
  var functions: Set<String>
  /// Names of tables in examples that are bound to nothing here: they mean the current frame.
  var placeholders: Set<String> = []
  /// A name that is no column: as what something is compared with it was meant as text.
  var unknown: String?
  var verbs: Set<String> = []
  /// The column by which rows of a frame are mostly ordered: the first of times. The current frame's
  /// stands under no name.
  var orders: [String: String] = [:]

  /// An expression; nil where it says something that has no like here. `least` is how tightly its
  /// surroundings bind: it gets parentheses where it binds less.
  func text(_ value: ForeignExpr, _ least: Int = 0) -> String? {
    switch value {
    case .name(let name): return literal(name) ?? LiteralText.name(name)
    case .number(let number): return number
    case .text(let text): return LiteralText.text(text)
    case .everything: return "all()"
    case .list(let items):
      let texts = items.compactMap { text($0) }
      return texts.count == items.count ? "[\(texts.joined(separator: ", "))]" : nil
    case .lambda(_, let body): return text(body, least)
    case .pairs, .slice: return nil
    case .windowed(let call, let window): return windowed(call, window, least)
    case .member(let base, let name): return member(base, name)
    case .index(.member(let list, "str"), let places),
      .index(let list, let places)
    where list.isSplit:
      guard places.count == 1, case .number(let place)? = places[0], let number = Int(place),
        number < 1 << 30
      else { return nil }
      return text(list).map { "\($0)[\(number + 1)]" }
    case .index(.call(.member(let column, "mode"), _), _):
      return text(column).map { "mode(\($0))" }
    case .index(let base, let places):
      guard case .name(let frame) = base, frames.contains(frame), places.count == 1,
        case .text(let column)? = places[0]
      else { return nil }
      return LiteralText.name(column)
    case .call(let function, let arguments):
      return call(function, arguments, least)
    case .unary("-", let operand):
      return text(operand, 80).map { wrapped("-\($0)", 80, least) }
    case .unary(_, .isNull(let operand, let isNull)):
      return text(.isNull(operand, !isNull), least)
    case .unary(_, let operand):
      return text(operand, 31).map { wrapped("not \($0)", 30, least) }
    case .isNull(let operand, let isNull):
      return text(operand, 41).map { wrapped("\($0) is \(isNull ? "" : "not ")null", 40, least) }
    case .binary(let sign, let left, let right): return binary(sign, left, right, least)
    case .cases(let cases, let other): return chosen(cases, other, least)
    }
  }

  private func literal(_ name: String) -> String? {
    switch name {
    case "True", "TRUE", "true": "true"
    case "False", "FALSE", "false": "false"
    case "Inf", "inf": "1e308"
    case "None", "NULL", "null", "NA", "NaN", "nan", "nil": "null"
    default: nil
    }
  }

  func wrapped(_ text: String, _ own: Int, _ least: Int) -> String {
    own < least ? "(\(text))" : text
  }

  private static let matches: Set = [
    "like", "ilike", "has", "contains", "startswith", "endswith", "matches",
  ]

  private func joined(_ value: ForeignExpr) -> [ForeignExpr] {
    if case .binary("||", let left, let right) = value { return joined(left) + joined(right) }
    return [value]
  }

  private static let orders: Set = ["<", "<=", ">", ">="]

  private static let tightness = [
    "or": 10, "and": 20, "in": 40, "not in": 40, "==": 40, "!=": 40, "<": 40, "<=": 40, ">": 40,
    ">=": 40, "=~": 40, "!~": 40, "??": 35, "..": 50, "..<": 50, "+": 60, "-": 60, "*": 70,
    "/": 70, "//": 70, "%": 70, "^": 90,
  ]

  private func binary(
    _ sign: String, _ left: ForeignExpr, _ right: ForeignExpr, _ least: Int
  ) -> String? {
    if sign == "==" || sign == "!=", let word = right.word, text(right) == "null", word != "nan" {
      return text(.isNull(left, sign == "=="), least)
    }
    if sign == "in~" {
      // KQL's, whatever the case.
      guard let words = right.words else { return nil }
      let list = ForeignExpr.list(words.map { .text($0.lowercased()) })
      return text(
        .binary("in", .call(.name("lower"), [.init(name: nil, value: left)]), list), least)
    }
    if Self.matches.contains(sign) || sign.hasPrefix("not ") && sign != "not in" {
      return match(sign, left, right, least)
    }
    if sign == "||" {
      let parts = joined(left) + joined(right)
      // SQL's sign for texts side by side is other languages' for either of two.
      let isText = parts.contains { if case .text = $0 { true } else { false } }
      guard isText else { return text(.binary("or", left, right), least) }
      let texts = parts.compactMap { text($0) }
      return texts.count == parts.count ? "concat(\(texts.joined(separator: ", ")))" : nil
    }
    if Self.orders.contains(sign), case .binary(let first, _, let middle) = left,
      Self.orders.contains(first)
    {
      return text(.binary("and", left, .binary(sign, middle, right)), least)
    }
    guard let own = Self.tightness[sign] else { return nil }
    var left = left
    var other = right
    if own == 40 {
      // `"mass" > 4000` names a column; `species == Adelie` and `date > "2024-03-01"` name values.
      if case .text(let name) = left, case .number = right { left = .name(name) }
      if unknown != nil, sign == "==" || sign == "!=", case .name(let name) = right,
        name == unknown || name.first?.isUppercase == true, literal(name) == nil
      {
        other = .text(name)
      }
      if case .text(let text) = right,
        ForeignToken.dateEnd(Array(text.utf8), 0) == text.utf8.count
      {
        other = .number("@\(text)")
      }
    }
    guard let first = text(left, own) else { return nil }
    if sign == "in" || sign == "not in", case .binary("..", _, _) = other {
    } else if sign == "in" || sign == "not in" {
      if case .list = right {} else { other = .list([right]) }
      if case .call(let function, let items) = right, ["c", "list"].contains(function.path ?? "") {
        other = .list(items.map(\.value))
      }
    }
    guard let second = text(other, sign == "^" ? own : own + 1) else { return nil }
    let isRange = sign == ".." || sign == "..<"
    return wrapped(isRange ? first + sign + second : "\(first) \(sign) \(second)", own, least)
  }

  /// SQL's patterns and KQL's words as functions of text.
  private func match(
    _ sign: String, _ left: ForeignExpr, _ right: ForeignExpr, _ least: Int
  ) -> String? {
    guard case .text(let pattern) = right, let subject = text(left) else { return nil }
    func function(_ name: String, _ part: some StringProtocol) -> String {
      "\(name)(\(subject), \(LiteralText.text(String(part))))"
    }
    if sign.hasPrefix("not "), sign != "not like", sign != "not ilike" {
      return match(String(sign.dropFirst(4)), left, right, 31).map {
        wrapped("not \($0)", 30, least)
      }
    }
    switch sign {
    case "matches":
      return pattern.contains("/") ? nil : wrapped("\(subject) =~ /\(pattern)/", 40, least)
    case "startswith": return function("starts", pattern)
    case "endswith": return function("ends", pattern)
    case "has", "contains": return function("contains", pattern)
    default: break
    }
    let inner = pattern.drop { $0 == "%" }
    let body = inner.reversed().drop { $0 == "%" }.reversed()
    let part = String(body)
    guard !part.contains("%"), !part.contains("_"), !part.contains("/") else { return nil }
    let isOpenAhead = pattern.hasPrefix("%")
    let isOpenBehind = pattern.count > 1 && pattern.hasSuffix("%")
    var result: String
    if sign.hasSuffix("ilike") {
      let regex = (isOpenAhead ? "" : "^") + part + (isOpenBehind ? "" : "$")
      result = "\(subject) =~ /\(regex)/i"
    } else {
      switch (isOpenAhead, isOpenBehind) {
      case (true, true): result = function("contains", part)
      case (true, false): result = function("ends", part)
      case (false, true): result = function("starts", part)
      case (false, false): result = "\(subject) == \(LiteralText.text(part))"
      }
    }
    let isDenied = sign.hasPrefix("not ")
    if isDenied { result = "not \(result)" }
    return wrapped(result, isDenied ? 30 : 40, least)
  }

  /// A window's function; its keys and order are clauses of the stage.
  private func windowed(_ call: ForeignExpr, _ window: ForeignWindow, _ least: Int) -> String? {
    guard case .call(let function, let arguments) = call, let name = function.path?.lowercased()
    else { return nil }
    let spelling = spellings[name] ?? name
    let reductions: Set = ["sum", "mean", "min", "max", "count"]
    guard !window.order.isEmpty, reductions.contains(spelling) else { return text(call, least) }
    let values = arguments.compactMap { text($0.value) }
    guard values.count == arguments.count, let value = values.first else { return nil }
    if let rows = window.rows { return "rolling_\(spelling)(\(value), \(rows), 1)" }
    return "cum\(spelling)(\(value))"
  }

  /// `if … then … else` for one case, `case { … }` for several.
  private func chosen(
    _ cases: [(ForeignExpr, ForeignExpr)], _ other: ForeignExpr?, _ least: Int
  ) -> String? {
    let last = other.map { text($0) } ?? "null"
    guard let last else { return nil }
    if cases.count == 1 {
      guard let condition = text(cases[0].0), let value = text(cases[0].1) else { return nil }
      return wrapped("if \(condition) then \(value) else \(last)", 1, least)
    }
    var parts: [String] = []
    for (condition, value) in cases {
      guard let condition = text(condition), let value = text(value) else { return nil }
      parts.append("\(condition): \(value)")
    }
    return "case { \((parts + ["else: \(last)"]).joined(separator: ", ")) }"
  }
}
