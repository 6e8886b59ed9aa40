import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes of known length that several threads read at once: a file, or memory.
///
/// Files are read with pread(2) and never mapped, since a mapped file that shrinks kills the
/// process.
package final class ByteSource: Sendable {
  /// The name that errors show.
  package let name: String
  package let count: Int
  private let storage: Storage
  /// Where the lines of rewritten text are not those of the file: from a byte on, the line of the
  /// file in which it stands. In order of bytes.
  private let lineMarks: [LineMark]

  /// The line of the file in which a byte of rewritten text stands.
  struct LineMark: Sendable {
    let offset: Int
    let line: Int
  }

  private enum Storage: Sendable {
    case file(descriptor: Int32)
    case memory(Buffer<UInt8>)
  }

  /// The first `count` bytes of `bytes`.
  package convenience init(name: String, bytes: Buffer<UInt8>, count: Int) {
    self.init(name: name, bytes: bytes, count: count, lineMarks: [])
  }

  init(name: String, bytes: Buffer<UInt8>, count: Int, lineMarks: [LineMark]) {
    precondition(count <= bytes.count)
    self.lineMarks = lineMarks
    self.name = name
    self.count = count
    storage = .memory(bytes)
  }

  package convenience init(name: String, bytes: [UInt8]) throws {
    try self.init(name: name, bytes: Buffer(bytes), count: bytes.count)
  }

  /// Takes over an open file of `count` bytes.
  init(name: String, descriptor: Int32, count: Int) {
    self.name = name
    self.count = count
    lineMarks = []
    storage = .file(descriptor: descriptor)
  }

  deinit {
    if case .file(let descriptor) = storage { close(descriptor) }
  }

  /// Copies `count` bytes from `offset` to `target`. Throws `io` if the file has fewer by now.
  ///
  /// SAFETY: `target` has room for `count` bytes.
  package func read(
    _ count: Int, at offset: Int, into target: UnsafeMutablePointer<UInt8>
  ) throws {
    precondition(offset >= 0 && count >= 0 && offset + count <= self.count)
    switch storage {
    case .memory(let bytes):
      target.update(from: bytes.base + offset, count: count)
    case .file(let descriptor):
      var done = 0
      while done < count {
        let got = pread(descriptor, target + done, count - done, off_t(offset + done))
        if got < 0 {
          if errno == EINTR { continue }
          throw DataError(
            .io, "\(name) cannot be read: \(String(cString: strerror(errno)))", file: name)
        }
        if got == 0 {
          throw DataError(.io, "\(name) became shorter while it was read", file: name)
        }
        done += got
      }
    }
  }

  /// A copy of up to `count` bytes from `offset`.
  package func bytes(_ count: Int, at offset: Int) throws -> [UInt8] {
    let count = max(0, min(count, self.count - offset))
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { try read(count, at: offset, into: base) }
    }
    return bytes
  }

  /// Calls `body` with the bytes in order, up to 256 KB at a time, and where each piece begins.
  func forEachPiece(_ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    let piece = try Buffer<UInt8>(count: min(max(count, 1), 1 << 18))
    var offset = 0
    while offset < count {
      try Cancellation.check()
      let size = min(piece.count, count - offset)
      try read(size, at: offset, into: piece.base)
      try body(offset, UnsafeBufferPointer(start: piece.base, count: size))
      offset += size
    }
  }

  /// The line, counted from 1, in which the byte at `offset` stands. Reads all before it.
  package func line(at offset: Int) throws -> Int {
    let mark = lineMarks.last { $0.offset <= offset } ?? LineMark(offset: 0, line: 1)
    var line = mark.line
    var place = mark.offset
    while place < offset {
      let piece = try bytes(min(1 << 20, offset - place), at: place)
      for byte in piece where byte == 0x0A { line += 1 }
      place += piece.count
    }
    return line
  }
}
