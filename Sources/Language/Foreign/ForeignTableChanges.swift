/// Statements of SQL that change tables.
extension ForeignSQL {
  /// `WITH heavy AS (SELECT …) SELECT …`
  func common(_ tokens: [ForeignToken]) -> String? {
    guard tokens.count > 5, tokens[3].text == "(" else { return nil }
    var depth = 0
    for index in 3..<tokens.count {
      if tokens[index].text == "(" { depth += 1 }
      if tokens[index].text == ")" { depth -= 1 }
      guard depth == 0 else { continue }
      let name = tokens[1].text
      var inner = self
      inner.writer.frames.insert(name)
      let first = ForeignSQL(tokens: Array(tokens[4..<index]), writer: writer).line()
      let rest = ForeignSQL(tokens: Array(tokens[(index + 1)...]), writer: inner.writer).line()
      guard let first, let rest, rest.hasPrefix(LiteralText.name(name)) else { return nil }
      return first + rest.dropFirst(LiteralText.name(name).count)
    }
    return nil
  }

  /// `SELECT … FROM (SELECT …) name WHERE …`: the inner query's stages stand first.
  func nested(_ parts: [String: [ForeignToken]], _ from: [ForeignToken]) -> String? {
    var depth = 0
    for (index, token) in from.enumerated() {
      if token.text == "(" { depth += 1 }
      if token.text == ")" { depth -= 1 }
      guard depth == 0 else { continue }
      var rest = from[(index + 1)...].filter { $0.lowered != "as" }
      guard rest.count <= 1,
        let inner = ForeignSQL(tokens: Array(from[1..<index]), writer: writer).line()
      else { return nil }
      let name = rest.popLast()?.text ?? "_"
      var outer = self
      outer.writer.frames.insert(name)
      guard let line = outer.stages(parts, [name]) else { return nil }
      return inner + line.dropFirst(name.count)
    }
    return nil
  }

  /// `UPDATE t SET a = b WHERE c`
  func update(_ tokens: [ForeignToken]) -> String? {
    guard tokens.count > 5, tokens[2].lowered == "set" else { return nil }
    let rest = Array(tokens.dropFirst(3))
    let place = rest.firstIndex { $0.lowered == "where" } ?? rest.count
    var items: [String] = []
    for part in split(Array(rest[..<place])) {
      guard part.count > 2, part[1].text == "=",
        let value = ForeignParser.expression(Array(part.dropFirst(2))),
        let text = writer.text(value)
      else { return nil }
      items.append("\(LiteralText.name(part[0].text)) = \(text)")
    }
    var line = "\(LiteralText.name(tokens[1].text)) |= derive \(items.joined(separator: ", "))"
    if place < rest.count {
      guard let value = ForeignParser.expression(Array(rest[(place + 1)...])),
        let text = writer.text(value)
      else { return nil }
      line += " where \(text)"
    }
    return line
  }

  /// `ALTER TABLE t RENAME COLUMN a TO b` and `DROP COLUMN a`
  func alter(_ tokens: [ForeignToken]) -> String? {
    guard tokens.count > 4 else { return nil }
    let frame = LiteralText.name(tokens[2].text)
    var rest = Array(tokens.dropFirst(4))
    if rest.first?.lowered == "column" { rest.removeFirst() }
    switch tokens[3].lowered {
    case "rename" where rest.count == 3 && rest[1].lowered == "to":
      return "\(frame) |= rename \(LiteralText.name(rest[0].text)) -> "
        + LiteralText.name(rest[2].text)
    case "drop" where rest.count == 1:
      return "\(frame) |= drop \(LiteralText.name(rest[0].text))"
    case "add" where rest.count == 2:
      return "\(frame) |= derive \(LiteralText.name(rest[0].text)) = null"
    default: return nil
    }
  }

  /// `COPY t TO 'file'` and `COPY t FROM 'file'`
  func copy(_ tokens: [ForeignToken]) -> String? {
    guard tokens.count > 3, tokens[1].kind == .word, tokens[3].kind == .text else { return nil }
    let name = LiteralText.name(tokens[1].text)
    let path = LiteralText.text(tokens[3].text)
    switch tokens[2].lowered {
    case "to": return "export \(name) \(path)"
    case "from": return "load \(path) as \(name)"
    default: return nil
    }
  }
}
