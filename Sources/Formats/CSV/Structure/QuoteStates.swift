import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether each chunk of a file begins inside quotes, found exactly though chunks are read in
/// parallel: every chunk publishes the parity of its quotes and looks back through its predecessors
/// until it meets one whose state is known.
final class QuoteStates: @unchecked Sendable {
  /// SAFETY: `count` atomics, freed with the object. 0: not yet known; 2 | own parity; 4 | parity of
  /// all quotes up to the chunk's end.
  private let states: UnsafeMutablePointer<Atomic<Int>>
  private let count: Int
  private let isAbandoned = Atomic<Bool>(false)

  /// Another thread failed, so that what is waited for will not come.
  struct Abandoned: Error {}

  init(count: Int) {
    self.count = count
    states = .allocate(capacity: max(count, 1))
    for chunk in 0..<count { (states + chunk).initialize(to: Atomic(0)) }
  }

  deinit {
    states.deinitialize(count: count)
    states.deallocate()
  }

  /// Ends all waiting.
  func abandon() { isAbandoned.store(true, ordering: .relaxed) }

  /// Whether `chunk` begins inside quotes, given whether it holds an odd number of them.
  func begins(_ chunk: Int, isOdd: Bool) throws -> Bool {
    let own = isOdd ? 1 : 0
    if states[chunk].load(ordering: .relaxed) == 0 {
      states[chunk].store(2 | own, ordering: .releasing)
    }
    var parity = 0
    var previous = chunk - 1
    var spins = 0
    while previous >= 0 {
      let state = states[previous].load(ordering: .acquiring)
      if state == 0 {
        if isAbandoned.load(ordering: .relaxed) { throw Abandoned() }
        // Its thread reads and counts for some 50 us, unless it is not running at all.
        spins += 1
        if spins > 1000 { sched_yield() }
        continue
      }
      parity ^= state & 1
      if state >= 4 { break }
      previous -= 1
    }
    states[chunk].store(4 | (parity ^ own), ordering: .releasing)
    return parity == 1
  }
}
