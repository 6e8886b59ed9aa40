import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lets threads that work on parts in any order do one step in the order of parts.
final class Turns: Sendable {
  private let next = Atomic<Int>(0)

  /// Waits until all lower parts have ended. False if one of them failed.
  func wait(for part: Int) -> Bool {
    while true {
      let current = next.load(ordering: .acquiring)
      if current == part { return true }
      if current < 0 { return false }
      // A turn is a write of some hundred kilobytes.
      usleep(50)
    }
  }

  func end(_ part: Int) {
    // Unless another part has failed meanwhile.
    _ = next.compareExchange(expected: part, desired: part + 1, ordering: .releasing)
  }

  /// Ends all waiting: a part failed.
  func abandon() { next.store(.min, ordering: .releasing) }
}
