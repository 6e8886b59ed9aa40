import Columnar
import Display
import Language

/// Continuing a notebook at the prompt.
extension Session {
  /// Makes this the session of the notebook at `path`, absolute: its cells run here, from top to
  /// bottom, and are shown as they run. What was here is kept as the snapshot `_`.
  ///
  /// `allowed` are folders outside its own that the notebook may read and write; `typed` is the path as
  /// the user wrote it; `end` is the id or number of a cell before which to
  /// stop. The lines are someone else's: while they run there is no shell, and files outside the
  /// notebook's folder are not touched unless its inputs pin them. Throws the error of the first cell
  /// that fails and was not meant to; then nothing has changed.
  package func open(
    _ path: String, arguments: [(name: String, value: String)], before end: String? = nil,
    allowed: [String] = [], typed: String
  ) throws -> Message {
    var replay = try Replay(path: path)
    let last = try end.map { try replay.notebook.cellNumber($0, of: typed) }
    let folders = [replay.folder] + allowed
    let place = FileAccess(
      base: replay.folder, policy: .confined(readable: folders, writable: folders, pinned: []))
    let trial = fresh(files: place)
    try replay.prepare(trial, arguments: arguments)
    let known = (state: state, steps: steps, undone: undone, matter: openedMatter)
    let own = (files: files, allowsShell: allowsShell, isInteractive: isInteractive)
    begin(replay)
    files.policy = trial.files.policy
    (allowsShell, isInteractive) = (false, false)
    defer {
      files = own.files
      (allowsShell, isInteractive) = (own.allowsShell, own.isInteractive)
    }
    do {
      let (cells, failed) = try runOpened(replay.notebook, before: last, place: place, typed: typed)
      snapshots[Self.beforeRestore] = Snapshot(state: known.state, steps: known.steps)
      return opened(typed, cells: cells, failed: failed, replay)
    } catch {
      (state, steps, undone, openedMatter) = (
        known.state, known.steps, known.undone, known.matter
      )
      throw error
    }
  }

  /// Runs the cells, those before number `end` if it is given. Returns how many ran, and which failed
  /// as they were meant to.
  private func runOpened(
    _ notebook: NotebookFile, before end: Int?, place: FileAccess, typed: String
  ) throws -> (cells: Int, failed: [String]) {
    var cells = 0
    var failed: [String] = []
    for element in notebook.elements {
      switch element {
      case .frontMatter, .output: break
      case .prose(let text): try addProse(text)
      case .cell(let cell):
        try Cancellation.check()
        if let end, cells + 1 >= end { return (cells, failed) }
        cells += 1
        let label = cell.id.map { "cell \($0)" } ?? "cell \(cells)"
        do {
          try runOpened(cell, place: place)
        } catch {
          let failure = diagnostic(error)
          if cell.expectsError, failure.code != .cancelled {
            // A line that fails leaves nothing behind that could be saved.
            failed.append(label)
            try notify(.message(Message(text: failure.render(source: ""), kind: "error")))
            continue
          }
          var shown = failure
          shown.span = nil
          shown.notes.insert("in \(label), \(typed) line \(cell.line)", at: 0)
          shown.hints = [
            "open \(Scalar.text(typed).literal) before=\(Scalar.text(cell.id ?? "\(cells)").literal)"
          ]
          throw shown
        }
      }
    }
    return (cells, failed)
  }

  /// Empties the session for a notebook; undo does not go back over it.
  private func begin(_ replay: Replay) {
    leaveOutOfHistory()
    let settings = state.settings
    state = SessionState()
    state.settings = settings
    steps = []
    undone = []
    openedMatter = replay.notebook.frontMatter.map { ($0, replay.frontMatter) }
    // What is saved is what ran.
    declare(
      replay.parameters.map { given in
        var parameter = given
        parameter.defaultValue = given.value
        return parameter
      })
  }

  private func addProse(_ text: String) throws {
    var lines = text.unixLines[...]
    while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    guard !lines.isEmpty else { return }
    try run(Statement(.prose(lines.joined(separator: "\n")), Span(0, 0)))
  }

  /// Runs the lines of a cell with their paths as they are from here, each shown before what it gives.
  private func runOpened(_ cell: NotebookFile.Cell, place: FileAccess) throws {
    for entry in splitEntries(cell.code, grammar: grammar) {
      let lines = entry.text.unixLines.map { "› \($0)" }.joined(separator: "\n")
      try notify(
        .message(Message(text: lines, kind: "line", facts: [Fact("line", .string(entry.text))])))
      do {
        for statement in try Parser.parse(entry.text, grammar: grammar) {
          let (moved, computed) = statement.relocated(from: place, to: files.base, catalog: catalog)
          if let computed, place.base != files.base {
            throw Diagnostic(
              .usage,
              "the path \(Language.print(computed)) is computed, and means another file here",
              span: computed.span, hints: ["cd \(Scalar.text(place.base).literal)"])
          }
          try run(moved)
          if isOver { return }
        }
      } catch {
        var failure = diagnostic(error)
        let excerpt = failure.render(source: entry.text).split(separator: "\n").dropFirst()
        failure.notes = excerpt.map { String($0.dropFirst(2)) }.filter { !$0.hasPrefix("try: ") }
        failure.hints = []
        failure.label = nil
        throw failure
      }
    }
  }

  private func opened(
    _ typed: String, cells: Int, failed: [String], _ replay: Replay
  ) -> Message {
    var parts = ["\(cells) cell\(cells == 1 ? "" : "s")"]
    parts += replay.pinDifferences.prefix(1)
    if !failed.isEmpty {
      parts.append("\(failed.joined(separator: ", ")) failed as meant, and is not kept")
    }
    return Message(
      subject: Path.name(typed), text: parts.joined(separator: " · "),
      aside: "restore _ goes back", kind: "open",
      facts: [
        Fact("notebook", .string(replay.path)), Fact("cells", .int(Int64(cells))),
        Fact("failed", .array(failed.map { .string($0) })),
      ])
  }
}
