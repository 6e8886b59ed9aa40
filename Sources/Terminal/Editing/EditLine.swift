#if canImport(CLibEdit)
  import CLibEdit

  /// libedit's editor, with Unicode scalars in place of wide characters.
  struct EditLine {
    let pointer: OpaquePointer

    /// Nil when there is no memory for one.
    init?(program: String) {
      guard let pointer = kz_edit_init(program) else { return nil }
      self.pointer = pointer
      kz_edit_set_signals(pointer, 0)
      kz_edit_set_editor(pointer, "emacs")
      // A pasted CR LF is one newline, and Ctrl-S and Ctrl-Q are keys like others.
      for mode in ["-icrnl", "-inlcr", "-ixon"] { kz_edit_set_mode(pointer, mode) }
    }

    /// The line as libedit holds it. Setting it draws nothing.
    var line: EditedLine {
      get {
        let count = kz_line_count(pointer)
        let text = [UInt32](unsafeUninitializedCapacity: count) { buffer, used in
          // SAFETY: at most `count` scalars are written.
          kz_line_copy(pointer, buffer.baseAddress, count)
          used = count
        }
        return EditedLine(text: text, cursor: kz_line_cursor(pointer))
      }
      nonmutating set {
        // libedit ends text at a 0.
        let text = newValue.text.filter { $0 != 0 }
        _ = kz_line_replace(pointer, text, text.count, min(newValue.cursor, text.count))
      }
    }

    func moveCursor(to index: Int) { kz_line_move(pointer, index) }

    /// Binds a key sequence in libedit's notation to a function by its name.
    func bind(_ keys: String, to function: String) { _ = kz_edit_bind(pointer, keys, function) }

    /// Draws prompt and line, taking the cursor to be where the prompt begins.
    func redraw() {
      kz_edit_redraw(pointer)
      kz_flush_output()
    }
  }
#endif
