import Columnar
import Language
import Modeling
import Notebooks
import Query
import Terminal
import Verbs

/// The words that may stand at a place, in the order of the menu: columns, names, functions, what
/// belongs to the stage, verbs.
extension Completion {
  func words(_ place: CompletionPlace) -> [Candidate] {
    guard let first = place.stage.first else {
      if place.isAfterPipe { return verbs(behindPipe: true) }
      let all = names() + verbs(behindPipe: false)
      return place.isBound ? all + functions(place) : all
    }
    guard let word = place.verbWord, let declaration = session.catalog.declaration(word) else {
      // An expression, as in `x = mean_mass / `; behind a name alone only a pipe can follow.
      if place.stage.count == 1, case .name = first.kind { return [] }
      return expectsOperand(place) ? scalars + functions(place) : []
    }
    return stage(place, VerbForm(declaration))
  }

  /// Behind a verb.
  private func stage(_ place: CompletionPlace, _ form: VerbForm) -> [Candidate] {
    let declaration = form.declaration
    let rest = place.stage.dropFirst()
    // Behind `option=`.
    if case .symbol(.assign)? = rest.last?.kind, place.depth == 0, rest.count >= 2,
      let name = Self.name(rest[rest.endIndex - 2]),
      let option = declaration.options.first(where: { $0.name == name })
    {
      return values(of: option, place)
    }
    // A name that is yet to be made up; an option that the verb does not have.
    if case .symbol(.arrow)? = rest.last?.kind, place.depth == 0 { return [] }
    if case .symbol(.assign)? = rest.last?.kind, place.depth == 0, !declaration.takesNamedItems {
      return []
    }
    let clause = declaration.clause(behind: rest)
    let expects = expectsOperand(place)
    var found: [Candidate] = []
    if expects {
      switch clause {
      case nil:
        found += candidates(form.items, words: rest.isEmpty ? form.words : [], place)
        if rest.isEmpty, let ending = form.fileEnding { found += files(ending: ending) }
        if declaration.name == "test", rest.isEmpty {
          found = Registry.testKinds.map { Candidate($0.word, kind: "test", detail: $0.form) }
        }
        if declaration.wordCount > 0, rest.isEmpty, !form.words.isEmpty {
          found = form.words.map { Candidate($0, kind: "word", detail: declaration.summary) }
        }
      case "by", "where", "sort":
        let behind = form.slot(behind: clause ?? "")
        found +=
          behind.slot.contains(.metrics)
          ? candidates(.metrics, words: [], place)
          : candidates([.columns, .functions], words: [], place)
      case "as", "into": break
      case "on" where declaration.name == "join": found += keys(place)
      case let word?:
        let behind = form.slot(behind: word)
        found += candidates(behind.slot, words: behind.words, place)
      }
    }
    found = comparedValues(place) + without(columnsNamed(place, form, clause), found)
    let isExpression =
      clause == "where" || (clause == nil && form.items.contains(.functions)) || place.depth > 0
    let keywords = isExpression ? keywords(place, expects) : []
    if place.depth > 0 { return found + keywords }
    if clause == nil, !expects, let sign = formulaSign(place, form) { return [sign] }
    // An `if` without its other half can be followed by nothing else.
    if place.typed.isEmpty, !keywords.isEmpty { return keywords }
    if rest.isEmpty ? !form.needsItems : !expects { found += clauses(place, declaration) }
    return found + keywords
  }

  /// `~`, where the response of a formula is there and the terms are not.
  private func formulaSign(_ place: CompletionPlace, _ form: VerbForm) -> Candidate? {
    guard form.items.contains(.formula), place.typed.isEmpty,
      place.stage.count > 1 + form.declaration.wordCount,
      !place.stage.contains(where: { if case .symbol(.tilde) = $0.kind { true } else { false } })
    else { return nil }
    return Candidate("~ ", kind: "sign", detail: "and the terms of the formula")
  }

  /// Columns of the list that is being written, which hold none twice: those before in it.
  private func columnsNamed(
    _ place: CompletionPlace, _ form: VerbForm, _ clause: String?
  ) -> Set<String> {
    let isList =
      switch clause {
      case nil: form.listsColumns || form.items.contains(.formula)
      case "by", "sort": true
      default: false
      }
    let bracketed = clause == "by" ? 1 : 0
    guard isList, place.depth <= bracketed else { return [] }
    var named: Set<String> = []
    for token in place.stage.dropFirst() {
      switch token.kind {
      case .keyword(let keyword) where keyword.isClause: named = []
      case .name(let name), .quotedName(let name): named.insert(name)
      default: break
      }
    }
    return named
  }

