import Columnar
import Display
import Formats
import Language
import Notebooks
import Pipelines
import Terminal
import Verbs

/// Runs lines in a session and writes what they show, in the format asked for.
final class FrontEnd {
  let options: RunOptions
  let session: Session
  let terminal = TerminalInfo.current
  private let progress = ProgressLine {
    let state = Progress.shared.state
    return ProgressLine.Amount(
      label: state.label, unit: state.unit, done: state.done, total: state.total)
  }
  private var isRunning = false
  /// Whether a person is there to turn pages.
  var pages = false

  /// A front end for a new session in the current folder, or for one that is there.
  init(_ options: RunOptions, session: Session? = nil) {
    self.options = options
    self.session =
      session ?? Session(catalog: Registry.catalog, files: FileAccess(base: Path.current))
    let session = self.session
    session.runHistory = RunHistory.standardPath
    applySettings()
    session.onOutput = { [unowned self] output in try write(output) }
  }

  /// What the renderers may use of the place the output goes to.
  var context: RenderContext {
    let settings = session.state.settings
    let isTerminal = terminal.outputIsTerminal
    let usesUnicode = settings.usesUnicode ?? (isTerminal ? terminal.usesUTF8 : true)
    return RenderContext(
      width: settings.width ?? (isTerminal ? terminal.width : 80),
      glyphs: usesUnicode ? .unicode : .ascii,
      usesColor: isTerminal && terminal.usesColor && settings.usesColor && options.usesColor,
      rowLimit: isTerminal ? settings.rows : nil, elides: isTerminal)
  }

  /// Brings what `set` and the options say to the engine.
  func applySettings() {
    let threads = session.state.settings.threads
    Workers.threadCount = threads > 0 ? threads : options.threads
    let memory = session.state.settings.memory
    MemoryBudget.limit = memory > 0 ? memory : options.memory
    session.shownRows =
      terminal.outputIsTerminal && options.format == .text
      ? max(session.state.settings.rows, RenderContext.notebook.rowLimit ?? 0) : nil
  }

  /// Writes what a line shows. Throws `cancelled` after Ctrl-C, with what was laid out until then
  /// written.
  func write(_ output: Output) throws {
    // The line of progress and a result do not share the screen.
    if isRunning { progress.end() }
    defer { if isRunning { progress.begin() } }
    switch options.format {
    case .text: try writeText(output)
    case .json:
      if case .message = output { writeNote(output) } else { writeOutput(output.json()) }
    case .csv: try writeData(output, separator: ",")
    case .tsv: try writeData(output, separator: "\t")
    case .md: writeOutput(output.markdown(context))
    }
  }

  /// Writes words about what was done.
  func write(_ message: Message) {
    // A message is laid out at once: Ctrl-C does not cut it.
    try? write(.message(message))
  }

