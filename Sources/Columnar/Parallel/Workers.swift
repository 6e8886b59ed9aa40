import Dispatch
import Synchronization

/// Runs the fixed parts of a piece of work on all threads.
///
/// Work is cut by row count, never by thread count, and whoever merges partial results does so in
/// part order: the same bits come out with one thread and with many.
package enum Workers {
  private static let limit = Atomic<Int>(0)

  /// How many threads run at once. The default is the number of processors.
  package static var threadCount: Int {
    get {
      let set = limit.load(ordering: .relaxed)
      return set > 0 ? set : processorCount
    }
    set { limit.store(max(newValue, 0), ordering: .relaxed) }
  }

  /// Rows in a part of element-wise work: a few columns of it stay in the second-level cache.
  package static let partSize = 65_536

  /// How many parts of `partSize` rows there are in `rows`.
  package static func partCount(_ rows: Int, partSize: Int = Workers.partSize) -> Int {
    (rows + partSize - 1) / partSize
  }

  /// The rows of part `part`.
  package static func part(
    _ part: Int, of rows: Int, partSize: Int = Workers.partSize
  ) -> Range<Int> {
    part * partSize..<min(rows, (part + 1) * partSize)
  }

  /// Calls `body` once for each part in `0..<parts`, on several threads, in no given order, and
  /// returns when all have ended. Throws what the lowest failing part threw, or `cancelled`; parts
  /// that had not begun by then are not run.
  package static func run(parts: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let threads = min(threadCount, parts)
    let next = Atomic<Int>(0)
    let failure = Mutex<(part: Int, error: any Error)?>(nil)
    let worth = Progress.shared.beginPass(parts: parts)
    @Sendable func work(_ thread: Int) {
      while true {
        let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if part >= parts { return }
        do {
          try Cancellation.check()
          try body(part)
          if worth > 0 { Progress.shared.advance(worth) }
        } catch {
          failure.withLock { known in
            if known == nil || part < known!.part { known = (part, error) }
          }
          // Parts are claimed in order, so every lower part has begun and will report.
          next.store(parts, ordering: .relaxed)
          return
        }
      }
    }
    if threads <= 1 {
      work(0)
    } else {
      DispatchQueue.concurrentPerform(iterations: threads, execute: work)
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  /// The results of `body` for each part, in part order.
  package static func map<Result: Sendable>(
    parts: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex<[Result?]>(Array(repeating: nil, count: parts))
    try run(parts: parts) { part in
      let result = try body(part)
      results.withLock { $0[part] = result }
    }
    return results.withLock { $0 }.map { $0! }
  }
}
