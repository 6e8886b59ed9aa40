import CTerminal

/// What Ctrl-C, Ctrl-Z, a new window size and a deadly signal do.
package enum Signals {
  /// Catches the signals; call once, first thing, from the main thread.
  ///
  /// Ctrl-C stores 1 to the 32-bit integer at `flag`, which must live as long as the program: that
  /// is all it does while a command runs, however often it is pressed. At the prompt it drops the
  /// line. SIGTERM, SIGHUP and a crash put the terminal back before they end the program. SIGPIPE is
  /// ignored: a write to a closed pipe fails with `EPIPE`, and the writer ends quietly; a program
  /// started from here must set it back to its default.
  package static func install(cancelling flag: UnsafeMutableRawPointer?) {
    // Without a pipe (no descriptors left) Ctrl-C still cancels; only waiting at the prompt needs it.
    _ = kz_signals_install(flag)
    cancelFlag = flag
  }

  /// A command begins: what was pressed before it does not count.
  package static func beginCommand() {
    _ = kz_signals_take_interrupt()
    kz_signals_drain()
    cancelFlag?.storeBytes(of: 0, as: Int32.self)
  }

  /// A command has ended; returns whether Ctrl-C was pressed while it ran.
  @discardableResult
  package static func endCommand() -> Bool {
    let wasInterrupted = kz_signals_take_interrupt() != 0
    kz_signals_drain()
    cancelFlag?.storeBytes(of: 0, as: Int32.self)
    return wasInterrupted
  }

  /// Puts the terminal's settings back if the prompt has taken it over. For a fatal error; exit does
  /// it by itself.
  package static func restoreTerminal() { kz_terminal_restore() }

  /// SAFETY: set once by the main thread before any other begins, and only read afterwards.
  private nonisolated(unsafe) static var cancelFlag: UnsafeMutableRawPointer?
}
