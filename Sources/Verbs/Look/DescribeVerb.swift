import Columnar
import Display
import Notebooks
import Query

/// `describe [columns] [by keys] [where condition]`
struct DescribeVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "describe", .look, "Centre, spread, range, nulls and most frequent values of columns",
    synopsis: "describe [COLUMNS] [by KEYS] [where CONDITION]",
    details: [
      "Numbers get mean, standard deviation, quartiles and a small histogram; text the most "
        + "frequent values. Quantiles are exact (type 7). Nulls are counted and left out."
    ], clauses: [.by, .where],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "describe"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "describe body_mass_g, flipper_length_mm by species where sex is not null"),
    ],
    keywords: [
      "summary", "statistics", "mean", "average", "quantiles", "missing values", "overview", "sum",
      "codebook",
    ],
    synonyms: ["summary"])

  let call: Call
  let needsInput = true

  init(_ call: Call) throws { self.call = call }

  func run(on input: Value?, in session: Session) throws -> Value {
    if case .plan(let plan)? = input, plan.isStreamed, call.byItems.isEmpty {
      return .output(.report(try streamedReport(plan, session)))
    }
    let frame = try call.frame(input, session)
    let names = try call.selectedNames(frame.schema)
    let report =
      call.byItems.isEmpty
      ? try wholeReport(frame, names)
      : try groupedReport(
        frame, names, width: input.flatMap { session.plan(of: $0) }?.schema.names.count)
    return .output(.report(report))
  }

  private func wholeReport(_ frame: Frame, _ names: [String]) throws -> Report {
    let columns = names.compactMap { name in frame[name].map { (name, $0) } }
    let summaries = try columns.map { name, column in
      try Cancellation.check()
      return DescribedColumn(label: name, column: column, summary: try ColumnSummary(column))
    }
    var report = Report(
      kind: "describe", title: [try heading(frame, columns.map(\.1))],
      sections: DescribedColumn.tables(summaries, heading: { $0 }),
      facts: [
        Fact("rows", .int(Int64(frame.rowCount))),
        Fact("column_count", .int(Int64(columns.count))),
      ])
    report.footer = summaries.compactMap(\.suspiciousValue)
    return report
  }

  /// One pass over the file a column: of a table that is larger than memory, one column may fit.
  private func streamedReport(_ plan: LogicalPlan, _ session: Session) throws -> Report {
    let names = try call.selectedNames(plan.schema)
    var rowCount = 0
    var nulls: [Int] = []
    var footer: [String] = []
    var tables: [ReportTable] = []
    // Which rows are equal in the columns seen so far, where that is to be said.
    var equal: Grouping?
    for name in names {
      let (frame, execution) = try Execution.run(.project(plan, [name]))
      session.lastReport = execution
      let column = frame.columns[0]
      let described = DescribedColumn(
        label: name, column: column, summary: try ColumnSummary(column))
      rowCount = frame.rowCount
      nulls.append(column.nullCount)
      if rowCount <= duplicateLimit, names.count == plan.schema.names.count {
        let known = try equal.map { [try Column.numbers($0.ids)] } ?? []
        equal = try Grouping(keys: known + [column], rowCount: rowCount)
      }
      if let value = described.suspiciousValue { footer.append(value) }
      // The rows of its table are kept, and not the column.
      for case .table(let table) in DescribedColumn.tables([described], heading: { $0 }) {
        if let place = tables.firstIndex(where: { $0.key == table.key }) {
          tables[place].rows += table.rows
        } else {
          tables.append(table)
        }
      }
    }
    let order = ["number", "time", "text", "bool"]
    tables.sort { (order.firstIndex(of: $0.key) ?? 4) < (order.firstIndex(of: $1.key) ?? 4) }
    var title = [extent(rows: rowCount, columns: plan.schema.names.count), nullText(nulls)]
    if let equal, rowCount > 1 { title.append(duplicateText(rowCount - equal.groupCount)) }
    var report = Report(
      kind: "describe", title: [title.joined(separator: " · ")],
      sections: tables.map { .table($0) },
      facts: [
        Fact("rows", .int(Int64(rowCount))), Fact("column_count", .int(Int64(names.count))),
      ])
    report.footer = footer
    return report
  }

  private func nullText(_ counts: [Int]) -> String {
    let nulls = counts.reduce(0, +)
    let affected = counts.count { $0 > 0 }
    return nulls == 0
      ? "no nulls"
      : "\(grouped(nulls)) null\(nulls == 1 ? "" : "s") in \(affected) "
        + "column\(affected == 1 ? "" : "s")"
  }

  private func duplicateText(_ count: Int) -> String {
    count == 0 ? "no duplicate rows" : "\(grouped(count)) duplicate row\(count == 1 ? "" : "s")"
  }

  private func heading(_ frame: Frame, _ columns: [Column]) throws -> String {
    var parts = ["\(frame.extent)"]
    parts.append(nullText(columns.map(\.nullCount)))
    // Comparing whole rows costs more than everything else here; on large frames it is left to
    // `dedupe`.
    if frame.rowCount > 1, frame.rowCount <= duplicateLimit, columns.count == frame.columns.count {
      parts.append(duplicateText(try frame.duplicateRowCount()))
    }
    return parts.joined(separator: " · ")
  }

  /// `width` is how many columns there are, of which a streamed frame has those named alone.
  private func groupedReport(_ frame: Frame, _ names: [String], width: Int?) throws -> Report {
    let groups = try call.groups(of: frame)
    guard groups.count <= 1_000 else {
      throw call.misuse("`by` gives \(grouped(groups.count)) groups, too many to describe")
    }
    let keys = call.byNames.joined(separator: " · ")
    var sections: [Report.Section] = []
    for name in names where !call.byNames.contains(name) {
      let rows = try groups.compactMap { group -> DescribedColumn? in
        try Cancellation.check()
        guard let column = group.frame[name] else { return nil }
        return DescribedColumn(
          label: group.label ?? "", column: column, summary: try ColumnSummary(column))
      }
      sections.append(.text([name]))
      sections += DescribedColumn.tables(
        rows, heading: { _ in keys }, keyPrefix: "\(name)_", countsValues: true)
    }
    return Report(
      kind: "describe",
      title: [
        extent(rows: frame.rowCount, columns: width ?? frame.columns.count) + " · by \(keys)"
      ], sections: sections,
      facts: [
        Fact("rows", .int(Int64(frame.rowCount))), Fact("by", .string(keys)),
      ])
  }
}

/// Rows of larger frames are not compared.
private let duplicateLimit = 1_000_000

extension Column {
  /// Numbers of groups as a key.
  fileprivate static func numbers(_ ids: Buffer<UInt32>) throws -> Column {
    try .ints(ids.elements.map { Int64($0) })
  }
}
