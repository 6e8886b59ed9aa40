import Columnar
import Display
import Language
import Query

/// Writing a session as a notebook.
extension Session {
  /// A notebook of the recorded lines, or of those that `names` need, for a file at `path`
  /// (absolute): its text, its lock and the outputs that lie beside it. Paths in it are relative to
  /// the file's folder.
  ///
  /// Throws `not-reproducible` for a line that cannot run again, `unknown-name` for a name that is
  /// not bound.
  package func notebook(at path: String, for names: [Name] = []) throws -> SavedNotebook {
    let folder = Path.parent(path)
    let steps = try steps(neededBy: names)
    var matter = openedMatter?.parsed ?? FrontMatter()
    matter.parameters = state.parameters
    if !names.isEmpty {
      let used = steps.reduce(into: Set(names.map(\.text))) { $0.formUnion($1.reads) }
      matter.parameters.removeAll { !used.contains($0.name) }
    }
    matter.inputs = []
    var draft = NotebookDraft(name: Path.stem(path))
    var inputs: [String] = []
    var written: Set<String> = []
    for step in steps {
      if case .prose(let text) = step.statement.kind {
        draft.add(prose: text)
        continue
      }
      if case .parameter = step.statement.kind { continue }
      try refuseIrreproducible(step)
      var typedFrom = files
      typedFrom.base = step.before.folder ?? files.base
      let (statement, computed) = step.statement.relocated(
        from: typedFrom, to: folder, catalog: catalog)
      if let computed, folder != typedFrom.base {
        throw Diagnostic(
          .notReproducible,
          "this session cannot be saved into another folder: the path "
            + "\(Language.print(computed)) is computed, and would mean another file there")
      }
      let text = step.printed(statement, catalog: catalog)
      // A file that the notebook itself wrote before is no input of it.
      for input in step.inputs where !written.contains(input) && !inputs.contains(input) {
        inputs.append(input)
      }
      written.formUnion(step.exports)
      draft.add(code: text, outputs: step.outputs)
    }
    draft.finish()
    for input in inputs {
      guard Path.exists(input) else {
        throw Diagnostic(
          .notReproducible,
          "this session cannot be saved: \(Path.relative(input, to: files.base)) "
            + "was read and is no longer there")
      }
      let (sha256, bytes) = try digest(ofFile: input)
      matter.inputs.append(
        FrontMatter.Input(
          path: Path.relative(input, to: folder), sha256: sha256, bytes: bytes))
    }
    return draft.saved(
      frontMatter: matter, over: openedMatter?.raw, path: path, exports: written.sorted())
  }

  private func refuseIrreproducible(_ step: Step) throws {
    for call in step.statement.irreproducibleCalls {
      throw Diagnostic(
        .notReproducible, "this session cannot be saved: `\(call)` is different every time",
        notes: ["line: \(step.text)"], hints: ["param day = @2024-03-01"])
    }
    if step.inputs.contains(where: { $0.hasSuffix("/-") }) {
      throw Diagnostic(
        .notReproducible, "this session cannot be saved: it read standard input",
        notes: ["line: \(step.text)"])
    }
  }
}

/// A notebook ready to be written, and what its trial replay must give again.
package struct SavedNotebook: Sendable {
  package var file: NotebookFile
  package var lock: Lock
  package var spills: [(path: String, text: String)]
  package var lineCount: Int
  package var cellCount: Int
  /// Absolute paths of files that the session exported.
  package var exports: [String]
}

/// Cells and prose as they gather.
private struct NotebookDraft {
  private enum Part {
    case prose(String)
    case cell(code: String, text: String, values: [JSONValue])
  }

  let name: String
  private var parts: [Part] = []
  private var pendingCode: [String] = []
  private var lineCount = 0

  init(name: String) { self.name = name }

  mutating func add(prose text: String) {
    finish()
    if case .prose(let earlier)? = parts.last {
      parts[parts.count - 1] = .prose(earlier + "\n" + text)
    } else {
      parts.append(.prose(text))
    }
  }

  /// A line without output joins the next cell.
  mutating func add(code: String, outputs: [Output]) {
    lineCount += 1
    pendingCode.append(code)
    if outputs.isEmpty { return }
    close(outputs)
  }

  mutating func finish() {
    if !pendingCode.isEmpty { close([]) }
  }

  private mutating func close(_ outputs: [Output]) {
    parts.append(
      .cell(
        code: pendingCode.joined(separator: "\n"),
        text: outputs.map { $0.text(.notebook) }.joined(),
        values: outputs.map(\.recordedValue)))
    pendingCode = []
  }

