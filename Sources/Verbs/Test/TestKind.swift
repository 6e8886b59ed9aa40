/// The tests of hypotheses, with what each takes.
enum TestKind: String, CaseIterable {
  case anova, chi2, correlation, fisher, kruskal, ks, mannwhitney, paired, proportion, shapiro, t
  case wilcoxon

  /// One line of the help page.
  var form: String {
    switch self {
    case .t: "t X by G · t X mean=M — means of two groups (Welch's), or one mean against M"
    case .paired: "paired X, Y — the mean difference of pairs"
    case .anova: "anova X by G — means of several groups"
    case .mannwhitney: "mannwhitney X by G — two groups by ranks (Wilcoxon's rank sum)"
    case .wilcoxon: "wilcoxon X, Y · wilcoxon X median=M — pairs, or one median, by signed ranks"
    case .kruskal: "kruskal X by G — several groups by ranks"
    case .chi2: "chi2 A, B · chi2 A — independence, or equal shares of all values"
    case .fisher: "fisher A, B — independence, exactly, for small counts"
    case .shapiro: "shapiro X [by G] — whether values are normal"
    case .ks: "ks X by G · ks X mean=M sd=S — one distribution, or a known normal one"
    case .proportion: "proportion CONDITION p=P · proportion CONDITION by G — one share, or two"
    case .correlation:
      "correlation X, Y method=pearson|spearman|kendall — whether two go together"
    }
  }

  /// How many items it takes.
  var itemCounts: ClosedRange<Int> {
    switch self {
    case .paired, .fisher, .correlation: 2...2
    case .wilcoxon, .chi2: 1...2
    case .t, .anova, .mannwhitney, .kruskal, .shapiro, .ks, .proportion: 1...1
    }
  }

  enum Grouping { case none, optional, required }

  /// Whether it compares the groups of a `by` clause.
  var grouping: Grouping {
    switch self {
    case .paired, .wilcoxon, .chi2, .fisher, .correlation: .none
    case .anova, .mannwhitney, .kruskal: .required
    case .t, .shapiro, .ks, .proportion: .optional
    }
  }

  /// The options it takes.
  var options: Set<String> {
    switch self {
    case .t: ["mean", "variances", "alternative", "level"]
    case .paired: ["alternative", "level"]
    case .anova: ["variances"]
    case .mannwhitney: ["alternative", "level"]
    case .wilcoxon: ["median", "alternative", "level"]
    case .kruskal, .chi2, .shapiro: []
    case .fisher: ["alternative", "level"]
    case .ks: ["mean", "sd"]
    case .proportion: ["p", "alternative", "level"]
    case .correlation: ["method", "alternative", "level"]
    }
  }

  /// What people call it elsewhere.
  static let otherSpellings: [String: TestKind] = [
    "ttest": .t, "t_test": .t, "welch": .t, "student": .t, "paired_t": .paired, "oneway": .anova,
    "aov": .anova, "ranksum": .mannwhitney, "mann_whitney": .mannwhitney, "mwu": .mannwhitney,
    "signrank": .wilcoxon, "signed_rank": .wilcoxon, "kruskal_wallis": .kruskal,
    "kwallis": .kruskal,
    "chisq": .chi2, "chi_squared": .chi2, "chisquare": .chi2, "fisher_exact": .fisher,
    "swilk": .shapiro, "shapiro_wilk": .shapiro, "normality": .shapiro, "normal": .shapiro,
    "ksmirnov": .ks, "kolmogorov": .ks, "prop": .proportion, "prtest": .proportion,
    "binomial": .proportion, "binom": .proportion, "cor": .correlation, "corr": .correlation,
    "pearson": .correlation, "spearman": .correlation, "kendall": .correlation,
  ]
}

extension Registry {
  /// The words that may follow `test`, with what each takes: for completion.
  package static var testKinds: [(word: String, form: String)] {
    TestKind.allCases.map { ($0.rawValue, $0.form) }
  }
}
