import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder in which an orchestrator passes files from step to step.
///
/// A step finds what it needs there, by name, and leaves what it gives: `STEP.NAME.arrow` and
/// `STEP.NAME.kzm`, the same bytes for the same content. Beside them lie `STEP.done`, written last and
/// gone while a step runs, with the digests of what it gave and wrote; `STEP.outcome.json`; and
/// `STEP.log.txt`.
package struct StepFolder: Sendable {
  /// Absolute.
  package let path: String
  /// Where artifacts lie, by id, that are kept elsewhere.
  private let places: [String: String]

  package init(_ path: String, places: [String: String] = [:]) {
    self.path = path
    self.places = places
  }

  static func mark(_ step: String) -> String { "\(step).done" }

  private func file(_ name: String) -> String { "\(path)/\(name)" }

  private func file(_ artifact: PipelineSpec.Artifact) -> String {
    places[artifact.id] ?? file(artifact.fileName)
  }

  /// Objects of what a step needs, by artifact: files of the folder, taken into the store. Throws
  /// `no-such-file` for what no step has left there.
  func needs(
    of step: PipelineSpec.Step, in pipeline: PipelineRun
  ) throws -> [(id: String, object: String)] {
    try pipeline.spec.needed(by: step).map { artifact in
      let file = file(artifact)
      guard Path.exists(file) else {
        throw Diagnostic(
          .noSuchFile,
          "step \(step.id) needs `\(artifact.id)`, which step \(artifact.step) has not left there",
          notes: ["file: \(Path.relative(file, to: Path.current))"])
      }
      return (artifact.id, try pipeline.store.copyIn(file, ending: "." + artifact.fileEnding))
    }
  }

  /// Removes what says that a step is done.
  func forget(_ step: PipelineSpec.Step) throws {
    try Path.createFolders(path)
    unlink(file(Self.mark(step.id)))
  }

  /// Leaves what a step gave, its outcome and log, and if it is done, its mark.
  func keep(
    _ outcome: StepOutcome, of step: PipelineSpec.Step, log: String, in pipeline: PipelineRun
  ) throws {
    try writeText(log, to: file("\(step.id).log.txt"))
    try writeText(outcome.json.indentedText + "\n", to: file("\(step.id).outcome.json"))
    guard outcome.error == nil, let record = outcome.record else { return }
    var files: [Fact] = []
    for artifact in pipeline.spec.given(by: step) {
      guard let object = record.object(of: artifact.name) else { continue }
      try Path.createFolders(Path.parent(file(artifact)))
      try copyFile(pipeline.store.object(object), to: file(artifact))
      files.append(Fact(artifact.fileName, .string(String(object.prefix(64)))))
    }
    for output in record.outputs {
      // One that was taken from the store is older than what it depends on, and make goes by that.
      utimensat(AT_FDCWD, Path.normalized(pipeline.root + "/" + output.path), nil, 0)
    }
    let mark = JSONValue.object([
      Fact("step", .string(step.id)), Fact("artifacts", .object(files)),
      Fact("outputs", .object(record.outputs.map { Fact($0.path, .string($0.object)) })),
    ])
    try writeText(mark.indentedText + "\n", to: file(Self.mark(step.id)))
  }
}

extension PipelineRun {
  /// Runs a step with what `folder` has of what it needs, and leaves there what it gives. Throws only
  /// where that cannot be written.
  package func run(
    _ step: PipelineSpec.Step, in folder: StepFolder, like session: Session
  ) throws -> StepOutcome {
    try folder.forget(step)
    let use = try FileLock.acquire(store.useLock, shared: true)
    defer { withExtendedLifetime(use) {} }
    var outcome: StepOutcome
    do {
      outcome = try run(step, needs: try folder.needs(of: step, in: self), like: session)
    } catch let error as Diagnostic where error.code == .noSuchFile {
      var error = error
      error.notes.append("in step \(step.id)")
      outcome = StepOutcome(step: step.id, seconds: 0, error: error)
      try write(outcome, log: error.render(source: "") + "\n", run: nil)
    }
    // What was done in time is kept in peace.
    if Deadline.clear(), outcome.error?.code == .cancelled {
      outcome.error = Diagnostic(
        .timeout, "step \(step.id) took longer than its \(Seconds.text(step.timeout ?? 0))",
        notes: ["in step \(step.id)"])
      try write(outcome, log: nil, run: nil)
    }
    let log = (try? readText("\(store.root)/steps/\(step.id)/log.txt")) ?? ""
    try folder.keep(outcome, of: step, log: log, in: self)
    return outcome
  }

  /// The values that a file of YAML gives to parameters, as typed. Throws `syntax`.
  package static func values(inFile path: String) throws -> [(name: String, value: String)] {
    let name = Path.name(path)
    guard let node = try YAML.node(try readText(path), of: name) else { return [] }
    guard let mapping = node.mapping else {
      throw Diagnostic(.syntax, "\(name): a mapping of parameter to value is expected")
    }
    return try mapping.map { key, value in
      guard let parameter = key.string, let value = value.scalar?.string else {
        throw Diagnostic(.syntax, "\(name): `\(key.string ?? "?")` is not one value")
      }
      return (parameter, value)
    }
  }
}

extension PipelineSpec.Artifact {
  /// `arrow` or `kzm`
  package var fileEnding: String { if case .model = kind { "kzm" } else { "arrow" } }

  /// The name of its file among those that pass between steps: ASCII letters, digits, `_`, `-` and
  /// `.`. A name in backticks may hold anything, a file's name must not.
  package var fileName: String {
    func plain(_ text: String, _ limit: Int, _ others: String) -> String {
      let isPlain =
        text.utf8.count <= limit
        && text.allSatisfy {
          $0.isASCII && ($0.isLetter || $0.isNumber || others.contains($0))
        }
      // No plain name has a dash, so none is taken for a digest.
      return isPlain ? text : "-" + String(digest(text).prefix(16))
    }
    return "\(plain(step, 100, "-_")).\(plain(name, 60, "_")).\(fileEnding)"
  }
}