  func saved(
    frontMatter: FrontMatter, over raw: String?, path: String, exports: [String]
  ) -> SavedNotebook {
    var elements: [NotebookFile.Element] = [.frontMatter(frontMatter.text(over: raw))]
    var runs: [CellRun] = []
    var spills: [(path: String, text: String)] = []
    var needsTitle = true
    if case .prose(let text)? = parts.first, text.hasPrefix("#") { needsTitle = false }
    if needsTitle { elements.append(.prose("\n# \(name)\n")) }
    var ids: Set<String> = []
    for part in parts {
      elements.append(.prose("\n"))
      switch part {
      case .prose(let text): elements.append(.prose(text.withoutOpenFences + "\n"))
      case .cell(let code, let text, let values):
        let id = NotebookFile.id(of: code, ordinal: runs.count + 1, notIn: ids)
        ids.insert(id)
        elements.append(.cell(NotebookFile.Cell(code: code, attributes: [("id", id)])))
        runs.append(CellRun(label: "cell \(id)", id: id, text: text, values: values))
        if !text.isEmpty {
          elements.append(
            .output(
              NotebookFile.RecordedOutput.recording(text, id: id, name: name, spills: &spills)))
        }
      }
    }
    let lock = Lock(
      inputs: frontMatter.inputs,
      parameters: frontMatter.parameters.map(\.withDefault),
      runs: runs)
    return SavedNotebook(
      file: NotebookFile(elements: elements), lock: lock, spills: spills, lineCount: lineCount,
      cellCount: runs.count, exports: exports)
  }
}

extension String {
  /// Prose as it is, or with its fences escaped where they would take in the cells that follow.
  var withoutOpenFences: String {
    let sentinel = "```kaizen\n0\n```\n"
    if let file = try? NotebookFile(parsing: "\n" + self + "\n\n" + sentinel),
      file.elements.count == 2, file.cells.count == 1, file.cells[0].cell.raw == sentinel
    {
      return self
    }
    return unixLines.map { line in
      let text = line.drop { $0 == " " }
      return text.hasPrefix("```") || text.hasPrefix("~~~") ? "\\" + text : line
    }.joined(separator: "\n")
  }
}

extension Statement {
  /// The statement with the paths of its files, as `files` understands them, made relative to
  /// `folder`; and a path that is computed, if there is one, which stays as it is.
  func relocated(
    from files: FileAccess, to folder: String, catalog: VerbCatalog
  ) -> (statement: Statement, computed: Expr?) {
    var computed: Expr?
    let moved = mapPipelines { pipeline in
      var pipeline = pipeline
      pipeline.stages = pipeline.stages.map { stage in
        guard let verb = catalog[stage.verb.text], verb.declaration.takesPaths else {
          return stage
        }
        var stage = stage
        stage.items = stage.items.map { relocated($0) }
        stage.clauses = stage.clauses.map { clause in
          guard case .preposition(let word, let items) = clause.kind else { return clause }
          return Clause(.preposition(word, items.map { relocated($0) }), clause.span)
        }
        return stage
      }
      return pipeline
    }
    return (moved, computed)

    func relocated(_ item: Item) -> Item {
      var item = item
      switch item.value.kind {
      case .text(let path):
        item.value.kind = .text(Path.relative(files.absolute(path), to: folder))
      case .format, .variable: computed = item.value
      default: break
      }
      return item
    }
  }

  /// Calls whose value is another one at each run.
  var irreproducibleCalls: [String] {
    var calls: [String] = []
    func look(_ expression: Expr) -> Expr {
      expression.forEachPart { part in
        if case .call(let function, _) = part.kind, Self.irreproducible.contains(function.text) {
          calls.append("\(function.text)()")
        }
      }
      return expression
    }
    switch kind {
    case .expression(let expression), .bind(_, .expression(let expression)): _ = look(expression)
    case .definition(let definition):
      if case .expression(let expression) = definition.body { _ = look(expression) }
    case .loop(_, let values, let body):
      _ = look(values)
      return calls + body.flatMap(\.irreproducibleCalls)
    default: break
    }
    _ = mapPipelines { pipeline in
      for stage in pipeline.stages { _ = stage.mapExpressions(look) }
      return pipeline
    }
    return calls
  }

  private static let irreproducible = Set(
    Functions.all.filter { !$0.isReproducible }.map(\.name))
}
