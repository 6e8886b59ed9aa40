import Display
import Foundation
import TestSupport
import Testing
import Verbs

/// `test …` against R and SciPy: Tests/Fixtures/hypotheses says how.
@Suite struct HypothesisTests {
  struct Case: Decodable, Sendable {
    var line: String
    var by: String
    var statistic: [Double]?
    var df: [Double]?
    var p: [Double]
    var interval: [Double?]?
    var estimate: [Double]?
  }

  static let cases: [Case] =
    (try? JSONDecoder().decode(
      [Case].self, from: Data(Project.text("Tests/Fixtures/hypotheses/tests.json").utf8))) ?? []

  private static func session() throws -> Lines {
    let lines = try Lines()
    try Project.text("Tests/Fixtures/hypotheses/exact.csv").write(
      toFile: lines.folder.workPath + "/exact.csv", atomically: true, encoding: .utf8)
    try lines.run(
      """
      load "datasets/penguins.csv" as penguins
      load "datasets/mtcars.csv" as cars
      load "datasets/titanic.csv" as titanic
      load "exact.csv" as exact
      """)
    return lines
  }

  @Test func agreesWithOthers() throws {
    #expect(Self.cases.count >= 55)
    let lines = try Self.session()
    for item in Self.cases {
      try lines.run(item.line)
      guard case .report(let report)? = lines.outputs.last else {
        Issue.record("\(item.line) shows no report")
        continue
      }
      let facts = Dictionary(uniqueKeysWithValues: report.facts.map { ($0.key, $0.value) })
      func check(_ what: String, _ value: Double?, _ wanted: Double?) {
        guard let wanted else { return }
        guard let value else {
          Issue.record("\(item.line): no \(what)")
          return
        }
        #expect(
          abs(value - wanted) <= 1e-9 * abs(wanted) + 1e-300,
          "\(item.line): \(what) \(value), and \(wanted) by \(item.by)")
      }
      check("statistic", facts["statistic"]?["value"]?.number, item.statistic?.first)
      check("p", facts["p"]?.number, item.p[0])
      if case .array(let degrees)? = facts["df"] {
        for (value, wanted) in zip(degrees, item.df ?? []) { check("df", value.number, wanted) }
        #expect(degrees.count == item.df?.count ?? 0, "\(item.line)")
      }
      if let interval = item.interval, interval.count == 2 {
        check("lower", facts["interval"]?["lower"]?.number, interval[0])
        check("upper", facts["interval"]?["upper"]?.number, interval[1])
      }
      check("estimate", facts["estimate"]?["value"]?.number, item.estimate?.first)
    }
  }

  /// What cannot be tested is an error that says why; nothing traps.
  @Test(arguments: [
    ("penguins | filter year > 3000 | test t body_mass_g by sex", "has 0"),
    ("penguins | head 1 | test shapiro body_mass_g", "3 values or more"),
    ("penguins | filter year > 3000 | test shapiro body_mass_g", "3 values or more"),
    ("penguins | filter year > 3000 | test chi2 species, island", "two values or more"),
    ("penguins | filter year > 3000 | test kruskal body_mass_g by sex", "two groups"),
    ("penguins | filter year > 3000 | test paired bill_length_mm, bill_depth_mm", "2 values"),
    ("penguins | filter year > 3000 | test proportion sex == \"male\" p=0.5", "no values"),
    ("penguins | head 3 | test t year mean=2007", "all values are the same"),
    ("penguins | head 3 | test wilcoxon year median=2007", "0 or null"),
    ("penguins | derive x = 1 | test correlation x, year", "all the same"),
    ("penguins | derive x = log(0) | test t x by sex", "infinite"),
    ("penguins | test ks year mean=2007 sd=0", "above 0"),
    ("penguins | test proportion year p=0.5", "other numbers"),
    ("penguins | test t year by species", "compares two groups"),
    ("penguins | test t year", "needs `mean=`"), ("penguins | test anova year", "add `by COLUMN`"),
    ("penguins | test t year by sex p=0.5", "no option `p`"),
    ("penguins | test t year by sex level=2", "0.5 to 0.999"),
    ("penguins | test fisher species, sex alternative=less", "one-sided"),
    ("penguins | test t year by sex, species", "one column"),
    ("penguins | test welch year by sex", "it is `t` here"),
  ]) func saysWhatCannotBeTested(_ line: String, _ wanted: String) throws {
    let lines = try Self.session()
    let error = failure(of: line, in: lines)
    #expect(error?.contains(wanted) == true, "\(line): \(error ?? "no error")")
  }

  /// A table beyond what can be looked at is refused, not waited for.
  @Test func largeFisherTablesAreRefused() throws {
    let lines = try Self.session()
    let error = failure(of: "titanic | test fisher age, embarked", in: lines)
    #expect(error?.contains("too many tables") == true, "\(error ?? "no error")")
  }
}

extension JSONValue {
  fileprivate subscript(key: String) -> JSONValue? {
    guard case .object(let facts) = self else { return nil }
    return facts.first { $0.key == key }?.value
  }

  fileprivate var number: Double? {
    switch self {
    case .number(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }
}
