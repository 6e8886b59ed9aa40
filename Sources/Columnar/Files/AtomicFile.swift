import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes files so that there is never half a file: aside, synced to disk, then renamed.
package enum AtomicFile {
  /// Writes what `body` gives to the sink to `path`, in place of what was there.
  ///
  /// `permissions` are those of the new file; nil keeps those of the old one, or what the process
  /// gives new files. A link is followed. Pipes and devices are written to directly. Throws `io`,
  /// with the reason and the old file untouched, if anything fails, and what `body` throws.
  package static func write(
    _ path: String, permissions: UInt16? = nil, _ body: (FileSink) throws -> Void
  ) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw DataError(.isDirectory, "\(path) is a directory", file: path)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG { return try writeDirectly(path, body) }
    // Renaming onto a link would replace the link.
    let target = exists ? resolved(path) : path
    let (folder, name) = splitPath(target)
    // The name of a file is at most 255 bytes long.
    var template = Array("\(folder).\(String(name.prefix(40))).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    let temporary = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    guard descriptor >= 0 else {
      let code = errno
      let hints = code == ENOENT ? ["the folder \(folder) is not there: !mkdir -p \(folder)"] : []
      throw failure(path, code, hints)
    }
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      let mode =
        permissions.map { mode_t($0) } ?? (exists ? status.st_mode & 0o7777 : newFileMode())
      guard fchmod(descriptor, mode) == 0 else { throw failure(path, errno) }
      let early = EarlySync(descriptor)
      let sink = FileSink(path: path, descriptor: descriptor, early: early)
      // Nobody syncs a descriptor that is closed.
      defer { _ = early.finish() }
      try body(sink)
      let code = early.finish()
      guard code == 0 else { throw failure(path, code) }
      guard fsync(descriptor) == 0 else { throw failure(path, errno) }
    }
    guard rename(temporary, target) == 0 else { throw failure(path, errno) }
    isDone = true
    // The new name is on disk once its folder is.
    let directory = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  /// Writes `bytes` to `path`, as `write(_:permissions:_:)` does.
  package static func write(
    _ path: String, permissions: UInt16? = nil, bytes: [UInt8]
  ) throws {
    try write(path, permissions: permissions) { try $0.write(bytes) }
  }

  private static func writeDirectly(
    _ path: String, _ body: (FileSink) throws -> Void
  ) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    try body(FileSink(path: path, descriptor: descriptor))
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func newFileMode() -> mode_t {
    // There is no way to ask for the mask without setting it.
    let mask = umask(0o022)
    umask(mask)
    return 0o666 & ~mask
  }

  static func failure(_ path: String, _ code: Int32, _ hints: [String] = []) -> DataError {
    DataError(
      .io, "\(path) cannot be written: \(String(cString: strerror(code)))", file: path,
      hints: hints)
  }
}

/// Takes the bytes of a file that is being written.
package struct FileSink {
  let path: String
  let descriptor: Int32
  var early: EarlySync?

  /// Writes all bytes. Throws `io` if the disk is full or the like.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      // SAFETY: `done` is below the count, so there is a base and the rest lies within.
      let count = systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw AtomicFile.failure(path, errno)
      }
      done += count
    }
    early?.wrote(bytes.count)
  }

  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  package func write(_ text: String) throws { try write(Array(text.utf8)) }
}

/// write(2), which `FileSink.write` hides.
private func systemWrite(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int
) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}

/// Sends what has been written on to the disk while more is being made, so that syncing a large file
/// at the end has little left to do.
final class EarlySync: Sendable {
  private let descriptor: Int32
  private let group = DispatchGroup()
  private let state = Mutex((written: 0, isSyncing: false, code: Int32(0)))
  private static let step = 32 << 20

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func wrote(_ bytes: Int) {
    let begins = state.withLock { state in
      state.written += bytes
      guard state.written >= Self.step, !state.isSyncing else { return false }
      state.written = 0
      state.isSyncing = true
      return true
    }
    guard begins else { return }
    DispatchQueue.global().async(group: group) { [self] in
      // An error is told once, so it must be kept.
      let code = fsync(descriptor) == 0 ? 0 : errno
      state.withLock { state in
        state.isSyncing = false
        if state.code == 0 { state.code = code }
      }
    }
  }

  /// Waits until nothing is being synced; returns the error number of what failed, or 0.
  func finish() -> Int32 {
    group.wait()
    return state.withLock { $0.code }
  }
}
