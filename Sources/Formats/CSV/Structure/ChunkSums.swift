import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the chunks before each one add up to, found exactly though chunks are read in parallel: every
/// chunk publishes its own number and looks back through its predecessors until it meets one whose
/// sum is known.
///
/// Of quotes the sum says whether a chunk begins inside them, of records which row is its first.
final class ChunkSums: @unchecked Sendable {
  /// SAFETY: `count` atomics, freed with the object. 0: not yet known; 4 × own number + 1; 4 × sum of
  /// all numbers up to the chunk's + 2.
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

  /// The sum of the numbers of all chunks before `chunk`, whose own is `number`, the same each time.
  func before(_ chunk: Int, own number: Int) throws -> Int {
    if states[chunk].load(ordering: .relaxed) == 0 {
      states[chunk].store(number << 2 | 1, ordering: .releasing)
    }
    var sum = 0
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
      sum += state >> 2
      if state & 2 != 0 { break }
      previous -= 1
    }
    states[chunk].store((sum + number) << 2 | 2, ordering: .releasing)
    return sum
  }
}
