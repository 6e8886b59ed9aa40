import Columnar
import Language
import Query
import TestSupport
import Testing

/// Plans over rows that come in batches give what they give in memory.
@Suite struct StreamingTests {
  static let rowCount = 1000

  private static func sample() throws -> Frame {
    let rows = Array(0..<rowCount)
    return Frame(
      names: ["id", "n", "x", "s"],
      columns: [
        try .ints(rows.map { Int64($0) }),
        try .ints(rows.map { $0 % 13 == 7 ? nil : Int64(($0 * 37) % 101) - 50 }),
        try .floats(rows.map { $0 % 17 == 3 ? nil : Double(($0 * 7919) % 997) / 7 }),
        try .texts(rows.map { $0 % 11 == 5 ? nil : ["ä", "b", "", "dd", "e\($0 / 100)"][$0 % 5] }),
      ])
  }

  private static func streamed(_ frame: Frame, batchSize: Int) throws -> LogicalPlan {
    let table = try StreamedTable(
      schema: frame.schema, rowCount: frame.rowCount, batchSize: batchSize
    ) { range, columns in
      let rows = try frame.slice(range)
      return columns.map { rows.projected($0) } ?? rows
    }
    return .source(.init(table, label: "t"))
  }

  static let pipelines = [
    "filter n > 0", "filter x > 50 and s == \"b\"", "derive y = x * 2 + n | filter y > 100",
    "select s, n", "rename n -> m | filter m < 0", "filter n > 1000", "take 5", "take 0",
    "take 999", "take 5000", "filter n > 40 | take 3", "sort n, -x", "sort -x | take 7",
    "sort s | take 400", "agg c = count(), a = sum(x), m = mean(n) by s",
    "agg q = median(x), d = count_distinct(s)", "filter n > 0 | agg a = sum(n)",
    "derive z = n / (n - 1) | filter z > 1 | agg m = max(z) by s",
    "derive r = sum(n) by s | take 10", "filter x > mean(x) | take 9",
    "derive p = upper(s) | agg c = count() by p",
    "agg v = sd(n), k = corr(n, x), w = kurtosis(x) by s", "agg v = sd(n * 1000), u = var(n)",
    "agg f = first(x), l = last(s), a = min(s), z = max(s) by n where x > 10 sort x, s",
    "agg c = count(), a = sum(x) by n, s where n > 100", "agg c = count() where n > 1000",
    "derive q = n / (n - 1) | agg a = sum(q), c = count(q) by s where x > 3",
    "sort n / (n - 2), s | take 9",
  ]

  @Test(arguments: pipelines)
  func sameRows(pipeline: String) throws {
    let frame = try Self.sample()
    let (expected, whole) = try Execution.run(plan(pipeline, on: frame))
    for size in [1000, 999, 500, 64, 63] {
      let streamed = try stages(pipeline).reduce(try Self.streamed(frame, batchSize: size)) {
        try adding($1, to: $0, scope: Scope())
      }
      let (rows, report) = try Execution.run(streamed)
      #expect(rows.names == expected.names)
      #expect(rows.schema == expected.schema)
      #expect(rows.rows == expected.rows, "\(pipeline) in batches of \(size)")
      #expect(report.footer == whole.footer)
    }
  }

  @Test func countsTopAndDistinctRows() throws {
    let frame = try Self.sample()
    for size in [1000, 70, 64] {
      let source = try Self.streamed(frame, batchSize: size)
      for make in [
        { .count($0, as: "n") }, { .distinct($0, on: ["s"]) }, { .distinct($0, on: []) },
        { .take($0, .last(130)) }, { .take($0, .range(60..<140)) }, { .take($0, .last(0)) },
        { .dropNull($0, in: ["x", "s"]) },
        { .top($0, [OrderKey(value: .column("n", type: .int), isDescending: true)], 150) },
      ] as [(LogicalPlan) -> LogicalPlan] {
        let expected = try Execution.run(make(.frame(frame, label: "t"))).frame
        let rows = try Execution.run(make(source)).frame
        #expect(rows.rows == expected.rows && rows.schema == expected.schema)
      }
    }
  }

  @Test func rowByRowPlansStayStreamed() throws {
    let frame = try Self.sample()
    for pipeline in Self.pipelines {
      let streamed = try stages(pipeline).reduce(try Self.streamed(frame, batchSize: 100)) {
        try adding($1, to: $0, scope: Scope())
      }
      let isRowByRow =
        !["agg", "sort", "take", "sum(", "mean("].contains { pipeline.contains($0) }
      #expect(streamed.isStreamed == isRowByRow, "\(pipeline)")
    }
  }

  @Test func errorsNameTheRowOfTheFile() throws {
    let frame = Frame(
      names: ["v"], columns: [try .ints((0..<300).map { $0 == 250 ? .max : Int64($0) })])
    let pipeline = "filter v != 3 | derive w = v + 1"
    func message(_ source: LogicalPlan) throws -> String? {
      let plan = try stages(pipeline).reduce(source) { try adding($1, to: $0, scope: Scope()) }
      let error = #expect(throws: Diagnostic.self) { try Execution.run(plan) }
      return error?.message
    }
    let whole = try message(.frame(frame, label: "t"))
    #expect(whole?.contains("row 250") == true)
    for size in [300, 64, 100] {
      #expect(try message(Self.streamed(frame, batchSize: size)) == whole)
    }
  }

  @Test func onlyColumnsThatAreReadAreAskedFor() throws {
    let frame = try Self.sample()
    let table = try StreamedTable(schema: frame.schema, rowCount: 1000, batchSize: 100) {
      range, columns in
      // The first look has all of them; nothing behind it may.
      if range.lowerBound > 0, columns != ["n", "s"] {
        throw DataError(.invalidValue, "asked for \(columns ?? [])")
      }
      let rows = try frame.slice(range)
      return columns.map { rows.projected($0) } ?? rows
    }
    let source = LogicalPlan.source(.init(table, label: "t"))
    let plan = try stages("agg a = sum(n) by s").reduce(source) {
      try adding($1, to: $0, scope: Scope())
    }
    #expect(try Execution.run(plan).frame.rowCount > 3)
  }
}
