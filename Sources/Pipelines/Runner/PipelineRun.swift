import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The program that runs a step, as far as its results depend on it.
package enum Engine {
  package static let version = "0.1.0"

  /// The path of this program, to start it again.
  package static var program: String {
    #if canImport(Glibc)
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = bytes.withUnsafeMutableBytes { buffer in
        // SAFETY: readlink writes at most as many bytes as the buffer has.
        buffer.withMemoryRebound(to: CChar.self) {
          readlink("/proc/self/exe", $0.baseAddress!, $0.count)
        }
      }
      if count > 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
    #endif
    return CommandLine.arguments[0]
  }
}

/// A pipeline with values for its parameters, ready to run its steps, each in a session of its own.
package struct PipelineRun: Sendable {
  package let spec: PipelineSpec
  /// Absolute.
  package let path: String
  /// The file's folder.
  package let folder: String
  /// Parameters with the values to use.
  package let parameters: [Parameter]
  /// What the file's digest says of hand edits; nil where it is as it was made.
  package let warning: String?
  /// The SHA-256 of the file.
  package let sha256: String
  package let store: Store

  /// Reads a pipeline and its parameter values as typed. What steps give is kept in `store`, absolute,
  /// or beside the file in `.kaizen/`. Throws `no-such-file`, `syntax`, `unknown-parameter` and
  /// `parameter-type`.
  package init(
    path: String, arguments: [(name: String, value: String)], store: String? = nil
  ) throws {
    try self.init(path: path, store: store) { _ in arguments }
  }

  /// The same with values that go by what the file says.
  package init(
    path: String, store: String? = nil,
    arguments: (PipelineSpec) throws -> [(name: String, value: String)]
  ) throws {
    let text = try readText(path)
    let spec = try PipelineSpec(parsing: text, file: Path.name(path))
    parameters = try spec.parameters.given(try arguments(spec), file: Path.name(path))
    self.spec = spec
    self.path = path
    folder = Path.parent(path)
    sha256 = digest(text)
    warning = PipelineLock.editWarning(of: path, text: text)
    self.store = Store(root: store ?? Path.parent(path) + "/.kaizen")
  }

  /// The folder that paths in programs are relative to.
  package var root: String { Path.normalized(folder + "/" + spec.root) }

  /// Runs one step, or takes what an earlier run with the same key gave: binds what it needs, runs
  /// its program, keeps what it gives, and writes its log and outcome. Another runner that runs the
  /// same is waited for. Throws only where not even the outcome can be written.
  ///
  /// `given` are the objects of what it needs; without them they are looked for in the store.
  package func run(
    _ step: PipelineSpec.Step, needs given: [(id: String, object: String)]? = nil,
    like session: Session, run: RunFolder? = nil
  ) throws -> StepOutcome {
    let start = monotonicSeconds()
    var outcome = StepOutcome(step: step.id, seconds: 0)
    var log = ""
    do {
      let use = try FileLock.acquire(store.useLock, shared: true)
      defer { withExtendedLifetime(use) {} }
      if let given {
        outcome.needs = given
      } else {
        var records: [String: StepRecord] = [:]
        try gatherRecords(for: step, into: &records)
        outcome.needs = try needs(of: step, records)
      }
      let key = try key(of: step, needs: outcome.needs)
      outcome.key = key
      let lock = try FileLock.acquire(store.lock(key)) { log += "waiting for another runner\n" }
      defer { withExtendedLifetime(lock) {} }
      if let record = try soundRecord(key) {
        try restoreOutputs(record)
        outcome.isReused = true
        outcome.record = record
        log += "nothing it depends on has changed: taken from the store\n"
      } else {
        let record = try perform(step, key: key, needs: outcome.needs, like: session, log: &log)
        try Path.createFolders(store.root + "/records")
        try writeText(record.json.indentedText + "\n", to: store.record(key))
        outcome.record = record
      }
    } catch {
      var diagnostic = session.diagnostic(error)
      diagnostic.span = nil
      diagnostic.notes.insert("in step \(step.id)", at: 0)
      outcome.error = diagnostic
    }
    outcome.seconds = monotonicSeconds() - start
    try write(outcome, log: log, run: run)
    return outcome
  }

  /// Writes a step's log and outcome into `steps/ID/`, and into the run's folder.
  func write(_ outcome: StepOutcome, log: String?, run: RunFolder?) throws {
    var places = ["\(store.root)/steps/\(outcome.step)"]
    if let run { places.append(run.place(of: outcome.step)) }
    for place in places {
      try Path.createFolders(place)
      if let log { try writeText(log, to: place + "/log.txt") }
      try writeText(outcome.json.indentedText + "\n", to: place + "/outcome.json")
    }
  }

  private func perform(
    _ step: PipelineSpec.Step, key: String, needs: [(id: String, object: String)],
    like session: Session, log: inout String
  ) throws -> StepRecord {
    let worker = self.session(for: step, like: session)
    var shown = ""
    worker.onOutput = { shown += $0.text(.notebook) }
    defer { log += shown }
    try bind(needs, in: worker)
    for entry in splitEntries(step.program, grammar: worker.grammar) {
      shown += "› \(entry.text)\n"
      do {
        try worker.run(entry.text)
      } catch {
        let diagnostic = worker.diagnostic(error)
        shown += diagnostic.render(source: entry.text) + "\n"
        throw diagnostic
      }
    }
    var record = StepRecord(step: step.id, key: key)
    record.metrics = worker.steps.flatMap(\.outputs).flatMap(\.metrics)
    record.artifacts = try keep(step, in: worker)
    for name in step.gives {
      record.trace("\(step.id).\(name)", worker.lineage(of: name), root: root)
    }
    for (file, lineage) in worker.steps.flatMap(\.lineages) {
      record.trace(Path.relative(file, to: root), lineage, root: root)
    }
    let written = worker.steps.flatMap(\.exports).uniqued
    for file in written {
      record.outputs.append((Path.relative(file, to: root), try store.copyIn(file)))
    }
    for file in worker.steps.flatMap(\.inputs).uniqued where !written.contains(file) {
      record.inputs.append((Path.relative(file, to: root), try digest(ofFile: file).sha256))
    }
    return record
  }

  /// A session in which a step may run: the parameters are bound.
  func session(for step: PipelineSpec.Step, like session: Session) -> Session {
    let inputs = Set(spec.steps.flatMap(\.inputs).map { Path.normalized(root + "/" + $0) })
    let worker = session.fresh(
      files: FileAccess(
        base: root,
        policy: .confined(readable: [root, folder], writable: [root, folder], pinned: inputs)))
    worker.tracesColumns = true
    worker.declare(parameters)
    return worker
  }
}
