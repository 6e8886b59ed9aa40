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

  /// A piece of work, and how far it was when another began inside it.
  private struct Work {
    var label: String
    var unit: String
    var total: Int
    var done = 0
    /// How many passes over the rows have begun; nil where the work counts for itself.
    var pass: Int?
  }

  private let works = Mutex<[Work]>([])
  private let done = Atomic<Int>(0)
  private let countsPasses = Atomic<Bool>(false)

  /// Begins a piece of work that says itself how far it is, by `advance`.
  package func begin(_ label: String, unit: String, total: Int) {
    push(Work(label: label, unit: unit, total: total))
  }

  /// Begins a piece of work of several passes over `rows` rows, which `Workers` counts.
  package func begin(_ label: String, passesOver rows: Int) {
    push(Work(label: label, unit: "rows", total: rows, pass: 0))
  }

  private func push(_ work: Work) {
    works.withLock { works in
      if !works.isEmpty { works[works.count - 1].done = done.load(ordering: .relaxed) }
      works.append(work)
      done.store(0, ordering: .relaxed)
      countsPasses.store(work.pass != nil, ordering: .relaxed)
    }
  }

  package func advance(_ amount: Int) { done.wrappingAdd(amount, ordering: .relaxed) }

  /// A pass over the rows in `parts` parts begins; returns the rows that each is worth, 0 where
  /// nobody counts passes.
  func beginPass(parts: Int) -> Int {
    if parts < 2 || !countsPasses.load(ordering: .relaxed) { return 0 }
    return works.withLock { works in
      guard let pass = works.last?.pass else { return 0 }
      works[works.count - 1].pass = pass + 1
      done.store(0, ordering: .relaxed)
      return works[works.count - 1].total / parts
    }
  }

  /// The work that was last begun has ended; the one around it goes on.
  package func end() {
    works.withLock { works in
      _ = works.popLast()
      done.store(works.last?.done ?? 0, ordering: .relaxed)
      countsPasses.store(works.last?.pass != nil, ordering: .relaxed)
    }
  }

  package var state: State {
    works.withLock { works in
      guard let work = works.last else { return State(label: "", unit: "", done: 0, total: 0) }
      let pass = work.pass ?? 0
      return State(
        label: work.label + (pass > 1 ? ", pass \(pass)" : ""), unit: work.unit,
        done: done.load(ordering: .relaxed), total: work.total)
    }
  }
}
