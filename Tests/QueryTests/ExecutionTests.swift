import Columnar
import Language
import Query
import Testing

/// Stages on a small frame, with what must come out written down.
@Suite struct ExecutionTests {
  static func frame() throws -> Frame {
    Frame(
      names: ["k", "v", "w", "t"],
      columns: [
        try .texts(["b", "a", "b", nil, "a", "b"]), try .ints([3, 1, nil, 7, 2, 5]),
        try .floats([0.5, 1.5, 2.5, 3.5, nil, 4.5]), try .ints([6, 5, 4, 3, 2, 1]),
      ])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let names: [String]
    let rows: [[Scalar]]

    init(_ text: String, _ names: [String], _ rows: [[Scalar]]) {
      (self.text, self.names, self.rows) = (text, names, rows)
    }

    var testDescription: String { text }
  }

  static let cases = [
    Case(
      "agg n = count(), count(v), sum(v), mean(w) by k", ["k", "n", "count_v", "sum_v", "mean_w"],
      [
        [.text("a"), .int(2), .int(2), .int(3), .float(1.5)],
        [.text("b"), .int(3), .int(2), .int(8), .float(2.5)],
        [.null, .int(1), .int(1), .int(7), .float(3.5)],
      ]),
    Case(
      "agg per = sum(v) / count() by key = k", ["key", "per"],
      [[.text("a"), .float(1.5)], [.text("b"), .float(8.0 / 3)], [.null, .float(7)]]),
    Case("agg count()", ["count"], [[.int(6)]]),
    Case(
      "agg max(v) by odd = v % 2 == 1", ["odd", "max_v"],
      [[.bool(false), .int(2)], [.bool(true), .int(7)], [.null, .null]]),
    Case(
      "agg mean(numeric())", ["mean_v", "mean_w", "mean_t"],
      [[.float(3.6), .float(2.5), .float(3.5)]]),
    Case(
      "agg null_rate(v), unique(t), unique(k)", ["null_rate_v", "unique_t", "unique_k"],
      [[.float(1.0 / 6), .bool(true), .bool(false)]]),
    Case(
      "sort t | agg first(v), last(v) by k", ["k", "first_v", "last_v"],
      [
        [.text("a"), .int(2), .int(1)], [.text("b"), .int(5), .int(3)],
        [.null, .int(7), .int(7)],
      ]),
    Case(
      "agg first(v) by k sort -t", ["k", "first_v"],
      [[.text("a"), .int(1)], [.text("b"), .int(3)], [.null, .int(7)]]),
    Case("filter v > mean(v) | select v", ["v"], [[.int(7)], [.int(5)]]),
    Case(
      "filter v == max(v) by k | select k, v", ["k", "v"],
      [[.null, .int(7)], [.text("a"), .int(2)], [.text("b"), .int(5)]]),
    Case(
      "derive n = row_number(), p = lag(v), c = cumsum(v) by k sort t | select n, p, c",
      ["n", "p", "c"],
      [
        [.int(3), .null, .int(8)], [.int(2), .int(2), .int(3)], [.int(2), .int(5), .int(5)],
        [.int(1), .null, .int(7)], [.int(1), .null, .int(2)], [.int(1), .null, .int(5)],
      ]),
    Case(
      "derive r = rank(v), d = dense_rank(k), l = lead(t, 2), n = cumcount(v) sort -t | select r, d, l, n",
      ["r", "d", "l", "n"],
      [
        [.int(3), .int(2), .int(4), .int(1)], [.int(1), .int(1), .int(3), .int(2)],
        [.null, .int(2), .int(2), .int(2)], [.int(5), .null, .int(1), .int(3)],
        [.int(2), .int(1), .null, .int(4)], [.int(4), .int(2), .null, .int(5)],
      ]),
    Case(
      "derive s = share(v) by k | select s", ["s"],
      [
        [.float(0.375)], [.float(1.0 / 3)], [.null], [.float(1)], [.float(2.0 / 3)],
        [.float(0.625)],
      ]),
    Case(
      "derive v = 0, x = v + 1 where w > 2 | select v, x", ["v", "x"],
      [
        [.int(3), .null], [.int(1), .null], [.int(0), .int(1)], [.int(0), .int(1)],
        [.int(2), .null], [.int(0), .int(1)],
      ]),
    Case(
      "derive m = mean(v) where k == \"b\" | select m", ["m"],
      [[.float(4)], [.null], [.float(4)], [.null], [.null], [.float(4)]]),
    Case(
      "derive a = v * 2, b = a + 1 | select a, b | take 2", ["a", "b"],
      [[.int(6), .int(7)], [.int(2), .int(3)]]),
    Case(
      "derive each(v..w) = _ * 10 | select v, w | take 1", ["v", "w"], [[.int(30), .float(5)]]),
    Case(
      "sort -k, v | select k, v", ["k", "v"],
      [
        [.text("b"), .int(3)], [.text("b"), .int(5)], [.text("b"), .null], [.text("a"), .int(1)],
        [.text("a"), .int(2)], [.null, .int(7)],
      ]),
    Case(
      "sort -t | take 1 by k | select k, t", ["k", "t"],
      [[.text("b"), .int(6)], [.text("a"), .int(5)], [.null, .int(3)]]),
    Case("rename v -> w, w -> v | select v | take 1", ["v"], [[.float(0.5)]]),
    Case("select -k, t, v | take 1", ["t", "v"], [[.int(6), .int(3)]]),
    Case("select /^[vw]$/ | take 1", ["v", "w"], [[.int(3), .float(0.5)]]),
    Case("select text(), -v | take 1", ["k"], [[.text("b")]]),
  ]