  private func without(_ names: Set<String>, _ found: [Candidate]) -> [Candidate] {
    if names.isEmpty { return found }
    let spelled = Set(names.map(spelled))
    return found.filter { !spelled.contains($0.text) }
  }

  /// The values of a text column that is being compared, in quotes.
  private func comparedValues(_ place: CompletionPlace) -> [Candidate] {
    guard let column = comparedColumn(place) else { return [] }
    return session.values(of: column, behind: place.earlier, limit: 50, peeked: peeked).map {
      Candidate(Language.print(Expr(.text($0), Span(0, 0))), kind: "value", detail: "of \(column)")
    }
  }

  /// The columns that a join can be on: those that both frames have come first.
  private func keys(_ place: CompletionPlace) -> [Candidate] {
    let all = columns(place)
    guard place.stage.count > 1, let name = Self.name(place.stage[1]),
      let other = session.schema(behind: [name])
    else { return all }
    let both = Set(other.names.map(spelled))
    return all.filter { both.contains($0.text) } + all.filter { !both.contains($0.text) }
  }

  /// The files of the folder in quotes, for a place that takes one.
  private func files(ending: String) -> [Candidate] {
    entries(of: ".", ending: ending, hidden: false).map { name, isFolder in
      let quoted = Language.print(Expr(.text(name), Span(0, 0)))
      return isFolder
        ? Candidate(quoted.dropLast() + "/", kind: "folder") : Candidate(quoted, kind: "file")
    }
  }

  private func candidates(
    _ slot: VerbForm.Slot, words: [String], _ place: CompletionPlace
  ) -> [Candidate] {
    var found: [Candidate] = []
    // An aggregate alone can stand in a list of them; its argument is an expression.
    if slot.contains(.aggregates), place.depth == 0 {
      found += functions(place, only: .aggregate)
      return slot.contains(.columns) ? found + columns(place) : found
    }
    if slot.contains(.aggregates) { return columns(place) + functions(place) }
    if slot.contains(.columns) { found += columns(place) }
    if slot.contains(.frames) { found += names { $0.isFrame } }
    if slot.contains(.models) { found += names { $0.typeName == "a model" } }
    if slot.contains(.anyName) { found += names() }
    if slot.contains(.snapshots) {
      found += session.snapshotNames.map { Candidate($0, kind: "snapshot") }
    }
    if slot.contains(.metrics) {
      found += Metric.allCases.map { Candidate($0.rawValue, kind: "metric") }
    }
    if slot.contains(.types) { found += Self.types }
    if slot.contains(.topics) { found += topics }
    found += words.map { Candidate($0, kind: "word") }
    if slot.contains(.functions) { found += functions(place) }
    return found
  }

  func columns(_ place: CompletionPlace) -> [Candidate] {
    guard let schema = schema(place.earlier) else { return [] }
    return schema.fields.map { Candidate(spelled($0.name), kind: $0.type.rawValue) }
  }

  private func verbs(behindPipe: Bool) -> [Candidate] {
    session.catalog.declarations.filter { !behindPipe || session.canFollowPipe($0.name) }.map {
      Candidate($0.name, kind: "verb", detail: $0.summary)
    }
      + session.state.aliases.sorted { $0.key < $1.key }.map {
        Candidate($0.key, kind: "alias", detail: $0.value)
      }
  }

  /// Functions, where something of a name has been typed: all of them say nothing. Of aggregates
  /// there are few.
  private func functions(
    _ place: CompletionPlace, only family: Function.Family? = nil
  ) -> [Candidate] {
    let own = session.state.definitions.keys.sorted().map {
      Candidate($0 + "(", kind: "function", detail: "defined here")
    }
    if place.typed.isEmpty, family == nil { return own }
    return own
      + Functions.all.filter { family == nil || $0.family == family }.map {
        Candidate($0.name + "(", kind: "function", detail: $0.summary)
      }
  }

  private func names(where fits: (Value) -> Bool = { _ in true }) -> [Candidate] {
    let bindings = session.state.bindings
    return bindings.keys.sorted().compactMap { name in
      guard let value = bindings[name], fits(value) else { return nil }
      let kind = value.typeName.split(separator: " ").last.map(String.init) ?? ""
      return Candidate(spelled(name), kind: kind, detail: session.meaning(of: value))
    }
  }

  /// Scalars, as an expression outside of stages sees them.
  private var scalars: [Candidate] { names { if case .scalar = $0 { true } else { false } } }

  var variables: [Candidate] {
    session.state.variables.keys.sorted().map { name in
      Candidate("$" + name, kind: "scalar", detail: session.state.variables[name]?.text ?? "")
    }
  }

  var topics: [Candidate] {
    [Candidate("functions", kind: "topic", detail: "All functions by family")]
      + session.catalog.declarations.map {
        Candidate($0.name, kind: "verb", detail: $0.summary)
      } + Functions.all.map { Candidate($0.name, kind: "function", detail: $0.summary) }
  }

