import Columnar
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The time that this process may take for a step, where no runner watches over it.
package enum Deadline {
  private static let state = Atomic<Int32>(0)

  /// Cancels what runs after so many seconds, again and again, since what begins later may take the
  /// request back. What does not heed it within ten seconds ends with the process, exit status 1.
  package static func set(_ seconds: Double) {
    // Both are made before a signal can ask for them.
    state.store(0, ordering: .relaxed)
    _ = Cancellation.isRequested
    signal(SIGALRM) { _ in Deadline.pass() }
    // Whoever started this may have blocked signals, and that is handed down.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGALRM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    start(min(max(seconds, 0.001), 1e9))
  }

  /// Nothing is cancelled any more. Returns whether the time was up before.
  static func clear() -> Bool {
    start(0)
    guard state.load(ordering: .relaxed) != 0 else { return false }
    Cancellation.reset()
    return true
  }

  /// Sets the clock that ends in SIGALRM; 0 stops it.
  private static func start(_ seconds: Double) {
    var time = itimerval()
    time.it_value.tv_sec = Int(seconds)
    time.it_value.tv_usec = .init((seconds - seconds.rounded(.down)) * 1e6)
    #if canImport(Glibc)
      setitimer(__itimer_which_t(0), &time, nil)
    #else
      setitimer(ITIMER_REAL, &time, nil)
    #endif
  }

  private static func pass() {
    if state.add(1, ordering: .relaxed).newValue > 1000 { _exit(1) }
    Cancellation.request()
    start(0.01)
  }
}
