import CTerminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads lines of any length from a descriptor: pipes, tests, and prompts where libedit is missing.
package struct PlainReader {
  /// What a read gave.
  package enum Line: Equatable, Sendable {
    /// The text, without the newline.
    case text(String)
    /// A line that is not UTF-8, by its number from 1.
    case notUTF8(Int)
    /// Ctrl-C was pressed while waiting.
    case interrupted
    case endOfInput
    /// The read failed with this `errno`.
    case failed(Int32)
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// The bytes of `buffer` before this are used.
  private var position = 0
  private var lineNumber = 0

  package init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// The next line. The last one needs no newline.
  package mutating func next() -> Line {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return take(upTo: end, skipping: 1)
      }
      searched = buffer.count
      switch fill() {
      case .some(let ending):
        if ending == .endOfInput, position < buffer.count {
          return take(upTo: buffer.count, skipping: 0)
        }
        if ending == .interrupted { discard() }
        return ending
      case .none:
        searched -= position
        buffer.removeFirst(position)
        position = 0
      }
    }
  }

  private mutating func discard() {
    buffer.removeAll()
    position = 0
  }

  private mutating func take(upTo end: Int, skipping newline: Int) -> Line {
    lineNumber += 1
    var bytes = buffer[position..<end]
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    position = end + newline
    guard let text = String(validating: bytes, as: UTF8.self) else { return .notUTF8(lineNumber) }
    return .text(text)
  }

  /// Appends what can be read; returns nil when something was, else why not.
  private mutating func fill() -> Line? {
    if let reason = waitForInput() { return reason }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 {
      buffer.append(contentsOf: chunk[..<count])
      return nil
    }
    if count == 0 { return .endOfInput }
    if errno == EINTR { return fill() }
    return .failed(errno)
  }

  /// Waits until there is input; returns `.interrupted` when Ctrl-C comes first.
  private func waitForInput() -> Line? {
    while true {
      if kz_signals_take_interrupt() != 0 {
        kz_signals_drain()
        return .interrupted
      }
      var waiting = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: kz_signals_wake_descriptor(), events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&waiting, 2, -1)
      if ready < 0, errno != EINTR { return .failed(errno) }
      if waiting[1].revents != 0 { kz_signals_drain() }
      if ready > 0, waiting[0].revents != 0 { return nil }
    }
  }
}
