import Columnar
import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The error that `body` throws.
func failure<Value>(_ body: () throws -> Value) throws -> DataError {
  do {
    _ = try body()
  } catch let error as DataError {
    return error
  }
  return try #require(nil as DataError?, "nothing was thrown")
}

@Suite struct CSVErrorTests {
  @Test(
    arguments: [
      ("a,b\n1,2\n3\n4,5\n", 3, "line 3: 1 field where 2 are expected"),
      ("a,b\n1,2,3\n", 2, "line 2: 3 fields where 2 are expected"),
      ("a,b\n1,2\n\n4,5\n", 3, "line 3: a blank line among the records"),
      ("a,b\n1,2\n3,4", nil, ""),
      ("a,b\n\"x\ny\",2\n3\n", 4, "line 4: 1 field"),
      ("a,b\n1,\"x\n2,3\n4,5\n", 2, "line 2: the quote that begins here is never closed"),
      (
        "a,b\n\"1\n\",2\n3,\"x\n2,3\n4,5\n", 4, "line 4: the quote that begins here is never closed"
      ),
      ("a,b\n1,2\n5\" pipe,3\n", 3, "line 3: a quote inside a field that does not begin with one"),
      ("a,b\n1,2\n\"x\"y,3\n", 3, "line 3: text after the closing quote"),
      ("a,b\n1,2\n\"x\" ,3\n", 3, "line 3: text after the closing quote"),
      ("a,b\n\"x\"\r,3\n", 2, "line 2: text after the closing quote"),
      ("a,b\n1,\u{0}\n", nil, "zero byte"),
    ] as [(String, Int?, String)])
  func structure(text: String, line: Int?, message: String) throws {
    for chunkSize in [1, 3, 8, 1 << 18] {
      var options = CSVOptions(chunkSize: chunkSize)
      options.delimiter = UInt8(ascii: ",")
      options.hasHeader = true
      guard !message.isEmpty else {
        #expect(try read(text, options).frame.rowCount == 2)
        continue
      }
      let error = try failure { try read(text, options) }
      #expect(error.message.contains(message), "\(error.message)")
      #expect(error.line == line)
      #expect(error.file == "test.csv")
    }
  }

  @Test func invalidBytesHaveTheirLine() throws {
    for chunkSize in [1, 5, 1 << 18] {
      let options = CSVOptions(
        delimiter: UInt8(ascii: ","), hasHeader: true, chunkSize: chunkSize)
      let bytes = Array("a,b\nx,y\ncaf".utf8) + [0xE9] + Array(",z\n".utf8)
      let error = try failure {
        try CSVReader.read(bytes: bytes, name: "latin.csv", options: options)
      }
      #expect(error.code == .format)
      #expect(error.line == 3)
      #expect(error.message == "latin.csv line 3: byte 0xE9 is not UTF-8")
      #expect(error.hints.first?.hasPrefix("encoding=latin1") == true)
      // A zero byte far into the text.
      let late = Array("a,b\n".utf8) + Array(repeating: Array("1,2\n".utf8), count: 20_000).joined()
      let zero = try failure {
        try CSVReader.read(bytes: late + [0x31, 0, 0x2C, 0x32, 0x0A], name: "z.csv")
      }
      #expect(zero.code == .notText)
      #expect(zero.line == 20_002)
    }
  }

