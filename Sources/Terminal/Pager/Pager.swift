import CTerminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows a long result a screen at a time, on a screen of its own: what was there comes back.
package enum Pager {
  /// Shows `text` until a key or Ctrl-C leaves it. Nothing is shown where input or output is no
  /// terminal, or one whose cursor cannot be moved: returns false then.
  @discardableResult
  package static func show(_ text: PagedText) -> Bool {
    let terminal = TerminalInfo.current
    guard terminal.isInteractive, terminal.movesCursor, kz_terminal_begin_paging() == 0 else {
      return false
    }
    defer { kz_terminal_end_paging() }
    var view = PagerView(
      text: text, width: terminal.width, height: terminal.height, usesUTF8: terminal.usesUTF8)
    var input = KeyInput()
    write("\u{1B}[?1049h", to: 1)
    while true {
      draw(view)
      switch input.next() {
      case .endOfInput: return true
      case .signal:
        if kz_signals_take_interrupt() != 0 { return true }
        if kz_signals_take_stop() != 0 {
          kz_terminal_end_paging()
          kz_signals_stop_process()
          if kz_terminal_begin_paging() != 0 { return true }
          write("\u{1B}[?1049h", to: 1)
        }
        _ = kz_signals_take_resize()
        view.resize(width: terminal.width, height: terminal.height)
      case .key(let scalar):
        var key = String(Character(scalar))
        if scalar == "\u{1B}", input.hasPending(within: 50) {
          while case .key(let next) = input.next() {
            key.unicodeScalars.append(next)
            if KeyInput.isComplete(String(key.dropFirst())) { break }
          }
        }
        if !view.take(key) { return true }
      }
    }
  }

  /// Hands `text` to a program as `less -R`, and waits for it. Returns false where it cannot be
  /// started or fails.
  package static func show(_ text: String, with command: String) -> Bool {
    let opened = command.withCString { command in "w".withCString { popen(command, $0) } }
    guard let pipe = opened else { return false }
    var text = text
    text.withUTF8 { bytes in _ = fwrite(bytes.baseAddress, 1, bytes.count, pipe) }
    return pclose(pipe) == 0
  }

  private static func draw(_ view: PagerView) {
    var output = "\u{1B}[?25l\u{1B}[H"
    for (index, row) in view.rows.enumerated() {
      output += "\u{1B}[\(index + 1);1H\u{1B}[K" + row
    }
    write(output, to: 1)
  }
}
