/// The states a line went through, for undo and redo. A word typed in one go is one step, and so is
/// a paste.
struct UndoHistory {
  private var past: [EditedLine] = []
  private var future: [EditedLine] = []
  private var wasTyping = false

  /// No more states than this are kept.
  static let limit = 200

  /// Notes that a key turned `old` into `new`.
  mutating func note(_ old: EditedLine, _ new: EditedLine) {
    if old.text == new.text {
      wasTyping = false
      return
    }
    let isTyping =
      new.text.count == old.text.count + 1 && new.cursor == old.cursor + 1
      && !Self.isSpace(new.text[old.cursor])
    if !(isTyping && wasTyping) { past.append(old) }
    if past.count > Self.limit { past.removeFirst() }
    future.removeAll()
    wasTyping = isTyping
  }

  /// The state before the last step, or nil when there is none.
  mutating func undo(_ present: EditedLine) -> EditedLine? {
    guard let state = past.popLast() else { return nil }
    future.append(present)
    wasTyping = false
    return state
  }

  /// The state before the last undo.
  mutating func redo(_ present: EditedLine) -> EditedLine? {
    guard let state = future.popLast() else { return nil }
    past.append(present)
    return state
  }

  private static func isSpace(_ scalar: UInt32) -> Bool {
    Unicode.Scalar(scalar)?.properties.isWhitespace ?? false
  }
}