  @Test(arguments: cases) func comesOut(_ example: Case) throws {
    let frame = try Self.frame()
    let plan = try plan(example.text, on: frame)
    let (result, report) = try Execution.run(plan)
    #expect(result.schema == plan.schema)
    #expect(result.names == example.names)
    #expect(result.rowCount == example.rows.count)
    for (row, expected) in zip(result.rows, example.rows) {
      for (value, wanted) in zip(row, expected) {
        if case .float(let a) = value, case .float(let b) = wanted {
          #expect(abs(a - b) < 1e-12)
        } else {
          #expect(value == wanted, "\(result.rows)")
        }
      }
    }
    #expect(report.operators.last?.rowsOut == result.rowCount)
    // Without rules the same comes out.
    #expect(try Execution.run(plan, applying: []).frame.rows == result.rows)
  }

  @Test func filtersReportWhatTheyLeaveOut() throws {
    let plan = try plan("filter v > 2 | filter w < 4", on: Self.frame())
    let report = try Execution.run(plan).report
    #expect(report.filters.map(\.falseCount) == [2, 1])
    #expect(report.filters.map(\.nullCount) == [1, 0])
    #expect(report.filters.map(\.kept) == [3, 2])
  }

  @Test func emptyFramesStayFrames() throws {
    let frame = try Self.frame().slice(0..<0)
    for (text, rows) in [
      ("agg count(), mean(v)", 1), ("agg count() by k", 0), ("derive m = mean(v), n = v + 1", 0),
      ("sort v", 0), ("filter v > 1", 0), ("derive n = row_number() sort v", 0), ("take 3", 0),
    ] {
      #expect(try run(text, on: frame).rowCount == rows, "\(text)")
    }
    #expect(try run("agg n = count(), s = sum(v)", on: frame).rows == [[.int(0), .null]])
  }

  @Test func errorsOfDataHaveTheirPlace() throws {
    let frame = Frame(names: ["a"], columns: [try .ints([1, .max])])
    let error = #expect(throws: Diagnostic.self) { try run("derive b = a + 1", on: frame) }
    #expect(error?.code == .overflow && error?.span != nil)
    #expect(error?.message.contains("(row 2)") == true)
  }

  @Test(arguments: [
    ("agg v by k", Diagnostic.Code.type, "many values"), ("agg v + sum(w)", .usage, "name"),
    ("agg n = sum(v), n = sum(w)", .duplicateName, "two columns"),
    ("agg k = sum(v) by k", .duplicateName, "two columns"),
    ("agg sum(v) by k, k", .duplicateName, "two keys"),
    ("agg x = mean(numeric())", .usage, "3 columns"), ("derive v + 1", .usage, "name"),
    ("derive v = \"x\" where w > 1", .type, "text"), ("select q", .unknownColumn, "q"),
    ("select t..k", .value, "behind"), ("select numberic()", .unknownFunction, "`numeric`"),
    ("select mean(v)", .unknownFunction, "selector"), ("select a = v", .usage, "computed"),
    ("select v + 1", .usage, "listed"), ("rename q -> x", .unknownColumn, "q"),
    ("rename v -> w", .duplicateName, "two columns"), ("sort mean(v)", .type, "aggregate"),
    ("agg first(v) by k", .type, "order"), ("agg count() by q", .unknownColumn, "q"),
  ])
  func mistakesAreTold(_ text: String, _ code: Diagnostic.Code, _ says: String) throws {
    let frame = try Self.frame()
    do {
      _ = try plan(text, on: frame)
      Issue.record("\(text) is accepted")
    } catch let error as Diagnostic {
      #expect(error.code == code)
      let said = ([error.message, error.label ?? ""] + error.notes + error.hints)
      #expect(said.joined(separator: "\n").contains(says), "\(said)")
      #expect(error.span != nil)
    }
  }
}
