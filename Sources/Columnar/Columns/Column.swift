/// How the values of a column lie in memory.
package enum Storage: Sendable {
  /// Ints, bools (0 and 1, one byte), dates (days) and datetimes and durations (microseconds), in
  /// the narrowest width that holds their range.
  case int8(Buffer<Int8>)
  case int16(Buffer<Int16>)
  case int32(Buffer<Int32>)
  case int64(Buffer<Int64>)
  case float(Buffer<Double>)
  /// Text as codes into a dictionary of distinct entries.
  case dictionary(Codes, TextDictionary)
  /// Text, a value a row: for columns in which few values repeat.
  case text(TextStorage)
}

/// Indices into a dictionary, in the narrowest width that holds them.
package enum Codes: Sendable {
  case uint8(Buffer<UInt8>)
  case uint16(Buffer<UInt16>)
  case uint32(Buffer<UInt32>)

  package var count: Int {
    switch self {
    case .uint8(let buffer): buffer.count
    case .uint16(let buffer): buffer.count
    case .uint32(let buffer): buffer.count
    }
  }

  package subscript(row: Int) -> Int {
    switch self {
    case .uint8(let buffer): Int(buffer[row])
    case .uint16(let buffer): Int(buffer[row])
    case .uint32(let buffer): Int(buffer[row])
    }
  }
}

/// A typed sequence of values, some of which may be null. A value: it is never changed, and copies
/// share memory.
///
/// Where a row is null its slot holds 0, code 0 or empty text, so that kernels may run over all
/// rows. A float is never NaN: what would be NaN is null.
package struct Column: Sendable {
  package let type: DataType
  package let storage: Storage
  /// Which rows have a value; nil when all have.
  package let validity: Bitmap?
  package let count: Int
  package let nullCount: Int

  /// A column over `storage`, which must suit `type` and, where given, be as long as `validity`.
  /// A validity without a null is dropped.
  package init(type: DataType, storage: Storage, validity: Bitmap? = nil) {
    let count =
      switch storage {
      case .int8(let buffer): buffer.count
      case .int16(let buffer): buffer.count
      case .int32(let buffer): buffer.count
      case .int64(let buffer): buffer.count
      case .float(let buffer): buffer.count
      case .dictionary(let codes, _): codes.count
      case .text(let text): text.count
      }
    precondition(validity == nil || validity!.count == count)
    let nullCount = validity.map { count - $0.setCount } ?? 0
    self.type = type
    self.storage = storage
    self.count = count
    self.nullCount = nullCount
    self.validity = nullCount == 0 ? nil : validity
  }

  /// A column that keeps its validity even where that has no null, for kernels that must do the same
  /// whether there are nulls or not.
  init(type: DataType, storage: Storage, alwaysValid validity: Bitmap) {
    let column = Column(type: type, storage: storage, validity: validity)
    self.type = type
    self.storage = storage
    self.validity = validity
    count = column.count
    nullCount = column.nullCount
  }

  package func isNull(_ row: Int) -> Bool { validity.map { !$0[row] } ?? false }

  /// The value of a row, boxed: for showing, not for kernels.
  package subscript(row: Int) -> Scalar {
    if isNull(row) { return .null }
    switch storage {
    case .int8(let buffer): return scalar(Int64(buffer[row]))
    case .int16(let buffer): return scalar(Int64(buffer[row]))
    case .int32(let buffer): return scalar(Int64(buffer[row]))
    case .int64(let buffer): return scalar(buffer[row])
    case .float(let buffer): return .float(buffer[row])
    case .dictionary(let codes, let dictionary): return .text(dictionary.entries[codes[row]])
    case .text(let text): return .text(text[row])
    }
  }

  private func scalar(_ value: Int64) -> Scalar {
    switch type {
    case .bool: .bool(value != 0)
    case .date: .date(Int32(truncatingIfNeeded: value))
    case .datetime: .datetime(value)
    case .duration: .duration(Duration(microseconds: value))
    default: .int(value)
    }
  }
}
