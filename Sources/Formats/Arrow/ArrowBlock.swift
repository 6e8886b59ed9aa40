import Columnar

/// A message of an Arrow file that holds data, and where its parts lie.
struct ArrowBlock: Sendable {
  struct Extent: Sendable, Hashable {
    /// In the file.
    var offset: Int
    var length: Int
  }

  var rowCount: Int
  /// The rows and nulls that each node claims.
  var nodes: [(rows: Int, nulls: Int)]
  var buffers: [Extent]
  /// How many buffers each column with a variable number has.
  var variadicCounts: [Int]
  /// The dictionary that a dictionary batch is of.
  var dictionary: (id: Int64, isDelta: Bool)?
  /// The message's description, for its checksum.
  var head: [UInt8]

  /// Reads the message that a footer says lies at `offset`. Throws `corrupt`, and `format` for
  /// compressed data.
  init(
    _ source: ByteSource, offset: Int64, headLength: Int64, bodyLength: Int64
  ) throws {
    let size = Int64(source.count)
    guard offset >= 8, headLength >= 12, headLength <= size, bodyLength >= 0, bodyLength <= size,
      offset <= size - headLength - bodyLength
    else { throw ArrowFile.damaged(source, "a batch lies outside the file") }
    let head = try source.bytes(Int(headLength), at: Int(offset))
    let message = try FlatTable(root: Self.description(head))
    let kind: UInt8 = try message.integer(1, or: 0)
    guard let header = try message.table(2), kind == 2 || kind == 3 else {
      throw ArrowFile.damaged(source, "no batch where one should be")
    }
    var batch = header
    if kind == 2 {
      guard let data = try header.table(1) else { throw FlatTable.damaged }
      dictionary = (try header.integer(0, or: Int64(0)), try header.flag(2))
      batch = data
    }
    if let compression = try batch.table(3) {
      let codec = try compression.integer(0, or: UInt8(0)) == 0 ? "LZ4" : "ZSTD"
      throw DataError(
        .format, "\(source.name) is compressed with \(codec), which is not read yet",
        file: source.name,
        hints: ["write it plain: pyarrow and Polars take compression=\"uncompressed\""])
    }
    guard let rows = Int(exactly: try batch.integer(0, or: Int64(0))), rows >= 0 else {
      throw FlatTable.damaged
    }
    rowCount = rows
    nodes = try batch.structs(1, words: 2).map { node in
      guard let rows = Int(exactly: node[0]), let nulls = Int(exactly: node[1]), rows >= 0 else {
        throw FlatTable.damaged
      }
      return (rows, nulls)
    }
    let body = Int(offset + headLength)
    // Buffers come one after the other: no part of the file is read twice, however often a damaged
    // file names it.
    var end: Int64 = 0
    buffers = try batch.structs(2, words: 2).map { buffer in
      if buffer[1] == 0 { return Extent(offset: body, length: 0) }
      guard buffer[0] >= end, buffer[1] > 0, buffer[1] <= bodyLength,
        buffer[0] <= bodyLength - buffer[1]
      else { throw ArrowFile.damaged(source, "a buffer lies outside its batch") }
      end = buffer[0] + buffer[1]
      return Extent(offset: body + Int(buffer[0]), length: Int(buffer[1]))
    }
    variadicCounts = try batch.structs(4, words: 1).map { count in
      guard let count = Int(exactly: count[0]), count >= 0 else { throw FlatTable.damaged }
      return count
    }
    self.head = head
  }

  /// The FlatBuffer behind the message's length, which older files write without a mark before it.
  static func description(_ head: [UInt8]) -> [UInt8] {
    let isMarked = head.count >= 8 && head[..<4].allSatisfy { $0 == 0xFF }
    return Array(head.dropFirst(isMarked ? 8 : 4))
  }
}
