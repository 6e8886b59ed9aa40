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
  /// Whether the first item may be `name = expression`, as in `derive`, `agg` and `pivot`.
  /// Without it `word=` right behind the verb is an option, as in `set memory=2GB`.
  package var takesNamedItems: Bool
  /// Whether an item may be a formula; always so in `fit`.
  package var takesFormula: Bool

  package init(
    name: String, wordCount: Int = 0, isJuxtaposed: Bool = false,
    prepositions: Set<String> = [], takesConditions: Bool = false, options: [String] = [],
    takesNamedItems: Bool = false, takesFormula: Bool = false
  ) {
    self.name = name
    self.wordCount = wordCount
    self.isJuxtaposed = isJuxtaposed
    self.prepositions = prepositions
    self.takesConditions = takesConditions
    self.options = options
    self.takesNamedItems = takesNamedItems
    self.takesFormula = takesFormula || ["fit", "test", "crossvalidate"].contains(name)
  }
}

/// The verbs the parser knows and the names that are bound where the line stands.
package struct Grammar: Sendable {
  package var verbs: [String: VerbSyntax]
  /// Other spellings of verbs: `arrange` for `sort`; a key may be two words, as `plot hist`.
  package var synonyms: [String: String]
  /// Functions, for suggestions only.
  package var functions: Set<String>
  package var boundNames: Set<String>
  /// Whether a unique beginning of a verb stands for it; only at the prompt.
  package var isInteractive: Bool

  package init(
    verbs: [VerbSyntax], synonyms: [String: String] = [:], functions: Set<String> = [],
    boundNames: Set<String> = [], isInteractive: Bool = false
  ) {
    self.verbs = Dictionary(verbs.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    self.synonyms = synonyms
    self.functions = functions
    self.boundNames = boundNames
    self.isInteractive = isInteractive
  }
}
