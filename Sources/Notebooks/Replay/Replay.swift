import Columnar
import Display
import Language

/// One run of a notebook from top to bottom in a fresh session.
package struct Replay {
  package let path: String
  package let notebook: NotebookFile
  package let frontMatter: FrontMatter
  /// A run a cell, up to and with the first that failed.
  package private(set) var runs: [CellRun] = []
  /// The parameters as they were used.
  package private(set) var parameters: [Parameter] = []
  /// Inputs as they are now, by the path in the notebook.
  package private(set) var inputs: [FrontMatter.Input] = []
  /// What differs from what the notebook pins, in words; empty when nothing does.
  package private(set) var pinDifferences: [String] = []
  /// The first error in a cell that was not meant to fail.
  package private(set) var failure: Diagnostic?

  /// Texts of outputs that are not in the notebook, where they are not read from their files.
  private var spills: [String: String] = [:]

  /// Reads a notebook. Throws `no-such-file`, `syntax` and the like.
  package init(path: String) throws {
    self.path = path
    notebook = try NotebookFile(parsing: try readText(path))
    do {
      frontMatter = try notebook.frontMatter.map { try FrontMatter(parsing: $0) } ?? FrontMatter()
    } catch var error as Diagnostic {
      error.message = "\(Path.name(path)): \(error.message)"
      throw error
    }
  }

  /// A replay of a notebook that is not written yet, for a file at `path`; `spills` are outputs that
  /// will lie beside it.
  package init(
    _ notebook: NotebookFile, path: String, spills: [(path: String, text: String)] = []
  ) throws {
    self.spills = Dictionary(spills.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
    self.path = path
    self.notebook = notebook
    frontMatter = try notebook.frontMatter.map { try FrontMatter(parsing: $0) } ?? FrontMatter()
  }

  /// The folder that the notebook's paths are relative to.
  package var folder: String { Path.parent(path) }

  package var lockPath: String { path + ".lock" }

  /// Declares the parameters in `session`, a fresh one whose base is the notebook's folder, and
  /// compares them and the inputs with what the outputs were recorded for. `arguments` are parameter
  /// values as typed, by name. Throws `pinned` for an input that lies where the session may not read
  /// and is not the one pinned.
  package mutating func prepare(
    _ session: Session, arguments: [(name: String, value: String)] = [], lock: Lock? = nil
  ) throws {
    parameters = try frontMatter.parameters.given(arguments, file: Path.name(path))
    session.declare(parameters)
    for secret in parameters.compactMap(\.asSecret)
    where notebook.cells.contains(where: { $0.cell.code.names(secret.name) }) {
      _ = try secret.value()
    }
    compareParameters(with: lock)
    try comparePins(session)
    try compareInputs(with: lock, session)
  }

  /// Runs all cells in a session that has been prepared. `onCell` is told of each cell before it
  /// runs, `onRun` of what it gave.
  package mutating func run(
    in session: Session,
    onCell: (_ label: String, _ number: Int, _ of: Int) -> Void = { _, _, _ in },
    onRun: (CellRun) -> Void = { _ in }
  ) throws {
    let cells = notebook.cells
    Progress.shared.begin("replay \(Path.name(path))", unit: "cells", total: cells.count)
    defer { Progress.shared.end() }
    for (number, entry) in cells.enumerated() {
      try Cancellation.check()
      let label = entry.cell.id.map { "cell \($0)" } ?? "cell \(number + 1)"
      onCell(label, number + 1, cells.count)
      let run = session.runCell(entry.cell.code, label: label, id: entry.cell.id)
      runs.append(run)
      if let error = run.error, !entry.cell.expectsError || error.code == .cancelled {
        // The error is thrown and shown once, with its place.
        var shown = run
        shown.text.removeLast(run.errorText.count)
        onRun(shown)
        failure = error.placed(
          in: label, line: entry.cell.line, file: path, rendered: run.errorText)
        return
      }
      onRun(run)
      Progress.shared.advance(1)
      if run.error == nil, entry.cell.expectsError {
        failure = Diagnostic(
          .differs, "\(label) (line \(entry.cell.line)) was meant to fail and did not")
        return
      }
    }
  }

  /// The lines that the notebook at `path`, absolute, runs: it is replayed in a session like `session`,
  /// and what it exports is thrown away. Throws the error of a cell that fails.
  package static func lines(of path: String, like session: Session) throws -> [Step] {
    var replay = try Replay(path: path)
    let scratch = try ScratchFolder()
    let fresh = session.fresh(
      files: FileAccess(
        base: replay.folder,
        policy: .confined(readable: [replay.folder], writable: [replay.folder], pinned: []),
        redirect: scratch.path))
    try replay.prepare(fresh)
    try replay.run(in: fresh)
    if let failure = replay.failure { throw failure }
    return fresh.steps
  }

  private mutating func compareParameters(with lock: Lock?) {
    for parameter in parameters.plain {
      let locked = lock?.parameters.first { $0.name == parameter.name }?.value
      let recorded = locked ?? parameter.defaultValue.literal
      if parameter.value.literal != recorded {
        pinDifferences.append(
          "parameter \(parameter.name) is \(parameter.value.literal), recorded with \(recorded)")
      }
    }
    // Locks of earlier versions have no declarations.
    guard let declared = lock?.declarations, !declared.isEmpty else { return }
    for name in (declared.map(\.name) + parameters.map(\.name)).uniqued {
      let before = declared.first { $0.name == name }?.text
      let now = parameters.first { $0.name == name }?.boundsText
      if before == now { continue }
      pinDifferences.append(
        "parameter \(name) is \(now ?? "not declared"), recorded as \(before ?? "not declared")")
    }
  }

  private mutating func comparePins(_ session: Session) throws {
    var same: Set<String> = []
    for pinned in frontMatter.inputs {
      let file = session.files.absolute(pinned.path)
      guard Path.exists(file) else {
        throw Diagnostic(.noSuchFile, "input \(pinned.path) is missing")
      }
      let (sha256, bytes) = try digest(ofFile: file)
      inputs.append(FrontMatter.Input(path: pinned.path, sha256: sha256, bytes: bytes))
      if sha256 == pinned.sha256 {
        same.insert(file)
        continue
      }
      pinDifferences.append(
        "input \(pinned.path) is not the one pinned: sha256 \(sha256.prefix(12))…, "
          + "recorded \(pinned.sha256.prefix(12))…")
      if (try? session.files.readable(pinned.path)) == nil {
        throw Diagnostic(
          .pinned, "not comparable: \(pinDifferences[pinDifferences.count - 1])",
          notes: ["to read what is there now: --allow \(Path.parent(file))"])
      }
    }
    if case .confined(let readable, let writable, _) = session.files.policy {
      session.files.policy = .confined(readable: readable, writable: writable, pinned: same)
    }
  }

  /// A lock knows the inputs, too: a pin that was edited or taken out is seen.
  private mutating func compareInputs(with lock: Lock?, _ session: Session) throws {
    for locked in lock?.inputs ?? [] {
      if let now = inputs.first(where: { $0.path == locked.path }) {
        let isPinned = frontMatter.inputs.contains {
          $0.path == now.path && $0.sha256 == now.sha256
        }
        if isPinned, now.sha256 != locked.sha256 {
          pinDifferences.append("input \(locked.path) is not the one in \(Path.name(lockPath))")
        }
        continue
      }
      guard let file = try? session.files.readable(locked.path) else { continue }
      let now = Path.exists(file) ? try digest(ofFile: file).sha256 : nil
      if now != locked.sha256 {
        pinDifferences.append("input \(locked.path) is not the one in \(Path.name(lockPath))")
      }
    }
  }

  /// Takes as inputs the files that `session`, in which the notebook has run, read and had not
  /// written itself.
  package mutating func pinInputs(of session: Session) throws {
    var pins: [FrontMatter.Input] = []
    if notebook.cells.contains(where: \.cell.expectsError) { pins = inputs }
    var written: Set<String> = []
    for step in session.steps {
      for file in step.inputs where !written.contains(file) {
        let known = inputs.first { session.files.absolute($0.path) == file }
        let path = known?.path ?? Path.relative(file, to: folder)
        if pins.contains(where: { $0.path == path }) { continue }
        let (sha256, bytes) = try digest(ofFile: file)
        pins.append(FrontMatter.Input(path: path, sha256: sha256, bytes: bytes))
      }
      written.formUnion(step.exports)
    }
    inputs = pins
  }

  /// The lock beside the notebook; nil where there is none. Throws `corrupt`.
  package func recordedLock() throws -> Lock? {
    guard Path.exists(lockPath) else { return nil }
    return try Lock(parsing: try readText(lockPath), file: Path.name(lockPath))
  }

  /// Where what was printed or computed differs from the record: from the lock if there is one,
  /// else from the text in the notebook, in cell number `first` and those behind it. Readable lines;
  /// empty when all agree.
  package func differences(from lock: Lock?, first: Int = 1) -> [String] {
    var lines: [String] = []
    let cells = notebook.cells
    var places: [String: [Int]] = [:]
    for (place, cell) in (lock?.cells ?? []).enumerated() {
      if let id = cell.id { places[id, default: []].append(place) }
    }
    var used: Set<Int> = []
    for (number, (entry, run)) in zip(cells, runs).enumerated() {
      let recorded = recordedText(entry.outputIndex)
      let title = "\(run.label) (line \(entry.cell.line))"
      var place: Int? = number
      if let id = entry.cell.id, let known = places[id], known.count == 1 { place = known[0] }
      guard let lock, let place, place < lock.cells.count,
        lock.cells[place].id == entry.cell.id || lock.cells[place].id == nil
      else {
        if recorded != run.text, number + 1 >= first {
          lines += ["\(title): the output differs"] + difference(recorded, run.text)
        }
        continue
      }
      used.insert(place)
      if number + 1 < first { continue }
      if let fault = fault(of: run, recorded: recorded, locked: lock.cells[place]) {
        lines += ["\(title): \(fault)"] + difference(recorded, run.text)
      }
    }
    for (place, cell) in (lock?.cells ?? []).enumerated() where !used.contains(place) {
      let name = cell.id.map { "cell \($0)" } ?? "cell \(place + 1)"
      lines.append("\(name) is in \(Path.name(lockPath)) but not in the notebook")
    }
    return lines
  }

  /// What differs from the lock; nil where nothing does, or numbers within the tolerance.
  private func fault(of run: CellRun, recorded: String, locked: Lock.Cell) -> String? {
    if digest(recorded) != locked.output { return "the recorded output is not what the lock says" }
    if digest(run.text) == locked.output { return nil }
    let (now, before) = (JSONValue.array(run.values), JSONValue.array(locked.values))
    if !now.agrees(with: before, tolerance: frontMatter.tolerance) { return "the values differ" }
    // The same values shown otherwise: a difference in words or in what has no value.
    return now == before ? "what is shown differs" : nil
  }

  /// The output that stands at a place among the notebook's elements, or in the file it names.
  func recordedText(_ index: Int?) -> String {
    guard let index, case .output(let output) = notebook.elements[index] else { return "" }
    guard let file = output.file else { return output.text }
    if let spill = spills[file] { return spill }
    // The notebook says where its output lies, and must not make other files be shown.
    let place = Path.normalized(folder + "/" + file)
    guard Path.contains(folder, Path.real(place)) else { return output.text }
    return (try? readText(place)) ?? output.text
  }

  /// The lock of this run.
  package var lock: Lock {
    Lock(
      inputs: inputs, parameters: parameters, runs: runs)
  }
}

extension Diagnostic {
  /// The error with the cell it arose in and, as it is `rendered` there, the line at fault.
  func placed(in label: String, line: Int, file: String, rendered: String) -> Diagnostic {
    var error = self
    error.span = nil
    error.label = nil
    error.hints = []
    let excerpt = rendered.split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) }
    error.notes = ["in \(label), \(Path.name(file)) line \(line)"] + excerpt
    return error
  }
}

extension Session {
  /// Declares parameters that a notebook's front matter has, with the values to use.
  package func declare(_ parameters: [Parameter]) {
    state.parameters = parameters
    for parameter in parameters {
      state.bindings[parameter.name] = parameter.binding
      state.constants.insert(parameter.name)
    }
  }
}
