import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ByteSource {
  /// Opens a file, or standard input for `-`, decompresses it if it is gzip, and checks that it is
  /// there, can be read, and is not empty.
  ///
  /// With a `limit` no more than about so many bytes are decompressed or taken from a pipe; the
  /// result then says that it is a part. With `onDisk` a gzip file is unpacked to a file, and not into
  /// memory.
  package static func open(
    _ path: String, limit: Int? = nil, onDisk: Bool = false
  ) throws -> (source: ByteSource, isCompressed: Bool, isPart: Bool) {
    let name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? dup(0) : openForReading(path)
    guard descriptor >= 0 else { throw openingError(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw openingError(path, code)
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR {
      close(descriptor)
      throw DataError(
        .isDirectory, "\(path) is a directory", file: path, hints: directoryHints(path))
    }
    if kind == S_IFREG, path != "-" {
      let file = ByteSource(name: name, descriptor: descriptor, count: Int(status.st_size))
      if file.count == 0 { throw emptyError(name) }
      guard try Gzip.isGzip(file.bytes(2, at: 0)) else { return (file, false, false) }
      if onDisk {
        let unpacked = try Gzip.inflateToDisk(file)
        if unpacked.count == 0 { throw emptyError(name) }
        return (unpacked, true, false)
      }
      let (bytes, count, isPart, _) = try Gzip.inflate(file, limit: limit)
      if count == 0 { throw emptyError(name) }
      return (ByteSource(name: name, bytes: bytes, count: count), true, isPart)
    }
    defer { close(descriptor) }
    // A pipe cannot be read again, so all of it is taken even for a peek.
    let (bytes, count) = try readAll(descriptor, name: name)
    if count == 0 { throw emptyError(name) }
    let piped = ByteSource(name: name, bytes: bytes, count: count)
    guard try Gzip.isGzip(piped.bytes(2, at: 0)) else { return (piped, false, false) }
    let (inflated, inflatedCount, isPart, _) = try Gzip.inflate(piped, limit: limit)
    if inflatedCount == 0 { throw emptyError(name) }
    return (ByteSource(name: name, bytes: inflated, count: inflatedCount), true, isPart)
  }

  /// About how many bytes a gzip file unpacks to, told from its beginning: its own record of it is
  /// wrong beyond 4 GB and for files of several members.
  static func unpackedSize(_ path: String) throws -> Int {
    let descriptor = openForReading(path)
    guard descriptor >= 0 else { throw openingError(path, errno) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let file = ByteSource(
      name: path, descriptor: descriptor, count: isKnown ? Int(status.st_size) : 0)
    let (_, count, isPart, readCount) = try Gzip.inflate(file, limit: 1 << 20)
    if !isPart { return count }
    let size = Double(count) / Double(max(readCount, 1)) * Double(file.count)
    return Int(exactly: size.rounded()) ?? .max
  }

  private static func emptyError(_ name: String) -> DataError {
    DataError(.emptyFile, "\(name) is empty", file: name)
  }

  private static func openingError(_ path: String, _ code: Int32) -> DataError {
    switch code {
    case ENOENT, ENOTDIR:
      return DataError(
        .fileNotFound, "no such file: \(path)", file: path, hints: nearFiles(path))
    case EISDIR:
      return DataError(.isDirectory, "\(path) is a directory", file: path)
    default:
      return DataError(
        .io, "\(path) cannot be opened: \(String(cString: strerror(code)))", file: path)
    }
  }

  private static func readAll(
    _ descriptor: Int32, name: String
  ) throws -> (Buffer<UInt8>, Int) {
    var buffer = try Buffer<UInt8>(count: 1 << 20)
    var count = 0
    while true {
      try Cancellation.check()
      if count == buffer.count {
        let larger = try Buffer<UInt8>(count: buffer.count * 2)
        larger.base.update(from: buffer.base, count: count)
        buffer = larger
      }
      let got = readDescriptor(descriptor, buffer.base + count, buffer.count - count)
      if got < 0 {
        if errno == EINTR { continue }
        throw DataError(
          .io, "\(name) cannot be read: \(String(cString: strerror(errno)))", file: name)
      }
      if got == 0 { return (buffer, count) }
      count += got
    }
  }
}

/// open(2), which `ByteSource.open` hides.
private func openForReading(_ path: String) -> Int32 {
  #if canImport(Glibc)
    Glibc.open(path, O_RDONLY | O_CLOEXEC)
  #else
    Darwin.open(path, O_RDONLY | O_CLOEXEC)
  #endif
}

/// read(2), which `ByteSource.read` hides.
private func readDescriptor(
  _ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int
) -> Int {
  #if canImport(Glibc)
    Glibc.read(descriptor, target, count)
  #else
    Darwin.read(descriptor, target, count)
  #endif
}
