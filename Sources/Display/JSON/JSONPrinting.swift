extension JSONValue {
  /// The value as JSON on one line, with ` ` after commas and colons. Floats have the fewest digits
  /// that read back the same; infinities are the strings `inf` and `-inf`, what is no number null.
  package var text: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value as JSON over several lines, two spaces a level, for files that people read.
  package var indentedText: String {
    var bytes: [UInt8] = []
    write(to: &bytes, indent: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(to bytes: inout [UInt8], indent: Int? = nil) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .int(let value): bytes += String(value).utf8
    case .number(let value): JSONValue.write(number: value, to: &bytes)
    case .string(let value): JSONValue.write(string: value, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        JSONValue.separate(place, to: &bytes, indent: indent)
        value.write(to: &bytes, indent: indent.map { $0 + 1 })
      }
      JSONValue.close("]", isEmpty: values.isEmpty, to: &bytes, indent: indent)
    case .object(let facts):
      bytes.append(UInt8(ascii: "{"))
      for (place, fact) in uniquelyKeyed(facts).enumerated() {
        JSONValue.separate(place, to: &bytes, indent: indent)
        JSONValue.write(string: fact.key, to: &bytes)
        bytes += ": ".utf8
        fact.value.write(to: &bytes, indent: indent.map { $0 + 1 })
      }
      JSONValue.close("}", isEmpty: facts.isEmpty, to: &bytes, indent: indent)
    }
  }

  private static func separate(_ place: Int, to bytes: inout [UInt8], indent: Int?) {
    if let indent {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(0x0A)
      bytes += repeatElement(0x20, count: (indent + 1) * 2)
    } else if place > 0 {
      bytes += ", ".utf8
    }
  }

  private static func close(
    _ bracket: Unicode.Scalar, isEmpty: Bool, to bytes: inout [UInt8], indent: Int?
  ) {
    if let indent, !isEmpty {
      bytes.append(0x0A)
      bytes += repeatElement(0x20, count: indent * 2)
    }
    bytes.append(UInt8(ascii: bracket))
  }

  static func write(string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += #"\""#.utf8
      case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
      case 0x0A: bytes += #"\n"#.utf8
      case 0x0D: bytes += #"\r"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0..<0x20, 0x7F:
        bytes += #"\u00"#.utf8
        bytes.append(hexDigits[Int(byte >> 4)])
        bytes.append(hexDigits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func write(number: Double, to bytes: inout [UInt8]) {
    if number.isFinite {
      bytes += number.description.utf8
    } else if number.isNaN {
      bytes += "null".utf8
    } else {
      write(string: number < 0 ? "-inf" : "inf", to: &bytes)
    }
  }
}

private let hexDigits = Array("0123456789abcdef".utf8)

/// `facts` with keys that occur once: a program would see only one of two values of the same key.
func uniquelyKeyed(_ facts: [Fact]) -> [Fact] {
  var seen: Set<String> = []
  return facts.map { fact in
    if seen.insert(fact.key).inserted { return fact }
    var number = 2
    while !seen.insert("\(fact.key)_\(number)").inserted { number += 1 }
    return Fact("\(fact.key)_\(number)", fact.value)
  }
}
