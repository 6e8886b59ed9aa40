import Columnar
import Display
import Notebooks

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
    let frame = try call.frame(input, session)
    let names = try call.selectedNames(frame.schema)
    let report =
      call.byItems.isEmpty
      ? try wholeReport(frame, names) : try groupedReport(frame, names)
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

  private func heading(_ frame: Frame, _ columns: [Column]) throws -> String {
    var parts = ["\(frame.extent)"]
    let nulls = columns.reduce(0) { $0 + $1.nullCount }
    let affected = columns.count { $0.nullCount > 0 }
    parts.append(
      nulls == 0
        ? "no nulls"
        : "\(grouped(nulls)) null\(nulls == 1 ? "" : "s") in \(affected) "
          + "column\(affected == 1 ? "" : "s")")
    // Comparing whole rows costs more than everything else here; on large frames it is left to
    // `dedupe`.
    if frame.rowCount > 1, frame.rowCount <= 1_000_000, columns.count == frame.columns.count {
      let duplicates = try frame.duplicateRowCount()
      parts.append(
        duplicates == 0
          ? "no duplicate rows"
          : "\(grouped(duplicates)) duplicate row\(duplicates == 1 ? "" : "s")")
    }
    return parts.joined(separator: " · ")
  }

  private func groupedReport(_ frame: Frame, _ names: [String]) throws -> Report {
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
      kind: "describe", title: [frame.extent + " · by \(keys)"], sections: sections,
      facts: [
        Fact("rows", .int(Int64(frame.rowCount))), Fact("by", .string(keys)),
      ])
  }
}
