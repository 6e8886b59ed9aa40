import Language
import Notebooks

/// What may stand where in a stage, read from the form that the verb's help shows: so a new verb is
/// completed by what it says of itself.
struct VerbForm {
  /// What a place takes.
  struct Slot: OptionSet {
    let rawValue: Int

    static let columns = Slot(rawValue: 1)
    static let functions = Slot(rawValue: 2)
    static let frames = Slot(rawValue: 4)
    static let models = Slot(rawValue: 8)
    static let anyName = Slot(rawValue: 16)
    static let metrics = Slot(rawValue: 32)
    static let types = Slot(rawValue: 64)
    static let files = Slot(rawValue: 128)
    static let aggregates = Slot(rawValue: 256)
    static let snapshots = Slot(rawValue: 512)
    static let topics = Slot(rawValue: 1024)
    /// A response, `~` and terms.
    static let formula = Slot(rawValue: 2048)
  }

  let declaration: VerbDeclaration
  private let text: String

  init(_ declaration: VerbDeclaration) {
    self.declaration = declaration
    // `NAME=VALUE` stands for options.
    text = declaration.synopsis.replacing("=VALUE", with: "=")
  }

  /// What its items are.
  var items: Slot {
    switch declaration.name {
    case "use": return .frames
    case "restore": return .snapshots
    case "help": return .topics
    case "forget", "export": return .anyName
    default: return slot(head)
    }
  }

  /// The words that its items may begin with, as `ols` in `fit ols`.
  var words: [String] { Self.words(in: head) }

  /// What stands behind a word of its own, as `with` or `on`.
  func slot(behind word: String) -> (slot: Slot, words: [String]) {
    guard let range = text.firstRange(of: " \(word) ") else { return ([], []) }
    let rest = text[range.upperBound...]
    let end = rest.firstIndex { $0 == "[" || $0 == ":" || $0 == "\n" } ?? rest.endIndex
    var part = String(rest[..<end])
    for other in declaration.prepositions where other != word {
      if let next = part.firstRange(of: " \(other) ") { part = String(part[..<next.lowerBound]) }
    }
    return (slot(part), Self.words(in: part))
  }

  /// The form behind the verb's own name and before its clauses.
  private var head: String {
    let line = text.split(separator: "\n").first.map(String.init) ?? text
    guard let range = line.firstRange(of: declaration.name) else { return "" }
    var head = String(line[range.upperBound...])
    let clauses = ["by", "where", "sort", "as", "on", "into"] + declaration.prepositions
    for clause in clauses {
      for start in [" [\(clause) ", " \(clause) "] {
        if let found = head.firstRange(of: start) { head = String(head[..<found.lowerBound]) }
      }
    }
    for option in declaration.options {
      for start in [" [\(option.name)=", " \(option.name)="] {
        if let found = head.firstRange(of: start) { head = String(head[..<found.lowerBound]) }
      }
    }
    return head
  }

  private func slot(_ part: String) -> Slot {
    var slot: Slot = []
    // What stands in quotes is a file, whatever it is called.
    let pieces = part.split(separator: "\"", omittingEmptySubsequences: false)
    if pieces.count > 1 { slot.insert(.files) }
    for (index, piece) in pieces.enumerated() where index.isMultiple(of: 2) {
      for word in piece.split(whereSeparator: { !$0.isUppercase }) {
        slot.formUnion(Self.meanings[String(word)] ?? [])
      }
      if piece.contains("Y ~") { slot.insert(.formula) }
    }
    return slot
  }

  /// What the words in capitals stand for.
  private static let meanings: [String: Slot] = [
    "COLUMN": .columns, "COLUMNS": .columns, "X": .columns, "Y": .columns, "OLD": .columns,
    "GROUP": .columns, "KEY": [.columns, .functions], "KEYS": [.columns, .functions],
    "DOWN": [.columns, .functions], "ACROSS": [.columns, .functions],
    "CONDITION": [.columns, .functions], "EXPRESSION": [.columns, .functions],
    "TERMS": [.columns, .functions], "VALUE": [.columns, .functions],
    "AGGREGATE": .aggregates, "MEASURE": [.aggregates, .columns], "FRAME": .frames,
    "MODEL": .models, "METRIC": .metrics, "TYPE": .types,
  ]

  /// Whether the stage says nothing without items, so that no clause can come first.
  var needsItems: Bool {
    let head = head.replacing("[-]", with: "").drop { $0 == " " }
    return !head.isEmpty && head.first != "["
  }

  /// Whether its items are columns one by one, each of which makes sense only once.
  var listsColumns: Bool { items.contains(.columns) && !items.contains(.functions) }

  /// Whether its first item is a file, and the end that the names of such files have: empty where
  /// any has; nil where it is none.
  var fileEnding: String? {
    let rest = head.drop { $0 == " " || $0 == "[" }
    guard rest.first == "\"" else { return nil }
    let pattern = rest.dropFirst().prefix { $0 != "\"" }
    if pattern == "FOLDER" { return "/" }
    guard let dot = pattern.firstIndex(of: "."), !pattern.contains("|") else { return "" }
    return String(pattern[dot...])
  }

  /// Alternatives in small letters: `ols|logit`, `VALUE|forward|back`.
  private static func words(in part: String) -> [String] {
    part.split(separator: " ").filter { $0.contains("|") && !$0.contains("\"") }
      .flatMap { $0.split(separator: "|") }.map(String.init)
      .filter { $0.allSatisfy { $0.isLowercase || $0 == "_" } }
  }
}

extension VerbDeclaration {
  /// The clause of this verb that is open behind `tokens`; nil among the items.
  func clause(behind tokens: ArraySlice<Token>) -> String? {
    var clause: String?
    var depth = 0
    for token in tokens {
      switch token.kind {
      case .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.openBrace): depth += 1
      case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace): depth -= 1
      case .keyword(let keyword) where keyword.isClause && depth == 0: clause = keyword.rawValue
      case .name(let name) where prepositions.contains(name) && depth == 0: clause = name
      default: break
      }
    }
    return clause
  }
}
