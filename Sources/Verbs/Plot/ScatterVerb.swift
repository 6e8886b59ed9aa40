import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `scatter x, y [color=column] [smooth=lm]`
struct ScatterVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "scatter", .plot, "Scatter plot of two numeric columns",
    synopsis:
      "scatter X, Y [by KEYS] [color=COLUMN] [smooth=lm] [log=x|y|xy] [where CONDITION]",
    details: [
      "All rows take part: where there are more than the screen can tell apart, the density is "
        + "drawn. `smooth=lm` adds the least-squares line; on logarithmic axes it goes through the "
        + "logarithms. With `by`, a panel a group on shared axes."
    ], clauses: [.by, .where],
    options: [
      .init("color", "COLUMN", "a series for each value of a column, at most eight"),
      .init("smooth", "lm", "add a fitted line"),
      .init("log", "x|y|xy", "logarithmic axes; values not above 0 are left out and counted"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "scatter flipper_length_mm, body_mass_g"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "scatter flipper_length_mm, body_mass_g color=species smooth=lm"),
    ], keywords: ["plot", "points", "relation", "xy"])

  let call: Call
  let wantsLine: Bool
  let scales: (x: AxisScale, y: AxisScale)
  let needsInput = true

  private static let seriesLimit = 8

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(2...2, "two columns, x and y")
    scales = try call.scales(["x", "y", "xy"])
    wantsLine = try call.choiceOption("smooth", among: ["lm"]) != nil
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    let x = try axis(call.items[0], frame)
    let y = try axis(call.items[1], frame)
    let points = try PlottedPoints(x.column, y.column, scales)
    var caption = ["n \(grouped(points.rows.count))"]
    caption += points.leftOut
    let (groups, names) = try series(frame)
    let groupsOfRows = try call.panelRows(of: frame)
    var panels: [Scatter.Panel] = []
    for (number, label) in (groupsOfRows?.labels ?? [nil]).enumerated() {
      let rows =
        groupsOfRows.map { own in points.rows.filter { own.ids[Int($0)] == UInt32(number) } }
        ?? points.rows
      let series = try names.enumerated().map { index, label in
        try points.series(label, among: rows) { groups == nil || groups?[Int($0)] == index }
      }
      var lines: [Scatter.Line] = []
      if wantsLine { lines = try line(x, y, points, rows, &caption, label) }
      panels.append(
        Scatter.Panel(
          label: label, series: series, lines: lines,
          note: label == nil ? nil : "n \(grouped(rows.count))"))
    }
    return .output(
      .plot(
        .scatter(
          Scatter(
            xName: x.name, yName: y.name, xRange: points.xRange, yRange: points.yRange,
            xKind: AxisKind(along: x.column.type), yKind: AxisKind(along: y.column.type),
            xScale: scales.x,
            yScale: scales.y, panels: panels, caption: caption))))
  }

  private func axis(_ item: Item, _ frame: Frame) throws -> (name: String, column: Column) {
    let (name, column) = try call.column(item, of: frame)
    guard column.type != .text else {
      throw Diagnostic(
        .type, "`\(name)` is text; a scatter plot needs numbers or times", span: item.value.span)
    }
    return (name, column)
  }

  /// The series of each row and the series' labels; the whole is one series without `color`.
  private func series(_ frame: Frame) throws -> ([Int]?, [String?]) {
    guard let option = call.option("color") else { return (nil, [nil]) }
    let column = try call.column(Item(value: option), of: frame).column
    let grouping = try Grouping(keys: [column], rowCount: frame.rowCount)
    guard grouping.groupCount <= Self.seriesLimit else {
      throw Diagnostic(
        .arguments,
        "`color` has \(grouped(grouping.groupCount)) values; "
          + "at most \(Self.seriesLimit) can be told apart",
        span: option.span)
    }
    let labels = (0..<grouping.groupCount).map { group -> String? in
      let row = Int(grouping.firstRows[group])
      return row >= column.count ? nil : column.isNull(row) ? "null" : column[row].text
    }
    return (try grouping.ids.elements.map { Int($0) }, labels)
  }

  /// The least-squares line through the points of some rows, in units of the drawing: through
  /// logarithms on logarithmic axes. None, with a word in the caption, where it is not defined.
  private func line(
    _ x: (name: String, column: Column), _ y: (name: String, column: Column),
    _ points: PlottedPoints, _ rows: [UInt32], _ caption: inout [String], _ label: String?
  ) throws -> [Scatter.Line] {
    let across = rows.map { scales.x.place(points.x[Int($0)]) }
    let place = label.map { " in \($0)" } ?? ""
    guard rows.count > 2 else {
      caption.append("no line\(place): it takes three points")
      return []
    }
    guard across.contains(where: { $0 != across[0] }) else {
      caption.append("no line\(place): \(x.name) does not vary")
      return []
    }
    let up = rows.map { scales.y.place(points.y[Int($0)]) }
    let formula = ModelFormula(
      text: "y ~ x", responseName: "y",
      response: Column(type: .float, storage: .float(try Buffer(up))),
      terms: [
        ModelTerm(
          name: "x", role: .numeric(Column(type: .float, storage: .float(try Buffer(across)))))
      ])
    let model = try LinearRegression.fit(formula)
    let intercept = model.coefficients[0].estimate ?? 0
    let slope = model.coefficients.count > 1 ? model.coefficients[1].estimate ?? 0 : 0
    let number = NumberFormat.significant(6)
    func name(_ name: String, _ scale: AxisScale) -> String {
      scale == .log ? "log10(\(name))" : name
    }
    return [
      Scatter.Line(
        label: "\(name(y.name, scales.y)) = \(number.text(intercept)) \(slope < 0 ? "-" : "+") "
          + "\(number.text(abs(slope))) \(name(x.name, scales.x))",
        intercept: intercept, slope: slope)
    ]
  }
}
