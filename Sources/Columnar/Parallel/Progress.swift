import Synchronization

/// How far the running command is, for whoever draws it.
///
/// Written by operators and readers from any thread, read by the terminal's timer.
package final class Progress: Sendable {
  package static let shared = Progress()

  package struct State: Sendable {
    /// What is being done, as `load trips.csv`; empty when nothing is.
    package var label: String
    /// What is counted: `rows`, `bytes`, `cells`.
    package var unit: String
    package var done: Int
    /// 0 when it is not known.
    package var total: Int
  }

  private let text = Mutex((label: "", unit: ""))
  private let done = Atomic<Int>(0)
  private let total = Atomic<Int>(0)

  package func begin(_ label: String, unit: String, total: Int) {
    text.withLock { $0 = (label, unit) }
    done.store(0, ordering: .relaxed)
    self.total.store(total, ordering: .relaxed)
  }

  package func advance(_ amount: Int) { done.wrappingAdd(amount, ordering: .relaxed) }

  package func end() { text.withLock { $0 = ("", "") } }

  package var state: State {
    let (label, unit) = text.withLock { $0 }
    return State(
      label: label, unit: unit, done: done.load(ordering: .relaxed),
      total: total.load(ordering: .relaxed))
  }
}
