import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs the steps of a pipeline, each in a session of its own, with artifacts kept beside the file
/// in `.kaizen/`.
package struct PipelineRun {
  package let spec: PipelineSpec
  /// The file's folder.
  package let folder: String
  /// Parameters with the values to use.
  package let parameters: [Parameter]
  /// What the file's digest says of hand edits; nil where it is as it was made.
  package let warning: String?

  /// Reads a pipeline and its parameter values as typed. Throws `no-such-file`, `syntax`,
  /// `unknown-parameter` and `parameter-type`.
  package init(path: String, arguments: [(name: String, value: String)]) throws {
    let text = try readText(path)
    let spec = try PipelineSpec(parsing: text, file: Path.name(path))
    parameters = try spec.parameters.given(arguments, file: Path.name(path))
    self.spec = spec
    folder = Path.parent(path)
    warning = PipelineLock.editWarning(of: path, text: text)
  }

  var store: String { folder + "/.kaizen" }

  /// The folder that paths in programs are relative to.
  private var root: String { Path.normalized(folder + "/" + spec.root) }

  /// Runs all steps in order; `onStep` is told how each ended. Throws the error of the first that
  /// failed.
  package func run(like session: Session, onStep: (StepOutcome) -> Void) throws {
    Progress.shared.begin("pipeline \(spec.name)", unit: "steps", total: spec.steps.count)
    defer { Progress.shared.end() }
    for step in spec.steps {
      let outcome = try run(step, like: session)
      onStep(outcome)
      if let error = outcome.error { throw error }
      Progress.shared.advance(1)
    }
  }

  /// Runs one step: binds what it needs, runs its program, keeps what it gives, and writes its log
  /// and outcome. Throws only where not even that can be written.
  package func run(_ step: PipelineSpec.Step, like session: Session) throws -> StepOutcome {
    let place = "\(store)/steps/\(step.id)"
    try Path.createFolders(place)
    try Path.createFolders("\(store)/artifacts")
    let start = monotonicSeconds()
    var log = ""
    var failure: Diagnostic?
    let worker = self.session(for: step, like: session)
    worker.onOutput = { log += $0.text(.notebook) }
    // What an earlier run left must not be taken for what this one gives.
    for artifact in spec.artifacts where artifact.step == step.id { unlink(file(of: artifact)) }
    do {
      try bindNeeds(of: step, in: worker)
      for entry in splitEntries(step.program, grammar: worker.grammar) {
        log += "› \(entry.text)\n"
        do {
          try worker.run(entry.text)
        } catch {
          let diagnostic = worker.diagnostic(error)
          log += diagnostic.render(source: entry.text) + "\n"
          throw diagnostic
        }
      }
      try keep(step, in: worker)
    } catch {
      var diagnostic = worker.diagnostic(error)
      diagnostic.span = nil
      diagnostic.notes.insert("in step \(step.id)", at: 0)
      failure = diagnostic
    }
    let outcome = StepOutcome(
      step: step.id, seconds: monotonicSeconds() - start, error: failure,
      outputs: step.outputs.map { root + "/" + $0 })
    try writeText(log, to: place + "/log.txt")
    try writeText(outcome.json.indentedText + "\n", to: place + "/outcome.json")
    return outcome
  }

  func session(for step: PipelineSpec.Step, like session: Session) -> Session {
    let inputs = Set(spec.steps.flatMap(\.inputs).map { Path.normalized(root + "/" + $0) })
    let worker = session.fresh(
      files: FileAccess(
        base: root,
        policy: .confined(readable: [root, folder], writable: [root, folder], pinned: inputs)))
    worker.declare(parameters)
    return worker
  }
}

/// How a step ended.
package struct StepOutcome: Sendable {
  package var step: String
  package var seconds: Double
  package var error: Diagnostic?
  /// Absolute paths of the files it was to write.
  package var outputs: [String]

  /// For `outcome.json`: kind, reason and evidence, since orchestrators flatten exit statuses.
  package var json: JSONValue {
    var facts = [
      Fact("step", .string(step)),
      Fact("kind", .string(error.map { $0.code.rawValue } ?? "done")),
      Fact("exit_status", .int(Int64(error?.code.exitStatus ?? 0))),
    ]
    if let error {
      facts.append(Fact("reason", .string(error.message)))
      facts.append(Fact("evidence", .array(error.notes.map { .string($0) })))
    } else {
      facts.append(
        Fact(
          "outputs",
          .object(
            outputs.compactMap { path in
              (try? digest(ofFile: path)).map { Fact(Path.name(path), .string($0.sha256)) }
            })))
    }
    return .object(facts)
  }
}
