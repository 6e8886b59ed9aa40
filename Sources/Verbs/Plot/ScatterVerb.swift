import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `scatter x, y [color=column] [smooth=lm]`
struct ScatterVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "scatter", .plot, "Scatter plot of two numeric columns",
    synopsis: "scatter X, Y [color=COLUMN] [smooth=lm] [where CONDITION]",
    details: [
      "All rows take part: where there are more than the screen can tell apart, the density is "
        + "drawn. `smooth=lm` adds the least-squares line."
    ], clauses: [.where],
    options: [
      .init("color", "COLUMN", "a series for each value of a column, at most eight"),
      .init("smooth", "lm", "add a fitted line"),
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
  let needsInput = true

  private static let seriesLimit = 8

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(2...2, "two columns, x and y")
    wantsLine = try call.choiceOption("smooth", among: ["lm"]) != nil
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    let x = try axis(call.items[0], frame)
    let y = try axis(call.items[1], frame)
    let points = try PlottedPoints(x.column, y.column)
    var caption = ["n \(grouped(points.rows.count))"]
    caption += points.leftOut
    let (groups, names) = try series(frame)
    var lines: [Scatter.Line] = []
    if wantsLine {
      if points.xRange.lowerBound == points.xRange.upperBound {
        caption.append("no line: \(x.name) does not vary")
      } else if points.rows.count > 2 {
        lines.append(try line(x, y))
      } else {
        caption.append("no line: it takes three points")
      }
    }
    return .output(
      .plot(
        .scatter(
          Scatter(
            xName: x.name, yName: y.name, xRange: points.xRange, yRange: points.yRange,
            xKind: AxisKind(x.column.type), yKind: AxisKind(y.column.type),
            series: try names.enumerated().map { index, label in
              try points.series(label) { groups == nil || groups?[Int($0)] == index }
            }, lines: lines, caption: caption))))
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

  /// The least-squares line through all points, in the units of the axes.
  private func line(
    _ x: (name: String, column: Column), _ y: (name: String, column: Column)
  ) throws -> Scatter.Line {
    let formula = ModelFormula(
      text: "y ~ x", responseName: "y", response: try y.column.axisNumbers(),
      terms: [ModelTerm(name: "x", role: .numeric(try x.column.axisNumbers()))])
    let model = try LinearRegression.fit(formula)
    let intercept = model.coefficients[0].estimate ?? 0
    let slope = model.coefficients.count > 1 ? model.coefficients[1].estimate ?? 0 : 0
    let number = NumberFormat.significant(6)
    return Scatter.Line(
      label: "\(y.name) = \(number.text(intercept)) \(slope < 0 ? "-" : "+") "
        + "\(number.text(abs(slope))) \(x.name)",
      intercept: intercept, slope: slope)
  }
}

extension Column {
  /// The column as floats in the units of an axis; nulls stay, infinities become null.
  fileprivate func axisNumbers() throws -> Column {
    let floats = Column(type: .float, storage: .float(try numbers()), validity: validity)
    guard let finite = try floats.finiteRows() else { return floats }
    return Column(type: .float, storage: floats.storage, validity: finite)
  }
}
