import Columnar
import Display
import Language

/// How a replay is judged and what it leaves behind.
package struct ReplayRequest: Sendable {
  package enum Mode: Sendable {
    /// Runs and shows; exports are written.
    case run
    /// Compares with the record; exports go to a scratch folder.
    case check
    /// Writes the outputs of this run into the notebook and its lock.
    case accept
  }

  /// Absolute.
  package var path: String
  package var mode = Mode.run
  package var arguments: [(name: String, value: String)] = []
  /// Where a copy with the outputs of this run is written, absolute.
  package var copy: String?
  /// The id or number of the cell from which on outputs are shown and compared; nil for the first.
  package var first: String?
  /// Folders outside the notebook's own that it may read and write.
  package var allowed: [String] = []

  package init(path: String) { self.path = path }
}

extension ReplayRequest {
  /// Runs the notebook in a fresh session of the same verbs as `session` and gives the replay with
  /// a summary. Throws `differs`, `pinned` or the error of the cell that failed, after what was
  /// asked to be written has been written.
  package func perform(
    like session: Session, onRun: (CellRun) -> Void = { _ in }
  ) throws -> (replay: Replay, session: Session, summary: Message) {
    var replay = try Replay(path: path)
    let first = try first.map { try replay.notebook.cellNumber($0, of: Path.name(path)) } ?? 1
    guard !replay.notebook.cells.isEmpty else {
      throw Diagnostic(
        .format, "\(Path.name(path)) has no cell: no fence that begins with ```kaizen")
    }
    let scratch = mode == .check ? try ScratchFolder() : nil
    let folders = [Path.parent(path)] + allowed
    let fresh = session.fresh(
      files: FileAccess(
        base: Path.parent(path),
        policy: .confined(readable: folders, writable: folders, pinned: []),
        redirect: scratch?.path))
    // What is accepted takes the place of any lock, even a damaged one.
    let lock = mode == .check ? try replay.recordedLock() : nil
    try replay.prepare(
      fresh, arguments: arguments, lock: mode == .run ? try? replay.recordedLock() : lock)
    switch mode {
    case .check:
      if let first = replay.pinDifferences.first {
        throw Diagnostic(
          .pinned, "not comparable: \(first)", notes: Array(replay.pinDifferences.dropFirst()))
      }
    case .accept:
      if let changed = replay.parameters.first(where: { $0.value != $0.defaultValue }) {
        throw Diagnostic(
          .usage,
          "--accept records outputs for the defaults, and `\(changed.name)` has another value",
          notes: [
            "change the default in \(Path.name(path)), or write a copy with -o, which takes the "
              + "value as its default"
          ])
      }
    case .run: break
    }
    var number = 0
    let show = { (run: CellRun) in
      number += 1
      // The cells before are needed for what they bind.
      if number >= first || run.error != nil { onRun(run) }
    }
    try replay.run(in: fresh, onRun: show)
    if mode == .accept || copy != nil { try replay.pinInputs(of: fresh) }
    if let copy { try write(replay, to: copy) }
    if let failure = replay.failure { throw failure }
    switch mode {
    case .check:
      let differences = replay.differences(from: lock, first: first)
      if !differences.isEmpty {
        throw Diagnostic(
          .differs, "\(Path.name(path)) does not give what it records",
          notes: differences + ["kaizen replay \(Path.name(path)) --accept takes the new outputs"])
      }
    case .accept: try write(replay, to: path)
    case .run: break
    }
    return (replay, fresh, summary(replay))
  }

  private func summary(_ replay: Replay) -> Message {
    let count = replay.runs.count
    var text = "\(count) cell\(count == 1 ? "" : "s")"
    switch mode {
    case .check: text += " · all outputs the same"
    case .accept: text += " · outputs accepted"
    case .run:
      do {
        let isSame = replay.differences(from: try replay.recordedLock()).isEmpty
        text += isSame ? " · all outputs as recorded" : " · outputs differ from the record"
      } catch {
        text += " · \((error as? Diagnostic)?.message ?? "the lock cannot be read")"
      }
    }
    if let difference = replay.pinDifferences.first { text += " · \(difference)" }
    return Message(
      subject: Path.name(path), text: text, kind: "replay",
      facts: [
        Fact("notebook", .string(path)), Fact("cells", .int(Int64(count))),
        Fact(
          "parameters",
          .object(replay.parameters.plain.map { Fact($0.name, JSONValue($0.value)) })),
      ])
  }

  private func write(_ replay: Replay, to target: String) throws {
    let (notebook, spills) = try replay.accepted(for: target)
    for spill in spills {
      let file = Path.parent(target) + "/" + spill.path
      try Path.createFolders(Path.parent(file))
      try writeText(spill.text, to: file)
    }
    try writeText(notebook.text, to: target)
    // A copy of a run that failed records what there was; it has nothing to be held to.
    guard replay.failure == nil else { return }
    let accepted = try NotebookFile(parsing: notebook.text)
    var runs = replay.runs
    for (index, entry) in accepted.cells.enumerated() where index < runs.count {
      runs[index].id = entry.cell.id
    }
    let lock = Lock(
      inputs: replay.inputs,
      parameters: replay.parameters, runs: runs)
    try writeText(lock.text, to: target + ".lock")
  }
}
