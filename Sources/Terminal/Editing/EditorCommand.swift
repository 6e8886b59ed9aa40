#if canImport(CLibEdit)
  import CLibEdit

  /// The functions that replace or add to libedit's own.
  enum EditorCommand: String, CaseIterable {
    case accept, newline, complete, up, down, searchUp, searchDown, search
    case lineStart, lineEnd, undo, redo, paste, killLine, deleteOrEnd, refresh

    /// The name libedit knows it by.
    var name: String { "kaizen-" + rawValue }

    /// What the reader of keys gives to libedit to have something done: control characters that no
    /// key sends.
    enum Injected {
      static let refresh: UInt32 = 0x9C
      static let newline: UInt32 = 0x9D
      static let deleteNext: UInt32 = 0x9E
      static let killRest: UInt32 = 0x9F
    }

    /// Keys in libedit's notation.
    static let bindings: [(keys: [String], function: String)] = [
      (["^M", "^J"], EditorCommand.accept.name),
      (["\\e\\r", "\\e\\n"], EditorCommand.newline.name),
      (["^I"], EditorCommand.complete.name),
      (["^P", "\\e[A", "\\eOA"], EditorCommand.up.name),
      (["^N", "\\e[B", "\\eOB"], EditorCommand.down.name),
      (["\\ep", "\\e[5~"], EditorCommand.searchUp.name),
      (["\\en", "\\e[6~"], EditorCommand.searchDown.name),
      (["^R"], EditorCommand.search.name),
      (["^A", "\\e[H", "\\eOH", "\\e[1~", "\\e[7~"], EditorCommand.lineStart.name),
      (["^E", "\\e[F", "\\eOF", "\\e[4~", "\\e[8~"], EditorCommand.lineEnd.name),
      (["^_", "^X^U"], EditorCommand.undo.name),
      (["\\e_"], EditorCommand.redo.name),
      (["\\e[200~"], EditorCommand.paste.name),
      (["^D"], EditorCommand.deleteOrEnd.name),
      (["^K"], EditorCommand.killLine.name),
      (["^W", "\\e^H", "\\e^?"], "ed-delete-prev-word"),
      (["^U"], "vi-kill-line-prev"),
      (["\\e[C", "\\eOC"], "ed-next-char"),
      (["\\e[D", "\\eOD"], "ed-prev-char"),
      (["\\e[3~"], "ed-delete-next-char"),
      (["\\e[3;5~", "\\e[3;3~"], "em-delete-next-word"),
      (["\\e[1;5C", "\\e[1;3C", "\\e[5C", "\\eOc", "\\e\\e[C"], "em-next-word"),
      (["\\e[1;5D", "\\e[1;3D", "\\e[5D", "\\eOd", "\\e\\e[D"], "ed-prev-word"),
      // These read keys in loops of their own, and keep their prompts in the line.
      (["^S", "\\ex", "\\eX"], "ed-unassigned"),
      (["\\234"], EditorCommand.refresh.name),
      (["\\235"], "ed-newline"),
      (["\\236"], "ed-delete-next-char"),
      (["\\237"], "ed-kill-line"),
    ]

    /// A C function that runs the command on the reader that belongs to libedit's instance.
    var function: @convention(c) (OpaquePointer?, Int32) -> UInt8 {
      switch self {
      case .accept: { edit, _ in InteractiveReader.run(.accept, edit) }
      case .newline: { edit, _ in InteractiveReader.run(.newline, edit) }
      case .complete: { edit, _ in InteractiveReader.run(.complete, edit) }
      case .up: { edit, _ in InteractiveReader.run(.up, edit) }
      case .down: { edit, _ in InteractiveReader.run(.down, edit) }
      case .searchUp: { edit, _ in InteractiveReader.run(.searchUp, edit) }
      case .searchDown: { edit, _ in InteractiveReader.run(.searchDown, edit) }
      case .search: { edit, _ in InteractiveReader.run(.search, edit) }
      case .lineStart: { edit, _ in InteractiveReader.run(.lineStart, edit) }
      case .lineEnd: { edit, _ in InteractiveReader.run(.lineEnd, edit) }
      case .undo: { edit, _ in InteractiveReader.run(.undo, edit) }
      case .redo: { edit, _ in InteractiveReader.run(.redo, edit) }
      case .paste: { edit, _ in InteractiveReader.run(.paste, edit) }
      case .killLine: { edit, _ in InteractiveReader.run(.killLine, edit) }
      case .deleteOrEnd: { edit, _ in InteractiveReader.run(.deleteOrEnd, edit) }
      case .refresh: { edit, _ in InteractiveReader.run(.refresh, edit) }
      }
    }
  }
#endif
