import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `tabulate column[, column] [pct=…] [test=chi2] [top=N]`
struct TabulateVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "tabulate", .look, "Counts each value of a column, or each pair of values of two",
    synopsis:
      "tabulate COLUMN[, COLUMN] [pct=row|col|all] [test=chi2|fisher] [top=N] [where CONDITION]",
    details: [
      "One column: by falling count, null as a value of its own. Two: the first down, the second "
        + "across, in order of their values, with totals."
    ], clauses: [.where],
    options: [
      .init("pct", "row|col|all", "percentages of the row, the column or the whole"),
      .init(
        "test", "chi2|fisher",
        "Pearson's chi-squared or Fisher's exact test of independence; rows with a null are left out"
      ),
      .init("top", "1…100000", "how many values are listed; default 30"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "tabulate species"),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "tabulate species, island pct=row test=chi2"),
    ], keywords: ["frequency", "value counts", "crosstab", "contingency", "table", "chi-squared"],
    synonyms: ["tab", "crosstab", "value_counts"])

  let call: Call
  let percent: String?
  let test: String?
  let top: Int
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...2, "one or two columns")
    percent = try call.choiceOption("pct", among: ["row", "col", "all"])
    test = try call.choiceOption("test", among: ["chi2", "fisher"])
    top = try call.integerOption("top", in: 1...100_000) ?? 30
    if call.items.count == 1, test != nil {
      throw call.misuse("a test of independence needs two columns", at: call.option("test")?.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    let columns = try call.items.map { try call.column($0, of: frame) }
    if columns.count == 1 { return .output(.report(try oneWay(columns[0]))) }
    let table = try TwoWayTable(
      rows: columns[0], columns: columns[1], percent: percent, test: test, top: top)
    return .output(.report(try table.report()))
  }

  private func oneWay(_ variable: (name: String, column: Column)) throws -> Report {
    let counts = try ValueCounts(variable.column)
    // Ascending values with null last; a stable sort by count keeps that order among equals.
    let places = (0..<counts.counts.count).sorted {
      (counts.counts[$1], $0) < (counts.counts[$0], $1)
    }
    let total = Int64(variable.column.count)
    let most = places.first.map { Double(counts.counts[$0]) } ?? 1
    let rows = places.prefix(top).map { place -> [Cell] in
      let count = Int64(counts.counts[place])
      let value = counts.values[place]
      return [
        value.isNull ? .null : .shown(value.text, JSONValue(value)), .int(count),
        .number(Double(count) / Double(total), .percent(decimals: 1)),
        .bar(fraction: Double(count) / most),
      ]
    }
    let table = ReportTable(
      key: "values",
      columns: [
        ReportColumn("value", title: variable.name), ReportColumn("count", .right),
        ReportColumn("share", title: "", .right), ReportColumn("bar", title: ""),
      ], rows: Array(rows))
    let distinct = places.count - (variable.column.nullCount > 0 ? 1 : 0)
    var footer = ["n \(grouped(total)) · \(grouped(distinct)) distinct"]
    if variable.column.nullCount > 0 {
      footer[0] += " · \(grouped(variable.column.nullCount)) null"
    }
    if places.count > top {
      let rest = places.dropFirst(top).reduce(0) { $0 + Int(counts.counts[$1]) }
      footer.append(
        "… \(grouped(places.count - top)) more values in \(grouped(rest)) rows; "
          + "top=\(places.count) lists all")
    }
    return Report(
      kind: "tabulate", sections: [.table(table)], footer: footer,
      facts: [
        Fact("variable", .string(variable.name)), Fact("n", .int(total)),
        Fact("distinct", .int(Int64(distinct))),
        Fact("nulls", .int(Int64(variable.column.nullCount))),
      ])
  }
}
