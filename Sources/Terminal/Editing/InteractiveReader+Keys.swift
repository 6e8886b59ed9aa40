#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal

  extension InteractiveReader {
    /// Gives libedit the next key. Returns 1, or -1 to end the reading.
    func nextKey(_ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
      guard let key else { return -1 }
      if let afterDrawing {
        self.afterDrawing = nil
        afterDrawing()
      } else if injected.isEmpty, search == nil, noteChange() {
        injected.append(EditorCommand.Injected.refresh)
      }
      while true {
        if result == .interrupted { return -1 }
        if !injected.isEmpty {
          if injected[0] == EditorCommand.Injected.newline { paint() }
          return give(injected.removeFirst(), key)
        }
        lookAtSignals()
        if afterDrawing != nil || result != nil { continue }
        if !isInSequence, !input.hasPending { paint() }
        switch input.next() {
        case .signal: continue
        case .endOfInput:
          result = .endOfInput
          return -1
        case .key(let scalar):
          if (0x80..<0xA0).contains(scalar.value) { continue }
          if search == nil { return give(scalar.value, key) }
          searchKey(scalar)
          injected.insert(EditorCommand.Injected.refresh, at: 0)
        }
      }
    }

    /// Takes over what the last key did to libedit's line. Returns whether the line has to be drawn
    /// again because a continuation mark was touched.
    private func noteChange() -> Bool {
      let present = edit.line
      if present == markedLine { return false }
      let new = marks.unmarked(present, before: markedLine, line: line).composed
      undoHistory.note(line, new)
      line = new
      markedLine = marks.marked(new)
      if markedLine == present { return false }
      edit.line = markedLine
      return true
    }

    /// Colours what libedit has drawn.
    private func paint() {
      guard terminal.usesColor, line.text.count <= Self.longestPainted else { return }
      let codes = Painting.codes(of: line, marks: marks, grammar: configuration.grammar)
      let painting = Painting(
        text: shownPrompt + markedLine.text, codes: promptCodes + codes,
        cursor: shownPrompt.count + markedLine.cursor, width: drawnWidth, height: terminal.height)
      if let text = painting.output { write(text, to: 1) }
    }

    /// A longer text would make each key noticeably slow on a slow line.
    private static let longestPainted = 4000

    private func give(_ value: UInt32, _ key: UnsafeMutablePointer<wchar_t>) -> Int32 {
      key.pointee = wchar_t(bitPattern: value)
      switch Unicode.Scalar(value) {
      case "\u{1B}", "\u{18}": isInSequence = true
      case "[", "O", ";": break
      case .some("0"..."9"): break
      default: isInSequence = false
      }
      return 1
    }

    private func lookAtSignals() {
      if kz_signals_take_stop() != 0 { stop() }
      if kz_signals_take_resize() != 0 { resize() }
      if kz_signals_take_interrupt() != 0 { interrupt() }
    }

    /// Ctrl-C: the line is dropped, and stays on the screen.
    private func interrupt() {
      search = nil
      showOwnPrompt()
      if isInSequence {
        result = .interrupted
        return
      }
      edit.moveCursor(to: markedLine.text.count)
      afterDrawing = { self.result = .interrupted }
      injected = [EditorCommand.Injected.refresh]
    }

    /// Draws anew for another width. The rows above are those of the old width.
    private func resize() {
      goToFirstRow(width: drawnWidth)
      el_resize(edit.pointer)
      drawnWidth = max(1, terminal.width)
      edit.redraw()
    }

    /// Ctrl-Z: gives the terminal back, stops, and takes it again.
    private func stop() {
      edit.moveCursor(to: markedLine.text.count)
      kz_edit_set_raw(edit.pointer, 0)
      write("\u{1B}[?2004l\r\n\u{1B}[J", to: 1)
      kz_signals_stop_process()
      kz_edit_set_raw(edit.pointer, 1)
      write("\u{1B}[?2004h", to: 1)
      edit.moveCursor(to: markedLine.cursor)
      el_resize(edit.pointer)
      edit.redraw()
    }

    /// Moves the terminal's cursor to where the prompt begins and clears from there.
    private func goToFirstRow(width: Int) {
      let rows = rowsAboveCursor(width: width)
      write("\r" + (rows > 0 ? "\u{1B}[\(rows)A" : "") + "\u{1B}[J", to: 1)
    }

    /// How many rows of prompt and text are above the cursor's, as libedit lays them out.
    func rowsAboveCursor(width: Int) -> Int {
      var row = 0
      var column = 0
      for value in shownPrompt + markedLine.text[..<markedLine.cursor] {
        if value == EditedLine.newline {
          row += 1
          column = 0
          continue
        }
        let scalar = Unicode.Scalar(value) ?? " "
        let wide = value == 9 ? 8 - column % 8 : columns(of: scalar)
        if column + wide > width {
          row += 1
          column = 0
        }
        column += wide
        if column >= width {
          row += 1
          column = 0
        }
      }
      return row
    }
  }
#endif
