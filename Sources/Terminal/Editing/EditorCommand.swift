#if canImport(CLibEdit)
  import CLibEdit

  /// The functions that replace or add to libedit's own.
  enum EditorCommand: String, CaseIterable {
    case accept, newline, complete, completeBack, up, down, searchUp, searchDown, search
    case lineStart, lineEnd, right, nextWord, undo, redo, paste, killLine, deleteOrEnd
    case clearScreen, externalEditor

    /// The name libedit knows it by.
    var name: String { "kaizen-" + rawValue }

    /// Keys in libedit's notation, in emacs mode and in vi's insert mode.
    static let bindings: [(keys: [String], function: String)] = [
      (["^M", "^J"], EditorCommand.accept.name),
      (["^I"], EditorCommand.complete.name),
      (["^P"], EditorCommand.up.name),
      (["^N"], EditorCommand.down.name),
      (["^R"], EditorCommand.search.name),
      (["^A"], EditorCommand.lineStart.name),
      (["^E"], EditorCommand.lineEnd.name),
      (["^F"], EditorCommand.right.name),
      (["^_", "^X^U"], EditorCommand.undo.name),
      (["^X^E"], EditorCommand.externalEditor.name),
      (["^D"], EditorCommand.deleteOrEnd.name),
      (["^K"], EditorCommand.killLine.name),
      (["^L"], EditorCommand.clearScreen.name),
      (["^W"], "ed-delete-prev-word"),
      (["^U"], "vi-kill-line-prev"),
      // These read keys in loops of their own, and keep their prompts in the line.
      (["^S", "\\ex", "\\eX"], "ed-unassigned"),
    ]

    /// Keys of vi's command mode: what moves through lines and history is the prompt's own there, too.
    static let viCommands: [(keys: [String], function: String)] = [
      (["^M", "^J"], EditorCommand.accept.name),
      (["k", "-", "^P"], EditorCommand.up.name),
      (["j", "+", "^N"], EditorCommand.down.name),
      (["/", "?"], EditorCommand.search.name),
      (["N"], EditorCommand.searchUp.name),
      (["n"], EditorCommand.searchDown.name),
      (["u"], EditorCommand.undo.name),
      (["^R"], EditorCommand.redo.name),
      (["v"], EditorCommand.externalEditor.name),
      (["^D"], EditorCommand.deleteOrEnd.name),
      (["^L"], EditorCommand.clearScreen.name),
    ]

    /// A C function that runs the command on the reader that belongs to libedit's instance.
    var function: @convention(c) (OpaquePointer?, Int32) -> UInt8 {
      switch self {
      case .accept: { edit, _ in InteractiveReader.run(.accept, edit) }
      case .newline: { edit, _ in InteractiveReader.run(.newline, edit) }
      case .complete: { edit, _ in InteractiveReader.run(.complete, edit) }
      case .completeBack: { edit, _ in InteractiveReader.run(.completeBack, edit) }
      case .up: { edit, _ in InteractiveReader.run(.up, edit) }
      case .down: { edit, _ in InteractiveReader.run(.down, edit) }
      case .searchUp: { edit, _ in InteractiveReader.run(.searchUp, edit) }
      case .searchDown: { edit, _ in InteractiveReader.run(.searchDown, edit) }
      case .search: { edit, _ in InteractiveReader.run(.search, edit) }
      case .lineStart: { edit, _ in InteractiveReader.run(.lineStart, edit) }
      case .lineEnd: { edit, _ in InteractiveReader.run(.lineEnd, edit) }
      case .right: { edit, _ in InteractiveReader.run(.right, edit) }
      case .nextWord: { edit, _ in InteractiveReader.run(.nextWord, edit) }
      case .undo: { edit, _ in InteractiveReader.run(.undo, edit) }
      case .redo: { edit, _ in InteractiveReader.run(.redo, edit) }
      case .paste: { edit, _ in InteractiveReader.run(.paste, edit) }
      case .killLine: { edit, _ in InteractiveReader.run(.killLine, edit) }
      case .deleteOrEnd: { edit, _ in InteractiveReader.run(.deleteOrEnd, edit) }
      case .clearScreen: { edit, _ in InteractiveReader.run(.clearScreen, edit) }
      case .externalEditor: { edit, _ in InteractiveReader.run(.externalEditor, edit) }
      }
    }
  }
#endif
