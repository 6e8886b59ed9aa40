import Columnar
import Display
import Language
import Notebooks

/// What passes from one step to another: tables and values as Arrow, models as `.kzm`.
extension PipelineRun {
  /// Where an artifact lies.
  func file(of artifact: PipelineSpec.Artifact) -> String {
    let ending = if case .model = artifact.kind { "kzm" } else { "arrow" }
    // A name in backticks may hold anything; a file's name must not.
    let name = artifact.name
    let isPlain =
      name.utf8.count <= 60
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let stem = isPlain ? name : String(digest(name).prefix(16))
    return "\(store)/artifacts/\(artifact.step).\(stem).\(ending)"
  }

  /// A session in which all that the step needs is bound. Throws `no-such-file` where that has not
  /// been made yet.
  package func worker(for step: PipelineSpec.Step, like session: Session) throws -> Session {
    let worker = self.session(for: step, like: session)
    try bindNeeds(of: step, in: worker)
    return worker
  }

  func bindNeeds(of step: PipelineSpec.Step, in worker: Session) throws {
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
        worker.bind(artifact.name, to: .frame(try read(schema, path, in: worker)))
      case .scalar(let type):
        let schema = Schema([.init(name: "value", type: type)])
        let frame = try read(schema, path, in: worker)
        guard frame.rowCount == 1 else {
          throw Diagnostic(.corrupt, "\(path) is damaged", notes: ["run step \(artifact.step)"])
        }
        worker.bind(artifact.name, to: .scalar(frame.columns[0][0]))
      }
    }
  }

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
        try write(frame, as: schema, path, in: worker)
      case .scalar(let type):
        guard case .scalar(let value) = try worker.value(of: Name(name)) else {
          throw Diagnostic(.type, "`\(name)` is not one value, as pipeline.yaml says")
        }
        let column = try Column.scalars([value], type: type)
        let frame = Frame(names: ["value"], columns: [column])
        try write(frame, as: frame.schema, path, in: worker)
      }
    }
  }

  private static let fileName = "_artifact"

  /// Reads a table, which must have the types that the pipeline says.
  private func read(_ schema: Schema, _ path: String, in worker: Session) throws -> Frame {
    try worker.run("load \(Scalar.text(path).literal) as \(Self.fileName)")
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
    try worker.run("export \(Self.fileName) \(Scalar.text(path).literal)")
    worker.forget(Self.fileName)
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
