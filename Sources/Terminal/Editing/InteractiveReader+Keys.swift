#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal

  extension InteractiveReader {
    /// Gives libedit the next key. Returns 1, or -1 to end the reading.
    func nextKey(_ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
      guard let key else { return -1 }
      noteChange()
      while true {
        if !injected.isEmpty { return give(injected.removeFirst(), key) }
        lookAtSignals()
        if result != nil { return -1 }
        if !input.hasPending {
          draw()
          // What a first look needs is read while nobody waits for it.
          history.prepare()
          if line.text.count <= Self.longestColored, configuration.prepare(line.string) { draw() }
        }
        switch input.next() {
        case .signal: continue
        case .endOfInput:
          result = .endOfInput
          return -1
        case .key(let scalar): take(scalar)
        }
      }
    }

    /// What a key does; what libedit has to know of it is injected.
    private func take(_ scalar: Unicode.Scalar) {
      if isQuoted {
        isQuoted = false
        injected = [scalar.value]
        return
      }
      if scalar != "\t", scalar != "\u{1B}" { menu = nil }
      if (0x80..<0xA0).contains(scalar.value) { return }
      if scalar == "\u{1B}" {
        takeSequence()
      } else if search != nil {
        searchKey(scalar)
      } else {
        isQuoted = scalar == "\u{16}"
        injected = [scalar.value]
      }
    }

    /// A key that a terminal sends as several characters, or Alt and a key.
    private func takeSequence() {
      guard let sequence = readSequence() else { return }
      if sequence != "[Z" { menu = nil }
      if search != nil { endSearch() }
      noteChange()
      // In vi mode an Escape that is quickly followed by a key is both.
      let isTyped = isVi && !sequence.hasPrefix("[") && !sequence.hasPrefix("O")
      if !isTyped, let action = KeySequences.action(sequence) {
        switch action {
        case .command(let command): rings = run(command) == CC_ERROR
        case .libedit(let code): injected.append(UInt32(code.rawValue))
        }
      } else if isVi, sequence.isEmpty || isTyped {
        injected.append(UInt32(KeySequences.Injected.viCommandMode.rawValue))
        injected += sequence.unicodeScalars.map(\.value)
      } else if sequence.unicodeScalars.count == 1 {
        injected += [0x1B] + sequence.unicodeScalars.map(\.value)
      }
    }

    /// What follows an Escape: empty for the key alone in vi mode, nil when a signal came first.
    private func readSequence() -> String? {
      // A person who presses Escape does not press the next key within this time.
      if isVi, !input.hasPending(within: 50) { return "" }
      var sequence = ""
      while true {
        if !input.hasPending { draw() }
        switch input.next() {
        case .signal:
          lookAtSignals()
          if result != nil { return nil }
        case .endOfInput:
          result = .endOfInput
          return nil
        case .key(let scalar):
          sequence.unicodeScalars.append(scalar)
          if KeyInput.isComplete(sequence) { return sequence }
        }
      }
    }

    /// Takes over what the last key did to libedit's line.
    func noteChange() {
      let present = edit.line
      if present == line { return }
      let new = present.composed
      undoHistory.note(line, new)
      line = new
      if new != present { edit.line = new }
      hint = hintForLine()
    }

    private func give(_ value: UInt32, _ key: UnsafeMutablePointer<wchar_t>) -> Int32 {
      key.pointee = wchar_t(bitPattern: value)
      return 1
    }

    func lookAtSignals() {
      if kz_signals_take_stop() != 0 { stop() }
      if kz_signals_take_resize() != 0 {
        write(screen.erase(reflowedTo: terminal.reflows ? terminal.width : nil), to: 1)
        draw()
      }
      if kz_signals_take_interrupt() != 0 {
        // Ctrl-C: the line is dropped, and stays on the screen.
        search = nil
        result = .interrupted
      }
    }

    /// Ctrl-Z: gives the terminal back, stops, and takes it again.
    private func stop() {
      outsideEditing { kz_signals_stop_process() }
    }

    /// Runs `body` with the terminal as it was before the prompt took it.
    func outsideEditing(_ body: () -> Void) {
      leave()
      kz_edit_set_raw(edit.pointer, 0)
      write("\u{1B}[?2004l", to: 1)
      body()
      kz_edit_set_raw(edit.pointer, 1)
      write("\u{1B}[?2004h", to: 1)
      screen.forget()
      draw()
    }
  }
#endif
