import Columnar
import Display
import Language
import Notebooks
import Terminal

/// The prompt: reads a line, runs it, shows what it gives.
final class Prompt {
  let frontEnd: FrontEnd

  init(_ frontEnd: FrontEnd) { self.frontEnd = frontEnd }

  func run(resuming: Bool = false) throws {
    let session = frontEnd.session
    session.isInteractive = true
    session.allowsShell = true
    frontEnd.pages = true
    let completion = Completion(session)
    let colors = LineColors(completion)
    let editor = LineEditor(
      LineEditor.Configuration(
        completion: { completion.candidates($0, cursor: $1) },
        isComplete: { Parser.isComplete($0, grammar: session.grammar) },
        highlight: { colors.pieces($0, cursor: $1) },
        prepare: { completion.prepare($0) }))
    if frontEnd.terminal.outputIsTerminal, frontEnd.options.format == .text {
      writeOutput(banner(editor.usesUTF8))
    }
    frontEnd.runConfiguration()
    beginJournal(resuming: resuming)
    while !session.isOver {
      completion.beginLine()
      editor.usesViKeys = session.state.settings.usesViKeys
      editor.usesColor = session.state.settings.usesColor && frontEnd.options.usesColor
      switch editor.readLine(prompt: frontEnd.context.glyphs.legible(prompt)) {
      case .line(let text):
        if text.allSatisfy(\.isWhitespace) { continue }
        editor.remember(text)
        runEntries(text)
      case .interrupted: continue
      case .endOfInput: return
      case .notUTF8(let line):
        frontEnd.write(
          Diagnostic(.notText, "line \(line) is not UTF-8 text"), source: "")
      }
    }
  }

  /// Runs what was typed or pasted; a block stops at its first error.
  private func runEntries(_ text: String) {
    let entries = splitEntries(text, grammar: frontEnd.session.grammar)
    for entry in entries {
      if let error = frontEnd.runEntry(entry.text) {
        frontEnd.write(error, source: entry.text, line: entry.line)
        return
      }
      if frontEnd.session.isOver { return }
    }
  }

  private func banner(_ usesUTF8: Bool) -> String {
    let threads = Workers.threadCount
    let text =
      "kaizen \(Kaizen.version) · \(threads) thread\(threads == 1 ? "" : "s") · ? for help, "
      + "Tab to complete, Ctrl-D to leave\n"
    return usesUTF8 ? text : text.replacing("·", with: "-")
  }

  /// `penguins 344×8 › `, in colours that set it apart from what is typed and shown.
  private var prompt: String {
    let state = frontEnd.session.state
    let sign = "\u{1B}[1;32m›\u{1B}[0m "
    guard let name = state.current, case .frame(let frame)? = state.bindings[name] else {
      return sign
    }
    let shape = "\(short(frame.rowCount))×\(frame.columns.count)"
    return "\(showingControls(name)) \u{1B}[2m\(shape)\u{1B}[0m \(sign)"
  }

  /// `344`, `12.3k`, `3.1M`
  private func short(_ count: Int) -> String {
    if count < 10_000 { return "\(count)" }
    for (size, unit) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")]
    where count >= size {
      let tenths = (count * 10) / size
      return tenths < 1_000 ? "\(tenths / 10).\(tenths % 10)\(unit)" : "\(tenths / 10)\(unit)"
    }
    return "\(count)"
  }
}
