import Language

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The lines of one sitting as they ran, in a file that is only appended to: so that a session whose
/// program is killed can be had again.
///
/// The file is locked as long as its session lives; a journal that can be locked belongs to no one.
/// A line is one write and survives the program, though not the machine, from then on.
package final class Journal {
  /// The journals of one folder that are kept besides those in use.
  package static let keptCount = 20

  private let folder: String
  private let base: String
  /// Nil until the first line has run: a sitting without one leaves nothing behind.
  private var file: (path: String, descriptor: Int32)?
  private var hasFailed = false

  /// A journal in `folder`, which is made if need be, for a session whose relative paths start from
  /// `base`.
  package init(in folder: String, base: String) {
    self.folder = folder
    self.base = base
  }

  deinit { if let file { close(file.descriptor) } }

  /// Adds a line that has run. Where it cannot be written, the session goes on without a journal.
  package func append(_ line: String) {
    if file == nil, !hasFailed {
      file = create()
      hasFailed = file == nil
    }
    write(Self.escaped(line) + "\n")
  }

  private func create() -> (path: String, descriptor: Int32)? {
    guard (try? Path.createFolders(folder)) != nil else { return nil }
    // Only its owner reads what a person did.
    chmod(folder, 0o700)
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let stamp = String(Int(time.tv_sec) &* 1_000_000 &+ Int(time.tv_nsec) / 1000)
    let name = String(repeating: "0", count: max(0, 20 - stamp.utf8.count)) + stamp
    let path = "\(folder)/\(name)-\(getpid()).journal"
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { return nil }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    file = (path, descriptor)
    write(Self.header + "\n" + Self.escaped(base) + "\n")
    return file
  }

  private func write(_ text: String) {
    guard let descriptor = file?.descriptor else { return }
    var text = text
    text.withUTF8 { bytes in
      // SAFETY: the buffer holds its count of bytes for the time of the call.
      while writeBytes(descriptor, bytes.baseAddress, bytes.count) < 0, errno == EINTR {}
    }
  }

  static let header = "kaizen journal 1"

  /// A text on one line of the file.
  static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
  }

  /// The text on a line of the file; nil for one that was not wholly written.
  static func unescaped(_ line: some StringProtocol) -> String? {
    var text = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        switch character {
        case "n": text += "\n"
        case "r": text += "\r"
        case "\\": text += "\\"
        default: return nil
        }
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return isEscaped ? nil : text
  }
}

/// write(2), whose name the method above takes.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
