import CTerminal
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One line on the terminal that says how far a long command is, and is gone when it ends.
///
/// Drawn by a thread of its own on standard error, and only where that is a terminal and the program
/// is in its foreground. Nothing else may be printed between `begin` and `end`.
package final class ProgressLine: Sendable {
  /// How far the command is.
  package struct Amount: Sendable, Equatable {
    /// What is being done, as `load trips.csv`.
    package var label: String
    /// What is counted: `rows`, `bytes`, `cells`.
    package var unit: String
    package var done: Int
    /// 0 when it is not known.
    package var total: Int

    package init(label: String, unit: String, done: Int, total: Int) {
      self.label = label
      self.unit = unit
      self.done = done
      self.total = total
    }
  }

  /// The seconds a command may take before the line is shown.
  package static let delay = 0.5

  private struct State {
    var timer: (any DispatchSourceTimer)?
    var isDrawn = false
    var label = ""
    /// When the work with that label began, and when the line was last looked at.
    var start = DispatchTime.now()
    var lastLook = DispatchTime.now()
  }

  private let source: @Sendable () -> Amount?
  private let state = Mutex(State())
  private let isPossible: Bool
  private let usesColor: Bool

  /// `source` is asked ten times a second, on another thread; nil or an empty label shows nothing.
  package init(_ source: @escaping @Sendable () -> Amount?) {
    self.source = source
    let terminal = TerminalInfo.current
    isPossible = terminal.errorIsTerminal && terminal.movesCursor
    usesColor = isPossible && (environment("NO_COLOR") ?? "").isEmpty
  }

  /// A command begins; the line appears when it takes longer than `delay`.
  package func begin() {
    if !isPossible { return }
    state.withLock { state in
      let now = DispatchTime.now()
      state.timer?.cancel()
      state.label = ""
      state.start = now
      state.lastLook = now
      let timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInteractive))
      timer.schedule(deadline: now + Self.delay, repeating: .milliseconds(100))
      timer.setEventHandler { [weak self] in self?.draw() }
      timer.activate()
      state.timer = timer
    }
  }

  /// The command has ended: takes the line away, and what the terminal echoed of Ctrl-C.
  package func end() {
    if !isPossible { return }
    state.withLock { state in
      state.timer?.cancel()
      state.timer = nil
      if state.isDrawn || kz_signals_has_interrupt() != 0 { Self.erase() }
      state.isDrawn = false
    }
  }

  private func draw() {
    state.withLock { state in
      // The last call of a timer can come after its cancellation.
      guard state.timer != nil, tcgetpgrp(STDERR_FILENO) == getpgrp() else { return }
      let now = DispatchTime.now()
      defer { state.lastLook = now }
      guard let amount = source(), !amount.label.isEmpty else {
        if state.isDrawn { Self.erase() }
        state.isDrawn = false
        state.label = ""
        state.start = now
        return
      }
      if amount.label != state.label {
        state.label = amount.label
        state.start = state.lastLook
      }
      let layout = ProgressLayout(
        amount: amount,
        elapsed: Double(now.uptimeNanoseconds - state.start.uptimeNanoseconds) * 1e-9,
        // Room for the cursor and for the `^C` that the terminal echoes.
        width: max(1, TerminalInfo.current.width - 3), usesUTF8: TerminalInfo.current.usesUTF8,
        usesColor: usesColor)
      write("\r" + layout.text + "\u{1B}[K", to: STDERR_FILENO)
      state.isDrawn = true
    }
  }

  private static func erase() { write("\r\u{1B}[K", to: STDERR_FILENO) }
}
