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

  private var store: String { folder + "/.kaizen" }

  /// The folder that paths in programs are relative to.
  private var root: String { Path.normalized(folder + "/" + spec.root) }

  private func file(of artifact: PipelineSpec.Artifact) -> String {
    let ending = if case .model = artifact.kind { "kzm" } else { "csv" }
    // A name in backticks may hold anything; a file's name must not.
    let name = artifact.name
    let isPlain =
      name.utf8.count <= 60
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let stem = isPlain ? name : String(digest(name).prefix(16))
    return "\(store)/artifacts/\(artifact.step).\(stem).\(ending)"
  }

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

  private func session(for step: PipelineSpec.Step, like session: Session) -> Session {
    let inputs = Set(spec.steps.flatMap(\.inputs).map { Path.normalized(root + "/" + $0) })
    let worker = session.fresh(
      files: FileAccess(
        base: root,
        policy: .confined(readable: [root, folder], writable: [root, folder], pinned: inputs)))
    worker.declare(parameters)
    return worker
  }

  /// A session in which all that the step needs is bound. Throws `no-such-file` where that has not
  /// been made yet.
  package func worker(for step: PipelineSpec.Step, like session: Session) throws -> Session {
    let worker = self.session(for: step, like: session)
    try bindNeeds(of: step, in: worker)
    return worker
  }

  private func bindNeeds(of step: PipelineSpec.Step, in worker: Session) throws {
    for need in step.needs {
      guard let artifact = spec.artifacts.first(where: { $0.id == need }) else { continue }
      let path = file(of: artifact)
      guard Path.exists(path) else {
        throw Diagnostic(
          .noSuchFile,
          "step \(step.id) needs `\(need)`, which step \(artifact.step) has not made yet")
      }
      switch artifact.kind {
      case .model:
        try worker.run("load \(Scalar.text(path).literal) as \(quoted(artifact.name))")
      case .frame(let schema):
        try worker.run(load(schema, artifact.name, path))
        // The filler of `keep`.
        if schema.fields.count == 1 {
          try worker.run("\(quoted(artifact.name)) |= select \(quoted(schema.fields[0].name))")
        }
      case .scalar(let type):
        try worker.run(load(Schema([.init(name: "value", type: type)]), artifact.name, path))
        let frame = try worker.frame(of: Name(artifact.name))
        guard frame.rowCount == 1, let column = frame.columns.first else {
          throw Diagnostic(.corrupt, "\(path) is damaged", notes: ["run step \(artifact.step)"])
        }
        worker.bind(artifact.name, to: .scalar(column[0]))
      }
    }
  }

  /// The line that reads a table with the types that it had, and nothing taken for null but nothing.
  private func load(_ schema: Schema, _ name: String, _ path: String) -> String {
    var fields = schema.fields.map { "\(quoted($0.name)): \($0.type.rawValue)" }
    if fields.count == 1 { fields.append("\(quoted(filler(schema.fields[0].name))): int") }
    return "load \(Scalar.text(path).literal) as \(quoted(name)) null=[] header=true sep=\",\" "
      + "types={\(fields.joined(separator: ", "))}"
  }

  /// In a table of one column a null would be an empty line, which readers skip: it gets another.
  private func filler(_ name: String) -> String { name == "_filler" ? "_filler_2" : "_filler" }

  /// Keeps what the step gives, from the session in which it has run. Throws where that is not
  /// what the file says.
  package func keep(_ step: PipelineSpec.Step, in worker: Session) throws {
    for name in step.gives {
      guard let artifact = spec.artifacts.first(where: { $0.step == step.id && $0.name == name })
      else { continue }
      let path = file(of: artifact)
      switch artifact.kind {
      case .model: try worker.run("export \(quoted(name)) \(Scalar.text(path).literal)")
      case .frame(let schema):
        let frame = try worker.frame(of: Name(name))
        guard fits(frame, schema) else {
          throw Diagnostic(
            .type, "`\(name)` has other columns or types than pipeline.yaml says",
            notes: ["pipeline.yaml: \(describe(schema))", "now: \(describe(frame.schema))"])
        }
        let filling =
          frame.columns.count == 1 ? " | derive \(quoted(filler(frame.names[0]))) = 0" : ""
        try worker.run("\(quoted(name))\(filling) | export \(Scalar.text(path).literal)")
      case .scalar(let type):
        guard case .scalar(let value) = try worker.value(of: Name(name)) else {
          throw Diagnostic(.type, "`\(name)` is not one value, as pipeline.yaml says")
        }
        let columns = [
          try Column.scalars([value], type: type), try Column.scalars([.int(0)], type: .int),
        ]
        worker.bind(
          "_value", to: .frame(Frame(names: ["value", "_filler"], columns: columns)))
        try worker.run("_value | export \(Scalar.text(path).literal)")
      }
    }
  }

  /// Whether a table can be read back with the types of `schema`, none of its values changed: other
  /// data may have whole numbers only where there were fractions, or nothing at all.
  private func fits(_ frame: Frame, _ schema: Schema) -> Bool {
    guard frame.names == schema.names else { return false }
    return zip(frame.columns, schema.fields).allSatisfy { column, field in
      switch (column.type, field.type) {
      case (.int, .float), (.date, .datetime): true
      case (let now, let then): now == then || column.nullCount == column.count
      }
    }
  }

  private func describe(_ schema: Schema) -> String {
    schema.fields.map { "\($0.name) \($0.type.rawValue)" }.joined(separator: ", ")
  }

  private func quoted(_ name: String) -> String {
    Language.print(Expr(.name(name), Span(0, 0)))
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