  private func writeText(_ output: Output) throws {
    let pager = session.state.settings.pager
    guard pages, pager != "off" else { return try output.write(context, to: writeOutput) }
    let text = output.text(context)
    if text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) >= terminal.height {
      // A pager is there to go on: it has the rows that a screen leaves out.
      var context = context
      context.rowLimit = max(context.rowLimit ?? 0, Self.pagedRows)
      if pager != "auto" {
        if Pager.show(output.text(context), with: pager) { return }
      } else if Pager.show(output.paged(context)) {
        // What one screen holds stays behind.
        context = self.context
        context.rowLimit = max(1, min(context.rowLimit ?? 20, terminal.height - 6))
        if case .frame = output { writeOutput(output.text(context)) }
        return
      }
    }
    writeOutput(text)
  }

  /// The rows of a frame that a pager is given: more than anyone turns over, laid out at once.
  private static let pagedRows = 10_000

  /// The table of an output goes to standard output, all else to standard error.
  private func writeData(_ output: Output, separator: Character) throws {
    if case .frame(let output) = output, !output.frame.columns.isEmpty {
      let options = CSVWriter.Options(delimiter: separator == "\t" ? 0x09 : 0x2C)
      try CSVWriter.write(output.frame, options: options, to: writeOutput)
    } else if let text = output.delimited(separator) {
      writeOutput(text)
    } else {
      return writeNote(output)
    }
    var context = context
    context.usesColor = false
    writeError(output.notes(context))
  }

  private func writeNote(_ output: Output) {
    var context = context
    context.usesColor = false
    writeError(output.text(context))
  }

  /// Writes an error with its place in `source`, which begins at line `line` of a script.
  func write(_ diagnostic: Diagnostic, source: String, line: Int = 1) {
    switch options.errors {
    case .text where diagnostic.code == .cancelled:
      writeError("interrupted: nothing has changed\n")
    case .text: writeError(text(of: diagnostic, source: source, line: line) + "\n")
    case .json: writeError(diagnostic.json(source: source, firstLine: line) + "\n")
    }
  }

  /// An error as a person reads it. What was typed stays as it is, whatever signs the rest is in.
  private func text(of diagnostic: Diagnostic, source: String, line: Int) -> String {
    let context = context
    let usesColor = context.usesColor && terminal.errorIsTerminal
    return diagnostic.render(
      source: source, firstLine: line, width: context.width, wrapsHead: terminal.errorIsTerminal
    ) { text, part in
      switch part {
      case .source: text
      case .words: context.glyphs.legible(text)
      case .code, .carets: usesColor ? "\u{1B}[1;31m\(text)\u{1B}[0m" : text
      }
    }
  }

  /// Runs one entry as a command that Ctrl-C can stop; returns the error that ended it.
  func runEntry(_ text: String) -> Diagnostic? {
    beginCommand()
    defer { endCommand() }
    do {
      try session.run(text)
      return nil
    } catch {
      return session.diagnostic(error)
    }
  }

  func beginCommand() {
    Signals.beginCommand()
    progress.begin()
    isRunning = true
  }

  func endCommand() {
    isRunning = false
    progress.end()
    Signals.endCommand()
    applySettings()
  }

  /// Runs a script and stops at its first error. Throws the exit status that it asks for.
  func runScript(_ text: String) throws {
    for entry in splitEntries(text, grammar: session.grammar) {
      if let error = runEntry(entry.text) {
        write(error, source: entry.text, line: entry.line)
        throw ExitStatus(code: error.code.exitStatus)
      }
      if session.isOver { return }
    }
  }

  func runStandardInput() throws {
    var reader = PlainReader()
    var text = ""
    while true {
      switch reader.next() {
      case .text(let line): text += line + "\n"
      case .endOfInput: return try runScript(text)
      case .notUTF8(let line):
        write(
          Diagnostic(.notText, "line \(line) of standard input is not UTF-8 text"), source: "")
        throw ExitStatus(code: 1)
      case .interrupted: throw ExitStatus(code: 130)
      case .failed(let code):
        write(
          Diagnostic(.io, "standard input cannot be read: error \(code)"), source: "")
        throw ExitStatus(code: 1)
      }
    }
  }

  /// Runs `body`; an error that carries no exit status is written first.
  func finish(_ body: () throws -> Void) throws {
    beginCommand()
    do {
      defer { endCommand() }
      try body()
    } catch var error as Diagnostic {
      // Its place lies in a line of the notebook or pipeline, which is not at hand here.
      error.span = nil
      write(error, source: "")
      throw ExitStatus(code: error.code.exitStatus)
    } catch let error as DataError {
      let diagnostic = session.diagnostic(error)
      write(diagnostic, source: "")
      throw ExitStatus(code: diagnostic.code.exitStatus)
    }
  }
}

extension Output {
  /// The output for the pager: all columns of a frame, its names and types as the header.
  fileprivate func paged(_ context: RenderContext) -> PagedText {
    var context = context
    // What fits the screen whole is laid out for it.
    context.elides = isWholeOnScreen(context)
    var lines = text(context).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    if lines.last == "" { lines.removeLast() }
    guard case .frame(let output) = self, !output.frame.columns.isEmpty else {
      return PagedText(body: lines)
    }
    return PagedText(
      header: Array(lines.prefix(2)), body: Array(lines.dropFirst(2)),
      columnStarts: output.columnStarts(context))
  }
}