  private static let types = ["bool", "date", "datetime", "float", "int", "text"].map {
    Candidate($0, kind: "type")
  }

  /// Clauses, words and options that the stage does not have yet.
  private func clauses(
    _ place: CompletionPlace, _ declaration: VerbDeclaration
  ) -> [Candidate] {
    let present = Set(
      place.stage.dropFirst().compactMap { token -> String? in
        if case .keyword(let keyword) = token.kind { return keyword.rawValue }
        return Self.name(token)
      })
    var words: [String] = []
    let own = declaration.clauses
    if own.contains(.by) { words.append("by") }
    if own.contains(.where) { words.append("where") }
    if own.contains(.sort) { words.append("sort") }
    if own.contains(.on) { words.append("on") }
    if own.contains(.into) { words.append("into") }
    if own.contains(.as) { words.append("as") }
    words += declaration.prepositions.sorted()
    let options = declaration.options.filter { !present.contains($0.name) }
    return words.filter { !present.contains($0) }.map { Candidate($0, kind: "clause") }
      + options.map { Candidate($0.name + "=", kind: "option", detail: $0.meaning) }
  }

  /// Words of expressions, where one has been begun.
  private func keywords(_ place: CompletionPlace, _ expects: Bool) -> [Candidate] {
    if place.typed.isEmpty {
      // The one word that an `if` still lacks.
      guard !expects, let open = place.stage.last(where: { $0.isBranch }) else { return [] }
      switch open.kind {
      case .keyword(.if): return [Candidate("then", kind: "keyword")]
      case .keyword(.then): return [Candidate("else", kind: "keyword")]
      default: return []
      }
    }
    let words: [Keyword] =
      expects
      ? [.not, .if, .case, .null, .true, .false] : [.and, .or, .in, .is, .not, .then, .else]
    return words.map { Candidate($0.rawValue, kind: "keyword") }
  }

  /// What an option may be: the words of its declaration, or columns.
  private func values(
    of option: VerbDeclaration.Option, _ place: CompletionPlace
  ) -> [Candidate] {
    var found: [Candidate] = []
    for part in option.values.split(separator: "|") {
      if part.lowercased().contains("column") {
        found += columns(place)
      } else if part.allSatisfy({ $0.isLowercase || $0.isNumber || "_-:".contains($0) }),
        !["number", "text", "value", "length"].contains(part)
      {
        found.append(Candidate(String(part), kind: "value", detail: option.meaning))
      }
    }
    return found
  }

  /// Whether an operand comes next, as behind a verb, a comma or an operator.
  private func expectsOperand(_ place: CompletionPlace) -> Bool {
    let declaration = place.verbWord.flatMap { session.catalog.declaration($0) }
    guard place.stage.count > 1, let last = place.stage.last else {
      return declaration != nil || place.stage.isEmpty
    }
    switch last.kind {
    case .keyword(let keyword): return ![.null, .true, .false].contains(keyword)
    case .symbol(let symbol):
      return ![.closeParenthesis, .closeBracket, .closeBrace, .dot].contains(symbol)
    case .name(let name):
      if declaration?.prepositions.contains(name) ?? false { return true }
      // The verb's own words come first.
      return place.stage.count - 1 <= declaration?.wordCount ?? 0
    default: return false
    }
  }

  private static func name(_ token: Token) -> String? {
    if case .name(let name) = token.kind { return name }
    return nil
  }

  func spelled(_ name: String) -> String {
    Language.print(Expr(.name(name), Span(0, 0)))
  }
}

extension Token {
  fileprivate var isBranch: Bool {
    switch kind {
    case .keyword(.if), .keyword(.then), .keyword(.else): true
    default: false
    }
  }
}

extension Value {
  fileprivate var isFrame: Bool {
    switch self {
    case .frame, .plan: true
    default: false
    }
  }
}

extension Session {
  fileprivate func meaning(of value: Value) -> String {
    switch value {
    case .frame(let frame): frame.extent
    case .scalar(let scalar): scalar.text
    case .object(let object): object.summary
    default: ""
    }
  }

  /// Whether a verb can stand behind `|`: it works on rows or on what came before.
  fileprivate func canFollowPipe(_ name: String) -> Bool {
    guard let type = catalog[name], !(type is any SourceVerb.Type) else { return false }
    if type is any FrameVerb.Type || type is any PartnerVerb.Type { return true }
    switch type.declaration.purpose {
    case .session: return false
    // Of those that keep and automate, the others work on notebooks and runs.
    case .keep: return ["check", "gate"].contains(type.declaration.name)
    default: return true
    }
  }
}
