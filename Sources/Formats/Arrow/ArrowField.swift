import Columnar

/// The type of a field as Arrow has it, of those that are read.
enum ArrowType: Hashable, Sendable {
  enum Unit: Int16, Sendable {
    case second, millisecond, microsecond, nanosecond
  }

  case null
  case bool
  case integer(bits: Int32, isSigned: Bool)
  case float32
  case float64
  /// Offsets of 4 or 8 bytes, then bytes.
  case text(isLarge: Bool)
  /// 16 bytes a value, which point into other buffers where it is longer than 12 bytes.
  case textView
  case date32
  case date64
  case timestamp(Unit, zone: String?)
  case duration(Unit)
  /// Indices into a dictionary of texts or other values.
  indirect case dictionary(id: Int64, bits: Int32, isSigned: Bool, of: ArrowType)

  /// The type of the column that it becomes; a column of nulls is text.
  var type: DataType {
    switch self {
    case .bool: .bool
    case .integer: .int
    case .float32, .float64: .float
    case .null, .text, .textView: .text
    case .date32, .date64: .date
    case .timestamp: .datetime
    case .duration: .duration
    case .dictionary(_, _, _, let values): values.type
    }
  }

  /// How many buffers a column of the type has in a batch, those of texts pointed into not counted.
  var bufferCount: Int {
    switch self {
    case .null: 0
    case .text: 3
    default: 2
    }
  }
}

/// A column of an Arrow file.
struct ArrowField: Sendable, Hashable {
  var name: String
  /// Nil for a type that is not read.
  var type: ArrowType?
  /// What the type is called in errors.
  var typeName: String
  /// Nodes and buffers in a batch, those of children included; nil where they cannot be told.
  var nodeCount: Int
  var bufferCount: Int?
  /// Whether it takes a variable number of buffers behind those.
  var variadicCount: Int
}

extension ArrowField {
  /// Reads a field of a schema. Throws `corrupt`.
  init(_ table: FlatTable, depth: Int = 0) throws {
    guard depth < 32 else { throw FlatTable.damaged }
    name = try table.text(0) ?? ""
    let kind: UInt8 = try table.integer(2, or: 0)
    let (type, typeName) = try Self.type(kind, table.table(3))
    self.type = type
    self.typeName = typeName
    nodeCount = 1
    variadicCount = kind == 23 || kind == 24 ? 1 : 0
    bufferCount = Self.bufferCounts[kind] ?? nil
    if let encoding = try table.table(4) {
      let index = try encoding.table(1)
      let bits: Int32 = try index?.integer(0, or: 0) ?? 32
      let isSigned = try index?.flag(1) ?? true
      guard [8, 16, 32, 64].contains(bits) else { throw FlatTable.damaged }
      // The values and what they have inside are in the dictionary, not in the batches.
      bufferCount = 2
      variadicCount = 0
      self.typeName = "dictionary<\(typeName)>"
      if let values = type {
        self.type = .dictionary(
          id: try encoding.integer(0, or: 0), bits: bits, isSigned: isSigned, of: values)
      }
      return
    }
    for child in try table.tables(5) {
      let inner = try ArrowField(child, depth: depth + 1)
      nodeCount += inner.nodeCount
      variadicCount += inner.variadicCount
      bufferCount = bufferCount.flatMap { own in inner.bufferCount.map { own + $0 } }
      guard nodeCount < 1 << 20 else { throw FlatTable.damaged }
    }
  }

  /// Own buffers of each kind of type, by its number in the format.
  private static let bufferCounts: [UInt8: Int?] = [
    1: 0, 2: 2, 3: 2, 4: 3, 5: 3, 6: 2, 7: 2, 8: 2, 9: 2, 10: 2, 11: 2, 12: 2, 13: 1, 15: 2,
    16: 1, 17: 2, 18: 2, 19: 3, 20: 3, 21: 2, 22: 0, 23: 2, 24: 2, 25: 3, 26: 3,
  ]

  /// The type of a number in the format, with what its own table says.
  private static func type(
    _ kind: UInt8, _ table: FlatTable?
  ) throws -> (ArrowType?, String) {
    func unit(or absent: Int16) throws -> ArrowType.Unit {
      guard let unit = ArrowType.Unit(rawValue: try table?.integer(0, or: absent) ?? absent) else {
        throw FlatTable.damaged
      }
      return unit
    }
    switch kind {
    case 1: return (.null, "null")
    case 2:
      let bits: Int32 = try table?.integer(0, or: 0) ?? 0
      let isSigned = try table?.flag(1) ?? false
      guard [8, 16, 32, 64].contains(bits) else { throw FlatTable.damaged }
      return (.integer(bits: bits, isSigned: isSigned), "\(isSigned ? "" : "u")int\(bits)")
    case 3:
      switch try table?.integer(0, or: Int16(0)) ?? 0 {
      case 1: return (.float32, "float32")
      case 2: return (.float64, "float64")
      default: return (nil, "float16")
      }
    case 5: return (.text(isLarge: false), "utf8")
    case 6: return (.bool, "bool")
    case 8:
      let isDays = try table?.integer(0, or: Int16(1)) == 0
      return isDays ? (.date32, "date32") : (.date64, "date64")
    case 10: return (.timestamp(try unit(or: 0), zone: try table?.text(1)), "timestamp")
    case 18: return (.duration(try unit(or: 1)), "duration")
    case 20: return (.text(isLarge: true), "large_utf8")
    case 24: return (.textView, "utf8_view")
    default: return (nil, otherTypes[kind] ?? "type number \(kind)")
    }
  }

  private static let otherTypes: [UInt8: String] = [
    4: "binary", 7: "decimal", 9: "time", 11: "interval", 12: "list", 13: "struct", 14: "union",
    15: "fixed_size_binary", 16: "fixed_size_list", 17: "map", 19: "large_binary",
    21: "large_list", 22: "run_end_encoded", 23: "binary_view", 25: "list_view",
    26: "large_list_view",
  ]
}
