import Columnar

/// Reads the body of a model file. Whatever the bytes are it ends with a value or an error; nesting
/// is bounded, and what is allocated is bounded by the bytes read.
struct JSONReader {
  private let bytes: [UInt8]
  private var next = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that all of the bytes spell. Throws `corrupt`.
  static func read(_ bytes: [UInt8]) throws -> JSONValue {
    var reader = JSONReader(bytes)
    let value = try reader.value(depth: 0)
    guard reader.next == bytes.count else { throw reader.damage("more than one value") }
    return value
  }

  private func damage(_ what: String) -> DataError {
    DataError(.corrupt, "the model file is damaged: \(what) at byte \(next) of its body")
  }

  private var current: UInt8? { next < bytes.count ? bytes[next] : nil }

  private mutating func accept(_ character: UnicodeScalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    next += 1
    return true
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < 32 else { throw damage("values nested too deep") }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[next...].starts(with: word.utf8) else { throw damage("no value") }
    next += word.utf8.count
    return value
  }

  private mutating func list(depth: Int) throws -> JSONValue {
    next += 1
    var values: [JSONValue] = []
    if accept("]") { return .list(values) }
    while true {
      values.append(try value(depth: depth + 1))
      if accept("]") { return .list(values) }
      guard accept(",") else { throw damage("no comma in a list") }
    }
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    next += 1
    var members: [JSONValue.Member] = []
    if accept("}") { return .object(members) }
    while true {
      guard current == UInt8(ascii: "\"") else { throw damage("no name of a member") }
      let name = try text()
      guard accept(":") else { throw damage("no colon after a name") }
      members.append(.init(name: name, value: try value(depth: depth + 1)))
      if accept("}") { return .object(members) }
      guard accept(",") else { throw damage("no comma in an object") }
    }
  }

  private mutating func number() throws -> JSONValue {
    let start = next
    var isFloat = false
    while let byte = current {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"): isFloat = true
      default: return try number(bytes[start..<next], isFloat: isFloat)
      }
      next += 1
    }
    return try number(bytes[start..<next], isFloat: isFloat)
  }

  private func number(_ digits: ArraySlice<UInt8>, isFloat: Bool) throws -> JSONValue {
    let spelling = String(decoding: digits, as: UTF8.self)
    if isFloat, let value = Double(spelling), value.isFinite { return .float(value) }
    if !isFloat, let value = Int64(spelling) { return .int(value) }
    throw damage("no number")
  }

  private mutating func text() throws -> String {
    next += 1
    var content: [UInt8] = []
    while let byte = current {
      next += 1
      switch byte {
      case UInt8(ascii: "\""):
        let text = String(decoding: content, as: UTF8.self)
        guard text.utf8.elementsEqual(content) else { throw damage("a text that is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): content.append(try escape())
      case 0..<0x20: throw damage("a control character in a text")
      default: content.append(byte)
      }
    }
    throw damage("a text without an end")
  }

  private mutating func escape() throws -> UInt8 {
    if accept("\"") { return UInt8(ascii: "\"") }
    if accept("\\") { return UInt8(ascii: "\\") }
    guard bytes.count - next >= 5, bytes[next] == UInt8(ascii: "u"),
      let code = UInt8(String(decoding: bytes[next + 1..<next + 5], as: UTF8.self), radix: 16),
      code < 0x20
    else { throw damage("an unknown escape") }
    next += 5
    return code
  }
}
