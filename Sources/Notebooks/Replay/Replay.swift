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

  /// A replay of a notebook that is not written yet, for a file at `path`.
  package init(_ notebook: NotebookFile, path: String) throws {
    self.path = path
    self.notebook = notebook
    frontMatter = try notebook.frontMatter.map { try FrontMatter(parsing: $0) } ?? FrontMatter()
  }

  /// The folder that the notebook's paths are relative to.
  package var folder: String { Path.parent(path) }

  package var lockPath: String { path + ".lock" }

  /// Runs all cells in `session`, a fresh one whose base is the notebook's folder. `arguments` are
  /// parameter values as typed, by name; `onCell` is told of each cell before it runs.
  package mutating func run(
    in session: Session, arguments: [(name: String, value: String)],
    onCell: (_ label: String, _ number: Int, _ of: Int) -> Void = { _, _, _ in },
    onRun: (CellRun) -> Void = { _ in }
  ) throws {
    try declareParameters(in: session, arguments)
    try comparePins(session)
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

  private mutating func declareParameters(
    in session: Session, _ arguments: [(name: String, value: String)]
  ) throws {
    parameters = try frontMatter.parameters.given(arguments, file: Path.name(path))
    session.declare(parameters)
  }

  /// Compares parameters and inputs with what the outputs were recorded for.
  private mutating func comparePins(_ session: Session) throws {
    for parameter in parameters where parameter.value != parameter.defaultValue {
      pinDifferences.append(
        "parameter \(parameter.name) is \(parameter.value.literal), recorded with "
          + parameter.defaultValue.literal)
    }
    for pinned in frontMatter.inputs {
      let file = session.files.absolute(pinned.path)
      guard Path.exists(file) else {
        throw Diagnostic(.noSuchFile, "input \(pinned.path) is missing")
      }
      let (sha256, bytes) = try digest(ofFile: file)
      inputs.append(FrontMatter.Input(path: pinned.path, sha256: sha256, bytes: bytes))
      if sha256 != pinned.sha256 {
        pinDifferences.append(
          "input \(pinned.path) is not the one pinned: sha256 \(sha256.prefix(12))…, "
            + "recorded \(pinned.sha256.prefix(12))…")
      }
    }
  }

  /// Where what was printed or computed differs from the record: from the lock if there is one,
  /// else from the text in the notebook. Readable lines; empty when all agree.
  package func differences() throws -> [String] {
    try differences(
      from: Path.exists(lockPath)
        ? try Lock(parsing: try readText(lockPath), file: Path.name(lockPath)) : nil)
  }

  func differences(from lock: Lock?) throws -> [String] {
    var lines: [String] = []
    let cells = notebook.cells
    if let lock, lock.cells.count != cells.count {
      lines.append(
        "\(Path.name(path)) has \(cells.count) cells, its lock \(lock.cells.count)")
    }
    for (number, (entry, run)) in zip(cells, runs).enumerated() {
      let recorded = recordedText(entry.outputIndex)
      let place = "\(run.label) (line \(entry.cell.line))"
      guard let lock, number < lock.cells.count else {
        if recorded != run.text {
          lines += ["\(place): the output differs"] + difference(recorded, run.text)
        }
        continue
      }
      if digest(recorded) != lock.cells[number].output {
        lines += ["\(place): the recorded output is not what the lock says"]
        lines += difference(recorded, run.text)
      } else if !JSONValue.array(run.values).agrees(
        with: .array(lock.cells[number].values), tolerance: frontMatter.tolerance)
      {
        lines += ["\(place): the values differ"] + difference(recorded, run.text)
      }
    }
    return lines
  }

  private func recordedText(_ index: Int?) -> String {
    guard let index, case .output(let output) = notebook.elements[index] else { return "" }
    guard let file = output.file else { return output.text }
    return (try? readText(folder + "/" + file)) ?? output.text
  }

  /// The lock of this run.
  package var lock: Lock {
    Lock(
      inputs: inputs, parameters: parameters.map { ($0.name, $0.value.literal) }, runs: runs)
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
    for parameter in parameters { state.bindings[parameter.name] = .scalar(parameter.value) }
  }
}
