import CZlib
import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads and writes gzip through zlib.
package enum Gzip {
  /// Whether a file that begins with `bytes` is gzip.
  package static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// The text in `source`, all members one after the other; at a `limit` it stops and says that the
  /// text is a part; `readCount` is how many compressed bytes it came from. Throws `corrupt` where the
  /// file is cut off or damaged, `memory` where the text is more than half of the memory.
  static func inflate(
    _ source: ByteSource, limit: Int? = nil
  ) throws -> (bytes: Buffer<UInt8>, count: Int, isPart: Bool, readCount: Int) {
    var output = try Buffer<UInt8>(count: max(1 << 16, min(limit ?? .max, source.count * 4)))
    var count = 0
    let (isPart, readCount) = try unpack(source, limit: limit) { bytes in
      while count + bytes.count > output.count {
        guard output.count < physicalMemory / 4 else {
          throw DataError(
            .memory, "\(source.name) unpacks to more than half of the memory", file: source.name,
            hints: ["gunzip it first; a plain file is read in parts"])
        }
        let larger = try Buffer<UInt8>(count: output.count * 2)
        larger.base.update(from: output.base, count: count)
        output = larger
      }
      guard let start = bytes.baseAddress else { return }
      // SAFETY: there is room for the bytes behind those before.
      (output.base + count).update(from: start, count: bytes.count)
      count += bytes.count
    }
    return (output, count, isPart, readCount)
  }

  /// The text in `source` as a file without a name, which is gone with the source: for texts that
  /// memory may not hold. Throws as `inflate` does, and `io` where the disk has no room for it.
  static func inflateToDisk(_ source: ByteSource) throws -> ByteSource {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    var template = Array("\(folder)/kaizen.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    func failure(_ code: Int32) -> DataError {
      DataError(
        .io, "\(source.name) cannot be unpacked to \(folder): \(String(cString: strerror(code)))",
        file: source.name, hints: ["gunzip it first; a plain file is read in parts"])
    }
    guard descriptor >= 0 else { throw failure(errno) }
    unlink(template)
    var count = 0
    do {
      _ = try unpack(source) { bytes in
        var done = 0
        while done < bytes.count {
          // SAFETY: `done` is below the count, so there is a base and the rest lies within.
          let written = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
          if written < 0 {
            if errno == EINTR { continue }
            throw failure(errno)
          }
          done += written
        }
        count += done
      }
    } catch {
      close(descriptor)
      throw error
    }
    return ByteSource(name: source.name, descriptor: descriptor, count: count)
  }

  /// Calls `body` with the text in `source`, a piece at a time, until there are about `limit` bytes.
  private static func unpack(
    _ source: ByteSource, limit: Int? = nil, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws -> (isPart: Bool, readCount: Int) {
    var stream = z_stream()
    // 16 more than the largest window stands for the gzip format.
    guard
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw DataError(.memory, "not enough memory to decompress \(source.name)") }
    defer { inflateEnd(&stream) }
    let input = try Buffer<UInt8>(count: 1 << 18)
    let output = try Buffer<UInt8>(count: max(1 << 12, min(limit ?? .max, 1 << 20)))
    var position = 0
    var count = 0
    var isInMember = true
    while true {
      try Cancellation.check()
      if stream.avail_in == 0 {
        if position == source.count {
          if isInMember { throw cutOff(source) }
          break
        }
        let next = min(input.count, source.count - position)
        try source.read(next, at: position, into: input.base)
        position += next
        stream.next_in = input.base
        stream.avail_in = UInt32(next)
      }
      if !isInMember {
        // Another member, or zeros that pad the last one.
        guard stream.next_in.pointee == 0x1F else {
          if stream.next_in.pointee == 0 { break }
          throw damaged(source, "bytes after the end of the compressed text")
        }
        inflateReset(&stream)
        isInMember = true
      }
      if let limit, count >= limit { return (true, position - Int(stream.avail_in)) }
      stream.next_out = output.base
      stream.avail_out = UInt32(output.count)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let made = output.count - Int(stream.avail_out)
      if made > 0 {
        try body(UnsafeBufferPointer(start: output.base, count: made))
        count += made
      }
      switch status {
      case Z_STREAM_END: isInMember = false
      case Z_OK: break
      case Z_BUF_ERROR where stream.avail_in == 0: break
      case Z_MEM_ERROR:
        throw DataError(.memory, "not enough memory to decompress \(source.name)")
      default:
        throw damaged(source, stream.msg.map { String(cString: $0) } ?? "status \(status)")
      }
    }
    return (false, position)
  }

  /// `bytes` as one gzip member without name or time, so that equal input gives equal files.
  package static func deflate(_ bytes: UnsafeBufferPointer<UInt8>) throws -> [UInt8] {
    var stream = z_stream()
    let status = deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw DataError(.memory, "not enough memory to compress") }
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let done = try output.withUnsafeMutableBufferPointer { buffer in
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(buffer.count)
      // A slice takes a millisecond; where they end makes no difference to what comes out.
      var start = 0
      while true {
        try Cancellation.check()
        let slice = bytes[start..<min(start + deflateSlice, bytes.count)]
        stream.next_in = UnsafeMutablePointer(
          mutating: UnsafeBufferPointer(rebasing: slice).baseAddress)
        stream.avail_in = UInt32(slice.count)
        start = slice.endIndex
        let isLast = start == bytes.count
        let status = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        if isLast || status != Z_OK { return status }
      }
    }
    guard done == Z_STREAM_END else { throw DataError(.io, "compression failed: \(done)") }
    output.removeLast(Int(stream.avail_out))
    return output
  }

  private static let deflateSlice = 1 << 16

  private static func cutOff(_ source: ByteSource) -> DataError {
    DataError(
      .corrupt, "\(source.name) is cut off: the compressed text has no end", file: source.name,
      hints: ["copy or download the file again"])
  }

  private static func damaged(_ source: ByteSource, _ reason: String) -> DataError {
    DataError(
      .corrupt, "\(source.name) is damaged: \(reason)", file: source.name,
      hints: ["copy or download the file again"])
  }
}
