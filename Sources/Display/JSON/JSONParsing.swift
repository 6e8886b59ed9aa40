/// Why a text is not JSON, and at which byte, counted from 0.
package struct JSONError: Error, Sendable, Hashable {
  package var message: String
  package var offset: Int

  package init(_ message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }
}

extension JSONValue {
  /// How deep arrays and objects may stand in one another.
  package static let depthLimit = 256

  /// Reads one JSON value (RFC 8259) with nothing but white space around it. A number without point
  /// and exponent that fits 64 bits is an int. An object may not have a key twice.
  package static func parse(_ text: String) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: Array(text.utf8))
    return try parser.document()
  }

  /// Reads one JSON value from bytes, which must be UTF-8.
  package static func parse(utf8 bytes: [UInt8]) throws(JSONError) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONError("not UTF-8", offset: 0)
    }
    var parser = JSONParser(bytes: bytes)
    return try parser.document()
  }

  /// The value of a key of an object; nil where there is none or this is no object.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let facts) = self else { return nil }
    return facts.first { $0.key == key }?.value
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ message: String) -> JSONError { JSONError(message, offset: position) }

  mutating func document() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try value()
    skipSpace()
    guard next == nil else { throw failure("more text after the value") }
    return value
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    guard let byte = next else { throw failure("a value is missing") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw failure("no value begins like this")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else {
      throw failure("no value begins like this")
    }
    position += word.utf8.count
    return value
  }

  private mutating func descend() throws(JSONError) {
    depth += 1
    if depth > JSONValue.depthLimit {
      throw failure("more than \(JSONValue.depthLimit) levels deep")
    }
    position += 1
    skipSpace()
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try descend()
    var values: [JSONValue] = []
    if next == UInt8(ascii: "]") {
      position += 1
    } else {
      repeat {
        skipSpace()
        values.append(try value())
      } while try continues(until: UInt8(ascii: "]"))
    }
    depth -= 1
    return .array(values)
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try descend()
    var facts: [Fact] = []
    var keys: Set<String> = []
    if next == UInt8(ascii: "}") {
      position += 1
    } else {
      repeat {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes is missing") }
        let start = position
        let key = try string()
        guard keys.insert(key).inserted else {
          throw JSONError("the key \"\(key)\" occurs twice", offset: start)
        }
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw failure("`:` is missing") }
        position += 1
        skipSpace()
        facts.append(Fact(key, try value()))
      } while try continues(until: UInt8(ascii: "}"))
    }
    depth -= 1
    return .object(facts)
  }

  private mutating func continues(until end: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard let byte = next, byte == end || byte == UInt8(ascii: ",") else {
      throw failure("`,` or `\(Character(Unicode.Scalar(end)))` is missing")
    }
    position += 1
    return byte != end
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    if position == start { throw failure("a digit is missing") }
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError("the number \(text) is too big", offset: start)
    }
    return .number(value)
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20:
        position -= 1
        throw failure("a control character in a string")
      default: text.append(byte)
      }
    }
    throw failure("a quote is missing")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = next else { throw failure("a quote is missing") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      var code = try hexUnit()
      if (0xD800...0xDBFF).contains(code), next == UInt8(ascii: "\\"),
        position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
      {
        let saved = position
        position += 2
        let low = try hexUnit()
        if (0xDC00...0xDFFF).contains(low) {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        } else {
          position = saved
        }
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
      text += String(Character(scalar)).utf8
    default: throw failure("an unknown escape")
    }
  }

  private mutating func hexUnit() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits are missing")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
