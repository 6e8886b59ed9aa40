#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal
  import Language

  /// The prompt on a terminal: libedit knows keys and changes the line, and all else is done here.
  ///
  /// libedit asks for each key through `nextKey`, and between two keys everything is at rest: there
  /// changes are noted for undo, signals are looked at, and what stands on the terminal is brought to
  /// what the line is now.
  final class InteractiveReader {
    let edit: EditLine
    let configuration: LineEditor.Configuration
    let terminal = TerminalInfo.current

    var input = KeyInput()
    /// The text as it was after the last key.
    var line = EditedLine()
    var undoHistory = UndoHistory()
    var history: History
    var navigation: HistoryNavigation?
    var search: HistorySearch?
    var menu: OpenMenu?
    /// The rest of a history entry, shown behind the text.
    var hint = ""

    /// Keys to give to libedit before any that is typed.
    var injected: [UInt32] = []
    /// Whether the next key is taken as it is, as after Ctrl-V.
    var isQuoted = false
    var rings = false
    var result: LineEditor.ReadResult?

    var screen = LineScreen()
    /// What stands in front of continued lines.
    let mark: String
    /// Whether the keys are those of vi.
    private var usesViKeys: Bool?

    var usesColor = false

    private var prompt = PromptText("")
    var shownPrompt = PromptText("")

    /// Nil when libedit cannot be set up.
    init?(configuration: LineEditor.Configuration, history: History) {
      guard let edit = EditLine(program: "kaizen") else { return nil }
      self.edit = edit
      self.configuration = configuration
      self.history = history
      mark = terminal.usesUTF8 ? "\u{2007}\u{2007}…\u{2007}" : ""
      // SAFETY: libedit's instance is used by this object only, which is never freed before it.
      kz_edit_set_client(edit.pointer, Unmanaged.passUnretained(self).toOpaque())
      kz_edit_set_reader(edit.pointer) { InteractiveReader.of($0).nextKey($1) }
      for command in EditorCommand.allCases {
        _ = kz_edit_add_function(edit.pointer, command.name, command.function)
      }
    }

    deinit { edit.end() }

    // SAFETY: the client of libedit's instance is the object that made it, which outlives it.
    static func of(_ edit: OpaquePointer?) -> InteractiveReader {
      Unmanaged.fromOpaque(kz_edit_client(edit)).takeUnretainedValue()
    }

    /// Takes the keys of vi or of emacs.
    func setKeys(vi usesViKeys: Bool) {
      if self.usesViKeys == usesViKeys { return }
      self.usesViKeys = usesViKeys
      edit.setKeys(usesViKeys ? "vi" : "emacs")
      for (keys, function) in EditorCommand.bindings {
        for key in keys { edit.bind(key, to: function) }
      }
      for code in KeySequences.Injected.allCases {
        let key = "\\" + String(code.rawValue, radix: 8)
        edit.bind(key, to: code.function)
        let isEscape = code == .viCommandMode
        edit.bind(key, to: isEscape ? "ed-unassigned" : code.function, isAlternative: true)
      }
      if !usesViKeys { return }
      for (keys, function) in EditorCommand.viCommands {
        for key in keys { edit.bind(key, to: function, isAlternative: true) }
      }
    }

    var isVi: Bool { usesViKeys ?? false }

    /// Reads a text.
    func readLine(prompt: String) -> LineEditor.ReadResult {
      self.prompt = PromptText(prompt)
      shownPrompt = self.prompt
      line = EditedLine()
      undoHistory = UndoHistory()
      navigation = nil
      search = nil
      menu = nil
      hint = ""
      injected = []
      isQuoted = false
      result = nil
      screen.forget()
      flushOutput()
      kz_terminal_begin_editing()
      // Before the prompt, or keys that come between the two would be echoed.
      kz_edit_set_raw(edit.pointer, 1)
      write("\u{1B}[?2004h", to: 1)
      kz_edit_read(edit.pointer)
      showOwnPrompt()
      let isDropped = result == .interrupted
      leave(trail: isDropped ? "^C" : "")
      write("\u{1B}[?2004l", to: 1)
      kz_terminal_end_editing()
      if isDropped { el_reset(edit.pointer) }
      return result ?? .endOfInput
    }

    /// Leaves prompt and text on the terminal without what helps to edit them.
    func leave(trail: String = "") {
      hint = ""
      menu = nil
      var last = line
      last.cursor = last.text.count
      write(
        screen.leave(layout(of: last, isFinal: true), trail: trail, height: terminal.height), to: 1)
    }

    /// Brings the terminal to what the line is now.
    func draw() {
      if rings { write("\u{7}", to: 1) }
      rings = false
      let layout = layout(of: line, isFinal: false)
      let height = terminal.height
      let below =
        menu.map {
          $0.rows(
            width: terminal.width, height: height - layout.rows.count, usesColor: usesColor,
            usesUTF8: terminal.usesUTF8)
        } ?? []
      write(screen.draw(layout, below: below, height: height), to: 1)
    }

    private func layout(of line: EditedLine, isFinal: Bool) -> LineLayout {
      var codes: [String] = []
      // A longer text would make each key noticeably slow.
      if usesColor, line.text.count <= Self.longestColored {
        var pieces = configuration.highlight(line.string, isFinal ? -1 : line.utf8Cursor)
        if !isFinal { pieces += Highlight.brackets(pieces, in: line) }
        codes = Highlight.codes(of: pieces, in: line)
      }
      return LineLayout(
        prompt: usesColor ? shownPrompt : shownPrompt.withoutColors, line: line,
        codes: codes, mark: mark, markCode: usesColor ? "2" : "", hint: hint,
        width: terminal.width, usesUTF8: terminal.usesUTF8)
    }

    static let longestColored = 4000

    /// Shows `text` as the prompt at the next drawing.
    func setPrompt(_ text: String) { shownPrompt = PromptText(text) }

    func showOwnPrompt() { shownPrompt = prompt }

    /// Makes `new` the text.
    func show(_ new: EditedLine) {
      line = new
      edit.line = new
    }

    /// Makes `new` the text, as a step that can be undone.
    func change(to new: EditedLine) {
      undoHistory.note(line, new)
      show(new)
    }
  }
#endif
