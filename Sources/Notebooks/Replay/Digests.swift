import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The SHA-256 of a text, as 64 hexadecimal digits.
package func digest(_ text: String) -> String { digest(Array(text.utf8)) }

/// The SHA-256 of bytes, as 64 hexadecimal digits.
package func digest(_ bytes: [UInt8]) -> String {
  var hash = SHA256()
  hash.update(bytes)
  return hash.hexDigest()
}

/// The SHA-256 and size of a file. Throws `no-such-file` or `io`.
package func digest(ofFile path: String) throws -> (sha256: String, bytes: Int) {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    let code = errno
    throw code == ENOENT
      ? DataError(.fileNotFound, "no such file: \(path)", file: path)
      : DataError(.io, "\(path): \(String(cString: strerror(code)))", file: path)
  }
  defer { close(file) }
  var hash = SHA256()
  var total = 0
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    try Cancellation.check()
    let count = read(file, &buffer, buffer.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw DataError(.io, "\(path): \(String(cString: strerror(errno)))", file: path)
    }
    if count == 0 { break }
    hash.update(buffer[..<count])
    total += count
  }
  return (hash.hexDigest(), total)
}

/// The whole of a text file. Throws `no-such-file`, `directory`, `not-text` or `io`.
package func readText(_ path: String) throws -> String {
  let bytes = try readBytes(path)
  guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
    throw DataError(.notText, "\(path) is not UTF-8 text", file: path)
  }
  return text
}

/// The whole of a file. Throws `no-such-file`, `directory` or `io`.
package func readBytes(_ path: String) throws -> [UInt8] {
  if Path.isDirectory(path) {
    throw DataError(.isDirectory, "\(path) is a directory", file: path)
  }
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    let code = errno
    throw code == ENOENT
      ? DataError(.fileNotFound, "no such file: \(path)", file: path)
      : DataError(.io, "\(path): \(String(cString: strerror(code)))", file: path)
  }
  defer { close(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &buffer, buffer.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw DataError(.io, "\(path): \(String(cString: strerror(errno)))", file: path)
    }
    if count == 0 { return bytes }
    bytes.append(contentsOf: buffer[..<count])
  }
}

/// Writes a text file whole or not at all.
package func writeText(_ text: String, to path: String) throws {
  try AtomicFile.write(path, bytes: Array(text.utf8))
}
