import Language

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a journal holds.
package struct JournalRecord: Sendable {
  package let path: String
  /// The folder that relative paths started from.
  package let base: String
  /// The lines that ran, in order. One that was torn by the end of the program had not run.
  package let lines: [String]

  /// The last session in `folder` that no program is in any more and that had run a line. Nil where
  /// there is none.
  package static func last(in folder: String) -> JournalRecord? {
    for name in names(in: folder).reversed() {
      let path = folder + "/" + name
      if isInUse(path) { continue }
      if let record = JournalRecord(path: path), !record.lines.isEmpty { return record }
    }
    return nil
  }

  /// Removes journals that no program is in, all but the newest `Journal.keptCount`.
  package static func prune(_ folder: String) {
    for name in names(in: folder).dropLast(Journal.keptCount) {
      let path = folder + "/" + name
      if !isInUse(path) { unlink(path) }
    }
  }

  /// The record at `path`; nil where there is no journal.
  package init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    var texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    // What stands behind the last newline was not wholly written.
    texts.removeLast()
    guard texts.count >= 2, texts[0] == Journal.header, let base = Journal.unescaped(texts[1])
    else { return nil }
    self.path = path
    self.base = base
    lines = texts.dropFirst(2).compactMap { Journal.unescaped($0) }
  }

  /// Sorted by the time they were begun.
  private static func names(in folder: String) -> [String] {
    Path.entries(of: folder).filter { $0.hasSuffix(".journal") }.sorted()
  }

  private static func isInUse(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return true }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }
}
