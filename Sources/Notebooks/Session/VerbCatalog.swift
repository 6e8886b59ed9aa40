import Language

/// The verbs of a program, handed to a session as a value.
package struct VerbCatalog: Sendable {
  package let verbs: [any Verb.Type]
  private let byName: [String: any Verb.Type]
  package let synonyms: [String: String]
  private let syntaxes: [VerbSyntax]
  private let functions: Set<String>

  /// A catalog of `verbs`; `functions` are the names that expressions may call.
  package init(_ verbs: [any Verb.Type], synonyms: [String: String], functions: Set<String>) {
    self.verbs = verbs
    byName = Dictionary(verbs.map { ($0.declaration.name, $0) }, uniquingKeysWith: { first, _ in first })
    var all = synonyms
    for verb in verbs {
      for synonym in verb.declaration.synonyms { all[synonym] = verb.declaration.name }
    }
    self.synonyms = all
    syntaxes = verbs.map { verb in verb.declaration.syntax }
    self.functions = functions
  }

  package subscript(name: String) -> (any Verb.Type)? { byName[name] }

  package var declarations: [VerbDeclaration] { verbs.map { verb in verb.declaration } }

  /// What the parser needs where `boundNames` are bound.
  package func grammar(boundNames: Set<String>) -> Grammar {
    Grammar(verbs: syntaxes, synonyms: synonyms, functions: functions, boundNames: boundNames)
  }
}
