/// The lines of this and earlier sessions, oldest first.
final class History {
  private let file: HistoryFile?
  private var isLoaded = false
  private var all: [String] = []
  /// How many entries at the end of `all` are this session's.
  private var ownCount = 0
  /// What the last hint was found for, and where; nowhere is -1.
  private var hinted: (text: String, index: Int)?

  init(path: String?) { file = path.map { HistoryFile(path: $0) } }

  /// All entries. The file is read the first time someone looks, not at the start of the program.
  var entries: [String] {
    prepare()
    return all
  }

  /// Reads the file, if that has not been done.
  func prepare() {
    if isLoaded { return }
    isLoaded = true
    all = (file?.entries() ?? []) + all
  }

  /// Adds an entry, unless it is blank or the same as this session's last.
  func add(_ entry: String) {
    if entry.allSatisfy(\.isWhitespace) || (ownCount > 0 && entry == all.last) { return }
    all.append(entry)
    ownCount += 1
    hinted = nil
    file?.append(entry)
  }

  /// What follows `text` in the newest entry that begins with it and goes on; nil without one.
  ///
  /// A text that only grew is looked for from where its beginning was found.
  func continuation(of text: String) -> String? {
    prepare()
    var index = all.count - 1
    if let hinted, text.hasPrefix(hinted.text) { index = hinted.index }
    var prefix = text
    prefix.withUTF8 { prefix in
      while index >= 0, !Self.begins(&all[index], with: prefix) { index -= 1 }
    }
    hinted = (text, index)
    return index < 0 ? nil : String(all[index].dropFirst(text.count))
  }

  private static func begins(
    _ entry: inout String, with prefix: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    if entry.utf8.count <= prefix.count { return false }
    return entry.withUTF8 { $0[..<prefix.count].elementsEqual(prefix) }
  }
}

/// Going up and down through the entries while a line is edited. The line that was being written is
/// kept, and so is what was changed in an entry, until the line is done.
struct HistoryNavigation {
  /// The entries, and the line being written as the last.
  private let entries: [String]
  private var changed: [Int: String] = [:]
  private(set) var index: Int
  /// What was being written when the history was gone into.
  private var prefix = ""

  init(entries: [String]) {
    self.entries = entries
    index = entries.count
  }

  /// The entry before, of those that begin with what was being written; nil when there is none.
  mutating func up(from line: String) -> String? {
    if index == entries.count {
      // Where nothing begins so, the key still goes back.
      prefix = entries.contains { $0.hasPrefix(line) && $0 != line } ? line : ""
    }
    return search(prefix, by: -1, from: line)
  }

  /// The entry behind, of those, and at last what was being written.
  mutating func down(from line: String) -> String? {
    if index == entries.count { return nil }
    return search(prefix, by: 1, from: line) ?? move(to: entries.count, from: line)
  }

  /// The nearest entry in the direction of `step` that begins with `prefix`.
  mutating func search(_ prefix: String, by step: Int, from line: String) -> String? {
    var target = index + step
    while entries.indices.contains(target) {
      if entries[target].hasPrefix(prefix), entries[target] != line {
        return move(to: target, from: line)
      }
      target += step
    }
    return nil
  }

  /// Keeps `line` at the present place and goes to entry `target`.
  mutating func move(to target: Int, from line: String) -> String? {
    guard (0...entries.count).contains(target) else { return nil }
    changed[index] = line
    index = target
    return changed[target] ?? (target < entries.count ? entries[target] : "")
  }
}
