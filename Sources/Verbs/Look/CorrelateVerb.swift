import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// `correlate [columns] [method=pearson|spearman|kendall]`
struct CorrelateVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "correlate", .look, "Correlations between each two numeric columns",
    synopsis: "correlate [COLUMNS] [method=pearson|spearman|kendall] [p=true] [where CONDITION]",
    details: ["Each pair is computed on the rows in which both have a value."],
    clauses: [.where],
    options: [
      .init("method", "pearson|spearman|kendall", "linear, by ranks, or by concordant pairs"),
      .init("p", "true|false", "also each pair with its p-value; `test correlation` says more"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "correlate"),
      Example(
        "load \"datasets/mtcars.csv\" as cars", "correlate mpg, hp, wt method=spearman p=true"),
    ], keywords: ["correlation", "cor", "corr", "pairwise", "association"],
    synonyms: ["cor", "corr"])

  let call: Call
  let method: CorrelationMatrix.Method
  let wantsP: Bool
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    let name = try call.choiceOption(
      "method", among: CorrelationMatrix.Method.allCases.map(\.rawValue))
    wantsP = try call.flagOption("p")
    method = name.flatMap { CorrelationMatrix.Method(rawValue: $0) } ?? .pearson
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    var input = input
    if call.items.isEmpty, case .plan(let plan)? = input, plan.isStreamed {
      let numbers = plan.schema.fields.filter { $0.type.isNumeric }.map(\.name)
      if !numbers.isEmpty { input = .plan(.project(plan, numbers)) }
    }
    let frame = try call.frame(input, session)
    let names = try columnNames(frame)
    let columns = names.compactMap { frame[$0] }
    let matrix = try CorrelationMatrix(columns, method: method)
    var tableColumns = [ReportColumn("column", title: "")]
    tableColumns += names.enumerated().map {
      ReportColumn($1, .decimal, droppable: $0 == 0 ? 0 : names.count - $0)
    }
    let rows = names.indices.map { row in
      [Cell.text(names[row])]
        + names.indices.map { column in
          matrix[row, column].map { .number($0, .decimals(4)) } ?? .null
        }
    }
    var pairs: [JSONValue] = []
    var pairRows: [[Cell]] = []
    for row in names.indices {
      for column in names.indices where column > row {
        var facts = [
          Fact("a", .string(names[row])), Fact("b", .string(names[column])),
          Fact("r", matrix[row, column].map { .number($0) } ?? .null),
          Fact("n", .int(Int64(matrix.count(row, column)))),
        ]
        if wantsP {
          let p = try pValue(columns[row], columns[column], of: matrix[row, column])
          facts.append(Fact("p", p.map { .number($0) } ?? .null))
          pairRows.append([
            .text(names[row]), .text(names[column]),
            matrix[row, column].map { .number($0, .decimals(4)) } ?? .null,
            .int(Int64(matrix.count(row, column))), p.map { .number($0, .pValue) } ?? .null,
          ])
        }
        pairs.append(.object(facts))
      }
    }
    return .output(
      .report(
        Report(
          kind: "correlate",
          sections: [
            .table(ReportTable(key: "matrix", columns: tableColumns, rows: rows))
          ] + (wantsP ? [.table(pairTable(pairRows))] : []), footer: [caption(matrix, frame)],
          facts: [Fact("method", .string(method.rawValue)), Fact("pairs", .array(pairs))])))
  }

  private func pairTable(_ rows: [[Cell]]) -> ReportTable {
    ReportTable(
      key: "p_values",
      columns: [
        ReportColumn("a", title: ""), ReportColumn("b", title: ""), ReportColumn("r", .decimal),
        ReportColumn("n", .right), ReportColumn("p", .right),
      ], rows: rows)
  }

  /// Two-sided, as `test correlation` finds it; nil for fewer than three pairs.
  private func pValue(
    _ first: Column, _ second: Column, of correlation: Double?
  ) throws -> Double? {
    guard correlation != nil else { return nil }
    let data = try TestData([("", first), ("", second)])
    guard data.count >= 3 else { return nil }
    return try CorrelationTest.test(
      try data.values(0), try data.values(1), method: method, alternative: .twoSided, level: 0.95
    ).pValue
  }

  private func columnNames(_ frame: Frame) throws -> [String] {
    let names: [String]
    if call.items.isEmpty {
      names = frame.schema.fields.filter { $0.type.isNumeric }.map(\.name)
    } else {
      names = try call.selectedNames(frame.schema)
      for (item, name) in zip(call.items, names) where names.count == call.items.count {
        if let type = frame.schema[name], !type.isNumeric, type != .bool {
          throw Diagnostic(
            .type, "`\(name)` is \(type.rawValue); correlations need numbers",
            span: item.value.span)
        }
      }
    }
    guard names.count > 1 else {
      throw call.misuse("`correlate` needs two numeric columns or more")
    }
    return names
  }

  private func caption(_ matrix: CorrelationMatrix, _ frame: Frame) -> String {
    var counts: Set<Int> = []
    for row in 0..<matrix.size {
      for column in 0..<matrix.size where column > row { counts.insert(matrix.count(row, column)) }
    }
    let low = counts.min() ?? 0
    let high = counts.max() ?? 0
    let n = low == high ? "n \(grouped(low))" : "n \(grouped(low)) to \(grouped(high)) a pair"
    let left = frame.rowCount - high
    return "\(method.rawValue) · \(n)" + (left > 0 ? " · \(grouped(left)) null" : "")
  }
}