  @Test func theFirstOfSeveralFaultsIsNamed() throws {
    var lines = ["a,b"] + (0..<2000).map { "\($0),x" }
    lines[1500] = "1"
    lines[700] = "1,2,3"
    let text = lines.joined(separator: "\n")
    let options = CSVOptions(delimiter: UInt8(ascii: ","), hasHeader: true, chunkSize: 100)
    for _ in 0..<20 { #expect(try failure { try read(text, options) }.line == 701) }
  }

  @Test func valuesThatAreNotOfTheTypeGiven() throws {
    let text = "id,n,d\n1,1.5,01.02.2024\n2,\"1,2.3\",31.02.2024\n"
    let number = try failure {
      try read(text, CSVOptions(types: ["n": .type(.float)]))
    }
    #expect(number.message == "test.csv line 3: \"1,2.3\" in column n is not a number")
    #expect(number.line == 3)
    let int = try failure { try read(text, CSVOptions(types: ["n": .type(.int)])) }
    #expect(int.line == 2)
    let date = try failure {
      try read(text, CSVOptions(types: ["d": .date(format: "%d.%m.%Y")]))
    }
    #expect(
      date.message == "test.csv line 3: \"31.02.2024\" in column d is not a date as %d.%m.%Y")
    let format = try failure { try read(text, CSVOptions(types: ["d": .date(format: "%Q")])) }
    #expect(format.code == .invalidValue)
    let column = try failure { try read(text, CSVOptions(types: ["e": .type(.int)])) }
    #expect(column.code == .unknownColumn)
    #expect(
      try failure { try read(text, CSVOptions(columns: ["idd"])) }.hints == ["did you mean `id`?"])
  }

  @Test func filesThatAreNone() throws {
    let folder = TemporaryFolder()
    try AtomicFile.write(folder.path + "penguins.csv", bytes: Array("a\n1\n".utf8))
    let missing = try failure { try CSVReader.read(path: folder.path + "pengiuns.csv") }
    #expect(missing.code == .fileNotFound)
    #expect(missing.hints == ["did you mean \(folder.path)penguins.csv?"])
    let bare = try failure { try CSVReader.read(path: folder.path + "penguins") }
    #expect(bare.hints == ["did you mean \(folder.path)penguins.csv?"])
    let directory = try failure { try CSVReader.read(path: folder.path) }
    #expect(directory.code == .isDirectory)
    #expect(directory.hints == ["files in it: \(folder.path)penguins.csv"])
    try AtomicFile.write(folder.path + "empty.csv", bytes: [])
    #expect(try failure { try CSVReader.read(path: folder.path + "empty.csv") }.code == .emptyFile)
    try AtomicFile.write(folder.path + "blank.csv", bytes: [0x0A, 0x0D, 0x0A])
    #expect(try failure { try CSVReader.read(path: folder.path + "blank.csv") }.code == .emptyFile)
    try AtomicFile.write(folder.path + "bom.csv", bytes: [0xEF, 0xBB, 0xBF])
    #expect(try failure { try CSVReader.read(path: folder.path + "bom.csv") }.code == .emptyFile)
    for (bytes, what) in [
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "PNG"), ([0x50, 0x4B, 3, 4, 1], "zip archive"),
      ([0x61, 0, 0x62], "zero bytes"),
      (Array("PAR1abc".utf8), "Parquet"),
    ] as [([UInt8], String)] {
      try AtomicFile.write(folder.path + "binary.csv", bytes: bytes)
      let error = try failure { try CSVReader.read(path: folder.path + "binary.csv") }
      #expect(error.code == .notText)
      #expect(error.message.contains(what))
    }
  }

  @Test func compressedFilesThatAreDamaged() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "x.csv.gz"
    var text = "a,b\n"
    for row in 0..<5000 { text += "\(row),\(row * 7919 % 1013)\n" }
    let bytes = Array(text.utf8)
    let whole = try bytes.withUnsafeBufferPointer { try Gzip.deflate($0) }
    // Members one after the other are one text.
    let half = bytes.count / 2
    let parts = try [bytes[..<half], bytes[half...]].map { part in
      try Array(part).withUnsafeBufferPointer { try Gzip.deflate($0) }
    }
    try AtomicFile.write(path, bytes: parts[0] + parts[1])
    #expect(try CSVReader.read(path: path).frame.rowCount == 5000)
    #expect(try CSVReader.read(path: path, options: CSVOptions(rowLimit: 3)).frame.rowCount == 3)
    for length in [3, 12, whole.count / 2, whole.count - 1] {
      try AtomicFile.write(path, bytes: Array(whole[..<length]))
      let error = try failure { try CSVReader.read(path: path) }
      #expect(error.code == .corrupt && error.message.contains("cut off"))
    }
    var damaged = whole
    damaged[whole.count / 2] ^= 0x55
    try AtomicFile.write(path, bytes: damaged)
    #expect(try failure { try CSVReader.read(path: path) }.code == .corrupt)
    try AtomicFile.write(path, bytes: whole + [1, 2, 3])
    #expect(try failure { try CSVReader.read(path: path) }.code == .corrupt)
    try AtomicFile.write(path, bytes: whole + [0, 0, 0])
    #expect(try CSVReader.read(path: path).frame.rowCount == 5000)
    // Compressed, and not text inside.
    let binary = try [UInt8](repeating: 0, count: 100).withUnsafeBufferPointer {
      try Gzip.deflate($0)
    }
    try AtomicFile.write(path, bytes: binary)
    #expect(try failure { try CSVReader.read(path: path) }.code == .notText)
  }

  @Test func aFileThatShrinks() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "x.csv"
    try AtomicFile.write(path, bytes: Array(String(repeating: "1,2\n", count: 50_000).utf8))
    let source = try ByteSource.open(path).source
    #expect(truncate(path, 1000) == 0)
    let target = try Buffer<UInt8>(count: 4000)
    let error = try failure { try source.read(4000, at: 0, into: target.base) }
    #expect(error.code == .io && error.message.contains("became shorter"))
  }
}
