import Language

/// What is said of a function that there is none of.
extension Binder {
  func unknownFunction(_ name: Name, _ arguments: [Expr], span: Span) -> Diagnostic {
    var diagnostic = Diagnostic(
      .unknownFunction, "no function `\(name.text)`", span: name.span)
    let spelling = name.text.lowercased()
    func correct(_ text: String) { diagnostic.correction = Diagnostic.Correction(span, text) }
    if let idiom = Idiom(spelling, arguments) {
      diagnostic.label = "it is `\(idiom.form)` here"
      correct(idiom.text)
    } else if let canonical = Functions.otherSpellings[spelling] {
      diagnostic.label = "it is `\(canonical)` here"
      if let function = Functions.named(canonical), function.arity.contains(arguments.count) {
        correct(print(Expr(.call(function: Name(canonical), arguments: arguments), span)))
      } else if let function = Functions.named(canonical) {
        diagnostic.notes.append(function.signature)
      }
    } else if scope.schema[name.text] != nil {
      diagnostic.label = "`\(name.text)` is a column"
    } else if ["print", "echo", "display", "show", "puts"].contains(spelling) {
      diagnostic.label = "a value alone on a line is shown"
    } else if let near = nearest(
      name.text, among: Functions.all.map(\.name) + scope.definitions.keys.sorted())
    {
      diagnostic.label = "did you mean `\(near)`?"
      correct(print(Expr(.call(function: Name(near), arguments: arguments), span)))
    }
    return diagnostic
  }
}

/// A call of another language that is no call here, or has its arguments in another order.
private struct Idiom {
  /// As it is explained.
  var form: String
  /// With the arguments that were given.
  var text: String

