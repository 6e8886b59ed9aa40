import Language

extension Grammar {
  /// The verbs of the language with plausible syntax, for tests that need no registry.
  package static let test = Grammar(
    verbs: plainVerbs.map { VerbSyntax(name: $0) } + shapedVerbs,
    synonyms: [
      "mutate": "derive", "extend": "derive", "summarize": "agg", "arrange": "sort",
      "project": "select", "keep": "select", "plot hist": "hist", "plot bar": "bar",
    ],
    functions: [
      "count", "mean", "median", "sum", "min", "max", "quantile", "lag", "row_number", "bin",
      "hours", "weekday", "hour", "zscore", "cut", "extract", "log", "abs", "round", "starts",
      "ends", "contains", "numeric", "text", "dates", "bools", "all", "each", "unique",
      "null_rate", "date", "poly", "C", "upper",
    ])

  private static let plainVerbs = """
    use forget frames schema head tail take sample split select drop filter sort distinct \
    dedupe dropnull count tabulate describe missing correlate join append rename cast rank clean \
    outliers test predict explain diagnose compare evaluate melt violin density ecdf qq hist box \
    scatter param def for set alias source undo redo snapshot restore history time plan cd pwd ls \
    help exit runs
    """.split(separator: " ").map(String.init)

  private static let shapedVerbs = [
    VerbSyntax(name: "load", options: ["sep", "decimal", "null", "types"]),
    VerbSyntax(name: "derive", takesNamedItems: true),
    VerbSyntax(name: "agg", takesNamedItems: true),
    VerbSyntax(name: "pivot", options: ["rows", "values"], takesNamedItems: true),
    VerbSyntax(name: "cut"),
    VerbSyntax(name: "fill", prepositions: ["with"]),
    VerbSyntax(name: "check", takesConditions: true),
    VerbSyntax(
      name: "gate", prepositions: ["beats"], takesConditions: true, options: ["min_gain"]),
    VerbSyntax(name: "fit", wordCount: 1, options: ["se"], takesFormula: true),
    VerbSyntax(name: "crossvalidate", wordCount: 1, takesFormula: true),
    VerbSyntax(name: "automl", takesFormula: true),
    VerbSyntax(name: "line", prepositions: ["over"]),
    VerbSyntax(name: "bar", prepositions: ["over"], options: ["top"]),
    VerbSyntax(name: "heatmap", prepositions: ["over"]),
    VerbSyntax(name: "export", isJuxtaposed: true, prepositions: ["to"]),
    VerbSyntax(name: "save", prepositions: ["for"]),
    VerbSyntax(name: "open"),
    VerbSyntax(name: "replay"),
    VerbSyntax(name: "promote", prepositions: ["to"], options: ["target"]),
    VerbSyntax(name: "pipeline", isJuxtaposed: true),
  ]
}
