import Foundation

/// A JSON value of a fixture or of what the program prints, with whole numbers kept whole.
package enum JSONFixture: Decodable, Sendable, Hashable {
  case null, bool(Bool), int(Int64), float(Double), text(String)
  case array([JSONFixture])
  case object([String: JSONFixture])

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let int = try? value.decode(Int64.self) {
      self = .int(int)
    } else if let float = try? value.decode(Double.self) {
      self = .float(float)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let elements = try? value.decode([JSONFixture].self) {
      self = .array(elements)
    } else {
      self = .object(try value.decode([String: JSONFixture].self))
    }
  }

  /// The value that a text holds.
  package init(json text: String) throws {
    self = try JSONDecoder().decode(JSONFixture.self, from: Data(text.utf8))
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }

  /// The value as a number; nil for what is none.
  package var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .text("inf"): .infinity
    case .text("-inf"): -.infinity
    default: nil
    }
  }

  package var elements: [JSONFixture] {
    if case .array(let elements) = self { elements } else { [] }
  }

  package subscript(key: String) -> JSONFixture? {
    if case .object(let fields) = self { fields[key] } else { nil }
  }
}
