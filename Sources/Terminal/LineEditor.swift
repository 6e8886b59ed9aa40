import Language

/// Reads what a person types: editing, history, completion, several lines as one.
///
/// For one thread, the main one, and once in a program: libedit keeps some of its state in statics.
/// Where libedit is missing, the terminal is dumb, or there is none, lines are read plainly.
package final class LineEditor {
  /// What the editor needs from the program.
  package struct Configuration {
    /// The history file; nil keeps no history across sessions.
    package var historyPath: String?

    /// What could stand at `cursor`, a UTF-8 offset into the text.
    package var completion: (_ text: String, _ cursor: Int) -> CompletionResult

    /// Whether Enter runs the text; if not, the text goes on with another line.
    package var isComplete: (_ text: String) -> Bool

    /// The pieces of a text, for its colours; `cursor` is -1 for a text that is done.
    package var highlight: (_ text: String, _ cursor: Int) -> [Highlight]

    /// Called with the text while nobody waits for a key, after each change; true where what was
    /// found out may change what is shown.
    package var prepare: (_ text: String) -> Bool

    /// `historyPath` is `$XDG_STATE_HOME/kaizen/history`, else `~/.local/state/kaizen/history`.
    package init(
      historyPath: String? = LineEditor.standardHistoryPath,
      completion: @escaping (_ text: String, _ cursor: Int) -> CompletionResult = { _, _ in .none },
      isComplete: @escaping (_ text: String) -> Bool = { _ in true },
      highlight: @escaping (_ text: String, _ cursor: Int) -> [Highlight] = { text, _ in
        Highlight.pieces(of: text, grammar: nil)
      },
      prepare: @escaping (_ text: String) -> Bool = { _ in false }
    ) {
      self.historyPath = historyPath
      self.completion = completion
      self.isComplete = isComplete
      self.highlight = highlight
      self.prepare = prepare
    }
  }

  /// What reading a line gave.
  package enum ReadResult: Equatable, Sendable {
    /// The text, without the last newline; continued and pasted lines are separated by newlines.
    case line(String)
    /// Ctrl-C: the line was dropped.
    case interrupted
    /// Ctrl-D on an empty line, or the end of the input.
    case endOfInput
    /// A line, counted from 1, that is not UTF-8. Only where input is read plainly.
    case notUTF8(Int)
  }

  /// Where history is kept unless the configuration says otherwise; nil without a home folder.
  package static var standardHistoryPath: String? { HistoryFile.standardPath }

  /// Where sessions leave their journals; nil without a home folder.
  package static var journalFolder: String? { HistoryFile.stateFolder.map { $0 + "/sessions" } }

  private let configuration: Configuration
  private let terminal = TerminalInfo.current
  private let history: History
  private var plain = PlainReader()
  #if canImport(CLibEdit)
    private var interactive: InteractiveReader?
  #endif

  package init(_ configuration: Configuration) {
    self.configuration = configuration
    history = History(path: configuration.historyPath)
    #if canImport(CLibEdit)
      if terminal.isInteractive, terminal.movesCursor {
        interactive = InteractiveReader(configuration: configuration, history: history)
      }
    #endif
  }

  /// Whether the keys are those of vi, from the next line on.
  package var usesViKeys = false

  /// Whether colours and hints are shown, from the next line on, where the terminal has them.
  package var usesColor = true

  /// Whether prompts and text may hold more than ASCII.
  package var usesUTF8: Bool { terminal.usesUTF8 }

  /// The terminal's width in columns.
  package var width: Int { terminal.width }

  /// The entries of this and earlier sessions, oldest first.
  package var entries: [String] { history.entries }

  /// Adds a line to the history, here and in the file. A blank one is not kept, nor the same line
  /// twice in a row.
  package func remember(_ entry: String) { history.add(entry) }

  /// Shows `prompt` and reads until Enter completes a text.
  ///
  /// The prompt may hold colours as `ESC[…m`. Where the terminal shows only ASCII, other characters
  /// are replaced.
  package func readLine(prompt: String) -> ReadResult {
    let shown = terminal.usesUTF8 ? prompt : asciiForm(of: prompt)
    #if canImport(CLibEdit)
      if let interactive {
        interactive.setKeys(vi: usesViKeys)
        interactive.usesColor = usesColor && terminal.usesColor
        return interactive.readLine(prompt: shown)
      }
    #endif
    let plain =
      usesColor && terminal.usesColor ? shown : PromptText(shown).plain
    return readPlainly(prompt: terminal.inputIsTerminal ? plain : nil)
  }

  private func readPlainly(prompt: String?) -> ReadResult {
    var text = ""
    var isFirst = true
    while true {
      if let prompt {
        print(isFirst ? prompt : terminal.usesUTF8 ? "  … " : "  ", terminator: "")
        flushOutput()
      }
      switch plain.next() {
      case .text(let line):
        text += isFirst ? line : "\n" + line
        let isAbandoned = prompt != nil && !isFirst && line.allSatisfy(\.isWhitespace)
        if configuration.isComplete(text) || isAbandoned { return .line(text) }
        isFirst = false
      case .notUTF8(let number): return .notUTF8(number)
      case .interrupted:
        if prompt != nil { print() }
        return .interrupted
      case .endOfInput, .failed:
        if prompt != nil { print() }
        return isFirst ? .endOfInput : .line(text)
      }
    }
  }
}

/// `text` in ASCII: the signs of prompts by ones like them, anything else by `?`.
func asciiForm(of text: String) -> String {
  let likenesses: [Unicode.Scalar: String] = [
    "›": ">", "×": "x", "·": "-", "…": "...", "→": "->", "≥": ">=", "≤": "<=",
  ]
  return text.unicodeScalars.reduce(into: "") {
    $0 += $1.isASCII ? String($1) : likenesses[$1] ?? "?"
  }
}
