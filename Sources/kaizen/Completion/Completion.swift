import Columnar
import Language
import Notebooks
import Query
import Terminal

/// What can stand at the cursor: verbs, names, columns, functions, options, values and paths.
///
/// Nothing is read but the folder that a path names, and nothing runs but the stages before the
/// cursor on the first rows of a frame, for the values of a column they make.
final class Completion {
  typealias Candidate = CompletionResult.Candidate

  let session: Session
  /// Columns behind the stages of the line that is being typed.
  private var schemas: [[String]: Schema?] = [:]
  /// The first rows of the files that the line loads, by the stage that does.
  private(set) var peeked: [String: Frame?] = [:]

  init(_ session: Session) { self.session = session }

  /// Forgets what was found for the last line: names may mean something else now.
  func beginLine() { (schemas, peeked) = ([:], [:]) }

  /// Looks into the files that the stages of a line load, for their columns. Called while nobody
  /// waits for a key: no key reads a file.
  ///
  /// Returns whether one was looked into.
  @discardableResult
  func prepare(_ text: String) -> Bool {
    guard text.contains("load"), text.contains("|") else { return false }
    let known = peeked.count
    var lexer = Lexer(text, grammar: session.grammar)
    let bytes = Array(text.utf8)
    while let line = lexer.nextLine() {
      var stages = Stages(in: bytes)
      for token in line.tokens {
        stages.take(token)
        guard stages.isAfterPipe, stages.earlier.count == 1, let first = stages.earlier.first,
          peeked[first] == nil
        else { continue }
        peeked[first] = .some(session.peek(first))
        schemas = [:]
      }
    }
    return peeked.count > known
  }

