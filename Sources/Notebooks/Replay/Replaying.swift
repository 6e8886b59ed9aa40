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
    guard !replay.notebook.cells.isEmpty else {
      throw Diagnostic(
        .format, "\(Path.name(path)) has no cell: no fence that begins with ```kaizen")
    }
    let folder = Path.parent(path)
    let scratch = mode == .check ? try ScratchFolder() : nil
    let pinned = Set(
      replay.frontMatter.inputs.map { Path.normalized(folder + "/" + $0.path) })
    let fresh = session.fresh(
      files: FileAccess(
        base: folder,
        policy: .confined(
          readable: [folder] + allowed, writable: [folder] + allowed, pinned: pinned),
        redirect: scratch?.path))
    try replay.run(in: fresh, arguments: arguments, onRun: onRun)
    if let copy { try write(replay, to: copy) }
    if let failure = replay.failure { throw failure }
    switch mode {
    case .check:
      if let first = replay.pinDifferences.first {
        throw Diagnostic(
          .pinned, "not comparable: \(first)", notes: Array(replay.pinDifferences.dropFirst()))
      }
      let differences = try replay.differences()
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
      let differences = (try? replay.differences())?.isEmpty == false
      text += differences ? " · outputs differ from the record" : " · all outputs as recorded"
    }
    if let difference = replay.pinDifferences.first { text += " · \(difference)" }
    return Message(
      subject: Path.name(path), text: text, kind: "replay",
      facts: [
        Fact("notebook", .string(path)), Fact("cells", .int(Int64(count))),
        Fact(
          "parameters",
          .object(replay.parameters.map { Fact($0.name, JSONValue($0.value)) })),
      ])
  }

  private func write(_ replay: Replay, to target: String) throws {
    let (notebook, spills) = replay.accepted()
    for spill in spills {
      let file = Path.parent(target) + "/" + spill.path
      try Path.createFolders(Path.parent(file))
      try writeText(spill.text, to: file)
    }
    try writeText(notebook.text, to: target)
    if target == path {
      let accepted = try NotebookFile(parsing: notebook.text)
      var runs = replay.runs
      for (index, entry) in accepted.cells.enumerated() where index < runs.count {
        runs[index].id = entry.cell.id
      }
      let lock = Lock(
        inputs: replay.inputs,
        parameters: replay.parameters.map { ($0.name, $0.value.literal) }, runs: runs)
      try writeText(lock.text, to: target + ".lock")
    }
  }
}
