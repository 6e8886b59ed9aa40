/// A piece of a line of another language.
struct ForeignToken: Equatable {
  enum Kind { case word, number, text, sign, end }

  var kind: Kind
  /// Of a text what stands between its quotes.
  var text: String
  /// Whether white space stands in front of it.
  var isSpaced = false

  /// In small letters, for keywords that SQL writes in either.
  var lowered: String { kind == .word ? text.lowercased() : text }

  static let end = ForeignToken(kind: .end, text: "")

  /// The tokens of a line; nil where a quote is left open.
  static func tokens(_ line: String) -> [ForeignToken]? {
    let bytes = Array(line.utf8)
    var tokens: [ForeignToken] = []
    var position = 0
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    while position < bytes.count {
      let start = position
      let byte = bytes[position]
      if byte.isSpace || byte == Byte.newline {
        position += 1
        continue
      }
      let isSpaced = start > 0 && bytes[start - 1].isSpace
      // Python's r"…" and KQL's @"…" are texts as they stand.
      let isPrefix = "rRbu@".utf8.contains(byte)
      if isPrefix, position + 1 < bytes.count, start == 0 || !isWordByte(bytes[start - 1]),
        bytes[position + 1] == UInt8(ascii: "\"") || bytes[position + 1] == UInt8(ascii: "'")
      {
        position += 1
        continue
      }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") {
        position += 1
        while position < bytes.count, bytes[position] != byte { position += 1 }
        guard position < bytes.count else { return nil }
        let kind: Kind = byte == UInt8(ascii: "`") ? .word : .text
        tokens.append(
          ForeignToken(kind: kind, text: string(start + 1..<position), isSpaced: isSpaced))
        position += 1
      } else if byte.isDigit || byte == UInt8(ascii: ".") && isDigit(bytes, position + 1) {
        position += 1
        while position < bytes.count {
          if bytes[position].isDigit {
          } else if bytes[position] == UInt8(ascii: "."), isDigit(bytes, position + 1) {
          } else {
            break
          }
          position += 1
        }
        // KQL's lengths of time.
        let letters = bytes[position...].prefix { $0.isLetter }
        if letters.count == 1, let unit = letters.first, "dhmsw".utf8.contains(unit),
          position + 1 == bytes.count || !isWordByte(bytes[position + 1])
        {
          position += 1
        }
        var text = string(start..<position)
        if text.hasSuffix("m") { text += "in" }
        if let end = dateEnd(bytes, start) {
          position = end
          text = "@" + string(start..<end)
        }
        tokens.append(ForeignToken(kind: .number, text: text, isSpaced: isSpaced))
      } else if isWordByte(byte) {
        while position < bytes.count, isWordByte(bytes[position]) || bytes[position].isDigit {
          position += 1
        }
        tokens.append(
          ForeignToken(kind: .word, text: string(start..<position), isSpaced: isSpaced))
      } else {
        let rest = bytes[position...].prefix(4)
        let sign = signs.first { rest.starts(with: $0.utf8) }
        position += sign?.utf8.count ?? 1
        tokens.append(
          ForeignToken(kind: .sign, text: string(start..<position), isSpaced: isSpaced))
      }
    }
    return tokens
  }

  private static let signs = [
    "%in%", "%>%", "===", "##", "::", "..<", "|>", "<-", "->", "<=", ">=", "==", "!=", "<>", "=>",
    "=<", "=~",
    "!~", "&&", "||", "**", "//", ":=", "..", "??", "%%",
  ]

  /// The end of `2024-03-01` beginning here, nil where none does.
  static func dateEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
    let form = Array("0000-00-00".utf8)
    guard start + form.count <= bytes.count else { return nil }
    for (offset, sign) in form.enumerated() {
      let byte = bytes[start + offset]
      if sign == UInt8(ascii: "-") ? byte != sign : !byte.isDigit { return nil }
    }
    return isDigit(bytes, start + form.count) ? nil : start + form.count
  }

  private static func isDigit(_ bytes: [UInt8], _ position: Int) -> Bool {
    position < bytes.count && bytes[position].isDigit
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte.isLetter || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}

extension ForeignToken {
  /// The tokens between a sign, outside of brackets.
  static func split(_ tokens: [ForeignToken], at sign: String) -> [[ForeignToken]] {
    var parts: [[ForeignToken]] = [[]]
    var depth = 0
    for token in tokens {
      if token.kind == .sign {
        if ["(", "[", "{"].contains(token.text) { depth += 1 }
        if [")", "]", "}"].contains(token.text) { depth -= 1 }
        if depth == 0, token.text == sign {
          parts.append([])
          continue
        }
      }
      parts[parts.count - 1].append(token)
    }
    return parts == [[]] ? [] : parts
  }
}
