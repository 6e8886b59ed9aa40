import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names of files and folders as text.
package enum Path {
  /// `path` without `.`, `..`, doubled and trailing slashes.
  package static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    let isAbsolute = path.hasPrefix("/")
    for part in path.split(separator: "/") {
      switch part {
      case ".": continue
      case "..":
        if let last = parts.last, last != ".." {
          parts.removeLast()
        } else if !isAbsolute {
          parts.append(part)
        }
      default: parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// The folder that holds `path`.
  package static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  package static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The name without its last ending.
  package static func stem(_ path: String) -> String {
    let name = name(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// The path from `folder` to `path`, both absolute and normalised.
  package static func relative(_ path: String, to folder: String) -> String {
    let target = path.split(separator: "/")
    let start = folder.split(separator: "/")
    var shared = 0
    while shared < target.count, shared < start.count, target[shared] == start[shared] {
      shared += 1
    }
    let parts =
      Array(repeating: "..", count: start.count - shared) + target[shared...].map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// `path` with symbolic links resolved as far as it exists.
  package static func real(_ path: String) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let parent = parent(path)
    if parent == path || parent == "." { return path }
    let realParent = real(parent)
    return realParent == "/" ? "/" + name(path) : realParent + "/" + name(path)
  }

  /// Whether `path` is `folder` or lies below it; both with links resolved.
  package static func contains(_ folder: String, _ path: String) -> Bool {
    let folder = real(folder)
    return path == folder || folder == "/" || path.hasPrefix(folder + "/")
  }

  package static var current: String {
    guard let folder = getcwd(nil, 0) else { return "/" }
    defer { free(folder) }
    return String(cString: folder)
  }

  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` is a file that reading comes to an end of, and no pipe or device.
  package static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes `path` and the folders above it.
  package static func createFolders(_ path: String) throws {
    if path.isEmpty || path == "/" || path == "." || isDirectory(path) { return }
    try createFolders(parent(path))
    if mkdir(path, 0o777) != 0, errno != EEXIST || !isDirectory(path) {
      throw DataError(.io, "\(path): \(String(cString: strerror(errno)))", file: path)
    }
  }
}

extension Path {
  /// The names in a folder, in no given order; none where it cannot be read.
  package static func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        // SAFETY: d_name ends with a NUL within its array.
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
