/// The lines of this and earlier sessions, oldest first.
struct History {
  private let file: HistoryFile?
  private var known: [String] = []
  private var isLoaded = false
  private var own: [String] = []

  init(path: String?) { file = path.map { HistoryFile(path: $0) } }

  /// All entries. The file is read the first time someone looks, not at the start of the program.
  var entries: [String] {
    mutating get {
      if !isLoaded {
        isLoaded = true
        known = file?.entries() ?? []
      }
      return known + own
    }
  }

  /// Adds an entry, unless it is blank or the same as this session's last.
  mutating func add(_ entry: String) {
    if entry.allSatisfy(\.isWhitespace) || entry == own.last { return }
    own.append(entry)
    file?.append(entry)
  }
}

/// Going up and down through the entries while a line is edited. The line that was being written is
/// kept, and so is what was changed in an entry, until the line is done.
struct HistoryNavigation {
  /// The entries, and the line being written as the last.
  private let entries: [String]
  private var changed: [Int: String] = [:]
  private(set) var index: Int

  init(entries: [String]) {
    self.entries = entries
    index = entries.count
  }

  /// Keeps `line` at the present place and goes `step` entries away; nil when there is none.
  mutating func move(by step: Int, from line: String) -> String? {
    move(to: index + step, from: line)
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
