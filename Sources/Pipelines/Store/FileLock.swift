import Columnar
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock on a file, held until the last reference to it goes.
///
/// The system gives it back when its holder ends, however that happens, so a dead holder's lock is
/// simply taken. On a network file system the server does the same.
package final class FileLock {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// The lock on the file at `path`, which is made if need be; with `shared` several may hold it.
  ///
  /// Returns nil where another holds it and `waits` is false; else waits, after telling `onWait` once.
  /// Throws `io`, and `cancelled` while it waits.
  package static func acquire(
    _ path: String, shared: Bool = false, waits: Bool = true, onWait: () -> Void = {}
  ) throws -> FileLock? {
    try Path.createFolders(Path.parent(path))
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw DataError(.io, "\(path): \(String(cString: strerror(errno)))", file: path)
    }
    let lock = FileLock(descriptor)
    var hasWaited = false
    while flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else {
        throw DataError(.io, "\(path): \(String(cString: strerror(errno)))", file: path)
      }
      if !waits { return nil }
      if !hasWaited { onWait() }
      hasWaited = true
      try Cancellation.check()
      usleep(20_000)
    }
    return lock
  }

  /// Whether somebody holds the lock on the file at `path` now.
  package static func isHeld(_ path: String) -> Bool {
    guard Path.exists(path) else { return false }
    guard let lock = try? acquire(path, waits: false) else { return true }
    withExtendedLifetime(lock) {}
    return false
  }
}
