#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes to standard output, at once.
func writeOutput(_ text: String) { write(text, to: STDOUT_FILENO) }

/// Writes to standard error, at once.
func writeError(_ text: String) { write(text, to: STDERR_FILENO) }

/// The path of this program, to start it again.
var programPath: String {
  #if canImport(Glibc)
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { buffer in
      // SAFETY: readlink writes at most as many bytes as the buffer has.
      buffer.withMemoryRebound(to: CChar.self) {
        readlink("/proc/self/exe", $0.baseAddress!, $0.count)
      }
    }
    if count > 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
  #endif
  return CommandLine.arguments[0]
}

/// Ends the program.
func exitProcess(_ status: Int32) -> Never { exit(status) }

private func write(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var done = 0
    while done < bytes.count {
      // SAFETY: `done` is below the count, so there is a base and the rest lies within.
      let count = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        // Nobody reads any more, as behind `| head`: that is no error.
        exit(errno == EPIPE ? 0 : 1)
      }
      done += count
    }
  }
}
