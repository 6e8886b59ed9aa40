import Language

/// The verbs of a program, handed to a session as a value.
package struct VerbCatalog: Sendable {
  package let verbs: [any Verb.Type]
  /// Words that begin a line and are part of the grammar, as `param`: for help and completion.
  package let statements: [VerbDeclaration]
  private let byName: [String: any Verb.Type]
  package let synonyms: [String: String]
  private let syntaxes: [VerbSyntax]
  private let functions: Set<String>

  /// A catalog of `verbs`; `functions` are the names that expressions may call.
  package init(
    _ verbs: [any Verb.Type], statements: [VerbDeclaration], synonyms: [String: String],
    functions: Set<String>
  ) {
    self.statements = statements
    self.verbs = verbs
    byName = Dictionary(
      verbs.map { ($0.declaration.name, $0) }, uniquingKeysWith: { first, _ in first })
    var all = synonyms
    for verb in verbs {
      for synonym in verb.declaration.synonyms { all[synonym] = verb.declaration.name }
    }
    self.synonyms = all
    syntaxes = verbs.map { verb in verb.declaration.syntax }
    self.functions = functions
  }

  package subscript(name: String) -> (any Verb.Type)? { byName[name] }

  /// What there is to say about verbs and statements, sorted by name.
  package var declarations: [VerbDeclaration] {
    (verbs.map { verb in verb.declaration } + statements).sorted { $0.name < $1.name }
  }

  /// The declaration of a verb, a statement or a synonym; nil for any other word.
  package func declaration(_ word: String) -> VerbDeclaration? {
    let name = synonyms[word] ?? word
    return byName[name]?.declaration ?? statements.first { $0.name == name }
  }

  /// What the parser needs where `boundNames` are bound.
  package func grammar(boundNames: Set<String>) -> Grammar {
    Grammar(verbs: syntaxes, synonyms: synonyms, functions: functions, boundNames: boundNames)
  }
}
