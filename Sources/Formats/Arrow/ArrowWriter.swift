import Columnar
import Synchronization

/// Writes frames as Arrow IPC files: dictionaries first, then rows in batches of a fixed number.
///
/// The same rows under the same names are the same bytes, whatever storage they had: integers are
/// written in the narrowest width, texts as codes into a dictionary in order of first appearance
/// unless very many differ. Nothing in the file says when, where or by which version it was written.
package enum ArrowWriter {
  /// Rows of a batch.
  package static let batchSize = 1 << 16

  /// Writes `frame` to `path`, whole or not at all. Throws `io`, `memory` or `cancelled`, with what
  /// was at `path` untouched.
  package static func write(_ frame: Frame, to path: String) throws {
    Progress.shared.begin(
      "export \(splitPath(path).name)", unit: "rows", total: frame.rowCount)
    defer { Progress.shared.end() }
    try AtomicFile.write(path) { sink in try write(frame) { try sink.write($0) } }
  }

  /// `frame` as a file in memory.
  package static func bytes(_ frame: Frame) throws -> [UInt8] {
    let file = Mutex<[UInt8]>([])
    try write(frame) { bytes in file.withLock { $0 += bytes } }
    return file.withLock { $0 }
  }

  private static func write(
    _ frame: Frame, _ body: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let limit = CSVOptions().dictionaryLimit
    let columns = try frame.columns.map { try $0.canonical(limit: limit) }
    let writers = columns.map { ArrowColumnWriter($0) }
    var output = ArrowOutput(body)
    var dictionaries: [(id: Int, writer: ArrowColumnWriter)] = []
    let schema = ArrowEncoding.schema(
      zip(frame.names, writers).map { name, writer in
        guard case .dictionary(_, let dictionary) = writer.column.storage else {
          return ArrowEncoding.field(name, writer.type, dictionary: nil)
        }
        let entries = Column(type: .text, storage: .text(dictionary.entries))
        dictionaries.append((dictionaries.count, ArrowColumnWriter(entries)))
        return ArrowEncoding.field(name, writer.type, dictionary: dictionaries.count - 1)
      })
    try output.write(ArrowFile.magic + [0, 0])
    try output.write(ArrowEncoding.schemaHead(schema))
    for (id, writer) in dictionaries {
      try output.write(
        try ArrowMessage([writer], 0..<writer.column.count, dictionary: id), isDictionary: true)
    }
    try writeBatches(writers, frame.rowCount, &output)
    try output.write(
      ArrowEncoding.ending(
        schema: schema, dictionaries: output.dictionaries, batches: output.batches,
        checksums: ArrowChecksums.text(output.digests)))
  }

  /// Lays out batches on all threads and writes them in order.
  private static func writeBatches(
    _ writers: [ArrowColumnWriter], _ rowCount: Int, _ output: inout ArrowOutput
  ) throws {
    let turns = Turns()
    // SAFETY: used by one thread at a time, in the order of batches.
    nonisolated(unsafe) var shared = output
    defer { output = shared }
    try Workers.run(parts: Workers.partCount(rowCount, partSize: batchSize)) { part in
      do {
        let rows = Workers.part(part, of: rowCount, partSize: batchSize)
        let message = try ArrowMessage(writers, rows, dictionary: nil)
        guard turns.wait(for: part) else { return }
        try shared.write(message, isDictionary: false)
        turns.end(part)
        Progress.shared.advance(rows.count)
      } catch {
        turns.abandon()
        throw error
      }
    }
  }
}

/// A message with its body, laid out in memory.
struct ArrowMessage {
  let bytes: Buffer<UInt8>
  let headLength: Int
  /// The checksums of its description and of each column.
  let digests: [UInt64]

  init(_ writers: [ArrowColumnWriter], _ rows: Range<Int>, dictionary: Int?) throws {
    var end = 0
    var buffers: [(offset: Int, length: Int)] = []
    var ranges: [Range<Int>] = []
    for writer in writers {
      let first = buffers.count
      for length in writer.lengths(rows) {
        buffers.append((end, length))
        end += (length + 63) & ~63
      }
      ranges.append(first..<buffers.count)
    }
    let batch = ArrowEncoding.batch(
      rowCount: rows.count, nulls: writers.map { $0.nullCount(rows) }, buffers: buffers)
    let header = dictionary.map { ArrowEncoding.dictionary($0, batch) } ?? batch
    let head = ArrowEncoding.head(kind: dictionary == nil ? 3 : 2, header, bodyLength: end)
    let bytes = try Buffer<UInt8>(count: head.count + end)
    let body = UnsafeMutableRawPointer(bytes.base) + head.count
    bytes.base.update(from: head, count: head.count)
    var digests = [head.withUnsafeBytes { XXHash64.hash($0) }]
    for (writer, range) in zip(writers, ranges) {
      let places = buffers[range]
      // SAFETY: the layout has room for each buffer and its padding.
      writer.write(rows, to: body, places.map(\.offset))
      for place in places where place.length & 63 != 0 {
        (body + place.offset + place.length).initializeMemory(
          as: UInt8.self, repeating: 0, count: 64 - place.length & 63)
      }
      let filled = places.filter { $0.length > 0 }
      let start = filled.first?.offset ?? 0
      let stop = filled.last.map { $0.offset + $0.length } ?? start
      digests.append(
        XXHash64.hash(UnsafeRawBufferPointer(start: body + start, count: stop - start)))
    }
    self.bytes = bytes
    self.digests = digests
    headLength = head.count
  }
}

/// The file as it grows: where each message lies, and the checksums so far.
struct ArrowOutput {
  private let body: (UnsafeRawBufferPointer) throws -> Void
  private var offset = 0
  private(set) var dictionaries: [ArrowEncoding.Place] = []
  private(set) var batches: [ArrowEncoding.Place] = []
  private(set) var digests: [UInt64] = []

  init(_ body: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.body = body }

  mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try body($0) }
    offset += bytes.count
  }

  mutating func write(_ message: ArrowMessage, isDictionary: Bool) throws {
    let place = ArrowEncoding.Place(
      offset: offset, headLength: message.headLength,
      bodyLength: message.bytes.count - message.headLength)
    if isDictionary {
      dictionaries.append(place)
    } else {
      batches.append(place)
    }
    digests += message.digests
    let bytes = message.bytes
    try withExtendedLifetime(bytes) { try body(UnsafeRawBufferPointer(bytes.elements)) }
    offset += bytes.count
  }
}
