import Language

/// Undo and redo: exact, since states are values.
extension Session {
  /// Takes back the last line that changed something, and drops the lines shown since that depend
  /// on it from the record. Returns the line taken back. Throws `nothing-to-undo`.
  @discardableResult
  package func undo() throws -> Step {
    leaveOutOfHistory()
    guard let index = steps.lastIndex(where: \.isChange) else {
      throw Diagnostic(.nothingToUndo, "nothing to undo")
    }
    let last = steps[index]
    if last.isForgotten {
      throw Diagnostic(
        .nothingToUndo, "the tables before this line were given up: memory was short",
        notes: ["the line: \(last.text)"], hints: ["history"])
    }
    state = last.before
    undone.append(last)
    var gone = last.writes
    var kept: [Step] = []
    for step in steps[(index + 1)...] {
      if step.reads.isDisjoint(with: gone) {
        kept.append(step)
      } else {
        gone.formUnion(step.writes)
      }
    }
    steps.removeSubrange(index...)
    steps.append(contentsOf: kept)
    // Lines that stay have shown what they have shown.
    if let shown = kept.last(where: { $0.writes.contains(Step.lastShown) }) {
      state.last = shown.after.last
    }
    return last
  }

  /// Does again what was last undone. Returns the line. Throws `nothing-to-undo`.
  @discardableResult
  package func redo() throws -> Step {
    leaveOutOfHistory()
    guard let step = undone.popLast() else {
      throw Diagnostic(.nothingToUndo, "nothing to redo")
    }
    state = step.after
    steps.append(step)
    return step
  }
}
