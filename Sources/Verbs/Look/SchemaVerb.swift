import Columnar
import Display
import Notebooks
import Query

/// `schema`
struct SchemaVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "schema", .look, "Names, types, nulls and an example of each column",
    synopsis: "schema [COLUMNS]",
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "schema"),
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | schema text()"),
    ], keywords: ["columns", "types", "structure", "glimpse", "str", "info", "dtypes", "fields"],
    synonyms: ["glimpse", "columns"])

  let call: Call
  let needsInput = true

  init(_ call: Call) throws { self.call = call }

  func run(on input: Value?, in session: Session) throws -> Value {
    if case .plan(let plan)? = input, plan.isStreamed {
      // One pass over the file a column: of a table that is larger than memory, one column may fit.
      let (plan, report) = try plan.settled()
      session.lastReport = report
      return try schema(
        plan.schema, rowCount: plan.streamedSource?.rowCount ?? 0
      ) { try Execution.run(.project(plan, [$0])).frame[$0] }
    }
    let frame = try call.frame(input, session)
    return try schema(frame.schema, rowCount: frame.rowCount) { frame[$0] }
  }

  private func schema(
    _ schema: Schema, rowCount: Int, _ column: (String) throws -> Column?
  ) throws -> Value {
    let rows = try call.selectedNames(schema).compactMap { name -> [Cell]? in
      guard let column = try column(name) else { return nil }
      let distinct = try reduce(
        .countDistinct, [column], by: .whole(rowCount: rowCount))[0]
      return [
        .text(name), .text(column.type.rawValue),
        column.nullCount == 0
          ? .shown("", .int(0))
          : .shown(
            share(Int64(column.nullCount), of: Int64(column.count)), .int(Int64(column.nullCount))),
        .int(Int64(distinct.number ?? 0)), example(column),
      ]
    }
    let table = ReportTable(
      key: "columns",
      columns: [
        ReportColumn("name"), ReportColumn("type"), ReportColumn("nulls", .right),
        ReportColumn("distinct", .right), ReportColumn("example", droppable: 1),
      ], rows: rows)
    return .output(
      .report(
        Report(
          kind: "schema", title: [extent(rows: rowCount, columns: schema.fields.count)],
          sections: [.table(table)],
          facts: [
            Fact("rows", .int(Int64(rowCount))),
            Fact("column_count", .int(Int64(schema.fields.count))),
          ])))
  }

  /// The first value that is there.
  private func example(_ column: Column) -> Cell {
    for row in 0..<min(column.count, 10_000) where !column.isNull(row) {
      return .shown(column[row].text, JSONValue(column[row]))
    }
    return .null
  }
}
