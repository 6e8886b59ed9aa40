/// Statements of SQL, answered with the line that does the same here.
extension Parser {
  func foreignStatement() -> Diagnostic? {
    guard let word = bareName(), word.lowercased() == "select", let parts = sqlParts(),
      let table = parts["from"]
    else { return nil }
    let columns = (parts["select"] ?? "*").replacing("(*)", with: "()")
    var stages = [table]
    if let condition = parts["where"] { stages.append("filter \(condition)") }
    if let keys = parts["group by"] {
      stages.append("agg \(withoutKeys(columns, keys)) by \(keys)")
      if let having = parts["having"] { stages.append("filter \(having)") }
    }
    if let order = parts["order by"] { stages.append("sort \(sortKeys(order))") }
    if parts["group by"] == nil, columns != "*" {
      stages.append(columns.contains("(") ? "agg \(columns)" : "select \(columns)")
    }
    if let count = parts["limit"] { stages.append("take \(count)") }
    return Diagnostic(
      .syntax, "this is not SQL", span: current.span,
      label: "a pipeline begins with the table", hints: [stages.joined(separator: " | ")])
  }

  /// The text behind each clause of a SELECT, with operators spelled as here.
  private func sqlParts() -> [String: String]? {
    var parts: [String: String] = [:]
    var clause = ""
    var words: [String] = []
    var position = index
    var end = current.span.start
    func flush() { parts[clause] = words.joined() }
    while position < tokens.count {
      let token = tokens[position]
      if case .end = token.kind { break }
      if case .error = token.kind { return nil }
      let word = text(token.span)
      let lowered = word.lowercased()
      let next = position + 1 < tokens.count ? text(tokens[position + 1].span).lowercased() : ""
      var length = 0
      switch lowered {
      case "select", "from", "where", "having", "limit": length = 1
      case "group" where next == "by", "order" where next == "by": length = 2
      default: break
      }
      if length > 0 {
        if !clause.isEmpty { flush() }
        clause = length == 2 ? "\(lowered) by" : lowered
        words = []
        position += length
        end = tokens[min(position, tokens.count - 1)].span.start
        continue
      }
      if token.span.start > end, !words.isEmpty { words.append(" ") }
      end = token.span.end
      words.append(Self.sqlWords[lowered] ?? word)
      position += 1
    }
    flush()
    return parts["select"] == nil || parts["from"]?.isEmpty != false ? nil : parts
  }

  private static let sqlWords = [
    "=": "==", "<>": "!=", "and": "and", "or": "or", "not": "not", "null": "null", "is": "is",
    "in": "in", "asc": "", ";": "",
  ]

  private func withoutKeys(_ columns: String, _ keys: String) -> String {
    let names = Set(keys.split(separator: ",").map { String($0).trimmed })
    let rest = columns.split(separator: ",").map { String($0).trimmed }.filter {
      !names.contains($0)
    }
    return rest.isEmpty ? "count()" : rest.joined(separator: ", ")
  }

  private func sortKeys(_ order: String) -> String {
    order.split(separator: ",").map { key in
      let key = String(key).trimmed
      return key.lowercased().hasSuffix(" desc") ? "-" + String(key.dropLast(5)).trimmed : key
    }.joined(separator: ", ")
  }
}
