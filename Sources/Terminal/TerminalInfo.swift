#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the terminal this program runs in can do.
package struct TerminalInfo: Sendable {
  /// Whether standard input, output and error are terminals.
  package let inputIsTerminal: Bool
  package let outputIsTerminal: Bool
  package let errorIsTerminal: Bool

  /// Whether text is UTF-8 here. Without it only ASCII may be printed.
  package let usesUTF8: Bool

  /// Whether standard output takes colours: a terminal that is not dumb, and no `NO_COLOR`.
  package let usesColor: Bool

  /// Whether the cursor can be moved, which editing and progress need.
  package let movesCursor: Bool

  /// Whether rows that a narrower window has no room for go on in the next; else they are cut. A
  /// terminal does not say which: those known to cut are named, all others taken not to.
  let reflows: Bool

  /// The terminal as it is now.
  ///
  /// Sets the C library's character type from the environment (`LC_ALL`, `LC_CTYPE`, `LANG`), or to
  /// `C.UTF-8` where the environment asks for less: it decides how libedit measures text.
  package static let current = TerminalInfo()

  private init() {
    inputIsTerminal = isatty(STDIN_FILENO) == 1
    outputIsTerminal = isatty(STDOUT_FILENO) == 1
    errorIsTerminal = isatty(STDERR_FILENO) == 1
    usesUTF8 = Self.chooseLocale()
    let kind = environment("TERM") ?? ""
    movesCursor = !kind.isEmpty && kind != "dumb"
    let isMultiplexed = environment("TMUX") != nil
    let isInScreen = kind.hasPrefix("screen") && environment("STY") != nil
    let cuts =
      environment("XTERM_VERSION") != nil || isInScreen || kind == "linux" || kind.hasPrefix("st-")
    reflows = isMultiplexed || !cuts
    usesColor = outputIsTerminal && movesCursor && (environment("NO_COLOR") ?? "").isEmpty
  }

  /// Whether a person can be asked at a prompt: input and output are both terminals.
  package var isInteractive: Bool { inputIsTerminal && outputIsTerminal }

  /// The width in columns now: the terminal's, else `COLUMNS`, else 80.
  package var width: Int { size.columns }

  /// The height in rows now: the terminal's, else `LINES`, else 24.
  package var height: Int { size.rows }

  private var size: (columns: Int, rows: Int) {
    var window = winsize()
    for descriptor in [STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO] where isatty(descriptor) == 1 {
      // SAFETY: TIOCGWINSZ writes one winsize, which lives for the call.
      let result = ioctl(descriptor, UInt(TIOCGWINSZ), &window)
      if result == 0, window.ws_col > 0 { break }
    }
    let columns = Int(window.ws_col)
    let rows = Int(window.ws_row)
    return (
      columns > 0 ? columns : positive("COLUMNS") ?? 80, rows > 0 ? rows : positive("LINES") ?? 24
    )
  }

  private func positive(_ name: String) -> Int? {
    guard let text = environment(name), let value = Int(text), value > 0 else { return nil }
    return value
  }

  private static func chooseLocale() -> Bool {
    setlocale(LC_CTYPE, "")
    if codesetIsUTF8 { return true }
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil {
      if codesetIsUTF8 { return true }
    }
    setlocale(LC_CTYPE, "C")
    return false
  }

  private static var codesetIsUTF8: Bool {
    guard let codeset = nl_langinfo(nl_item(CODESET)) else { return false }
    return strcasecmp(codeset, "UTF-8") == 0
  }
}

/// The value of an environment variable, or nil when it is not set.
func environment(_ name: String) -> String? {
  // SAFETY: the program never changes its environment, so the bytes stay where they are.
  guard let value = getenv(name) else { return nil }
  return String(cString: value)
}
