#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes to standard output, at once.
func writeOutput(_ text: String) { write(text, to: STDOUT_FILENO) }

func writeOutput(_ bytes: [UInt8]) {
  bytes.withUnsafeBufferPointer { write($0, to: STDOUT_FILENO) }
}

/// Writes to standard error, at once.
func writeError(_ text: String) { write(text, to: STDERR_FILENO) }

/// Ends the program.
func exitProcess(_ status: Int32) -> Never { exit(status) }

private func write(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { write($0, to: descriptor) }
}

private func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) {
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
