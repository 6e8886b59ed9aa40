/// Canonical text of literals and names.
enum LiteralText {
  /// The name as it must be written to be read as a name.
  static func name(_ name: String) -> String {
    isBare(name) ? name : "`" + escaped(name, quote: "`") + "`"
  }

  static func isBare(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first.beginsName, name != "_",
      Keyword(rawValue: name) == nil
    else { return false }
    return name.unicodeScalars.allSatisfy(\.continuesName)
  }

  /// What stands behind `$`, where reserved words are names like any other.
  static func variable(_ name: String) -> String {
    if Keyword(rawValue: name) != nil || name == "_" { return name }
    return self.name(name)
  }

  static func text(_ text: String) -> String { "\"" + escaped(text, quote: "\"") + "\"" }

  /// The text with the quote, backslashes and what cannot be seen escaped.
  static func escaped(_ text: String, quote: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\":
        result.append("\\")
        result.append(scalar)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case _ where isInvisible(scalar):
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    // Joiners shape emoji and scripts; the other format characters hide.
    case .format: scalar.value != 0x200D && scalar.value != 0x200C
    default: false
    }
  }

  /// The shortest text that is read as the same float and as no integer.
  static func float(_ value: Double) -> String {
    var text = value.description
    if let plus = text.firstIndex(of: "+") { text.remove(at: plus) }
    if text.hasSuffix(".0"), text.contains("e") { text.removeLast(2) }
    return text
  }

  /// The shortest text of a number that a sign or unit follows: no point where it is whole.
  static func amount(_ value: Double) -> String {
    let text = float(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func size(_ bytes: Int64) -> String {
    for (unit, scale) in sizeUnits where bytes != 0 && bytes % scale == 0 {
      return "\(bytes / scale)\(unit)"
    }
    return "\(bytes)B"
  }

  private static let sizeUnits: [(String, Int64)] = [
    ("TB", 1_000_000_000_000), ("TiB", 1 << 40), ("GB", 1_000_000_000), ("GiB", 1 << 30),
    ("MB", 1_000_000), ("MiB", 1 << 20), ("kB", 1_000), ("KiB", 1 << 10),
  ]

  static func duration(_ parts: [DurationPart]) -> String {
    parts.map { amount($0.amount) + $0.unit.rawValue }.joined(separator: " ")
  }

  static func date(_ days: Int) -> String {
    let date = CivilDate(daysSinceEpoch: days)
    return "@\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  static func datetime(_ microseconds: Int64) -> String {
    let perDay: Int64 = 86_400_000_000
    let within = ((microseconds % perDay) + perDay) % perDay
    let days = (microseconds - within) / perDay
    let seconds = Int(within / 1_000_000)
    let fraction = Int(within % 1_000_000)
    var text = "\(date(Int(days)))T\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2))"
    if seconds % 60 != 0 || fraction != 0 { text += ":\(padded(seconds % 60, 2))" }
    if fraction != 0 {
      var digits = padded(fraction, 6)
      while digits.hasSuffix("0") { digits.removeLast() }
      text += ".\(digits)"
    }
    return text
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = "\(value)"
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  static func regex(_ pattern: String, isCaseInsensitive: Bool) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isEscaped {
        result.append(scalar)
        isEscaped = false
        continue
      }
      if scalar == "/" { result.append("\\") }
      if scalar == "\n" {
        result.append(contentsOf: "\\n".unicodeScalars)
        continue
      }
      isEscaped = scalar == "\\"
      result.append(scalar)
    }
    if isEscaped { result.append("\\") }
    let body = result.isEmpty ? "(?:)" : String(result)
    return "/\(body)/" + (isCaseInsensitive ? "i" : "")
  }
}
