import Columnar
import TestSupport
import Testing

@testable import Formats

/// What is written is read again, value by value, in the storage that the engine keeps.
@Suite struct ArrowRoundTripTests {
  static let sizes = [0, 1, 2, 63, 64, 65, 127, 128, 129, 1000]

  @Test(arguments: ArrowSamples.kinds)
  func everyTypeWithEveryPattern(kind: String) throws {
    for pattern in NullPattern.allCases {
      for count in Self.sizes {
        let column = try ArrowSamples.column(kind, count: count, pattern)
        try expectRoundTrip(Frame(names: ["x"], columns: [column]), "\(kind) \(pattern) \(count)")
      }
    }
  }

  @Test(arguments: [-1, 0, 1])
  func aroundTheEndOfABatch(offset: Int) throws {
    let count = ArrowWriter.batchSize + offset
    for pattern in [NullPattern.none, .last, .runs] {
      let columns = try ArrowSamples.kinds.map {
        try ArrowSamples.column($0, count: count, pattern)
      }
      try expectRoundTrip(
        Frame(names: ArrowSamples.kinds, columns: columns), "\(pattern) \(count)")
    }
  }

  @Test func namesAndFramesAtTheirEdges() throws {
    let column = try Column.ints([1, 2])
    let names = ["", "a b", "ä", "\"", "`", "\n", String(repeating: "x", count: 70_000)]
    let frame = Frame(names: names, columns: names.map { _ in column })
    let read = try ArrowSamples.read(ArrowWriter.bytes(frame))
    // A column must have a name to be asked for.
    #expect(read.frame.names == ["column_1"] + names.dropFirst())
    #expect(read.notes == ["column 1 has no name: column_1"])
    for rows in [0, 3] {
      let empty = Frame(names: [], columns: [], rowCount: rows)
      #expect(try ArrowSamples.read(ArrowWriter.bytes(empty)).frame.rowCount == rows)
    }
  }

  @Test func columnsAndBatchesCanBeReadAlone() throws {
    let count = 2 * ArrowWriter.batchSize + 10
    let columns = try ArrowSamples.kinds.map { try ArrowSamples.column($0, count: count, .runs) }
    let frame = Frame(names: ArrowSamples.kinds, columns: columns)
    let file = try ArrowSamples.file(ArrowWriter.bytes(frame))
    #expect(file.batchCount == 3)
    for batch in 0..<3 {
      let read = try file.read(batches: batch..<batch + 1, columns: ["plain", "int8", "coded"])
      let part = try frame.slice(file.rows(batch)).projected(["int8", "coded", "plain"])
      #expect(difference(read.frame, part) == nil)
    }
    #expect(throws: DataError.self) { try file.read(batches: 0..<1, columns: ["none"]) }
  }

  @Test func filesAreReadAsFarAsAsked() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/t.arrow"
    let column = try ArrowSamples.column("int32", count: ArrowWriter.batchSize + 5, .sparse)
    let frame = Frame(names: ["x"], columns: [column])
    try ArrowWriter.write(frame, to: path)
    for limit in [0, 1, 5, ArrowWriter.batchSize, ArrowWriter.batchSize + 1, 1_000_000] {
      let read = try ArrowReader.read(path: path, rowLimit: limit)
      #expect(difference(read.frame, try frame.slice(0..<min(limit, frame.rowCount))) == nil)
    }
  }

  @Test func theSameWithAnyNumberOfThreads() throws {
    let columns = try ArrowSamples.kinds.map {
      try ArrowSamples.column($0, count: 3 * ArrowWriter.batchSize, .sparse)
    }
    let frame = Frame(names: ArrowSamples.kinds, columns: columns)
    defer { Workers.threadCount = 0 }
    Workers.threadCount = 1
    let bytes = try ArrowWriter.bytes(frame)
    for threads in [2, 3, 8] {
      Workers.threadCount = threads
      #expect(try ArrowWriter.bytes(frame) == bytes)
      #expect(difference(try ArrowSamples.read(bytes).frame, frame) == nil)
    }
  }

  private func expectRoundTrip(_ frame: Frame, _ label: String) throws {
    let bytes = try ArrowWriter.bytes(frame)
    let read = try ArrowSamples.read(bytes)
    #expect(read.notes.isEmpty)
    #expect(difference(read.frame, frame) == nil, "\(label)")
    #expect(try ArrowWriter.bytes(read.frame) == bytes, "\(label)")
  }
}

extension Frame {
  fileprivate func projected(_ names: [String]) -> Frame {
    Frame(names: names, columns: names.compactMap { self[$0] }, rowCount: rowCount)
  }
}
