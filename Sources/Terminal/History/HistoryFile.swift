#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lines kept across sessions, in a file that is only ever appended to.
///
/// One entry a line, with `\n` and `\\` for a newline and a backslash inside it. Each entry is one
/// locked write, so sessions that run at once keep all of theirs. Lines that cannot be entries (a
/// torn write, another program's bytes) are passed over.
struct HistoryFile {
  let path: String
  /// Entries written after this moment belong to other sessions or are known anyway.
  private let sizeAtStart: Int

  /// No more bytes than this are read back: some hundred thousand entries.
  static let readLimit = 1 << 24

  init(path: String) {
    self.path = path
    var status = stat()
    sizeAtStart = stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The entries that were there when the session began, oldest first.
  func entries() -> [String] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return [] }
    defer { close(descriptor) }
    let start = max(0, sizeAtStart - Self.readLimit)
    var bytes = [UInt8](repeating: 0, count: sizeAtStart - start)
    var count = 0
    while count < bytes.count {
      let got = bytes[count...].withUnsafeMutableBytes {
        // SAFETY: at most the slice's own count is written.
        pread(descriptor, $0.baseAddress, $0.count, off_t(start + count))
      }
      if got <= 0 { break }
      count += got
    }
    var lines = bytes[..<count].split(separator: UInt8(ascii: "\n"))
    if start > 0, !lines.isEmpty { lines.removeFirst() }
    return lines.compactMap(Self.decode)
  }

  /// Appends an entry. Returns false when the file cannot be written; the session goes on without.
  @discardableResult
  func append(_ entry: String) -> Bool {
    makeFolders()
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { return false }
    }
    var bytes = Self.encode(entry)
    // After a torn write the next entry begins on a line of its own.
    var status = stat()
    var last: UInt8 = 0
    if fstat(descriptor, &status) == 0, status.st_size > 0,
      pread(descriptor, &last, 1, status.st_size - 1) == 1, last != UInt8(ascii: "\n")
    {
      bytes.insert(UInt8(ascii: "\n"), at: 0)
    }
    return write(descriptor, bytes, bytes.count) == bytes.count
  }

  private func makeFolders() {
    var end = path.startIndex
    while let slash = path[end...].dropFirst().firstIndex(of: "/") {
      mkdir(String(path[..<slash]), 0o700)
      end = slash
    }
  }

  /// The line of the file for an entry, with its newline.
  static func encode(_ entry: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in entry.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The entry on a line of the file, or nil when it cannot be one.
  static func decode(_ line: ArraySlice<UInt8>) -> String? {
    // Most lines hold nothing to look at.
    if !line.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") }) {
      return line.isEmpty ? nil : String(validating: line, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in line {
      if isEscaped {
        switch byte {
        case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "\\"): bytes.append(byte)
        default: return nil
        }
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte < 0x20, byte != UInt8(ascii: "\t") {
        return nil
      } else {
        bytes.append(byte)
      }
    }
    if isEscaped || bytes.isEmpty { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Where history is kept unless something else is asked for; nil without a home.
  static var standardPath: String? { stateFolder.map { $0 + "/history" } }

  /// `$XDG_STATE_HOME/kaizen`, or `~/.local/state/kaizen`; nil without a home.
  static var stateFolder: String? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/kaizen" }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.local/state/kaizen"
  }
}
