import Display
import Language

/// The session as it was at one moment, with the lines that led there.
struct Snapshot: Sendable {
  let state: SessionState
  let steps: [Step]
}

extension Session {
  /// The name under which `restore` keeps what was there before it.
  package static let beforeRestore = "_"

  /// Keeps names, current frame and lines as they are under a name. Copies nothing.
  package func takeSnapshot(_ name: String) {
    leaveOutOfHistory()
    snapshots[name] = Snapshot(state: state, steps: steps)
  }

  /// Brings a snapshot back: names, current frame and the lines that a notebook would hold. What
  /// was there is kept as the snapshot `_`. Throws `unknown-name`.
  package func restore(_ name: Name) throws {
    leaveOutOfHistory()
    guard let snapshot = snapshots[name.text] else {
      let known = snapshots.keys.sorted()
      throw Diagnostic(
        .unknownName, "there is no snapshot `\(name.text)`", span: name.span,
        label: nearest(name.text, among: known).map { "did you mean `\($0)`?" },
        notes: [
          known.isEmpty
            ? "no snapshot has been taken yet" : "snapshots: \(known.joined(separator: ", "))"
        ])
    }
    snapshots[Self.beforeRestore] = Snapshot(state: state, steps: steps)
    let settings = state.settings
    state = snapshot.state
    state.settings = settings
    steps = snapshot.steps
    undone = []
  }

  /// Runs the lines of a file as if they were typed here: each becomes a line of the session. Where
  /// one fails, all are taken back. Throws its diagnostic, with the file and the line.
  package func runLines(of path: String, span: Span) throws {
    leaveOutOfHistory()
    let file = try input(path, span: span)
    guard !openSources.contains(file) else {
      throw Diagnostic(.usage, "\"\(path)\" runs itself", span: span)
    }
    let text = try readText(file)
    let known = (state: state, steps: steps, undone: undone)
    openSources.append(file)
    defer { openSources.removeLast() }
    for entry in splitEntries(text, grammar: grammar) {
      do {
        try run(entry.text)
      } catch {
        (state, steps, undone) = (known.state, known.steps, known.undone)
        // The place in the file's line, not in the line that was typed.
        var failure = diagnostic(error)
        failure.message = "\(path) line \(entry.line): \(failure.message)"
        failure.notes.insert(entry.text, at: 0)
        failure.span = span
        if let label = failure.label {
          failure.notes.insert(label, at: 1)
          failure.label = nil
        }
        throw failure
      }
      if isOver { return }
    }
  }
}
