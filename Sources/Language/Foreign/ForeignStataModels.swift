/// Commands of Stata that summarise and fit.
extension ForeignStata {
  func summarizing() -> String? {
    guard verb == "collapse" else { return nil }
    // `collapse (mean) a b (sd) spread = a, by(g)`
    var function = "mean"
    var items: [String] = []
    var index = 0
    while index < rest.count {
      let token = rest[index]
      let next = index + 1 < rest.count ? rest[index + 1].text : ""
      if token.text == "(" {
        guard index + 2 < rest.count, rest[index + 2].text == ")" else { return nil }
        function = next
        index += 3
      } else if token.kind == .word, items.isEmpty, index == 0, rest.count > 1, next != "=",
        writer.functions.contains(writer.spellings[token.text] ?? token.text)
      {
        function = token.text
        index += 1
      } else {
        guard token.kind == .word || token.kind == .text else { return nil }
        let isNamed = next == "=" && index + 2 < rest.count
        let column = isNamed ? rest[index + 2] : token
        let item = "\(writer.spellings[function] ?? function)(\(LiteralText.name(column.text)))"
        items.append(isNamed ? "\(LiteralText.name(token.text)) = \(item)" : item)
        index += isNamed ? 3 : 1
        if index < rest.count, rest[index].text == "," { index += 1 }
      }
    }
    return items.isEmpty ? nil : "agg \(items.joined(separator: ", "))\(by)\(filter)"
  }

  /// `ttest x, by(g)`, `ttest x == 4000`, `oneway x g`
  func testing() -> String? {
    guard let column = rest.first, column.kind == .word else { return nil }
    let name = LiteralText.name(column.text)
    switch verb {
    case "ttest" where rest.count == 3 && rest[1].text == "==" && rest[2].kind == .number:
      return "test t \(name) mean=\(rest[2].text)\(filter)"
    case "ttest", "ranksum", "kwallis":
      guard rest.count == 1, let group = option("by").flatMap(Self.names) else { return nil }
      let kinds = ["ttest": "t", "ranksum": "mannwhitney", "kwallis": "kruskal"]
      let variances = verb == "ttest" && !hasOption("unequal", "welch") ? " variances=equal" : ""
      return "test \(kinds[verb] ?? "t") \(name) by \(group)\(filter)\(variances)"
    case "oneway", "anova":
      guard rest.count == 2, rest[1].kind == .word else { return nil }
      return "test anova \(name) by \(LiteralText.name(rest[1].text))\(filter)"
    default: return nil
    }
  }

  func modelling() -> String? {
    if let test = testing() { return test }
    guard ["regress", "reg", "logit", "logistic", "fit"].contains(verb) else { return nil }
    var words = rest.filter { $0.text != "=" && $0.text != "~" && $0.text != "+" }
    var kind = verb == "logit" || verb == "logistic" ? "logit" : "ols"
    let kinds: Set = ["ols", "logit", "lm", "linear", "glm", "regression"]
    if verb == "fit" {
      if let tilde = rest.firstIndex(where: { $0.text == "~" }), rest[..<tilde].count > 1,
        !kinds.contains(rest[0].lowered)
      {
        return nil
      }
      if let first = words.first?.lowered, kinds.contains(first) {
        if first == "logit" { kind = "logit" }
        words.removeFirst()
      }
    }
    // `i.species` is a factor, `c.x##i.y` both and how they go together.
    var terms: [String] = []
    var isFactor = false
    var sign = ""
    for word in words where word.text != "." {
      if word.text == "##" || word.text == "#" {
        sign = word.text == "##" ? " * " : ":"
      } else if word.kind != .word {
        return nil
      } else if word.text == "i" || word.text == "c" {
        isFactor = word.text == "i"
      } else {
        let term = isFactor ? "C(\(word.text))" : LiteralText.name(word.text)
        isFactor = false
        if sign.isEmpty || terms.isEmpty {
          terms.append(term)
        } else {
          terms[terms.count - 1] += sign + term
        }
        sign = ""
      }
    }
    guard terms.count > 1 else { return nil }
    let robust = hasOption("robust", "r") ? " se=robust" : ""
    return
      "fit \(kind) \(terms[0]) ~ \(terms.dropFirst().joined(separator: " + "))\(filter)\(robust)"
  }
}
