#if canImport(CLibEdit)
  import CLibEdit
  import CTerminal
  import Synchronization

  /// libedit's editor, with Unicode scalars in place of wide characters. It knows keys, moves and
  /// changes the line; what it would draw goes nowhere.
  struct EditLine {
    let pointer: OpaquePointer

    /// libedit keeps what is undone, searched for and signalled in statics of the process, which two
    /// editors, or two threads, would share.
    private static let isTaken = Atomic(false)

    /// Nil off the main thread, while there is another, and when there is no memory for one.
    init?(program: String) {
      guard kz_is_main_thread() != 0 else { return nil }
      if Self.isTaken.exchange(true, ordering: .acquiringAndReleasing) { return nil }
      guard let pointer = kz_edit_init(program) else {
        Self.isTaken.store(false, ordering: .releasing)
        return nil
      }
      self.pointer = pointer
      kz_edit_set_signals(pointer, 0)
      // A pasted CR LF is one newline, and Ctrl-S and Ctrl-Q are keys like others.
      for mode in ["-icrnl", "-inlcr", "-ixon"] { kz_edit_set_mode(pointer, mode) }
    }

    /// Ends it; nothing of it may be used any more.
    func end() {
      el_end(pointer)
      Self.isTaken.store(false, ordering: .releasing)
    }

    /// The line as libedit holds it.
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

    /// Takes the keys of `emacs` or `vi`, all bindings anew.
    func setKeys(_ name: String) { kz_edit_set_editor(pointer, name) }

    /// Binds a key sequence in libedit's notation to a function by its name; in vi's command mode
    /// where `isAlternative`.
    func bind(_ keys: String, to function: String, isAlternative: Bool = false) {
      _ =
        isAlternative
        ? kz_edit_bind_alternative(pointer, keys, function)
        : kz_edit_bind(pointer, keys, function)
    }
  }
#endif
