/// What the parser must know of a verb beyond the general grammar.
package struct VerbSyntax: Sendable {
  package var name: String
  /// How many leading bare words are the verb's own, as `ols` in `fit ols y ~ x`.
  package var wordCount: Int
  /// Whether a literal or name may follow an item without a comma, as in `export daily "d.csv"`.
  package var isJuxtaposed: Bool
  /// Words that begin a clause of this verb: `to`, `with`, `over`, `for`, `beats`.
  package var prepositions: Set<String>
  /// Whether conditions may follow a colon, as in `check trips: fare >= 0`.
  package var takesConditions: Bool
  /// Names of the options the verb knows; used to suggest, not to refuse.
  package var options: [String]

  package init(
    name: String, wordCount: Int = 0, isJuxtaposed: Bool = false,
    prepositions: Set<String> = [], takesConditions: Bool = false, options: [String] = []
  ) {
    self.name = name
    self.wordCount = wordCount
    self.isJuxtaposed = isJuxtaposed
    self.prepositions = prepositions
    self.takesConditions = takesConditions
    self.options = options
  }
}

/// The verbs the parser knows and the names that are bound where the line stands.
package struct Grammar: Sendable {
  package var verbs: [String: VerbSyntax]
  /// Other spellings of verbs: `arrange` for `sort`.
  package var synonyms: [String: String]
  /// Functions, for suggestions only.
  package var functions: Set<String>
  package var boundNames: Set<String>

  package init(
    verbs: [VerbSyntax], synonyms: [String: String] = [:], functions: Set<String> = [],
    boundNames: Set<String> = []
  ) {
    self.verbs = Dictionary(uniqueKeysWithValues: verbs.map { ($0.name, $0) })
    self.synonyms = synonyms
    self.functions = functions
    self.boundNames = boundNames
  }
}
