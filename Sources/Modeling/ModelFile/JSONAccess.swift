import Columnar

/// The error for a model file whose digest is right but whose content is not.
func damage(_ what: String) -> DataError {
  DataError(.corrupt, "the model file is damaged: its \(what) cannot be read")
}

extension JSONValue {
  func object() throws -> [Member] {
    guard case .object(let members) = self else { throw damage("structure") }
    return members
  }

  func list() throws -> [JSONValue] {
    guard case .list(let values) = self else { throw damage("structure") }
    return values
  }

  func text() throws -> String {
    guard case .text(let text) = self else { throw damage("structure") }
    return text
  }

  func bool() throws -> Bool {
    guard case .bool(let value) = self else { throw damage("structure") }
    return value
  }

  /// A number of rows or the like: not negative.
  func count() throws -> Int {
    guard case .int(let value) = self, value >= 0, let count = Int(exactly: value) else {
      throw damage("counts")
    }
    return count
  }

  func float() throws -> Double {
    switch self {
    case .float(let value): return value
    case .text("inf"): return .infinity
    case .text("-inf"): return -.infinity
    case .text("nan"): return .nan
    default: throw damage("numbers")
    }
  }

  func optionalFloat() throws -> Double? { self == .null ? nil : try float() }

  func floats() throws -> [Double] { try list().map { try $0.float() } }

  func dataType() throws -> DataType {
    guard let type = DataType(rawValue: try text()) else { throw damage("types") }
    return type
  }

  /// A level of an input of `type`.
  func level(_ type: DataType) throws -> Scalar {
    switch (self, type) {
    case (.bool(let value), .bool): return .bool(value)
    case (.int(let value), .int): return .int(value)
    case (.float, .float), (.text("inf"), .float), (.text("-inf"), .float):
      return .float(try float())
    case (.int(let value), .date):
      guard let days = Int32(exactly: value) else { throw damage("levels") }
      return .date(days)
    case (.int(let value), .datetime): return .datetime(value)
    case (.int(let value), .duration): return .duration(Duration(microseconds: value))
    case (.text(let text), .text): return .text(text)
    default: throw damage("levels")
    }
  }
}

extension [JSONValue.Member] {
  /// The value of the member `name`. Throws `corrupt` where there is none.
  func value(_ name: String) throws -> JSONValue {
    guard let member = first(where: { $0.name == name }) else { throw damage(name) }
    return member.value
  }
}
