import Columnar

/// Arrow's metadata of what is written: schema, messages and footer as FlatBuffers.
enum ArrowEncoding {
  /// The place of a message: its offset in the file, the length of its description with what comes
  /// before it, and that of its body.
  struct Place {
    var offset: Int
    var headLength: Int
    var bodyLength: Int
  }

  /// A message's description with its mark and length before it, padded to 8 bytes.
  static func head(kind: UInt8, _ header: FlatValue, bodyLength: Int) -> [UInt8] {
    let message = FlatWriter.encode(
      .table([
        0: .int16(version), 1: .int8(kind), 2: header, 3: .int64(Int64(bodyLength)),
      ]))
    return [0xFF, 0xFF, 0xFF, 0xFF] + bytes(UInt32(truncatingIfNeeded: message.count)) + message
  }

  static func schemaHead(_ schema: FlatValue) -> [UInt8] { head(kind: 1, schema, bodyLength: 0) }

  static func schema(_ fields: [FlatValue]) -> FlatValue { .table([1: .tables(fields)]) }

  /// A column's entry in the schema; `dictionary` is the number of its dictionary, if it has one.
  static func field(_ name: String, _ type: ArrowType, dictionary: Int?) -> FlatValue {
    var fields: [Int: FlatValue] = [0: .text(name), 1: .int8(1), 5: .tables([])]
    var valueType = type
    if case .dictionary(_, let bits, let isSigned, let values) = type, let dictionary {
      valueType = values
      fields[4] = .table([
        0: .int64(Int64(dictionary)),
        1: .table([0: .int32(bits), 1: .int8(isSigned ? 1 : 0)]),
      ])
    }
    let (kind, table) = self.type(valueType)
    fields[2] = .int8(kind)
    fields[3] = .table(table)
    return .table(fields)
  }

  private static func type(_ type: ArrowType) -> (kind: UInt8, fields: [Int: FlatValue]) {
    switch type {
    case .bool: (6, [:])
    case .integer(let bits, let isSigned): (2, [0: .int32(bits), 1: .int8(isSigned ? 1 : 0)])
    case .float32: (3, [0: .int16(1)])
    case .float64: (3, [0: .int16(2)])
    case .text(let isLarge): (isLarge ? 20 : 5, [:])
    case .date32: (8, [0: .int16(0)])
    case .timestamp(let unit, _): (10, [0: .int16(unit.rawValue)])
    case .duration(let unit): (18, [0: .int16(unit.rawValue)])
    case .null, .textView, .date64, .dictionary: (1, [:])
    }
  }

  /// The header of rows: how long each column is, and where its buffers lie in the body.
  static func batch(
    rowCount: Int, nulls: [Int], buffers: [(offset: Int, length: Int)]
  ) -> FlatValue {
    var nodes: [UInt8] = []
    for count in nulls { nodes += bytes(Int64(rowCount)) + bytes(Int64(count)) }
    var places: [UInt8] = []
    for buffer in buffers { places += bytes(Int64(buffer.offset)) + bytes(Int64(buffer.length)) }
    return .table([
      0: .int64(Int64(rowCount)), 1: .structs(nodes, count: nulls.count),
      2: .structs(places, count: buffers.count),
    ])
  }

  static func dictionary(_ id: Int, _ batch: FlatValue) -> FlatValue {
    .table([0: .int64(Int64(id)), 1: batch])
  }

  /// The footer with what closes the file.
  static func ending(
    schema: FlatValue, dictionaries: [Place], batches: [Place], checksums: String
  ) -> [UInt8] {
    func blocks(_ places: [Place]) -> FlatValue {
      var words: [UInt8] = []
      for place in places {
        words += bytes(Int64(place.offset)) + bytes(Int64(place.headLength))
        words += bytes(Int64(place.bodyLength))
      }
      return .structs(words, count: places.count)
    }
    let footer = FlatWriter.encode(
      .table([
        0: .int16(version), 1: schema, 2: blocks(dictionaries), 3: blocks(batches),
        4: .tables([.table([0: .text(ArrowChecksums.key), 1: .text(checksums)])]),
      ]))
    return [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] + footer
      + bytes(UInt32(truncatingIfNeeded: footer.count)) + ArrowFile.magic
  }

  /// Version 5 of the metadata.
  private static let version: Int16 = 4

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
