extension Column {
  /// A column of ints in the narrowest width; nil is null.
  package static func ints(_ values: [Int64?], type: DataType = .int) throws -> Column {
    let validity = try Bitmap(values.map { $0 != nil })
    let lower = values.reduce(0) { min($0, $1 ?? 0) }
    let upper = values.reduce(0) { max($0, $1 ?? 0) }
    return Column(
      type: type, storage: try .integers(values.map { $0 ?? 0 }, within: lower...upper),
      validity: validity)
  }

  package static func floats(_ values: [Double?]) throws -> Column {
    let present = values.map { $0.flatMap { $0.isNaN ? nil : $0 } }
    return Column(
      type: .float, storage: .float(try Buffer(present.map { $0 ?? 0 })),
      validity: try Bitmap(present.map { $0 != nil }))
  }

  package static func bools(_ values: [Bool?]) throws -> Column {
    try ints(values.map { $0.map { $0 ? 1 : 0 } }, type: .bool)
  }

  /// A dictionary-coded text column; nil is null.
  package static func texts(_ values: [String?]) throws -> Column {
    // Keyed by bytes: Swift's String equality is canonical equivalence, the language compares bytes.
    var codes: [[UInt8]: UInt32] = [:]
    var entries: [String] = []
    let coded = values.map { value -> UInt32 in
      guard let value else { return 0 }
      return codes[Array(value.utf8)]
        ?? {
          let code = UInt32(entries.count)
          codes[Array(value.utf8)] = code
          entries.append(value)
          return code
        }()
    }
    if entries.isEmpty { entries.append("") }
    return Column(
      type: .text,
      storage: .dictionary(
        try Codes(coded, entryCount: entries.count), TextDictionary(try TextStorage(entries))),
      validity: try Bitmap(values.map { $0 != nil }))
  }

  /// A column of `type` from boxed values, each null or of that type (an int fits a float).
  package static func scalars(_ values: [Scalar], type: DataType) throws -> Column {
    func mismatch(_ value: Scalar) -> DataError {
      DataError(.typeMismatch, "\(value) is not of type \(type.rawValue)")
    }
    switch type {
    case .float: return try floats(values.map(\.number))
    case .text:
      return try texts(
        values.map {
          switch $0 {
          case .null: nil
          case .text(let text): text
          default: throw mismatch($0)
          }
        })
    case .bool, .int, .date, .datetime, .duration:
      return try ints(
        values.map {
          switch $0 {
          case .null: nil
          case .int(let value) where type == .int: value
          case .bool(let value) where type == .bool: value ? 1 : 0
          case .date(let value) where type == .date: Int64(value)
          case .datetime(let value) where type == .datetime: value
          case .duration(let value) where type == .duration && value.months == 0:
            value.microseconds
          default: throw mismatch($0)
          }
        }, type: type)
    }
  }
}

extension Storage {
  /// `values`, all within `range`, in the narrowest width.
  package static func integers(
    _ values: some Collection<Int64>, within range: ClosedRange<Int64>
  ) throws -> Storage {
    switch IntegerWidth(range) {
    case .one: .int8(try Buffer(values.map { Int8(truncatingIfNeeded: $0) }))
    case .two: .int16(try Buffer(values.map { Int16(truncatingIfNeeded: $0) }))
    case .four: .int32(try Buffer(values.map { Int32(truncatingIfNeeded: $0) }))
    case .eight: .int64(try Buffer(values))
    }
  }
}

extension Codes {
  /// `codes`, all below `entryCount`, in the narrowest width.
  package init(_ codes: some Collection<UInt32>, entryCount: Int) throws {
    if entryCount <= 1 << 8 {
      self = .uint8(try Buffer(codes.map { UInt8(truncatingIfNeeded: $0) }))
    } else if entryCount <= 1 << 16 {
      self = .uint16(try Buffer(codes.map { UInt16(truncatingIfNeeded: $0) }))
    } else {
      self = .uint32(try Buffer(codes))
    }
  }
}
