#if canImport(CLibEdit)
  import CLibEdit

  #if canImport(Glibc)
    import Glibc
  #else
    import Darwin
  #endif

  extension InteractiveReader {
    /// Ctrl-X Ctrl-E: the text in `$VISUAL` or `$EDITOR`, else vi. What is saved there becomes the
    /// text, in one step; it does not run. An editor that fails changes nothing.
    func editOutside() -> Int32 {
      let editor = [environment("VISUAL"), environment("EDITOR")].compactMap { $0 }
        .first { !$0.isEmpty }
      var template = Array((environment("TMPDIR") ?? "/tmp").utf8CString.dropLast())
      template += Array("/kaizen-XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      if descriptor < 0 { return CC_ERROR }
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      defer { unlink(path) }
      write(line.string + (line.isEmpty ? "" : "\n"), to: descriptor)
      close(descriptor)
      var status: Int32 = -1
      outsideEditing {
        let quoted = "'" + path.replacing("'", with: "'\\''") + "'"
        status = system((editor ?? "vi") + " " + quoted)
      }
      guard status == 0, let text = Self.contents(of: path) else { return CC_ERROR }
      change(to: EditedLine(text).composed)
      hint = ""
      return CC_REFRESH
    }

    /// The text of a small file without the newlines at its end; nil when it is not UTF-8.
    private static func contents(of path: String) -> String? {
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
      while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      bytes.removeAll { $0 == 0 || $0 == UInt8(ascii: "\r") }
      return String(validating: bytes, as: UTF8.self)
    }
  }
#endif
