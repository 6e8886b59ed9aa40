import Columnar
import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/kaizen-test-XXXXXX".utf8CString)
    _ = mkdtemp(&template)
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } + "/"
  }

  deinit {
    for name in names { unlink(path + name) }
    rmdir(path)
  }

  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func text(_ name: String) -> String? {
    guard let source = try? ByteSource.open(path + name).source,
      let bytes = try? source.bytes(source.count, at: 0)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// One column of each type, with nulls.
func sampleFrame() throws -> Frame {
  Frame(
    names: ["i", "f", "b", "d", "t", "u", "s"],
    columns: [
      try .ints([1, nil, -9_000_000_000]),
      try .floats([0.1, nil, 1e300]),
      try .bools([true, nil, false]),
      try .ints([19783, nil, -1], type: .date),
      try .ints([1_709_281_800_000_000, nil, -1], type: .datetime),
      try .ints([5_400_000_000, nil, -1_500_000], type: .duration),
      try .texts(["a,\"b\"\nc", nil, ""]),
    ])
}

@Suite struct CSVWriterTests {
  @Test func linesOfEveryType() throws {
    let text = String(decoding: try CSVWriter.lines(sampleFrame()), as: UTF8.self)
    #expect(
      text == """
        i,f,b,d,t,u,s
        1,0.1,true,2024-03-01,2024-03-01T08:30:00,PT1H30M,"a,""b""
        c"
        ,,,,,,
        -9000000000,1e+300,false,1969-12-31,1969-12-31T23:59:59.999999,-PT1.5S,""

        """)
  }

  @Test func textThatReadsBackAsItself() throws {
    let texts = ["NA", " x", "x ", "a\rb", "é", "-", "plain"]
    let frame = Frame(
      names: ["s", "n"],
      columns: [try .texts(texts), try .ints([1, 2, 3, 4, 5, 6, 7])])
    let bytes = try CSVWriter.lines(frame)
    let back = try CSVReader.read(bytes: bytes, name: "t").frame
    #expect(try values(back, "s") == texts.map { .text($0) })
  }

  @Test func replacesWholeOrNotAtAll() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "out.csv"
    try CSVWriter.write(sampleFrame(), to: path)
    let first = folder.text("out.csv")
    #expect(first?.hasPrefix("i,f,b") == true)
    #expect(folder.names == ["out.csv"])
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try AtomicFile.write(path) { sink in
        try sink.write("half")
        throw Stop()
      }
    }
    #expect(folder.text("out.csv") == first)
    #expect(folder.names == ["out.csv"])
  }

  @Test func keepsPermissionsAndFollowsLinks() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "real.csv"
    try AtomicFile.write(path, permissions: 0o600, bytes: [0x61])
    symlink(path, folder.path + "link.csv")
    try AtomicFile.write(folder.path + "link.csv", bytes: [0x62])
    var status = stat()
    #expect(lstat(folder.path + "link.csv", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(folder.text("real.csv") == "b")
  }

  @Test func saysWhyItCannotWrite() throws {
    let folder = TemporaryFolder()
    do {
      try AtomicFile.write(folder.path + "none/x.csv", bytes: [])
      Issue.record("wrote into a folder that is not there")
    } catch let error as DataError {
      #expect(error.code == .io && error.message.contains("No such file or directory"))
    }
    do {
      try AtomicFile.write(folder.path, bytes: [])
      Issue.record("wrote over a folder")
    } catch let error as DataError {
      #expect(error.code == .isDirectory)
    }
    // A device that is always full.
    do {
      try CSVWriter.write(sampleFrame(), to: "/dev/full")
      Issue.record("wrote to a full device")
    } catch let error as DataError {
      #expect(error.code == .io && error.message.contains("No space left"))
    }
  }

  @Test func compressedByExtension() throws {
    let folder = TemporaryFolder()
    try CSVWriter.write(sampleFrame(), to: folder.path + "x.csv.gz")
    let text = folder.text("x.csv.gz")
    #expect(text.map { Array($0.utf8) } == (try CSVWriter.lines(sampleFrame())))
    let back = try CSVReader.read(path: folder.path + "x.csv.gz")
    #expect(back.report.dialect.isCompressed)
    #expect(back.frame.rowCount == 3)
  }
}