  /// What could stand at `cursor`, a UTF-8 offset into `text`.
  func candidates(_ text: String, cursor: Int) -> CompletionResult {
    let place = CompletionPlace(text, cursor: cursor, grammar: session.grammar)
    switch place.surroundings {
    case .nothing: return .none
    case .help: return result(topics, at: place, cursor, in: text)
    case .shell: return paths(place, cursor, closing: "")
    case .text(let quote): return insideText(place, quote, cursor, in: text)
    case .quotedName:
      let names = columns(place).map {
        Candidate("`\($0.text.filter { $0 != "`" })`", kind: $0.kind, detail: $0.detail)
      }
      return result(names, at: place, cursor, in: text, start: place.start - 1)
    case .variable: return result(variables, at: place, cursor, in: text)
    case .words: return result(words(place), at: place, cursor, in: text)
    }
  }

  /// The columns at a place; empty where they are not known.
  func schema(_ earlier: [String]) -> Schema? {
    if let known = schemas[earlier] { return known }
    let found = session.schema(behind: earlier, peeked: peeked)
    schemas[earlier] = found
    return found
  }

  /// Those of `all` that begin with what was typed, each once. Where none does so exactly, those that
  /// do in other letters. A word's rest behind the cursor is taken in where all end with it.
  private func result(
    _ all: [Candidate], at place: CompletionPlace, _ cursor: Int, in text: String,
    start: Int? = nil
  ) -> CompletionResult {
    let start = start ?? place.start
    let typed = String(decoding: Array(text.utf8)[start..<max(start, cursor)], as: UTF8.self)
    func plain(_ text: String) -> String {
      let opens = text.first == "`" || text.first == "\""
      return opens && typed.first != text.first ? String(text.dropFirst()) : text
    }
    var fitting = all.filter { plain($0.text).hasPrefix(typed) }
    if fitting.isEmpty, !typed.isEmpty {
      let lowered = typed.lowercased()
      fitting = all.filter { plain($0.text).lowercased().hasPrefix(lowered) }
    }
    var seen: Set<String> = [typed]
    fitting = fitting.filter { seen.insert($0.text).inserted }
    var end = cursor
    let rest = Array(text.utf8).dropFirst(cursor).prefix(while: CompletionPlace.isWordByte)
    let tail = String(decoding: rest, as: UTF8.self)
    if !tail.isEmpty, !fitting.isEmpty, fitting.allSatisfy({ $0.text.hasSuffix(tail) }) {
      end += rest.count
    }
    return CompletionResult(replacement: start..<end, candidates: fitting)
  }

  /// Values of the column that the text is compared with, else paths where the verb takes them.
  private func insideText(
    _ place: CompletionPlace, _ quote: Character, _ cursor: Int, in text: String
  ) -> CompletionResult {
    let isClosed = text.utf8.dropFirst(cursor).first == quote.asciiValue
    let closing = isClosed ? "" : String(quote)
    if let column = comparedColumn(place) {
      let values = session.values(of: column, behind: place.earlier, peeked: peeked).map { value in
        let spelled = Language.print(Expr(.text(value), Span(0, 0))).dropFirst().dropLast()
        return Candidate(spelled + closing, kind: "value", detail: "of \(column)")
      }
      var found = result(values, at: place, cursor, in: text)
      found.replacement = place.start..<cursor
      return found
    }
    guard let declaration = place.verbWord.flatMap({ session.catalog.declaration($0) }) else {
      return .none
    }
    let form = VerbForm(declaration)
    let takesPath =
      declaration.takesPaths || form.items.contains(.files) || declaration.synopsis.contains("\"")
    return takesPath
      ? paths(place, cursor, closing: closing, ending: form.fileEnding ?? "") : .none
  }

  /// The column before `==`, `!=`, `in [` and the like, where the text is one of its values.
  func comparedColumn(_ place: CompletionPlace) -> String? {
    var rest = place.stage[...]
    var isList = false
    // Back over the values of a list that stand before.
    while let last = rest.last {
      if case .text = last.kind, isList { rest.removeLast(); continue }
      if case .symbol(.comma) = last.kind { isList = true; rest.removeLast(); continue }
      if case .symbol(.openBracket) = last.kind { isList = true; rest.removeLast() }
      break
    }
    guard let sign = rest.popLast() else { return nil }
    switch sign.kind {
    case .symbol(.equal), .symbol(.notEqual), .symbol(.assign), .symbol(.coalesce),
      .symbol(.less), .symbol(.lessOrEqual), .symbol(.greater), .symbol(.greaterOrEqual):
      break
    case .keyword(.in):
      if case .keyword(.not)? = rest.last?.kind { rest.removeLast() }
    default: return nil
    }
    switch rest.last?.kind {
    case .name(let name), .quotedName(let name):
      return schema(place.earlier)?[name] == .text ? name : nil
    default: return nil
    }
  }

  /// The entries of the folder that what was typed names, after the last slash.
  private func paths(
    _ place: CompletionPlace, _ cursor: Int, closing: String, ending: String = ""
  ) -> CompletionResult {
    let prefix = place.typed.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let folder = String(place.typed.dropLast(prefix.count))
    let isQuoted = place.surroundings != .shell
    let found = entries(
      of: folder.isEmpty ? "." : folder, ending: ending, hidden: prefix.hasPrefix(".")
    ).filter {
      $0.name.hasPrefix(prefix)
    }
    return CompletionResult(
      replacement: (cursor - prefix.utf8.count)..<cursor,
      candidates: found.map { name, isFolder in
        // Quotes and backslashes of a name are escaped in text.
        let spelled =
          isQuoted
          ? String(Language.print(Expr(.text(name), Span(0, 0))).dropFirst().dropLast()) : name
        return Candidate(
          spelled + (isFolder ? "/" : closing), kind: isFolder ? "folder" : "file")
      })
  }

  /// The folders in a folder and the files whose names have the ending; all files where none has.
  /// Hidden ones are left out where they are not asked for.
  func entries(
    of folder: String, ending: String, hidden: Bool
  ) -> [(name: String, isFolder: Bool)] {
    let base = session.files.absolute(folder)
    let all = Path.entries(of: base).sorted().filter { hidden || !$0.hasPrefix(".") }.map {
      (name: $0, isFolder: Path.isDirectory(base + "/" + $0))
    }
    let fitting = all.filter { $0.isFolder || $0.name.hasSuffix(ending) }
    return ending == "/" || fitting.contains { !$0.isFolder } ? fitting : all
  }
}
