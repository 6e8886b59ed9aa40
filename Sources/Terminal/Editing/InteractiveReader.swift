#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal

  /// The prompt on a terminal: libedit draws and moves, and what it does not do well is done here.
  ///
  /// libedit asks for each key through `nextKey`, and between two keys everything is at rest: there
  /// changes are noted for undo, marks of continued lines are put right, signals are looked at. What
  /// then has to be drawn is asked for by giving libedit a key that no keyboard has.
  final class InteractiveReader {
    let edit: EditLine
    let configuration: LineEditor.Configuration
    let terminal = TerminalInfo.current
    let marks: ContinuationMarks

    var input = KeyInput()
    /// The text without marks, as it was after the last key, and what libedit held for it.
    var line = EditedLine()
    var markedLine = EditedLine()
    var undoHistory = UndoHistory()
    var navigation: HistoryNavigation?
    var search: HistorySearch?
    var entries: () -> [String] = { [] }

    /// Keys to give to libedit before any that is typed.
    var injected: [UInt32] = []
    /// Done when libedit has next drawn everything, with the cursor at the end of the text.
    var afterDrawing: (() -> Void)?
    /// Whether the last key given began or went on with a key sequence.
    var isInSequence = false
    /// The width of the terminal when the line was last drawn.
    var drawnWidth = 80
    var result: LineEditor.ReadResult?

    private var prompt = ""
    /// What libedit's prompt function returns; it is called several times for each drawing.
    private var promptBytes: UnsafeMutableBufferPointer<CChar>

    /// Nil when libedit cannot be set up.
    init?(configuration: LineEditor.Configuration) {
      guard let edit = EditLine(program: "kaizen") else { return nil }
      self.edit = edit
      self.configuration = configuration
      marks = ContinuationMarks(usesUTF8: terminal.usesUTF8)
      promptBytes = .allocate(capacity: 1)
      promptBytes.initialize(repeating: 0)
      // SAFETY: libedit's instance is used by this object only, which is never freed before it.
      kz_edit_set_client(edit.pointer, Unmanaged.passUnretained(self).toOpaque())
      kz_edit_set_prompt(edit.pointer) { InteractiveReader.of($0).promptText }
      kz_edit_set_reader(edit.pointer) { InteractiveReader.of($0).nextKey($1) }
      for command in EditorCommand.allCases {
        _ = kz_edit_add_function(edit.pointer, command.name, command.function)
      }
      for (keys, function) in EditorCommand.bindings {
        for key in keys { edit.bind(key, to: function) }
      }
    }

    deinit {
      el_end(edit.pointer)
      promptBytes.deallocate()
    }

    /// Reads a text; `entries` is asked for the history when it is first needed.
    func readLine(prompt: String, entries: @escaping () -> [String]) -> LineEditor.ReadResult {
      self.prompt = prompt
      self.entries = entries
      line = EditedLine()
      markedLine = EditedLine()
      undoHistory = UndoHistory()
      navigation = nil
      search = nil
      injected = []
      afterDrawing = nil
      isInSequence = false
      drawnWidth = max(1, terminal.width)
      result = nil
      setPrompt(prompt)
      flushOutput()
      kz_terminal_begin_editing()
      // Before the prompt, or keys that come between the two would be echoed.
      kz_edit_set_raw(edit.pointer, 1)
      write("\u{1B}[?2004h", to: 1)
      kz_edit_read(edit.pointer)
      kz_flush_output()
      write("\u{1B}[?2004l", to: 1)
      kz_terminal_end_editing()
      switch result {
      case .interrupted:
        el_reset(edit.pointer)
        write("^C\r\n\u{1B}[J", to: 1)
      case .endOfInput: write("\r\n", to: 1)
      default: break
      }
      return result ?? .endOfInput
    }

    // SAFETY: the client of libedit's instance is the object that made it, which outlives it.
    static func of(_ edit: OpaquePointer?) -> InteractiveReader {
      Unmanaged.fromOpaque(kz_edit_client(edit)).takeUnretainedValue()
    }

    var promptText: UnsafeMutablePointer<CChar>? { promptBytes.baseAddress }

    /// The present prompt, and the colour code of each of its scalars.
    private(set) var shownPrompt: [UInt32] = []
    private(set) var promptCodes: [String] = []

    /// Shows `text` as the prompt at the next drawing. Its colours are painted over it afterwards.
    func setPrompt(_ text: String) {
      (shownPrompt, promptCodes) = Painting.pieces(of: text)
      let plain = EditedLine(text: shownPrompt).string
      promptBytes.deallocate()
      promptBytes = .allocate(capacity: plain.utf8.count + 1)
      _ = promptBytes.initialize(from: plain.utf8.map { CChar(bitPattern: $0) } + [0])
    }

    func showOwnPrompt() { setPrompt(prompt) }

    /// Makes `new` the text; libedit draws it when it next draws.
    func show(_ new: EditedLine) {
      line = new
      markedLine = marks.marked(new)
      edit.line = markedLine
    }

    /// Makes `new` the text, as a step that can be undone.
    func change(to new: EditedLine) {
      undoHistory.note(line, new)
      show(new)
    }

    /// Has libedit put the cursor after the text, then does `action` there, from where the text
    /// can be drawn anew lower down.
    func atBottom(_ action: @escaping () -> Void) {
      edit.moveCursor(to: markedLine.text.count)
      afterDrawing = action
    }
  }
#endif