  init?(_ name: String, _ arguments: [Expr]) {
    let parts = arguments.map { Language.print($0) }
    func operand(_ place: Int) -> String {
      switch arguments[place].kind {
      case .binary, .unary, .conditional, .choice, .isNull, .range: "(\(parts[place]))"
      default: parts[place]
      }
    }
    func found(_ form: String, _ text: String) { (self.form, self.text) = (form, text) }
    (form, text) = ("", "")
    if ["datetime_part", "date_part", "datepart"].contains(name), parts.count == 2,
      let unit = Self.unit(arguments[0]), Functions.named(unit) != nil
    {
      found("\(unit)(t)", "\(unit)(\(parts[1]))")
      return
    }
    switch (Functions.otherSpellings[name], parts.count) {
    case ("x is null"?, 1): found("x is null", "\(operand(0)) is null")
    case ("x is not null"?, 1): found("x is not null", "\(operand(0)) is not null")
    case ("if c then a else b"?, 3):
      found("if c then a else b", "if \(parts[0]) then \(parts[1]) else \(parts[2])")
    case ("x in [a, b]"?, 2...):
      let list =
        if case .list = arguments[1].kind {
          parts[1]
        } else {
          "[\(parts.dropFirst().joined(separator: ", "))]"
        }
      found("x in [a, b]", "\(operand(0)) in \(list)")
    case ("x ^ 2"?, 1): found("x ^ 2", "\(operand(0)) ^ 2")
    case ("x ^ 3"?, 1): found("x ^ 3", "\(operand(0)) ^ 3")
    case ("a // b"?, 2): found("a // b", "\(operand(0)) // \(operand(1))")
    case ("lgamma(n + 1)"?, 1): found("lgamma(n + 1)", "lgamma(\(parts[0]) + 1)")
    case ("slice(x, 1, n)"?, 2): found("slice(x, 1, n)", "slice(\(parts[0]), 1, \(parts[1]))")
    case ("slice(x, -n)"?, 2): found("slice(x, -n)", "slice(\(parts[0]), -\(operand(1)))")
    case ("slice"?, 3) where name != "str_sub" && name != "str_slice":
      // They take a length, `slice` the last place.
      guard case .integer(let start) = arguments[1].kind,
        case .integer(let count) = arguments[2].kind,
        start > 0, count > 0, count < 1 << 40, start < 1 << 40
      else { return nil }
      found("slice(x, from, to)", "slice(\(parts[0]), \(start), \(start + count - 1))")
    case ("list[n]"?, 2): found("list[n]", "\(parts[0])[\(parts[1])]")
    case ("list[a..b]"?, 3): found("list[a..b]", "\(parts[0])[\(parts[1])..\(parts[2])]")
    case ("find"?, 2) where name == "charindex" || name == "locate":
      found("find(x, part)", "find(\(parts[1]), \(parts[0]))")
    case ("matches"?, 2):
      let isReversed = name == "grepl"
      let (text, pattern) = isReversed ? (1, 0) : (0, 1)
      guard let regex = Self.regex(arguments[pattern]) else { return nil }
      found("x =~ /regex/", "\(operand(text)) =~ \(regex)")
    case ("extract"?, 2):
      guard let regex = Self.regex(arguments[1]) else { return nil }
      found("extract(x, /regex/)", "extract(\(parts[0]), \(regex))")
    case ("replace"?, 3) where ["gsub", "sub"].contains(name):
      guard let regex = Self.regex(arguments[0]) else { return nil }
      found("replace(x, /regex/, new)", "replace(\(parts[2]), \(regex), \(parts[1]))")
    case ("replace"?, 3) where name.hasPrefix("regexp") || name.hasPrefix("str_replace"):
      guard let regex = Self.regex(arguments[1]) else { return nil }
      found("replace(x, /regex/, new)", "replace(\(parts[0]), \(regex), \(parts[2]))")
    case ("replace"?, 2):
      guard let regex = Self.regex(arguments[1]) else { return nil }
      found("replace(x, /regex/, \"\")", "replace(\(parts[0]), \(regex), \"\")")
    case ("bin"?, 2):
      // date_trunc("month", t) and floor_date(t, "month").
      for (time, unit) in [(1, 0), (0, 1)] {
        guard case .text(let word) = arguments[unit].kind, let width = Self.width(word) else {
          continue
        }
        found("bin(t, 1mo)", "bin(\(parts[time]), \(width))")
        return
      }
      return nil
    case ("date_diff"?, 3):
      guard case .name(let unit) = arguments[0].kind else { return nil }
      found(
        "date_diff(\"day\", from, to)",
        "date_diff(\"\(unit)\", \(parts[1]), \(parts[2]))")
    case ("quantile"?, 2):
      // Elsewhere from 0 to 100.
      guard case .integer(let percent) = arguments[1].kind, (1...100).contains(percent) else {
        return nil
      }
      found("quantile(x, 95%)", "quantile(\(parts[0]), \(percent)%)")
    case ("f\"{x}\""?, 1): found("f\"{x}\"", "f\"{\(parts[0])}\"")
    default: return nil
    }
  }

  /// A unit of time, as a text or a name.
  private static func unit(_ expression: Expr) -> String? {
    switch expression.kind {
    case .text(let unit), .name(let unit): unit.lowercased()
    default: nil
    }
  }

  /// A text as a regex, a regex as it is.
  private static func regex(_ expression: Expr) -> String? {
    switch expression.kind {
    case .regex: Language.print(expression)
    case .text(let pattern):
      Language.print(
        Expr(.regex(pattern: pattern, isCaseInsensitive: false), expression.span))
    default: nil
    }
  }

  private static func width(_ unit: String) -> String? {
    switch unit.lowercased() {
    case "year", "years": "1y"
    case "quarter", "quarters": "1q"
    case "month", "months": "1mo"
    case "week", "weeks": "1w"
    case "day", "days": "1d"
    case "hour", "hours": "1h"
    case "minute", "minutes": "1min"
    case "second", "seconds": "1s"
    default: nil
    }
  }
}
