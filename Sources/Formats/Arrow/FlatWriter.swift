/// A value of the FlatBuffers format, in which Arrow writes its metadata.
///
/// After https://flatbuffers.dev/internals: little-endian; a table is a place of its own table of
/// field offsets and then its fields; tables, vectors and texts stand behind who refers to them.
indirect enum FlatValue {
  case int8(UInt8)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case text(String)
  /// Fields by their number in the schema; those that are absent have their default.
  case table([Int: FlatValue])
  case tables([FlatValue])
  /// Structs of 64-bit words, `count` altogether.
  case structs([UInt8], count: Int)

  /// Bytes that it takes within a table: itself, or an offset to it.
  fileprivate var width: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .int64: 8
    case .int32, .text, .table, .tables, .structs: 4
    }
  }
}

/// Lays out FlatBuffers: the same value is always the same bytes.
struct FlatWriter {
  private(set) var bytes: [UInt8] = []

  /// A buffer with `root`, a table, padded to a multiple of 8 bytes.
  static func encode(_ root: FlatValue) -> [UInt8] {
    var writer = FlatWriter()
    writer.append(UInt32(0))
    writer.refer(at: 0, to: writer.write(root))
    writer.align(8)
    return writer.bytes
  }

  /// Writes a value of its own and returns its place.
  private mutating func write(_ value: FlatValue) -> Int {
    switch value {
    case .int8, .int16, .int32, .int64: return bytes.count
    case .text(let text):
      align(4)
      let place = bytes.count
      append(UInt32(truncatingIfNeeded: text.utf8.count))
      bytes += Array(text.utf8)
      bytes.append(0)
      return place
    case .structs(let words, let count):
      // The elements, not their count, are aligned.
      while (bytes.count + 4) % 8 != 0 { bytes.append(0) }
      let place = bytes.count
      append(UInt32(truncatingIfNeeded: count))
      bytes += words
      return place
    case .tables(let elements):
      align(4)
      let place = bytes.count
      append(UInt32(truncatingIfNeeded: elements.count))
      bytes += [UInt8](repeating: 0, count: 4 * elements.count)
      for (index, element) in elements.enumerated() {
        refer(at: place + 4 + 4 * index, to: write(element))
      }
      return place
    case .table(let fields): return writeTable(fields)
    }
  }

  private mutating func writeTable(_ fields: [Int: FlatValue]) -> Int {
    // Wide fields first, so that none needs padding; the table's own offset comes before them.
    let order = fields.keys.sorted {
      let (left, right) = (fields[$0]?.width ?? 0, fields[$1]?.width ?? 0)
      return left == right ? $0 < $1 : left > right
    }
    let slotCount = (fields.keys.max() ?? -1) + 1
    var slots = [UInt16](repeating: 0, count: slotCount)
    var size = 4
    if order.first.flatMap({ fields[$0]?.width }) == 8 { size = 8 }
    for slot in order {
      slots[slot] = UInt16(truncatingIfNeeded: size)
      size += fields[slot]?.width ?? 0
    }
    align(2)
    let offsets = bytes.count
    append(UInt16(truncatingIfNeeded: 4 + 2 * slotCount))
    append(UInt16(truncatingIfNeeded: size))
    for slot in slots { append(slot) }
    align(8)
    let place = bytes.count
    append(UInt32(truncatingIfNeeded: place - offsets))
    bytes += [UInt8](repeating: 0, count: size - 4)
    for slot in order {
      let field = place + Int(slots[slot])
      switch fields[slot] {
      case .int8(let value): put(value, at: field)
      case .int16(let value): put(value, at: field)
      case .int32(let value): put(value, at: field)
      case .int64(let value): put(value, at: field)
      case let value?: refer(at: field, to: write(value))
      case nil: break
      }
    }
    return place
  }

  private mutating func refer(at place: Int, to target: Int) {
    put(UInt32(truncatingIfNeeded: target - place), at: place)
  }

  private mutating func align(_ width: Int) {
    while bytes.count % width != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private mutating func put(_ value: some FixedWidthInteger, at place: Int) {
    withUnsafeBytes(of: value.littleEndian) {
      for (index, byte) in $0.enumerated() { bytes[place + index] = byte }
    }
  }
}
