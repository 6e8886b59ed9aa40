import Columnar
import Display
import Language

/// Writing a session as a notebook.
extension Session {
  /// A notebook of the recorded lines, for a file at `path` (absolute): its text, its lock and the
  /// outputs that lie beside it. Paths in it are relative to the file's folder.
  ///
  /// Throws `not-reproducible` for a line that cannot run again.
  package func notebook(at path: String) throws -> SavedNotebook {
    let folder = Path.parent(path)
    var matter = FrontMatter()
    matter.parameters = state.parameters
    var draft = NotebookDraft(name: Path.stem(path))
    var inputs: [String] = []
    var written: Set<String> = []
    for step in steps where step.recording == .recorded {
      if case .prose(let text) = step.statement.kind {
        draft.add(prose: text)
        continue
      }
      if case .parameter = step.statement.kind { continue }
      try refuseIrreproducible(step)
      let statement = step.statement.relocated(from: files.base, to: folder, catalog: catalog)
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
      let (sha256, bytes) = try digest(ofFile: input)
      matter.inputs.append(
        FrontMatter.Input(
          path: Path.relative(input, to: folder), sha256: sha256, bytes: bytes))
    }
    return draft.saved(frontMatter: matter, path: path, exports: written.sorted())
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

  func saved(frontMatter: FrontMatter, path: String, exports: [String]) -> SavedNotebook {
    var elements: [NotebookFile.Element] = [.frontMatter(frontMatter.text)]
    var runs: [CellRun] = []
    var spills: [(path: String, text: String)] = []
    var needsTitle = true
    if case .prose(let text)? = parts.first, text.hasPrefix("#") { needsTitle = false }
    if needsTitle { elements.append(.prose("\n# \(name)\n")) }
    for part in parts {
      elements.append(.prose("\n"))
      switch part {
      case .prose(let text): elements.append(.prose(text + "\n"))
      case .cell(let code, let text, let values):
        let id = NotebookFile.id(of: code, ordinal: runs.count + 1)
        elements.append(.cell(NotebookFile.Cell(code: code, attributes: [("id", id)])))
        runs.append(CellRun(label: "cell \(id)", id: id, text: text, values: values))
        if !text.isEmpty {
          elements.append(.output(recorded(text, id: id, path: path, spills: &spills)))
        }
      }
    }
    let lock = Lock(
      inputs: frontMatter.inputs,
      parameters: frontMatter.parameters.map { ($0.name, $0.defaultValue.literal) }, runs: runs)
    return SavedNotebook(
      file: NotebookFile(elements: elements), lock: lock, spills: spills, lineCount: lineCount,
      cellCount: runs.count, exports: exports)
  }

  private func recorded(
    _ text: String, id: String, path: String, spills: inout [(path: String, text: String)]
  ) -> NotebookFile.RecordedOutput {
    guard text.utf8.count > Replay.spillLimit else {
      return NotebookFile.RecordedOutput(text: text, attributes: [("id", id)])
    }
    let file = "\(name)_files/\(id).txt"
    spills.append((file, text))
    return NotebookFile.RecordedOutput(
      text: "\(text.unixLines.count) lines in \(file)\n",
      attributes: [("id", id), ("file", file)])
  }
}

extension Statement {
  /// The statement with the paths of its files, relative to `base`, made relative to `folder`.
  func relocated(from base: String, to folder: String, catalog: VerbCatalog) -> Statement {
    return mapPipelines { pipeline in
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

    func relocated(_ item: Item) -> Item {
      guard case .text(let path) = item.value.kind else { return item }
      var item = item
      let absolute = Path.normalized(path.hasPrefix("/") ? path : base + "/" + path)
      item.value.kind = .text(Path.relative(absolute, to: folder))
      return item
    }
  }

  /// Calls whose value is another one at each run.
  var irreproducibleCalls: [String] {
    var calls: [String] = []
    let names: Set<String> = ["today", "now", "random", "uuid"]
    func look(_ expression: Expr) -> Expr {
      _ = expression.rewritten { part in
        if case .call(let function, let arguments) = part.kind, names.contains(function.text),
          arguments.isEmpty
        {
          calls.append("\(function.text)()")
        }
        return part
      }
      return expression
    }
    switch kind {
    case .expression(let expression), .bind(_, .expression(let expression)): _ = look(expression)
    case .definition(let definition):
      if case .expression(let expression) = definition.body { _ = look(expression) }
    default: break
    }
    _ = mapPipelines { pipeline in
      for stage in pipeline.stages { _ = stage.mapExpressions(look) }
      return pipeline
    }
    return calls
  }
}
