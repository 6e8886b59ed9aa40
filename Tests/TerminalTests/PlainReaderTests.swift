import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct PlainReaderTests {
  /// What a reader gives for `bytes` in a file, up to the end.
  private func lines(_ bytes: [UInt8]) throws -> [PlainReader.Line] {
    let path = Probe.temporaryPath()
    let descriptor = open(path, O_CREAT | O_RDWR, 0o600)
    defer {
      close(descriptor)
      unlink(path)
    }
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    lseek(descriptor, 0, SEEK_SET)
    var reader = PlainReader(descriptor: descriptor)
    var lines: [PlainReader.Line] = []
    while lines.last != .endOfInput { lines.append(reader.next()) }
    #expect(reader.next() == .endOfInput)
    return lines
  }

  @Test func anyLengthAndEnding() throws {
    for length in [0, 1, 65_535, 65_536, 65_537, 1_000_000] {
      let long = String(repeating: "x", count: length)
      #expect(
        try lines(Array("\(long)\n\n\(long)\r\nend".utf8)) == [
          .text(long), .text(""), .text(long), .text("end"), .endOfInput,
        ])
    }
    #expect(try lines([]) == [.endOfInput])
    #expect(try lines(Array("a\n".utf8)) == [.text("a"), .endOfInput])
  }

  @Test func brokenTextIsSaid() throws {
    #expect(
      try lines([0x61, 10, 0xFF, 10, 0xC3, 0xA9, 10]) == [
        .text("a"), .notUTF8(2), .text("é"), .endOfInput,
      ])
  }

  @Test func aBadDescriptorIsAnError() {
    var reader = PlainReader(descriptor: 999)
    #expect(reader.next() == .failed(EBADF))
  }
}
