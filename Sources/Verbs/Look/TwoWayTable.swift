import Columnar
import Display
import Modeling

/// Counts of one variable's values down and another's across, with totals.
struct TwoWayTable {
  let rows: (name: String, column: Column)
  let columns: (name: String, column: Column)
  let percent: String?
  /// `chi2` or `fisher`.
  let test: String?
  let top: Int
  private let table: CrossTabulation

  init(
    rows: (name: String, column: Column), columns: (name: String, column: Column),
    percent: String?, test: String?, top: Int
  ) throws {
    self.rows = rows
    self.columns = columns
    self.percent = percent
    self.test = test
    self.top = top
    table = try CrossTabulation(rows: rows.column, columns: columns.column)
  }

  private var rowCount: Int { table.rowValues.count }
  private var columnCount: Int { table.columnValues.count }
  private var total: Int { table.counts.reduce(0, +) }

  private func rowTotal(_ row: Int) -> Int {
    (0..<columnCount).reduce(0) { $0 + table[row, $1] }
  }

  private func columnTotal(_ column: Int) -> Int {
    (0..<rowCount).reduce(0) { $0 + table[$1, column] }
  }

  func report() throws -> Report {
    let shownRows = min(rowCount, top)
    let shownColumns = min(columnCount, top)
    let totals = (0..<columnCount).map(columnTotal)
    var headings = [ReportColumn("value", title: rows.name)]
    headings += (0..<shownColumns).map { column in
      ReportColumn(
        label(table.columnValues[column]), .right, droppable: column == 0 ? 0 : columnCount - column
      )
    }
    headings.append(ReportColumn("total", .right))
    var cells = (0..<shownRows).map { row -> [Cell] in
      let whole = rowTotal(row)
      return [value(table.rowValues[row])]
        + (0..<shownColumns).map {
          cell(table[row, $0], row: whole, column: totals[$0])
        } + [.int(Int64(whole))]
    }
    cells.append(
      [.text("total")] + (0..<shownColumns).map { .int(Int64(totals[$0])) } + [.int(Int64(total))])
    var footer = ["\(rows.name) down, \(columns.name) across · n \(grouped(total))"]
    if let percent { footer[0] += " · % of \(percent == "all" ? "all" : percent)" }
    if shownRows < rowCount { footer.append("… \(grouped(rowCount - shownRows)) more rows; top=…") }
    if shownColumns < columnCount {
      footer.append("… \(grouped(columnCount - shownColumns)) more columns; top=…")
    }
    var facts = [
      Fact("rows", .string(rows.name)), Fact("columns", .string(columns.name)),
      Fact("n", .int(Int64(total))),
    ]
    if let kind = test {
      let test = try independenceTest(kind)
      footer.append(test.text)
      facts.append(Fact("test", test.json))
    }
    return Report(
      kind: "tabulate",
      sections: [.table(ReportTable(key: "table", columns: headings, rows: cells))],
      footer: footer, facts: facts)
  }

  private func label(_ value: Scalar) -> String { value.isNull ? "null" : value.text }

  private func value(_ value: Scalar) -> Cell {
    value.isNull ? .null : .shown(value.text, JSONValue(value))
  }

  private func cell(_ count: Int, row: Int, column: Int) -> Cell {
    switch percent {
    case "row": .share(count: Int64(count), of: Int64(row))
    case "col": .share(count: Int64(count), of: Int64(column))
    case "all": .share(count: Int64(count), of: Int64(total))
    default: .int(Int64(count))
    }
  }

  /// A test of independence over the rows in which both have a value.
  private func independenceTest(_ kind: String) throws -> (text: String, json: JSONValue) {
    let rows = (0..<rowCount).filter { !table.rowValues.isNull($0) }
    let columns = (0..<columnCount).filter { !table.columnValues.isNull($0) }
    let counts = rows.map { row in columns.map { table[row, $0] } }
    let n = counts.reduce(0) { $0 + $1.reduce(0, +) }
    let result =
      kind == "fisher"
      ? try ContingencyTest.fisher(counts, alternative: .twoSided, level: 0.95)
      : try ContingencyTest.independence(counts)
    let p = "p \(NumberFormat.pValue.text(result.pValue))"
    guard let statistic = result.statistic, let degrees = result.degrees.first,
      let effect = result.effect
    else {
      return (
        "\(result.name) · \(p)",
        .object([
          Fact("name", .string(kind)), Fact("p", .number(result.pValue)), Fact("n", .int(Int64(n))),
        ])
      )
    }
    let text =
      "chi-squared \(NumberFormat.significant(6).text(statistic.value)) on \(Int(degrees)) df, "
      + "\(p) · \(effect.name) \(NumberFormat.decimals(4).text(effect.value))"
    return (
      ([text] + result.notes).joined(separator: " · "),
      .object([
        Fact("name", .string(kind)), Fact("statistic", .number(statistic.value)),
        Fact("df", .int(Int64(degrees))), Fact("p", .number(result.pValue)),
        Fact("cramers_v", .number(effect.value)), Fact("n", .int(Int64(n))),
        Fact("notes", .array(result.notes.map { .string($0) })),
      ])
    )
  }
}
