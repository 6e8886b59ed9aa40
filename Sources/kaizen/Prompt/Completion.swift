import Columnar
import Language
import Notebooks
import Query
import Terminal

/// What can stand at the cursor: verbs, names, columns, functions, options and paths.
final class Completion {
  private let session: Session

  init(_ session: Session) { self.session = session }

  func candidates(_ text: String, cursor: Int) -> CompletionResult {
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    let line = Line(before)
    if line.isInComment { return .none }
    if let path = line.openText {
      return paths(path, from: cursor - path.utf8.count)
    }
    let word = line.word
    let start = cursor - word.utf8.count
    var found: [CompletionResult.Candidate] = []
    if line.isAtVerb {
      found += verbs
      if line.isAtStart { found += names }
    } else if line.isAfterEquals {
      found += names + verbs
    } else {
      let stage = line.stageVerb.flatMap { session.catalog[session.catalog.synonyms[$0] ?? $0] }
      found += columns(line)
      if let stage {
        found += stage.declaration.options.map {
          .init($0.name + "=", detail: $0.meaning)
        }
        if line.takesName(stage.declaration) { found += names }
      } else {
        found += names
      }
      found += functions
    }
    let fitting = found.filter { $0.text.hasPrefix(word) && $0.text != word }
    var seen: Set<String> = []
    return CompletionResult(
      replacement: start..<cursor, candidates: fitting.filter { seen.insert($0.text).inserted })
  }

  private var verbs: [CompletionResult.Candidate] {
    session.catalog.declarations.map { .init($0.name, detail: $0.summary) }
      + session.state.aliases.sorted { $0.key < $1.key }.map { .init($0.key, detail: $0.value) }
  }

  private var functions: [CompletionResult.Candidate] {
    Functions.all.map { .init($0.name + "(", detail: $0.summary) }
  }

  private var names: [CompletionResult.Candidate] {
    session.state.bindings.keys.sorted().map { name in
      var detail = session.state.bindings[name]?.typeName ?? ""
      if case .frame(let frame)? = session.state.bindings[name] { detail = frame.extent }
      return .init(spelled(name), detail: detail)
    }
  }

  /// The columns of the frame that the pipeline starts from, after its complete stages.
  private func columns(_ line: Line) -> [CompletionResult.Candidate] {
    guard let schema = session.schema(of: line.earlierStages) else { return [] }
    return schema.fields.map { .init(spelled($0.name), detail: $0.type.rawValue) }
  }

  private func spelled(_ name: String) -> String {
    Language.print(Expr(.name(name), Span(0, 0)))
  }

  private func paths(_ typed: String, from start: Int) -> CompletionResult {
    let folder =
      typed.contains("/") ? Path.parent(typed.hasPrefix("/") ? typed : "./" + typed) : "."
    let prefix = typed.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let place = session.files.absolute(typed.hasPrefix("/") ? folder : folder)
    let entries = Path.entries(of: place).filter {
      $0.hasPrefix(prefix) && (!$0.hasPrefix(".") || prefix.hasPrefix("."))
    }
    let nameStart = start + typed.utf8.count - prefix.utf8.count
    return CompletionResult(
      replacement: nameStart..<(start + typed.utf8.count),
      candidates: entries.sorted().map { name in
        let isFolder = Path.isDirectory(place + "/" + name)
        return .init(name + (isFolder ? "/" : "\""), detail: isFolder ? "folder" : "")
      })
  }
}

/// A line up to the cursor, as far as completion must understand it.
struct Line {
  let text: String
  /// The characters behind an opening quote that is not closed; nil outside of text.
  let openText: String?
  let isInComment: Bool

  init(_ text: String) {
    self.text = text
    var quote: Character?
    var quoteStart = text.startIndex
    var isInComment = false
    var isEscaped = false
    for index in text.indices {
      let character = text[index]
      if isInComment {
        if character == "\n" { isInComment = false }
        continue
      }
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == open {
          quote = nil
        }
        continue
      }
      switch character {
      case "\"", "'":
        quote = character
        quoteStart = text.index(after: index)
      case "#": isInComment = true
      default: break
      }
    }
    openText = quote == nil ? nil : String(text[quoteStart...])
    self.isInComment = isInComment
  }

  /// The part of a word before the cursor.
  var word: String {
    let reversed = text.reversed().prefix {
      $0.isLetter || $0.isNumber || $0 == "_"
    }
    return String(reversed.reversed())
  }

  private var beforeWord: Substring {
    let rest = text.dropLast(word.count)
    return rest.dropLast(rest.reversed().prefix { $0 == " " || $0 == "\t" }.count)
  }

  /// Whether a line begins here.
  var isAtStart: Bool { beforeWord.isEmpty || beforeWord.last == "\n" || beforeWord.last == ";" }

  /// Whether a stage begins here.
  var isAtVerb: Bool {
    isAtStart || beforeWord.last == "|" || beforeWord.hasSuffix("|=")
      || beforeWord == "time" || beforeWord == "plan"
  }

  /// Whether what is bound to a name begins here.
  var isAfterEquals: Bool {
    guard beforeWord.last == "=", !beforeWord.hasSuffix("|="), !beforeWord.contains("|") else {
      return false
    }
    let name = beforeWord.dropLast().filter { $0 != " " }
    return !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_,".contains($0) }
  }

  private var currentStage: Substring {
    text[(text.lastIndex(of: "|").map { text.index(after: $0) } ?? text.startIndex)...]
  }

  /// The verb of the stage that the cursor is in.
  var stageVerb: String? {
    var stage = currentStage.drop { $0 == " " || $0 == "=" }
    if !text.contains("|"), let equals = stage.firstIndex(of: "="),
      stage[..<equals].allSatisfy({ $0.isLetter || $0.isNumber || "_ ,".contains($0) }),
      stage[..<equals].split(separator: " ").count == 1
    {
      stage = stage[stage.index(after: equals)...].drop { $0 == " " }
    }
    let word = stage.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return word.isEmpty ? nil : String(word)
  }

  /// What stands before the stage of the cursor, without its trailing bar.
  var earlierStages: String {
    guard let bar = text.lastIndex(of: "|") else { return "" }
    var earlier = String(text[..<bar])
    if let equals = earlier.firstIndex(of: "="), !earlier[..<equals].contains("|") {
      let left = earlier[..<equals]
      if left.allSatisfy({ $0.isLetter || $0.isNumber || "_ ,".contains($0) }),
        earlier[equals...].dropFirst().first != "="
      {
        earlier = String(earlier[earlier.index(after: equals)...])
      }
    }
    return earlier
  }

  /// Whether bound names can stand in this stage: models, frames behind `on`.
  func takesName(_ verb: VerbDeclaration) -> Bool {
    [
      "use", "forget", "predict", "evaluate", "gate", "check", "export", "diagnose", "explain",
      "compare",
    ].contains(verb.name)
      || beforeWord.hasSuffix(" on")
  }
}
