import Columnar

/// Former tables that `undo` could bring back, given up where memory is short.
extension Session {
  /// Gives up the oldest lines' tables while tables take more than half of the budget: those that
  /// hold a column which is not bound now, for only they take memory of their own. The last line, and
  /// the lines themselves, stay.
  func boundHistory() {
    guard givesUpTables, MemoryBudget.used > MemoryBudget.limit / 2 else { return }
    let bound = state.columns
    for place in steps.indices.dropLast() where !steps[place].isForgotten {
      if MemoryBudget.used <= MemoryBudget.limit / 2 { return }
      if !steps[place].columns.isSubset(of: bound) { steps[place].forget() }
    }
  }
}

extension Step {
  /// The columns of tables before and after the line.
  fileprivate var columns: Set<ColumnIdentity> { before.columns.union(after.columns) }

  /// Gives up the tables before and after the line: it can no longer be undone.
  fileprivate mutating func forget() {
    isForgotten = true
    before = before.withoutRows
    after = after.withoutRows
  }
}

extension SessionState {
  /// The columns of tables that are bound, or were shown last.
  fileprivate var columns: Set<ColumnIdentity> {
    var columns: Set<ColumnIdentity> = []
    for value in Array(bindings.values) + [last].compactMap(\.self) {
      guard let frame = value.largeFrame else { continue }
      for column in frame.columns { columns.insert(ColumnIdentity(column)) }
    }
    return columns
  }

  /// The same names, with the columns of tables and none of their rows.
  fileprivate var withoutRows: SessionState {
    var state = self
    state.bindings = bindings.mapValues(\.withoutRows)
    state.last = last?.withoutRows
    return state
  }
}

extension Value {
  /// A table that is not so small that giving it up gains nothing.
  fileprivate var largeFrame: Frame? {
    guard case .frame(let frame) = self, frame.rowCount > 1_000 else { return nil }
    return frame
  }

  fileprivate var withoutRows: Value {
    guard let empty = try? largeFrame?.slice(0..<0) else { return self }
    return .frame(empty)
  }
}
