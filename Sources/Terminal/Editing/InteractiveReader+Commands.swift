#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal

  extension InteractiveReader {
    /// Runs a command that a key is bound to; returns what libedit should do then.
    static func run(_ command: EditorCommand, _ edit: OpaquePointer?) -> UInt8 {
      UInt8(truncatingIfNeeded: of(edit).run(command))
    }

    private func run(_ command: EditorCommand) -> Int32 {
      switch command {
      case .accept: return accept()
      case .newline: return insert([EditedLine.newline])
      case .complete: return complete()
      case .up:
        var moved = line
        if moved.moveUp() { return display(moved) }
        return recall { $0.move(by: -1, from: $1) }
      case .down:
        var moved = line
        if moved.moveDown() { return display(moved) }
        return recall { $0.move(by: 1, from: $1) }
      case .searchUp, .searchDown:
        let prefix = EditedLine(text: Array(line.text[..<line.cursor])).string
        let cursor = line.cursor
        let step = command == .searchUp ? -1 : 1
        let outcome = recall { $0.search(prefix, by: step, from: $1) }
        var moved = line
        moved.cursor = min(cursor, moved.text.count)
        return outcome == CC_REFRESH ? display(moved) : outcome
      case .search: return beginSearch()
      case .lineStart:
        var moved = line
        moved.cursor = line.cursorLine.lowerBound
        return display(moved)
      case .lineEnd:
        var moved = line
        moved.cursor = line.cursorLine.upperBound
        return display(moved)
      case .undo:
        guard let state = undoHistory.undo(line) else { return CC_ERROR }
        return display(state)
      case .redo:
        guard let state = undoHistory.redo(line) else { return CC_ERROR }
        return display(state)
      case .paste: return paste()
      case .killLine:
        // libedit's own takes away all that follows, lines below included.
        let end = line.cursorLine.upperBound
        if end == line.text.count {
          injected.append(EditorCommand.Injected.killRest)
          return CC_NORM
        }
        var shorter = line
        shorter.text.removeSubrange(line.cursor..<max(end, line.cursor))
        change(to: shorter)
        return CC_REFRESH
      case .deleteOrEnd:
        if line.isEmpty {
          result = .endOfInput
          return CC_EOF
        }
        injected.append(EditorCommand.Injected.deleteNext)
        return CC_NORM
      case .refresh: return CC_REFRESH
      }
    }

    private func display(_ line: EditedLine) -> Int32 {
      show(line)
      return CC_REFRESH
    }

    private func insert(_ scalars: [UInt32]) -> Int32 {
      var new = line
      new.insert(scalars)
      change(to: new.composed)
      return CC_REFRESH
    }

    /// Enter: the end of a complete text, else of a line of it. A blank line after an incomplete
    /// text ends it, too, so that a forgotten quote is no trap.
    private func accept() -> Int32 {
      let text = line.string
      let lastLine = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
      let isAbandoned =
        line.cursor == line.text.count && text.contains("\n")
        && lastLine.allSatisfy(\.isWhitespace)
      if !isAbandoned, !configuration.isComplete(text) { return insert([EditedLine.newline]) }
      result = .line(text)
      injected.append(EditorCommand.Injected.newline)
      return CC_NORM
    }

    /// Goes to another history entry, keeping what the line is now.
    private func recall(
      _ move: (inout HistoryNavigation, _ present: String) -> String?
    ) -> Int32 {
      var place = navigation ?? HistoryNavigation(entries: entries())
      guard let text = move(&place, line.string) else { return CC_ERROR }
      navigation = place
      change(to: EditedLine(text))
      return CC_REFRESH
    }

    private func beginSearch() -> Int32 {
      search = HistorySearch(entries: entries(), original: line)
      showSearchPrompt()
      return CC_REFRESH
    }

    private func showSearchPrompt() {
      guard let search else { return showOwnPrompt() }
      let failed = search.hasFailed ? "nothing " : ""
      let mark = terminal.usesUTF8 ? "›" : ">"
      setPrompt("\(failed)back to \"\(search.pattern)\" \(mark) ")
    }

    /// What a key does in a search. One that ends the search is given to libedit afterwards.
    func searchKey(_ key: Unicode.Scalar) {
      guard var state = search else { return }
      switch key {
      case "\u{12}": state.again(step: -1)
      case "\u{13}": state.again(step: 1)
      case "\u{08}", "\u{7F}": state.shorten()
      case "\u{07}":
        search = nil
        showOwnPrompt()
        show(state.original)
        return
      case "\u{00}"..<"\u{20}":
        // Any other control key takes the match and does what it does.
        search = nil
        showOwnPrompt()
        show(state.original)
        if state.line != state.original { change(to: state.line) }
        injected.append(key.value)
        return
      default: state.extend(with: key)
      }
      search = state
      showSearchPrompt()
      show(state.line)
    }

    /// A bracketed paste: one edit, whatever it holds. It runs nothing and completes nothing.
    private func paste() -> Int32 {
      let bytes = input.paste()
      if kz_signals_has_interrupt() != 0 { return CC_NORM }
      var scalars: [UInt32] = []
      var previous: UInt32 = 0
      for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
        // CR LF and CR are one newline; libedit cannot hold a 0.
        let isSecondHalf = scalar == "\n" && previous == 13
        previous = scalar.value
        if isSecondHalf || scalar == "\0" { continue }
        scalars.append(scalar == "\r" ? EditedLine.newline : scalar.value)
      }
      // The newline at the end of a copied line would leave the cursor on an empty one.
      while scalars.last == EditedLine.newline { scalars.removeLast() }
      return insert(scalars)
    }

    /// Tab: one candidate goes in; several go in as far as they agree, and a menu shows them when
    /// that is no further than what is there.
    private func complete() -> Int32 {
      let text = line.string
      let found = configuration.completion(text, line.utf8Cursor)
      let bytes = Array(text.utf8)
      let range = found.replacement
      guard !found.candidates.isEmpty, range.lowerBound >= 0, range.upperBound <= bytes.count
      else { return CC_ERROR }
      let present = String(decoding: bytes[range], as: UTF8.self)
      let common = found.candidates.count == 1 ? found.candidates[0].text : found.commonPrefix
      if common != present, common.hasPrefix(present) || found.candidates.count == 1 {
        let head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self) + common
        let tail = String(decoding: bytes[range.upperBound...], as: UTF8.self)
        change(to: EditedLine(head + tail, utf8Cursor: head.utf8.count))
        return CC_REFRESH
      }
      if found.candidates.count == 1 { return CC_NORM }
      let menu = CompletionMenu(
        candidates: found.candidates, width: terminal.width, height: terminal.height,
        usesColor: terminal.usesColor, usesUTF8: terminal.usesUTF8)
      let cursor = markedLine.cursor
      atBottom {
        write("\r\n" + menu.rows.map { $0 + "\r\n" }.joined(), to: 1)
        self.edit.moveCursor(to: cursor)
        self.edit.redraw()
      }
      return CC_REFRESH
    }
  }
#endif
