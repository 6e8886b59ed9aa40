import Columnar
import Language
import Query

/// One stage as a verb sees it: items, clauses and options, with the session's names at hand.
///
/// The accessors throw diagnostics that point at the part at fault.
package struct Call: Sendable {
  package let stage: Stage
  package let declaration: VerbDeclaration
  /// Scalars that `$name` may stand for.
  package let variables: [String: Scalar]
  /// Frames of one column that `in $name` may mean.
  package let lists: [String: BoundList]
  package let definitions: [String: Definition]
  /// Secrets that options may name.
  package let secrets: [String: Secret]
  /// All bound names with what they are, for hints.
  package let boundNames: [String: String]

  /// A call of the verb that `declaration` describes. Throws for clauses and options that the verb
  /// does not have, and for those given twice.
  package init(
    _ stage: Stage, declaration: VerbDeclaration, in state: SessionState
  ) throws {
    self.stage = stage
    self.declaration = declaration
    variables = state.variables
    lists = state.lists
    definitions = state.definitions
    secrets = state.secrets
    boundNames = state.boundNames
    try checkClauses()
  }

  package var verb: String { declaration.name }
  package var items: [Item] { stage.items }
  package var words: [Name] { stage.words }

  /// The scope of expressions over columns of `schema`.
  package func scope(_ schema: Schema) -> Scope {
    Scope(
      schema: schema, variables: variables, lists: lists, boundNames: boundNames,
      definitions: definitions)
  }

  package var byItems: [Item] {
    for case .by(let items) in stage.clauses.map(\.kind) { return items }
    return []
  }

  package var condition: Expr? {
    for case .where(let condition) in stage.clauses.map(\.kind) { return condition }
    return nil
  }

  package var sortKeys: [SortKey] {
    for case .sort(let keys) in stage.clauses.map(\.kind) { return keys }
    return []
  }

  package var intoNames: [Name] {
    for case .into(let names) in stage.clauses.map(\.kind) { return names }
    return []
  }

  package var alias: Name? {
    for case .as(let name) in stage.clauses.map(\.kind) { return name }
    return nil
  }

  package var onItems: [Item]? {
    for case .on(let items) in stage.clauses.map(\.kind) { return items }
    return nil
  }

  /// The items behind a word of the verb's own, as `to` in `promote … to "dir/"`.
  package func preposition(_ word: String) -> [Item]? {
    for case .preposition(let name, let items) in stage.clauses.map(\.kind)
    where name.text == word { return items }
    return nil
  }

  /// The options as written, in order.
  package var options: [(name: Name, value: Expr)] {
    stage.clauses.compactMap { clause in
      if case .option(let name, let value) = clause.kind { (name, value) } else { nil }
    }
  }

  package func option(_ name: String) -> Expr? {
    options.first { $0.name.text == name }?.value
  }

  /// A diagnostic about this call: what is wrong, and the verb's form as a note.
  package func misuse(_ message: String, at span: Span? = nil) -> Diagnostic {
    Diagnostic(
      .usage, message, span: span ?? stage.verb.span, notes: ["usage: \(declaration.synopsis)"])
  }

  /// Throws unless there are `range` items.
  package func expectItems(_ range: ClosedRange<Int>, _ what: String) throws {
    if items.count < range.lowerBound { throw misuse("`\(verb)` needs \(what)") }
    if items.count > range.upperBound {
      throw misuse("`\(verb)` takes \(what), no more", at: items[range.upperBound].value.span)
    }
  }

  private func checkClauses() throws {
    var seen: Set<String> = []
    for clause in stage.clauses {
      let word: String
      let allowed: Bool
      switch clause.kind {
      case .by: (word, allowed) = ("by", declaration.clauses.contains(.by))
      case .where: (word, allowed) = ("where", declaration.clauses.contains(.where))
      case .sort: (word, allowed) = ("sort", declaration.clauses.contains(.sort))
      case .into: (word, allowed) = ("into", declaration.clauses.contains(.into))
      case .on: (word, allowed) = ("on", declaration.clauses.contains(.on))
      case .as: (word, allowed) = ("as", declaration.clauses.contains(.as))
      case .preposition(let name, _):
        (word, allowed) = (name.text, declaration.prepositions.contains(name.text))
      case .option(let name, _):
        (word, allowed) = (name.text, true)
        try checkOption(name)
      }
      guard allowed else {
        var diagnostic = misuse("`\(verb)` takes no `\(word)`", at: clause.span)
        if case .sort(let keys) = clause.kind {
          // The order is a stage of its own.
          var bare = stage
          bare.clauses.removeAll { if case .sort = $0.kind { true } else { false } }
          let list = keys.map { ($0.isDescending ? "-" : "") + Language.print($0.value) }
          diagnostic.correction = Diagnostic.Correction(
            stage.span, "sort \(list.joined(separator: ", ")) | \(Language.print(bare))")
        }
        throw diagnostic
      }
      guard seen.insert(word).inserted else {
        throw misuse("`\(word)` is given twice", at: clause.span)
      }
    }
  }

  private func checkOption(_ name: Name) throws {
    if declaration.takesAnyOption || declaration.options.contains(where: { $0.name == name.text }) {
      return
    }
    let known = declaration.options.map(\.name)
    throw Diagnostic(
      .unknownOption, "`\(verb)` has no option `\(name.text)`", span: name.span,
      label: nearest(name.text, among: known).map { "did you mean `\($0)`?" },
      notes: known.isEmpty
        ? ["`\(verb)` has no options"] : ["options: \(known.joined(separator: ", "))"])
  }
}
