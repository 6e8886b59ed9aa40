import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `qq x`
struct QQVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "qq", .plot, "Values against a normal distribution's quantiles",
    synopsis: "qq COLUMN [where CONDITION]",
    details: [
      "Across, the quantiles of a standard normal distribution: normal values make a straight "
        + "line. The one drawn goes through the quartiles, as R's. Skewness and excess kurtosis are below; `test shapiro` tests."
    ], clauses: [.where],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "qq body_mass_g"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | qq bill_depth_mm where species == \"Adelie\""),
    ], keywords: ["quantile", "normal", "normality", "probability plot", "qqnorm"],
    synonyms: ["qqplot", "qnorm", "qqnorm", "probplot"])

  let call: Call
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one column")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    let (name, column) = try call.column(call.items[0], of: frame)
    guard column.type.isNumeric || column.type == .duration else {
      throw Diagnostic(
        .type, "`\(name)` is \(column.type.rawValue); a normal distribution is of numbers",
        span: call.items[0].value.span)
    }
    let kept = try finite(column)
    let values = try kept.sortedFloats()
    let count = values.count
    // Blom's places for few values, the middles of equal parts for many, as R's ppoints.
    let shift = count <= 10 ? 0.375 : 0.5
    let scale = Double(count) + 1 - 2 * shift
    let places = (0..<count).map { Normal.quantile((Double($0) + 1 - shift) / scale) }
    let across = Column(type: .float, storage: .float(try Buffer(places)))
    let up = Column(type: .float, storage: .float(try Buffer(values)))
    let points = try PlottedPoints(across, up)
    return .output(
      .plot(
        .scatter(
          Scatter(
            xName: "normal quantile", yName: name, xRange: points.xRange, yRange: points.yRange,
            yKind: AxisKind(column.type), series: [try points.series(nil) { _ in true }],
            lines: line(values), caption: try caption(frame, column, kept)))))
  }

  /// Without nulls and infinities.
  private func finite(_ column: Column) throws -> Column {
    let floats = Column(
      type: .float, storage: .float(try column.numbers()), validity: column.validity)
    guard let kept = try floats.finiteRows() ?? floats.validity else { return floats }
    return try Column(type: .float, storage: floats.storage, validity: kept).filter(kept)
  }

  /// Through the first and third quartile of both.
  private func line(_ values: [Double]) -> [Scatter.Line] {
    guard values.count > 2 else { return [] }
    func quantile(_ share: Double) -> Double {
      let place = share * Double(values.count - 1)
      let below = Int(place)
      let rest = place - Double(below)
      let above = min(below + 1, values.count - 1)
      return values[below] + rest * (values[above] - values[below])
    }
    let reach = Normal.quantile(0.75)
    let slope = (quantile(0.75) - quantile(0.25)) / (2 * reach)
    let middle = (quantile(0.75) + quantile(0.25)) / 2
    return [Scatter.Line(label: "through the quartiles", intercept: middle, slope: slope)]
  }

  private func caption(_ frame: Frame, _ column: Column, _ kept: Column) throws -> [String] {
    var parts = ["n \(grouped(kept.count))"]
    if column.nullCount > 0 { parts.append("\(grouped(column.nullCount)) null") }
    let infinite = column.count - column.nullCount - kept.count
    if infinite > 0 { parts.append("\(grouped(infinite)) infinite") }
    let whole = try Grouping.whole(rowCount: kept.count)
    for (name, reduction) in [("skew", Reduction.skewness), ("excess kurtosis", .kurtosis)] {
      if let value = try reduce(reduction, [kept], by: whole)[0].number {
        parts.append("\(name) \(NumberFormat.decimals(4).text(value))")
      }
    }
    return parts
  }
}

extension Column {
  /// The values of a column of floats without nulls, rising. Polls for interruption.
  func sortedFloats() throws -> [Double] {
    let order = try sortedRows([SortColumn(column: self)], rowCount: count)
    let numbers = try numbers()
    return order.elements.map { numbers.base[Int($0)] }
  }
}
