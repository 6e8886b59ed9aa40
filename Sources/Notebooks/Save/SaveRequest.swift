import Columnar
import Display
import Language

extension Session {
  /// Saves the session, or the lines that `names` need, as a notebook at `path`, absolute: writes it
  /// after a replay in a fresh session has given the same outputs and exports. `isDraft` skips that
  /// replay.
  ///
  /// Throws `not-reproducible` with what differs, `unknown-name` for a name that is not bound; then
  /// nothing is written.
  package func save(to path: String, for names: [Name] = [], isDraft: Bool) throws -> Message {
    let saved = try notebook(at: path, for: names)
    guard saved.cellCount > 0 else {
      throw Diagnostic(
        .usage, "there is nothing to save yet: no line has run that a notebook keeps")
    }
    if !isDraft { try verify(saved, path: path) }
    for spill in saved.spills {
      let file = Path.parent(path) + "/" + spill.path
      try Path.createFolders(Path.parent(file))
      try writeText(spill.text, to: file)
    }
    try writeText(saved.file.text, to: path)
    try writeText(saved.lock.text, to: path + ".lock")
    let outside = Set(
      saved.exports.filter { !Path.contains(Path.parent(path), Path.real($0)) }.map(Path.parent))
    let lines = "\(saved.lineCount) line\(saved.lineCount == 1 ? "" : "s")"
    let cells = "\(saved.cellCount) cell\(saved.cellCount == 1 ? "" : "s")"
    return Message(
      subject: Path.name(path),
      text: "\(lines) in \(cells) · "
        + (names.isEmpty ? "" : "what \(names.map(\.text).joined(separator: ", ")) needs · ")
        + (isDraft ? "a draft, not replayed" : "replayed: all outputs the same")
        + (outside.isEmpty
          ? "" : " · a replay needs --allow \(outside.sorted().joined(separator: " --allow "))"),
      kind: "save",
      facts: [
        Fact("path", .string(path)), Fact("lines", .int(Int64(saved.lineCount))),
        Fact("cells", .int(Int64(saved.cellCount))), Fact("draft", .bool(isDraft)),
      ])
  }

  private func verify(_ saved: SavedNotebook, path: String) throws {
    let scratch = try ScratchFolder()
    // What will be read is the text: the trial goes by it.
    var replay = try Replay(
      try NotebookFile(parsing: saved.file.text), path: path, spills: saved.spills)
    let fresh = fresh(files: FileAccess(base: Path.parent(path), redirect: scratch.path))
    try replay.prepare(fresh)
    try replay.run(in: fresh)
    if var failure = replay.failure {
      failure.notes.append("so the session was not saved; draft=true saves it as it is")
      throw failure
    }
    var differences = replay.differences(from: saved.lock)
    for export in saved.exports {
      let again = scratch.path + export
      if !Path.exists(export) {
        differences.append("\(Path.name(export)) is no longer there")
      } else if !Path.exists(again) {
        differences.append("\(Path.name(export)) is not written by the replay")
      } else if try digest(ofFile: export).sha256 != digest(ofFile: again).sha256 {
        differences.append("\(Path.name(export)) differs from the one the replay wrote")
      }
    }
    if !differences.isEmpty {
      throw Diagnostic(
        .notReproducible, "a replay gives something else, so the session was not saved",
        notes: differences + ["draft=true saves it as it is"])
    }
  }
}
