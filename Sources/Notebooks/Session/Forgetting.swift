import Columnar

/// Former tables that `undo` could bring back, given up where memory is short.
extension Session {
  /// Gives up the oldest lines' tables while tables take more than half of the budget, but for what
  /// is bound now and for the last line. The lines themselves stay.
  func boundHistory() {
    guard givesUpTables else { return }
    for place in steps.indices.dropLast() where !steps[place].isForgotten {
      if MemoryBudget.used <= MemoryBudget.limit / 2 { return }
      steps[place].forget()
    }
  }
}

extension Step {
  /// Gives up the tables before and after the line: it can no longer be undone.
  mutating func forget() {
    isForgotten = true
    before = before.withoutRows
    after = after.withoutRows
  }
}

extension SessionState {
  /// The same names, with the columns of tables and none of their rows.
  fileprivate var withoutRows: SessionState {
    var state = self
    state.bindings = bindings.mapValues(\.withoutRows)
    state.last = last?.withoutRows
    return state
  }
}

extension Value {
  /// Small tables stay as they are.
  private static let smallRowCount = 1_000

  fileprivate var withoutRows: Value {
    guard case .frame(let frame) = self, frame.rowCount > Value.smallRowCount,
      let empty = try? frame.slice(0..<0)
    else { return self }
    return .frame(empty)
  }
}
