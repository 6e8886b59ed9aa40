import CTerminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keys from the terminal, byte by byte, so that what was typed ahead stays in the kernel for
/// whoever reads next.
struct KeyInput {
  /// Why no key came.
  enum Event: Equatable {
    case key(Unicode.Scalar)
    /// A signal came, or the terminal's size changed.
    case signal
    case endOfInput
  }

  private var partial: [UInt8] = []

  /// The end of what a terminal sends for a paste.
  static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  /// Waits for a key. Bytes that are not UTF-8 become U+FFFD.
  mutating func next() -> Event {
    while true {
      if let event = wait() { return event }
      var byte: UInt8 = 0
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 0 { return .endOfInput }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return .endOfInput
      }
      partial.append(byte)
      if let scalar = decode() { return .key(scalar) }
    }
  }

  /// Whether bytes are waiting.
  var hasPending: Bool { hasPending(within: 0) }

  /// Whether bytes come within some milliseconds.
  func hasPending(within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) > 0
  }

  /// Whether what came behind an Escape is a whole key.
  static func isComplete(_ sequence: String) -> Bool {
    let scalars = sequence.unicodeScalars
    guard let first = scalars.first else { return false }
    switch first {
    case "\u{1B}": return isComplete(String(sequence.dropFirst()))
    case "O": return scalars.count > 1
    case "[":
      // A sequence ends with a letter or a tilde; anything that is no part of one ends it, too.
      guard scalars.count > 1, let last = scalars.last else { return false }
      return !("0"..."?").contains(last) && !(" "..."/").contains(last)
    default: return true
    }
  }

  /// The bytes of a paste, up to the end mark, which is taken off. A paste that Ctrl-C or the end of
  /// input breaks off is given as far as it came.
  mutating func paste() -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      // Byte by byte: what follows the mark must stay in the kernel.
      if let event = wait(), event == .endOfInput || kz_signals_has_interrupt() != 0 {
        return bytes
      }
      var byte: UInt8 = 0
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { return bytes }
      if count < 0 { continue }
      bytes.append(byte)
      if byte == UInt8(ascii: "~"), bytes.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
        bytes.removeLast(Self.pasteEnd.count)
        return bytes
      }
    }
  }

  private func wait() -> Event? {
    var waiting = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: kz_signals_wake_descriptor(), events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let ready = poll(&waiting, 2, -1)
      if ready < 0 {
        if errno == EINTR { return .signal }
        return .endOfInput
      }
      if waiting[1].revents != 0 {
        kz_signals_drain()
        return .signal
      }
      if waiting[0].revents != 0 { return nil }
    }
  }

  /// The scalar in `partial`, or nil while more bytes belong to it.
  private mutating func decode() -> Unicode.Scalar? {
    let needed: Int
    switch partial[0] {
    case 0..<0x80: needed = 1
    case 0xC2..<0xE0: needed = 2
    case 0xE0..<0xF0: needed = 3
    case 0xF0..<0xF5: needed = 4
    default: needed = 1
    }
    let isBroken = partial.dropFirst().contains { $0 & 0xC0 != 0x80 }
    if partial.count < needed, !isBroken { return nil }
    let text = String(decoding: partial, as: UTF8.self).unicodeScalars
    partial.removeAll()
    return text.first ?? "\u{FFFD}"
  }
}
