import Columnar
import Synchronization

/// An Arrow IPC file whose footer and batches' descriptions have been read and checked; data are
/// read batch by batch.
///
/// The format: https://arrow.apache.org/docs/format/Columnar.html. Nothing in the file is trusted:
/// what does not fit is an error that says so.
package final class ArrowFile: Sendable {
  let source: ByteSource
  let fields: [ArrowField]
  /// The place of each column's own node among those of a batch.
  let firstNodes: [Int]
  let batches: [ArrowBlock]
  let dictionaryBlocks: [ArrowBlock]
  /// The number of the first row of each batch, and of the row behind the last.
  let starts: [Int]
  /// What the file says its parts' checksums are; nil for files of other programs.
  let checksums: ArrowChecksums?
  /// Header names that had to be changed.
  let renamed: [LoadReport.Renaming]
  /// The names of the columns, made distinct.
  package let names: [String]
  /// Dictionaries by their number, once they have been read.
  let dictionaries = Mutex<[Int64: ArrowDictionary]>([:])

  package static let magic = Array("ARROW1".utf8)

  package var rowCount: Int { starts.last ?? 0 }
  package var batchCount: Int { batches.count }

  /// The rows of a batch.
  package func rows(_ batch: Int) -> Range<Int> { starts[batch]..<starts[batch + 1] }

  package var byteCount: Int { source.count }

  /// Opens a file. Throws `fileNotFound`, `isDirectory`, `emptyFile`, `io`, `cancelled`, `format`
  /// for a file of another kind, and `corrupt`.
  package convenience init(path: String) throws {
    try self.init(ByteSource.open(path).source)
  }

  init(_ source: ByteSource) throws {
    self.source = source
    do {
      let footer = try Self.footer(source)
      guard let schema = try footer.table(1) else { throw FlatTable.damaged }
      guard try schema.integer(0, or: Int16(0)) == 0 else {
        throw DataError(
          .format, "\(source.name) is written big-endian, which is not read", file: source.name)
      }
      fields = try schema.tables(1).map { try ArrowField($0) }
      var nodeCount = 0
      firstNodes = fields.map { field in
        defer { nodeCount += field.nodeCount }
        return nodeCount
      }
      let header = CSVHeader(fields: fields.map { Array($0.name.utf8) })
      names = header.names
      renamed = header.renamed
      let (dictionaryPlaces, batchPlaces) = (
        try footer.structs(2, words: 3), try footer.structs(3, words: 3)
      )
      try Self.checkOverlap(dictionaryPlaces + batchPlaces, source)
      func blocks(_ places: [[Int64]]) throws -> [ArrowBlock] {
        try places.map { place in
          try Cancellation.check()
          // The length of the description has 32 bits, and 32 bits pad it.
          return try ArrowBlock(
            source, offset: place[0],
            headLength: Int64(Int32(truncatingIfNeeded: place[1])), bodyLength: place[2])
        }
      }
      dictionaryBlocks = try blocks(dictionaryPlaces)
      batches = try blocks(batchPlaces)
      checksums = try ArrowChecksums(
        footer, dictionaries: dictionaryBlocks.count, batches: batches.count,
        fields: fields.count)
      var starts = [0]
      for batch in batches {
        let (end, overflow) = starts[starts.count - 1].addingReportingOverflow(batch.rowCount)
        guard !overflow else { throw FlatTable.damaged }
        try RowLimit.check(end)
        starts.append(end)
      }
      self.starts = starts
      // A value takes a bit or more, but for columns of nothing but nulls.
      guard rowCount <= max(8 * source.count, 1 << 20) else {
        throw Self.damaged(source, "it claims \(grouped(rowCount)) rows, more than fit into it")
      }
      if checksums != nil { try checkSchema() }
      try checkBlocks()
    } catch var error as DataError {
      if error.file == nil, error.code == .corrupt {
        error = Self.damaged(source, error.message)
      }
      throw error
    }
  }

  static func damaged(_ source: ByteSource, _ reason: String) -> DataError {
    DataError(
      .corrupt, "\(source.name) is damaged: \(reason)", file: source.name,
      hints: ["copy the file again, or write it anew"])
  }

  /// The footer: behind the data, before its own length and the mark.
  private static func footer(_ source: ByteSource) throws -> FlatTable {
    let start = try source.bytes(8, at: 0)
    guard start.starts(with: magic) else {
      if start.starts(with: Array("FEA1".utf8)) {
        throw DataError(
          .format, "\(source.name) is a Feather file of the first version, which is not read",
          file: source.name, hints: ["write it as version 2 with pyarrow"])
      }
      if start.prefix(4).allSatisfy({ $0 == 0xFF }), start.count == 8 {
        throw DataError(
          .format, "\(source.name) is an Arrow stream, not an Arrow file", file: source.name,
          hints: ["write it as a file: pyarrow.ipc.new_file"])
      }
      throw DataError(.format, "\(source.name) is no Arrow file", file: source.name)
    }
    let end = try source.bytes(10, at: max(0, source.count - 10))
    guard source.count >= 20, end.suffix(6).elementsEqual(magic) else {
      throw damaged(source, "it is cut off")
    }
    let length = end.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length > 0, length <= source.count - 18 else {
      throw damaged(source, "its footer lies outside the file")
    }
    return try FlatTable(root: source.bytes(length, at: source.count - 10 - length))
  }

  /// Batches lie apart from each other, so that reading all of them reads no byte twice.
  private static func checkOverlap(_ places: [[Int64]], _ source: ByteSource) throws {
    var end: Int64 = 8
    for place in places.sorted(by: { $0[0] < $1[0] }) {
      let head = Int64(Int32(truncatingIfNeeded: place[1]))
      let limit = Int64(source.count)
      guard place[0] >= end, head >= 0, head <= limit, place[2] >= 0, place[2] <= limit,
        place[0] <= limit - head - place[2]
      else { throw damaged(source, "its batches overlap or lie outside the file") }
      end = place[0] + head + place[2]
    }
  }

  /// The schema that the file begins with is that of its footer: a name that differs is damage.
  private func checkSchema() throws {
    let start = try source.bytes(16, at: 8)
    let length = start.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let message = try FlatTable(root: source.bytes(length, at: 16))
    let first = try message.table(2)?.tables(1).map { try ArrowField($0) }
    guard first == fields else {
      throw Self.damaged(source, "the schema at its start is not that at its end")
    }
  }

  /// Each column's nodes and buffers are there, as long as the batch says.
  private func checkBlocks() throws {
    for batch in batches where batch.dictionary == nil {
      for (index, field) in fields.enumerated() where field.type != nil {
        guard firstNodes[index] < batch.nodes.count else {
          throw Self.damaged(source, "a batch lacks columns")
        }
        if batch.nodes[firstNodes[index]].rows != batch.rowCount {
          throw Self.damaged(source, "column `\(names[index])` is not as long as its batch")
        }
      }
    }
    if batches.contains(where: { $0.dictionary != nil }) {
      throw Self.damaged(source, "a dictionary stands where rows should be")
    }
    if dictionaryBlocks.contains(where: { $0.dictionary == nil }) {
      throw Self.damaged(source, "rows stand where a dictionary should be")
    }
  }

  /// The place of each column's buffers among those of a batch. Ends before a column whose buffers
  /// cannot be counted. Throws `corrupt` where the batch has too few.
  func bufferRanges(in batch: ArrowBlock) throws -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var variadic = 0
    for field in fields {
      guard var count = field.bufferCount else { break }
      for _ in 0..<field.variadicCount {
        guard variadic < batch.variadicCounts.count else {
          throw Self.damaged(source, "a batch lacks buffers")
        }
        let (sum, overflow) = count.addingReportingOverflow(batch.variadicCounts[variadic])
        guard !overflow else { throw FlatTable.damaged }
        count = sum
        variadic += 1
      }
      guard count <= batch.buffers.count - start else {
        throw Self.damaged(source, "a batch lacks buffers")
      }
      ranges.append(start..<start + count)
      start += count
    }
    return ranges
  }
}
