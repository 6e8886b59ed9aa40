#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal

  extension InteractiveReader {
    /// Runs a command that a key is bound to; returns what libedit should do then.
    static func run(_ command: EditorCommand, _ edit: OpaquePointer?) -> UInt8 {
      let reader = of(edit)
      // libedit may have moved since it asked for the key, as when it counts in vi mode.
      reader.noteChange()
      let outcome = reader.run(command)
      reader.rings = outcome == CC_ERROR
      return UInt8(truncatingIfNeeded: outcome)
    }

    func run(_ command: EditorCommand) -> Int32 {
      switch command {
      case .accept: return accept()
      case .newline: return insert([EditedLine.newline])
      case .complete: return complete(step: 1)
      case .completeBack: return complete(step: -1)
      case .up:
        var moved = line
        if moved.moveUp() { return display(moved) }
        // What was typed before the history was gone into is what entries begin with.
        return recall { $0.up(from: $1) }
      case .down:
        var moved = line
        if moved.moveDown() { return display(moved) }
        return recall { $0.down(from: $1) }
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
        if takeHint(all: true) { return CC_REFRESH }
        var moved = line
        moved.cursor = line.cursorLine.upperBound
        return display(moved)
      case .right:
        if takeHint(all: true) { return CC_REFRESH }
        injected.append(UInt32(KeySequences.Injected.nextCharacter.rawValue))
        return CC_NORM
      case .nextWord:
        if takeHint(all: false) { return CC_REFRESH }
        injected.append(UInt32(KeySequences.Injected.nextWord.rawValue))
        return CC_NORM
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
          injected.append(UInt32(KeySequences.Injected.killRest.rawValue))
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
        injected.append(UInt32(KeySequences.Injected.deleteNext.rawValue))
        return CC_NORM
      case .clearScreen:
        screen.forget()
        write("\u{1B}[H\u{1B}[2J", to: 1)
        return CC_NORM
      case .externalEditor: return editOutside()
      }
    }

    private func display(_ line: EditedLine) -> Int32 {
      show(line)
      hint = ""
      return CC_REFRESH
    }

    private func insert(_ scalars: [UInt32]) -> Int32 {
      var new = line
      new.insert(scalars)
      change(to: new.composed)
      hint = ""
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
      injected.append(UInt32(KeySequences.Injected.enter.rawValue))
      return CC_NORM
    }

    /// Goes to another history entry, keeping what the line is now.
    private func recall(
      _ move: (inout HistoryNavigation, _ present: String) -> String?
    ) -> Int32 {
      var place = navigation ?? HistoryNavigation(entries: history.entries)
      guard let text = move(&place, line.string) else { return CC_ERROR }
      navigation = place
      change(to: EditedLine(text))
      hint = ""
      return CC_REFRESH
    }

    /// The rest of the entry that the hint was taken from; nothing where the cursor is not at the end.
    func hintForLine() -> String {
      guard usesColor, search == nil, !line.isEmpty, line.cursor == line.text.count,
        line.text.count <= 1000
      else { return "" }
      let rest = history.continuation(of: line.string) ?? ""
      let first = rest.prefix { $0 != "\n" }
      return terminal.usesUTF8 && first.count < rest.count ? first + "…" : String(first)
    }

    /// Puts the hint, or its first word, into the text; false when there is none.
    private func takeHint(all: Bool) -> Bool {
      guard !hint.isEmpty, line.cursor == line.text.count,
        let rest = history.continuation(of: line.string)
      else { return false }
      var taken = rest[...]
      if !all {
        let word = rest.drop { !$0.isLetter && !$0.isNumber }.drop { $0.isLetter || $0.isNumber }
        taken = rest[..<word.startIndex]
      }
      change(to: EditedLine(line.string + taken))
      hint = hintForLine()
      return true
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
    /// that is no further than what is there. With the menu open, one after another goes in.
    private func complete(step: Int) -> Int32 {
      if var open = menu, open.shown == line {
        guard let next = open.next(step) else { return CC_ERROR }
        change(to: next)
        menu = open
        hint = ""
        return CC_REFRESH
      }
      let text = line.string
      let found = configuration.completion(text, line.utf8Cursor)
      let open = OpenMenu(found: found, base: line)
      guard !found.candidates.isEmpty, let present = open.present else { return CC_ERROR }
      let common = found.candidates.count == 1 ? found.candidates[0].text : found.commonPrefix
      if common != present, common.hasPrefix(present) || found.candidates.count == 1 {
        change(to: open.line(with: common))
        hint = ""
        return CC_REFRESH
      }
      if found.candidates.count > 1 { menu = open }
      hint = ""
      return CC_NORM
    }
  }
#endif
