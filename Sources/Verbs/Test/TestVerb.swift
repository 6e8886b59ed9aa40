import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// `frame | test t x by group`
struct TestVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "test", .summarise, "Tests a hypothesis: means, ranks, shares, counts, distributions",
    synopsis: "test KIND COLUMN[, COLUMN] [by GROUP] [where CONDITION] [alternative=two-sided] "
      + "[level=95%]\n       [mean=M] [median=M] [sd=S] [p=P] [variances=equal|unequal] "
      + "[method=pearson|spearman|kendall]",
    details: [
      "Says what was tested, the statistic with its degrees of freedom, p, an effect size and a "
        + "confidence interval. A formula does, too: `test t mass ~ sex`. Rows with a null are left "
        + "out and counted. Ranks without ties and below 50 values a group get an exact p."
    ] + TestKind.allCases.map { "test \($0.form)" },
    clauses: [.by, .where],
    options: [
      .init("alternative", "two-sided|less|greater", "the direction of what is looked for"),
      .init("level", "50%…99.9%", "of the confidence interval; default 95%"),
      .init("mean", "number", "t, ks: the mean to test against"),
      .init("median", "number", "wilcoxon: the median to test against"),
      .init("sd", "number", "ks: the known standard deviation"),
      .init("p", "0%…100%", "proportion: the share to test against"),
      .init("variances", "equal|unequal", "t: unequal unless said; anova: equal unless said"),
      .init("method", "pearson|spearman|kendall", "correlation: default pearson"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "test t body_mass_g by sex"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | test anova flipper_length_mm by species"),
      Example("load \"datasets/titanic.csv\" as titanic", "test chi2 survived, sex"),
      Example(
        "load \"datasets/mtcars.csv\" as cars", "cars | test mannwhitney mpg by am",
        "cars | test correlation mpg, wt method=spearman"),
    ],
    keywords: [
      "hypothesis", "significance", "p-value", "ttest", "t-test", "welch", "anova", "mann-whitney",
      "wilcoxon", "kruskal-wallis", "chi-squared", "fisher", "shapiro", "normality", "kolmogorov",
      "proportion", "correlation", "statistics", "compare means",
    ], synonyms: ["ttest"], wordCount: 1)

  let call: Call
  let kind: TestKind
  let items: [Item]
  let groups: [Item]
  let alternative: TestResult.Alternative
  let level: Double
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    kind = try Self.kind(call)
    // `y ~ g` is `y by g`.
    if call.items.count == 1, case .formula(let response, let terms) = call.items[0].value.kind {
      guard call.byItems.isEmpty else {
        throw call.misuse("a formula and `by` say the same", at: call.items[0].value.span)
      }
      items = [Item(value: response)]
      groups = [Item(value: terms)]
    } else {
      items = call.items
      groups = call.byItems
    }
    alternative =
      try call.choiceOption(
        "alternative", among: TestResult.Alternative.allCases.map(\.rawValue)
      ).flatMap(TestResult.Alternative.init) ?? .twoSided
    level = try call.numberOption("level", in: 0.5...0.999) ?? 0.95
    try check()
  }

  private static func kind(_ call: Call) throws -> TestKind {
    let kinds = TestKind.allCases.map(\.rawValue)
    guard let word = call.words.first else {
      var diagnostic = call.misuse(
        "`test` needs a kind of test: \(kinds.joined(separator: ", "))")
      if call.items.count == 2 {
        diagnostic.correction = Diagnostic.Correction(call.stage.verb.span, "test chi2")
      }
      throw diagnostic
    }
    if let kind = TestKind(rawValue: word.text) { return kind }
    let known = TestKind.otherSpellings[word.text.lowercased()]?.rawValue
    var diagnostic = Diagnostic(
      .usage, "there is no test `\(word.text)`", span: word.span,
      label: known.map { "it is `\($0)` here" }
        ?? nearest(word.text, among: kinds).map { "did you mean `\($0)`?" },
      notes: ["tests: \(kinds.joined(separator: ", "))"])
    if let known { diagnostic.correction = Diagnostic.Correction(word.span, known) }
    if diagnostic.label == nil, call.items.isEmpty {
      // A column stands where the kind should.
      diagnostic.label = "the kind of test stands first"
      diagnostic.correction = Diagnostic.Correction(
        word.span, (call.byItems.isEmpty ? "shapiro " : "t ") + word.text)
    }
    throw diagnostic
  }

  private func check() throws {
    if items.count < kind.itemCounts.lowerBound || items.count > kind.itemCounts.upperBound {
      throw misuse("`test \(kind.rawValue)` takes \(wanted)")
    }
    if groups.count > 1 {
      throw misuse("groups come from one column", at: groups[1].value.span)
    }
    if kind.grouping == .none, let group = groups.first {
      throw misuse("`test \(kind.rawValue)` takes no groups", at: group.value.span)
    }
    if kind.grouping == .required, groups.isEmpty {
      throw misuse("`test \(kind.rawValue)` compares groups: add `by COLUMN`")
    }
    for (name, _) in call.options where !kind.options.contains(name.text) {
      throw misuse("`test \(kind.rawValue)` has no option `\(name.text)`", at: name.span)
    }
    let needed: [String] =
      switch kind {
      case .t where groups.isEmpty: ["mean"]
      case .ks where groups.isEmpty: ["mean", "sd"]
      case .wilcoxon where items.count == 1: ["median"]
      case .proportion where groups.isEmpty: ["p"]
      default: []
      }
    for option in needed where call.option(option) == nil {
      throw misuse(
        "`test \(kind.rawValue)` of one sample needs `\(option)=`"
          + (kind.grouping == .none ? "" : "; to compare groups, add `by COLUMN`"))
    }
  }

  private var wanted: String {
    switch kind.itemCounts {
    case 1...1: "one column"
    case 2...2: "two columns"
    default: "one column or two"
    }
  }

  func misuse(_ message: String, at span: Span? = nil) -> Diagnostic {
    Diagnostic(
      .usage, message, span: span ?? call.stage.verb.span, notes: ["usage: test \(kind.form)"])
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    do {
      return .output(.report(try report(frame)))
    } catch let error as DataError where error.code != .cancelled {
      throw Diagnostic(error, span: items.first?.value.span ?? call.stage.span)
    }
  }
}
