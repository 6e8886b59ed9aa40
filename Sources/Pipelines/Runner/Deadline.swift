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

  package static var hasPassed: Bool { state.load(ordering: .relaxed) != 0 }

  /// Cancels what runs after so many seconds; what does not heed that within ten seconds more ends
  /// with the process, exit status 1.
  package static func set(_ seconds: Double) {
    // Both are made before a signal can ask for them.
    _ = hasPassed
    _ = Cancellation.isRequested
    signal(SIGALRM) { _ in Deadline.pass() }
    alarm(UInt32(min(max(seconds.rounded(.up), 1), 1e9)))
  }

  private static func pass() {
    if state.exchange(1, ordering: .relaxed) != 0 { _exit(1) }
    Cancellation.request()
    alarm(10)
  }
}
