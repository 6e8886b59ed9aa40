import Columnar
import TestSupport
import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A stream against a reading of the whole file.
@Suite(.serialized) struct CSVStreamTests {
  private func write(
    _ bytes: [UInt8], _ folder: ScratchFolder, _ name: String = "t.csv"
  ) throws -> String {
    let path = "\(folder.workPath)/\(name)"
    try AtomicFile.write(path, bytes: bytes)
    return path
  }

  private func values(_ column: Column, _ rows: Range<Int>) -> [String] {
    rows.map {
      if case .float(let number) = column[$0] { return "\(number.bitPattern)" }
      return "\(column[$0])"
    }
  }

  @Test(arguments: 0..<60)
  func batchesAreTheRowsOfTheFile(seed: Int) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let path = try write(RandomCSV(seed: UInt64(seed)).bytes, folder)
    let threads = Workers.threadCount
    defer { Workers.threadCount = threads }
    for (chunkSize, threadCount, batch) in [(5, 1, 7), (40, 3, 64), (1 << 18, 2, 50)] {
      Workers.threadCount = threadCount
      let options = CSVOptions(
        delimiter: UInt8(ascii: ","), hasHeader: true, chunkSize: chunkSize)
      let whole = try CSVReader.read(path: path, options: options)
      let stream = try CSVStream(path: path, options: options)
      #expect(stream.schema == whole.frame.schema, "seed \(seed)")
      #expect(stream.rowCount == whole.frame.rowCount)
      #expect(stream.report.nullWords == whole.report.nullWords, "seed \(seed) by \(chunkSize)")
      var start = 0
      try stream.forEachBatch(of: batch) { frame in
        let rows = start..<start + frame.rowCount
        #expect(frame.rowCount == min(batch, stream.rowCount - start))
        #expect(frame.schema == stream.schema)
        for (part, column) in zip(frame.columns, whole.frame.columns) {
          #expect(values(part, 0..<frame.rowCount) == values(column, rows), "seed \(seed)")
        }
        start = rows.upperBound
      }
      #expect(start == stream.rowCount)
      let last = stream.schema.names[stream.schema.names.count - 1]
      let one = try stream.rows(0..<stream.rowCount, columns: [last])
      #expect(one.names == [last])
      #expect(
        values(one.columns[0], 0..<one.rowCount)
          == values(whole.frame.columns[whole.frame.columns.count - 1], 0..<one.rowCount))
    }
  }

  @Test func aFileThatChangedIsAnError() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let text = "a,b\n" + String(repeating: "1,2\n", count: 1000)
    let path = try write(Array(text.utf8), folder)
    let stream = try CSVStream(path: path, options: CSVOptions(chunkSize: 100))
    // Written over in place, with fewer records in as many bytes.
    let handle = try #require(fopen(path, "r+"))
    fseek(handle, 4, SEEK_SET)
    fputs(String(repeating: "1111,22\n", count: 100), handle)
    fclose(handle)
    #expect(throws: DataError.self) { _ = try stream.rows(0..<500) }
  }

  @Test func estimatesRowsAndBytes() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    var text = "id,name,x\n"
    for row in 0..<200_000 { text += "\(100_000 + row % 700),name\(row % 50),\(row % 10).25\n" }
    for name in ["t.csv", "t.csv.gz"] {
      var bytes = Array(text.utf8)
      if name.hasSuffix(".gz") {
        bytes = try bytes.withUnsafeBufferPointer { try Gzip.deflate($0) }
      }
      let path = try write(bytes, folder, name)
      let estimate = try CSVReader.estimate(path: path)
      #expect(!estimate.isExact)
      // How well the rest compresses is a guess.
      #expect(abs(estimate.rowCount - 200_000) < 30_000, "\(estimate)")
      // An int of four bytes, a code of one and a float.
      #expect(abs(estimate.columnBytes - 2_600_000) < 400_000, "\(estimate)")
      #expect(estimate.schema.names == ["id", "name", "x"])
    }
    let small = try write(Array("a\n1\n2\n".utf8), folder, "small.csv")
    let estimate = try CSVReader.estimate(path: small)
    #expect(estimate.isExact)
    #expect(estimate.rowCount == 2)
  }
}
