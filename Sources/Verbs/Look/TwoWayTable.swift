import Columnar
import Display
import Modeling

/// Counts of one variable's values down and another's across, with totals.
struct TwoWayTable {
  let rows: (name: String, column: Column)
  let columns: (name: String, column: Column)
  let percent: String?
  let wantsTest: Bool
  let top: Int
  private let table: CrossTabulation

  init(
    rows: (name: String, column: Column), columns: (name: String, column: Column),
    percent: String?, wantsTest: Bool, top: Int
  ) throws {
    self.rows = rows
    self.columns = columns
    self.percent = percent
    self.wantsTest = wantsTest
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
    if wantsTest {
      let test = try independenceTest()
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

  /// Pearson's test of independence over the rows in which both have a value, without continuity
  /// correction: Σ (observed - expected)² / expected, chi-squared with (r-1)(c-1) degrees.
  private func independenceTest() throws -> (text: String, json: JSONValue) {
    let rows = (0..<rowCount).filter { !table.rowValues.isNull($0) }
    let columns = (0..<columnCount).filter { !table.columnValues.isNull($0) }
    guard rows.count > 1, columns.count > 1 else {
      throw DataError(
        .tooFewRows, "a chi-squared test needs two values or more of each variable")
    }
    let rowTotals = rows.map { row in columns.reduce(0) { $0 + table[row, $1] } }
    let columnTotals = columns.map { column in rows.reduce(0) { $0 + table[$1, column] } }
    let n = Double(rowTotals.reduce(0, +))
    var statistic = 0.0
    var small = 0
    for (i, row) in rows.enumerated() {
      for (j, column) in columns.enumerated() {
        let expected = Double(rowTotals[i]) * Double(columnTotals[j]) / n
        guard expected > 0 else { continue }
        if expected < 5 { small += 1 }
        let difference = Double(table[row, column]) - expected
        statistic += difference * difference / expected
      }
    }
    // Rows or columns that only occur beside a null have no expectation and no degree of freedom.
    let usedRows = rowTotals.count { $0 > 0 }
    let usedColumns = columnTotals.count { $0 > 0 }
    let degrees = (usedRows - 1) * (usedColumns - 1)
    guard degrees > 0 else {
      throw DataError(
        .tooFewRows, "a chi-squared test needs two values or more of each variable")
    }
    let p = ChiSquared(degrees: Double(degrees)).upperTail(statistic)
    let smaller = Double(min(usedRows, usedColumns) - 1)
    let cramer = (statistic / (n * smaller)).squareRoot()
    var text =
      "chi-squared \(NumberFormat.significant(6).text(statistic)) on \(degrees) df, "
      + "p \(NumberFormat.pValue.text(p)) · Cramér's V \(NumberFormat.decimals(4).text(cramer))"
    if small > 0 {
      text += " · \(small) expected count\(small == 1 ? "" : "s") below 5: p is approximate"
    }
    return (
      text,
      .object([
        Fact("name", .string("chi2")), Fact("statistic", .number(statistic)),
        Fact("df", .int(Int64(degrees))), Fact("p", .number(p)),
        Fact("cramers_v", .number(cramer)), Fact("n", .int(Int64(n))),
        Fact("expected_below_5", .int(Int64(small))),
      ])
    )
  }
}
