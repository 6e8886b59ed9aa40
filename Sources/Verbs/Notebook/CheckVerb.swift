import Columnar
import Display
import Language
import Notebooks
import Query

/// `check frame: condition, …`
struct CheckVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "check", .keep, "Holds data to conditions: exit status 5 where one fails",
    synopsis: "check [FRAME]: CONDITION, … [where CONDITION]",
    details: [
      "A condition about rows must be true for every row; null passes and is counted. A condition "
        + "with an aggregate, as `count() > 1000` or `null_rate(x) < 5%`, must be true for the frame."
    ], clauses: [.where],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "check penguins: body_mass_g > 0, null_rate(sex) < 5%, count() > 300"),
      Example(
        "load \"datasets/weather.csv\" as weather", "check: temp_min <= temp_max, unique(date)"),
    ], keywords: ["assert", "validate", "expect", "test", "quality", "constraint"],
    takesConditions: true)

  let call: Call
  let frameName: Name?

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    frameName = try call.onlyFrame(" before the colon")
    guard !call.stage.conditions.isEmpty else {
      throw call.misuse("`check` needs conditions behind a colon, as `check trips: fare >= 0`")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    var frame: Frame
    if let frameName {
      frame = try session.frame(of: frameName)
      if let condition = call.condition { frame = try call.rows(of: frame, where: condition) }
    } else {
      frame = try call.frame(input, session)
    }
    let results = try call.stage.conditions.map { try Requirement($0, call, frame) }
    let failed = results.filter { !$0.holds }
    let table = ReportTable(
      key: "conditions",
      columns: [
        ReportColumn("passed", title: ""), ReportColumn("condition"),
        ReportColumn("detail", title: ""),
      ],
      rows: results.map {
        [
          .shown($0.holds ? "✓" : "✗", .bool($0.holds)), .text($0.text), .text($0.detail),
        ]
      })
    let report = Report(
      kind: "check", sections: [.table(table)],
      footer: [
        "\(results.count) condition\(results.count == 1 ? "" : "s") on "
          + "\(grouped(frame.rowCount)) rows · "
          + (failed.isEmpty ? "all hold" : "\(failed.count) failed")
      ],
      facts: [
        Fact("passed", .bool(failed.isEmpty)), Fact("rows", .int(Int64(frame.rowCount))),
      ])
    guard let first = failed.first else { return .output(.report(report)) }
    try session.notify(.report(report))
    throw Diagnostic(
      .checkFailed, "check failed: \(first.summary)", span: first.span,
      notes: failed.dropFirst().map { "also: \($0.summary)" })
  }
}

/// A condition on a frame with what came of it.
struct Requirement {
  let text: String
  let span: Span
  let holds: Bool
  let detail: String

  /// The condition with what came of it.
  var summary: String { detail.isEmpty ? text : "\(text): \(detail)" }

  /// Tries a condition on the rows of `frame`, or, if it is about aggregates alone, on the frame.
  init(_ condition: Expr, _ call: Call, _ frame: Frame) throws {
    text = Language.print(condition)
    span = condition.span
    let plan = LogicalPlan.frame(frame, label: "frame")
    let scope = call.scope(frame.schema)
    let typed = try bindCondition(condition, in: scope, allowing: .aggregates)
    if typed.readsOtherRows, typed.columnOutsideAggregates(except: []) == nil {
      let value = try Requirement.whole(condition, plan, scope)
      // Null passes: nothing speaks against it.
      holds = value != .bool(false)
      let sides = try Requirement.sides(condition, plan, scope)
      detail =
        value.isNull
        ? "not known: null"
        : sides.isEmpty ? (holds ? "" : "it is false") : sides.joined(separator: ", ")
      return
    }
    let (_, report) = try Execution.run(plan.filtered(by: [condition], scope: scope))
    let falseCount = report.filters.reduce(0) { $0 + $1.falseCount }
    let nullCount = report.filters.reduce(0) { $0 + $1.nullCount }
    holds = falseCount == 0
    var parts: [String] = []
    if falseCount > 0 {
      parts.append("false in \(grouped(falseCount)) of \(grouped(frame.rowCount)) rows")
    }
    if nullCount > 0 { parts.append("\(grouped(nullCount)) null") }
    detail = parts.joined(separator: " · ")
  }

  /// The value of an expression of aggregates over all rows.
  private static func whole(
    _ expression: Expr, _ plan: LogicalPlan, _ scope: Scope
  ) throws -> Scalar {
    let item = Item(name: Name("value"), value: expression)
    return try Execution.run(plan.aggregated([item], scope: scope)).frame.columns[0][0]
  }

  /// The values of the sides of a comparison, as `count() is 344`.
  private static func sides(
    _ condition: Expr, _ plan: LogicalPlan, _ scope: Scope
  ) throws -> [String] {
    guard case .binary(_, let left, let right) = condition.kind else { return [] }
    return try [left, right].compactMap { side in
      guard case .call = side.kind else { return nil }
      return "\(Language.print(side)) is \(try whole(side, plan, scope).text)"
    }
  }
}
