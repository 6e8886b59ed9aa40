import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What passes from one step to another: tables and values as Arrow, models as `.kzm`.
extension PipelineRun {
  /// A session in which all that the step needs is bound, from what the store has. Throws
  /// `no-such-file` where that has not been made yet.
  package func worker(for step: PipelineSpec.Step, like session: Session) throws -> Session {
    var records: [String: StepRecord] = [:]
    try gatherRecords(for: step, into: &records)
    return try worker(for: step, needs: try needs(of: step, records), like: session)
  }

  /// A session in which these objects are bound under the names of their artifacts.
  package func worker(
    for step: PipelineSpec.Step, needs: [(id: String, object: String)], like session: Session
  ) throws -> Session {
    let worker = self.session(for: step, like: session)
    try bind(needs, in: worker)
    return worker
  }

  func bind(_ needs: [(id: String, object: String)], in worker: Session) throws {
    for need in needs {
      guard let artifact = spec.artifacts.first(where: { $0.id == need.id }) else { continue }
      let path = store.object(need.object)
      guard store.isSound(need.object) else {
        throw Diagnostic(
          .corrupt, "artifact \(need.id) is not what it was", notes: ["file: \(path)"],
          hints: ["run the pipeline: it makes what is damaged anew"])
      }
      switch artifact.kind {
      case .model:
        try withStore(worker) {
          try worker.run("load \(Scalar.text(path).literal) as \(quoted(artifact.name))")
        }
      case .frame(let schema):
        worker.bind(artifact.name, to: .frame(try read(schema, path, in: worker)))
        worker.trace(artifact.name, .whole([artifact.id], columns: schema.names))
      case .scalar(let type):
        let schema = Schema([.init(name: "value", type: type)])
        let frame = try read(schema, path, in: worker)
        guard frame.rowCount == 1 else {
          throw Diagnostic(.corrupt, "\(path) is damaged", notes: ["run step \(artifact.step)"])
        }
        worker.bind(artifact.name, to: .scalar(frame.columns[0][0]))
      }
    }
    worker.forgetHistory()
  }

  /// Keeps what the step gives, from the session in which it has run, and returns the objects by
  /// name. Throws where that is not what the file says.
  package func keep(
    _ step: PipelineSpec.Step, in worker: Session
  ) throws -> [(name: String, object: String)] {
    var kept: [(name: String, object: String)] = []
    for name in step.gives {
      guard let artifact = spec.artifacts.first(where: { $0.step == step.id && $0.name == name })
      else { continue }
      let ending = if case .model = artifact.kind { ".kzm" } else { ".arrow" }
      let path = try store.temporary(ending)
      defer { unlink(path) }
      switch artifact.kind {
      case .model:
        try withStore(worker) {
          try worker.run("export \(quoted(name)) \(Scalar.text(path).literal)")
        }
      case .frame(let schema):
        let frame = try worker.frame(of: Name(name))
        guard fits(frame, schema) else {
          throw Diagnostic(
            .type, "`\(name)` has other columns or types than pipeline.yaml says",
            notes: ["pipeline.yaml: \(describe(schema))", "now: \(describe(frame.schema))"])
        }
        try write(frame, as: schema, path, in: worker)
      case .scalar(let type):
        guard case .scalar(let value) = try worker.value(of: Name(name)) else {
          throw Diagnostic(.type, "`\(name)` is not one value, as pipeline.yaml says")
        }
        let column = try Column.scalars([value], type: type)
        let frame = Frame(names: ["value"], columns: [column])
        try write(frame, as: frame.schema, path, in: worker)
      }
      kept.append((name, try store.adopt(path, ending: ending)))
    }
    return kept
  }

  private static let fileName = "_artifact"

  /// Lets a session at the store while `body` runs: steps have no business there. What is read and
  /// written then is none of the step's inputs and outputs.
  private func withStore(_ worker: Session, _ body: () throws -> Void) throws {
    let (files, steps) = (worker.files, worker.steps.count)
    worker.files = FileAccess(base: root)
    let show = worker.onOutput
    worker.onOutput = { _ in }
    defer {
      worker.files = files
      worker.onOutput = show
      worker.dropSteps(after: steps)
    }
    try body()
  }

  /// Reads a table, which must have the types that the pipeline says.
  private func read(_ schema: Schema, _ path: String, in worker: Session) throws -> Frame {
    try withStore(worker) {
      try worker.run("load \(Scalar.text(path).literal) as \(Self.fileName)")
    }
    let frame = try worker.frame(of: Name(Self.fileName))
    worker.forget(Self.fileName)
    guard frame.schema.fields.map(\.type) == schema.fields.map(\.type) else {
      throw Diagnostic(
        .corrupt, "\(path) has other columns than pipeline.yaml says",
        notes: ["pipeline.yaml: \(describe(schema))", "the file: \(describe(frame.schema))"],
        hints: ["run the step that makes it"])
    }
    return Frame(names: schema.names, columns: frame.columns, rowCount: frame.rowCount)
  }

  private func write(
    _ frame: Frame, as schema: Schema, _ path: String, in worker: Session
  ) throws {
    let columns = try zip(frame.columns, schema.fields).map { try $0.widened(to: $1.type) }
    worker.bind(
      Self.fileName,
      to: .frame(Frame(names: schema.names, columns: columns, rowCount: frame.rowCount)))
    defer { worker.forget(Self.fileName) }
    try withStore(worker) {
      try worker.run("export \(Self.fileName) \(Scalar.text(path).literal)")
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
