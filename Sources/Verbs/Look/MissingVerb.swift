import Columnar
import Display
import Notebooks

/// `missing [columns]`
struct MissingVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "missing", .look, "Which columns have nulls, how many, and which of them together",
    synopsis: "missing [COLUMNS] [where CONDITION]", clauses: [.where],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "missing"),
      Example("load \"datasets/titanic.csv\" as titanic", "missing"),
    ], keywords: ["missing values", "null", "na", "nan", "empty", "incomplete"])

  let call: Call
  let needsInput = true

  init(_ call: Call) throws { self.call = call }

  func run(on input: Value?, in session: Session) throws -> Value {
    let whole = try call.frame(input, session)
    let names = try call.selectedNames(whole.schema)
    let frame = Frame(
      names: names, columns: names.compactMap { whole[$0] }, rowCount: whole.rowCount)
    let affected = zip(names, frame.columns).filter { $0.1.nullCount > 0 }
      .sorted { ($1.1.nullCount, $0.0) < ($0.1.nullCount, $1.0) }
    let patterns = try frame.missingPatterns()
    let complete = patterns.first { $0.columns.isEmpty }?.rowCount ?? 0
    var report = Report(
      kind: "missing", title: [title(frame, complete)],
      facts: [
        Fact("rows", .int(Int64(frame.rowCount))), Fact("complete_rows", .int(Int64(complete))),
      ])
    if affected.isEmpty { return .output(.report(report)) }
    report.sections.append(.table(columnTable(affected.map { ($0.0, $0.1) }, frame.rowCount)))
    let together = patterns.filter { $0.columns.count > 1 }
    if !together.isEmpty {
      report.sections.append(.table(patternTable(together, names)))
      if together.count > 10 {
        report.footer.append("… \(grouped(together.count - 10)) more combinations")
      }
    }
    return .output(.report(report))
  }

  private func title(_ frame: Frame, _ complete: Int) -> String {
    let rows = "\(grouped(frame.rowCount)) row\(frame.rowCount == 1 ? "" : "s")"
    return complete == frame.rowCount
      ? "\(rows) · no nulls"
      : "\(rows) · \(grouped(complete)) complete "
        + "(\(share(Int64(complete), of: Int64(frame.rowCount))))"
  }

  private func columnTable(_ columns: [(String, Column)], _ rowCount: Int) -> ReportTable {
    ReportTable(
      key: "columns",
      columns: [
        ReportColumn("column"), ReportColumn("nulls", .right),
        ReportColumn("share", title: "", .right),
        ReportColumn("bar", title: ""),
      ],
      rows: columns.map { name, column in
        let fraction = Double(column.nullCount) / Double(max(rowCount, 1))
        return [
          .text(name), .int(Int64(column.nullCount)),
          .number(fraction, .percent(decimals: 1)), .bar(fraction: fraction),
        ]
      })
  }

  private func patternTable(_ patterns: [MissingPattern], _ names: [String]) -> ReportTable {
    ReportTable(
      key: "together",
      columns: [
        ReportColumn("rows", .right), ReportColumn("columns", title: "null together"),
      ],
      rows: patterns.prefix(10).map { pattern in
        let columns = pattern.columns.map { names[$0] }
        return [
          .int(Int64(pattern.rowCount)),
          .shown(columns.joined(separator: ", "), .array(columns.map { .string($0) })),
        ]
      })
  }
}
