import Columnar
import Display
import Language
import Query

/// The names, the current frame and the recorded lines of one sitting: the only big mutable thing.
///
/// Lives on one thread. A line that fails changes nothing.
package final class Session {
  package internal(set) var state = SessionState() {
    // A line that is taken back takes back the folder, too.
    didSet { if let folder = state.folder, folder != files.base { files.base = folder } }
  }
  package let catalog: VerbCatalog
  package var files: FileAccess
  /// Whether a person types: then hints name keys, and random seeds may be drawn.
  package var isInteractive = false
  /// Whether `! text` may run a shell and the like.
  package var allowsShell = false
  /// How many rows of a streamed frame are read to be shown: as many as a notebook has; nil for all,
  /// where what is shown is for programs.
  package var shownRows = RenderContext.notebook.rowLimit
  /// Takes each output as soon as it is there. What it throws ends the line, as `cancelled` after
  /// Ctrl-C in the middle of a long table.
  package var onOutput: (Output) throws -> Void = { _ in }
  /// What has run so far, oldest first: what `undo` goes back over and `save` writes.
  package internal(set) var steps: [Step] = []
  package internal(set) var undone: [Step] = []
  /// Values that `-p` gives to parameters, by name; taken by their declarations.
  package var parameterValues: [String: Scalar] = [:]
  /// The database in which replays are recorded, absolute; nil where they are not.
  package var runHistory: String?
  /// What the operators of the last run did, for `time`.
  package var lastReport: ExecutionReport?
  /// Whether the tables of former lines may be given up: not where somebody reads the steps later.
  private(set) var givesUpTables = true
  /// Set by `exit`.
  package var isOver = false
  /// Where lines are noted as they run; nil notes none.
  package var journal: Journal?

  /// The front matter of the notebook that was opened, which a saved one keeps.
  var openedMatter: (raw: String, parsed: FrontMatter)?
  /// What `snapshot` has kept, by name.
  var snapshots: [String: Snapshot] = [:]
  /// The files of lines that are being run, one from another.
  var openSources: [String] = []
  var callDepth = 0
  /// Whether it is noted where columns come from: in the steps of pipelines.
  package var tracesColumns = false
  /// Where the value comes from that flows through the pipeline now, and where that of its source.
  var flow: FrameLineage?
  var origin: FrameLineage?
  /// The names whose rows the pipeline works on: what it reads of them is traced.
  var traced: Set<String> = []
  /// How many statements are running, one from another.
  private var runDepth = 0
  /// The step that is running.
  var step = Step(text: "", statement: Statement(.prose(""), Span(0, 0)))

  package init(catalog: VerbCatalog, files: FileAccess) {
    self.catalog = catalog
    self.files = files
    state.folder = files.base
  }

  package var grammar: Grammar {
    var grammar = catalog.grammar(boundNames: Set(state.bindings.keys))
    grammar.synonyms.merge(state.aliases) { _, alias in alias }
    // A definition is called like a function, even where a verb has its name.
    grammar.functions.formUnion(state.definitions.keys)
    grammar.isInteractive = isInteractive
    return grammar
  }

  /// The first column of times of each frame, that of the current one under no name.
  private var orders: [String: String] {
    var orders: [String: String] = [:]
    for (name, value) in state.bindings {
      let fields = plan(of: value)?.schema.fields
      orders[name] = fields?.first { $0.type == .date || $0.type == .datetime }?.name
    }
    if let current = state.current { orders[""] = orders[current] }
    return orders
  }

  /// Runs one entry, which may hold several lines. Throws a `Diagnostic` whose span lies in `text`.
  package func run(_ text: String) throws {
    do {
      for statement in try Parser.parse(text, grammar: grammar) {
        try run(statement)
        if isOver { return }
      }
    } catch let error as Diagnostic {
      let current = state.current.flatMap { state.bindings[$0] }.flatMap { plan(of: $0) }
      throw error.suggesting(lineOf: text, grammar: grammar, orders: orders)
        .naming(columns: current?.schema.names ?? [], of: state.current, in: text)
    }
  }

  /// Runs one statement, records it and, if it fails, leaves everything as it was.
  package func run(_ statement: Statement) throws {
    let before = state
    let outer = step
    let stepCount = steps.count
    step = Step(text: "", statement: statement)
    runDepth += 1
    defer {
      step = outer
      runDepth -= 1
    }
    do {
      try perform(statement)
    } catch {
      state = before
      throw diagnostic(error)
    }
    defer { if runDepth == 1 { note(since: stepCount) } }
    if step.isOutsideHistory { return }
    step.before = before
    step.after = state
    step.text = step.printed(step.statement, catalog: catalog)
    if step.isChange { undone = [] }
    steps.append(step)
    boundHistory()
  }

  /// Writes what has run into the journal: the steps it came to, or the line where it was none, as
  /// `undo`.
  private func note(since stepCount: Int) {
    guard let journal else { return }
    let new = steps.dropFirst(stepCount)
    for step in new { journal.append(step.text) }
    if new.isEmpty { journal.append(step.printed(step.statement, catalog: catalog)) }
  }

  /// An error of any layer as a diagnostic, with files named from where relative paths start.
  package func diagnostic(_ error: any Error) -> Diagnostic {
    let diagnostic =
      switch error {
      case let diagnostic as Diagnostic: diagnostic
      case let error as DataError: Diagnostic(error, span: nil)
      default: Diagnostic(.io, "\(error)")
      }
    return diagnostic.namingFiles(from: files.base)
  }

  /// Shows an output: hands it to the front end and records it.
  package func show(_ output: Output) throws {
    step.outputs.append(output)
    try onOutput(output)
  }

  /// Shows an output that a replay of the line would not give, as a seed that was drawn: it is not
  /// recorded.
  package func notify(_ output: Output) throws { try onOutput(output) }

  /// Binds a name; part of the running step.
  package func bind(_ name: String, to value: Value) {
    state.bindings[name] = value
    state.lineages[name] = nil
    state.constants.remove(name)
    step.writes.insert(name)
    step.isChange = true
  }

  /// Removes a binding; part of the running step.
  package func forget(_ name: String) {
    state.bindings[name] = nil
    state.lineages[name] = nil
    state.constants.remove(name)
    if state.current == name { state.current = nil }
    step.writes.insert(name)
    step.isChange = true
  }

  /// Makes a bound frame the current one.
  package func use(_ name: String) {
    state.current = name
    step.writes.insert(Step.currentFrame)
    step.isChange = true
  }

  /// Changes settings, which are no part of a notebook.
  package func change(_ edit: (inout Settings) -> Void) {
    edit(&state.settings)
    step.isChange = true
    step.recording = .left
  }

  /// Makes relative paths start from another folder, an absolute one. Saved notebooks have their paths
  /// written from where they are saved, so the line is no part of them.
  package func move(to folder: String) {
    state.folder = folder
    step.isChange = true
    step.recording = .left
  }

  /// Makes a word stand for a verb in what is typed from now on.
  package func alias(_ word: String, for verb: String) {
    state.aliases[word] = verb
    step.isChange = true
    step.recording = .left
  }

  /// The value of a bound name, noted as read. Throws `unknown-name`.
  package func value(of name: Name) throws -> Value {
    if name.text == "_" {
      step.reads.insert(Step.lastShown)
      if let last = state.last { return last }
      throw Diagnostic(.unknownName, "nothing has been shown yet", span: name.span)
    }
    step.reads.insert(name.text)
    if let value = state.bindings[name.text] { return value }
    let names = state.bindings.keys.sorted()
    throw Diagnostic(
      .unknownName, "nothing is bound to `\(name.text)`", span: name.span,
      label: nearest(name.text, among: names).map { "did you mean `\($0)`?" },
      notes: names.isEmpty
        ? ["no frame is loaded yet"] : ["bound: \(names.joined(separator: ", "))"],
      hints: names.isEmpty
        ? ["load \"datasets/penguins.csv\" as \(Language.print(Expr(.name(name.text), name.span)))"]
        : [])
  }

  /// The frame bound to a name, computed if need be.
  package func frame(of name: Name) throws -> Frame {
    let value = try value(of: name)
    guard let frame = try frame(from: value) else {
      throw Diagnostic(
        .type, "`\(name.text)` is \(value.typeName), not a frame", span: name.span)
    }
    return frame
  }

  /// The rows of a value; nil if it is no frame.
  package func frame(from value: Value) throws -> Frame? {
    switch value {
    case .frame(let frame): return frame
    case .plan(let plan):
      let (frame, report) = try Execution.run(plan)
      lastReport = report
      return frame
    default: return nil
    }
  }

  /// A path to read, checked against what the session may touch, and recorded as an input.
  package func input(_ path: String, span: Span? = nil) throws -> String {
    let readable = try files.readable(path, span: span)
    step.inputs.append(files.absolute(path))
    return readable
  }

  /// A path to write, checked against what the session may touch, and recorded as an output.
  package func output(_ path: String, span: Span? = nil) throws -> String {
    let writable = try files.writable(path, span: span)
    step.exports.append(files.absolute(path))
    return writable
  }

  /// Adds an option to a stage of the line as it will be recorded: a seed that was drawn. Returns
  /// false where that cannot be done: in the body of a definition, which is another line, and in a
  /// loop, where each turn would have its own.
  package func recordOption(_ name: String, _ value: Expr, in stage: Stage) -> Bool {
    if callDepth > 0 { return false }
    if case .loop = step.statement.kind { return false }
    if name == "seed" { step.hasDrawnSeed = true }
    step.statement = step.statement.adding(option: name, value: value, toStageAt: stage.span)
    return true
  }

  /// Whether the running line is a pipeline that is shown, not bound to a name.
  package var isRunningBarePipeline: Bool {
    if case .pipeline = step.statement.kind { true } else { false }
  }

  /// Forgets the lines that ran, and what `undo` could bring back: what a program bound before the
  /// lines of its user is not theirs.
  package func forgetHistory() { (steps, undone) = ([], []) }

  /// Forgets the lines behind the first `count`, not what they did.
  package func dropSteps(after count: Int) { steps.removeSubrange(min(count, steps.count)...) }

  /// Marks the running step as one that is neither undone nor recorded.
  package func leaveOutOfHistory() { step.isOutsideHistory = true }

  /// A fresh session with the same verbs and files: for replay.
  package func fresh(files: FileAccess? = nil) -> Session {
    let session = Session(catalog: catalog, files: files ?? self.files)
    session.givesUpTables = false
    return session
  }
}
