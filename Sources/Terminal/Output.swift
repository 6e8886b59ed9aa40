#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes out what `print` holds back.
func flushOutput() { fflush(nil) }

/// Writes all of `text` to a descriptor, past any buffer. Gives up on an error: what is drawn for a
/// person is no result.
func write(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      // SAFETY: the slice stays inside the buffer, which lives for the closure.
      let count = write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}
