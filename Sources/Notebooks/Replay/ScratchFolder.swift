import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of its own for files that nobody keeps; it goes when nobody holds it.
package final class ScratchFolder {
  package let path: String

  package init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((base + "/kaizen-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw DataError(.io, "no scratch folder in \(base): \(String(cString: strerror(errno)))")
    }
    path = String(cString: made)
  }

  deinit { ScratchFolder.remove(path) }

  /// Removes a folder and what is in it, without following links.
  private static func remove(_ path: String) {
    for name in Path.entries(of: path) {
      let child = path + "/" + name
      var status = stat()
      if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        remove(child)
      } else {
        unlink(child)
      }
    }
    rmdir(path)
  }
}
