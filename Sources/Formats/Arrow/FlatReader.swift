import Columnar

/// A table in a FlatBuffer that may hold anything: every read is checked against its end.
struct FlatTable {
  let bytes: [UInt8]
  private let place: Int
  private let offsets: Int
  private let offsetsEnd: Int

  /// The table that a buffer begins with. Throws `corrupt`.
  init(root bytes: [UInt8]) throws {
    try self.init(bytes, at: Int(Self.load(bytes, 0, as: UInt32.self)))
  }

  private init(_ bytes: [UInt8], at place: Int) throws {
    let distance = Int(try Self.load(bytes, place, as: Int32.self))
    let offsets = place - distance
    let size = Int(try Self.load(bytes, offsets, as: UInt16.self))
    guard size >= 4, offsets + size <= bytes.count else { throw FlatTable.damaged }
    self.bytes = bytes
    self.place = place
    self.offsets = offsets
    offsetsEnd = offsets + size
  }

  static let damaged = DataError(.corrupt, "its description of the data is damaged")

  private static func load<Value: FixedWidthInteger>(
    _ bytes: [UInt8], _ place: Int, as: Value.Type
  ) throws -> Value {
    let size = MemoryLayout<Value>.size
    guard place >= 0, place <= bytes.count - size else { throw damaged }
    // SAFETY: the range was checked.
    return bytes.withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Value.self))
    }
  }

  /// Where a field lies; nil if it is absent.
  private func field(_ number: Int) throws -> Int? {
    let slot = offsets + 4 + 2 * number
    guard slot + 2 <= offsetsEnd else { return nil }
    let offset = Int(try Self.load(bytes, slot, as: UInt16.self))
    return offset == 0 ? nil : place + offset
  }

  /// The integer in a field, or its default.
  func integer<Value: FixedWidthInteger>(_ number: Int, or absent: Value) throws -> Value {
    try field(number).map { try Self.load(bytes, $0, as: Value.self) } ?? absent
  }

  func flag(_ number: Int) throws -> Bool { try integer(number, or: UInt8(0)) != 0 }

  /// What the offset in a field leads to.
  private func target(_ number: Int) throws -> Int? {
    try field(number).map { $0 + Int(try Self.load(bytes, $0, as: UInt32.self)) }
  }

  func table(_ number: Int) throws -> FlatTable? {
    try target(number).map { try FlatTable(bytes, at: $0) }
  }

  /// The first element and count of a vector of elements of `size` bytes, all within the buffer.
  private func vector(_ number: Int, size: Int) throws -> (start: Int, count: Int)? {
    guard let target = try target(number) else { return nil }
    let count = Int(try Self.load(bytes, target, as: UInt32.self))
    guard count <= (bytes.count - target - 4) / size else { throw FlatTable.damaged }
    return (target + 4, count)
  }

  func text(_ number: Int) throws -> String? {
    guard let (start, count) = try vector(number, size: 1) else { return nil }
    guard let text = String(validating: bytes[start..<start + count], as: UTF8.self) else {
      throw FlatTable.damaged
    }
    return text
  }

  func tables(_ number: Int) throws -> [FlatTable] {
    guard let (start, count) = try vector(number, size: 4) else { return [] }
    return try (0..<count).map { index in
      let place = start + 4 * index
      return try FlatTable(bytes, at: place + Int(Self.load(bytes, place, as: UInt32.self)))
    }
  }

  /// The 64-bit words of a vector of structs of so many words.
  func structs(_ number: Int, words: Int) throws -> [[Int64]] {
    guard let (start, count) = try vector(number, size: 8 * words) else { return [] }
    return try (0..<count).map { index in
      try (0..<words).map { word in
        try Self.load(bytes, start + 8 * (index * words + word), as: Int64.self)
      }
    }
  }
}
