import Columnar
import Language
import Query
import Testing

/// Each rule alone and all together keep what comes out.
@Suite struct RuleTests {
  static let pipelines = [
    "sort -a, x | filter a > 2", "select a, s | filter s == \"red\"",
    "rename a -> q, b -> a | filter a > q", "derive z = upper(s) | filter a > 2",
    "derive z = a + 1 | filter z > 2", "derive z = a < 3 | filter z and f",
    "sort -x, a | take 7", "sort a | derive z = lower(s) | take 9",
    "select a, x | sort x | take 5", "rename a -> q | take 4 | select q, x",
    "derive p = a, q = p | derive r = 1 | select q", "filter a > 1 | agg mean(x), count() by s",
    "derive z = mean(a) by s | filter z > 2 | select z, s",
    "sort a | derive n = row_number() | filter n <= 10 | select n, a",
    "derive n = lag(a) by s sort x | select n", "sort d | select a | filter a is not null | take 3",
    "select s, u | select s | agg count() by s", "derive a = a, b = a ?? 0 where f | select b, a",
    "derive x = b, a = x | select a", "agg n = count() by s, f | sort -n | take 2",
    "sort -x, a | take 2 by s", "sort a | take 2..3 by s, f | select a, s",
    "rename a -> b, b -> a | derive c = a < b | filter c | filter a > 0 | select c",
  ]

  @Test(arguments: pipelines) func keepsWhatComesOut(_ text: String) throws {
    for size in [0, 1, 65, 1000] {
      let frame = try generated(size, seed: 23)
      let plan = try plan(text, on: frame)
      let plain = try Execution.run(plan, applying: [])
      for rules in Rules.all.map({ [$0] }) + [Rules.all] {
        let (result, report) = try Execution.run(plan, applying: rules)
        #expect(result.names == plain.frame.names && result.schema == plain.frame.schema)
        #expect(result.rows == plain.frame.rows, "\(text) with \(rules.map(\.name))")
        #expect(report.filters.map(\.kept) == plain.report.filters.map(\.kept))
        #expect(report.notes == plain.report.notes)
      }
    }
  }

  @Test(arguments: Rules.all.map(\.name)) func isUsedSomewhere(_ name: String) throws {
    let frame = try generated(65, seed: 23)
    var plans = try Self.pipelines.map { try plan($0, on: frame) }
    plans.append(.count(try plan("sort a | derive z = s", on: frame), as: "n"))
    #expect(plans.contains { Rules.apply(Rules.all, to: $0).applied.contains(name) })
  }

  @Test func countingAFilterMakesNoRows() throws {
    let frame = try generated(500, seed: 2)
    let filtered = try plan("sort x | filter a > 2", on: frame)
    let (result, report) = try Execution.run(.count(filtered, as: "n"))
    #expect(result.rows == [[.int(Int64(try Execution.run(filtered).frame.rowCount))]])
    #expect(report.operators.map(\.name) == ["frame", "select", "count"])
    #expect(report.filters.count == 1)
  }

  @Test func readersAreAskedForWhatIsNeeded() throws {
    let frame = try generated(100, seed: 4)
    let source = LogicalPlan.Source(label: "t.csv", schema: frame.schema) { columns in
      #expect(columns == ["a", "s"])
      return columns.map { frame.projected($0) } ?? frame
    }
    let scope = Scope(schema: frame.schema)
    let stages = try stages("agg n = count() by s")
    let plan = try LogicalPlan.source(source)
      .filtered(by: [try expression("a > 2")], scope: scope)
      .aggregated(
        stages[0].items, keys: [Item(value: try expression("s"))], scope: scope)
    let result = try Execution.run(plan)
    #expect(result.frame.rowCount == 6)
    #expect(result.report.operators.first?.detail == "t.csv · a, s")
    let lines = plan.describe()
    try #require(lines.count == 3)
    #expect(lines[0].hasPrefix("agg n = count() by s where a > 2"))
    #expect(lines[1].hasPrefix("└ read t.csv · a, s"))
    #expect(lines[2] == "rules: filter into agg, unused columns left out")
  }

  @Test func plansAreBoundAnewWhereAFileHasOtherTypes() throws {
    let look = Schema([Schema.Field(name: "a", type: .int)])
    let whole = Frame(names: ["a"], columns: [try .floats([1, 2.5])])
    let (frame, _) = try Execution.run { (known: Schema?) throws(Diagnostic) in
      let source = LogicalPlan.Source(label: "t.csv", schema: known ?? look) { _ in whole }
      return try LogicalPlan.source(source).deriving(
        [
          Item(
            name: Name("b"),
            value: Expr(
              .binary(
                .add, Expr(.name("a"), Span(0, 1)), Expr(.integer(1), Span(0, 1))), Span(0, 1)))
        ], scope: Scope())
    }
    #expect(frame.rows == [[.float(1), .float(2)], [.float(2.5), .float(3.5)]])
  }
}
