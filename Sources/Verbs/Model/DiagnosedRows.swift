import Columnar
import Display
import Language
import Modeling
import Notebooks

/// The rows of a frame on which a model can be judged, with what it says of them.
struct DiagnosedRows {
  /// These rows of the frame.
  let frame: Frame
  /// Their places in the frame that was given, from 1.
  let numbers: [Int]
  let observed: [Double]
  let fitted: [Double]
  let leftOut: Int

  var count: Int { observed.count }

  init(_ model: FittedModel, _ frame: Frame, _ call: Call) throws {
    let predicted = try model.predict(
      try model.inputs(on: frame, call), rowCount: frame.rowCount
    ).column
    let response = try model.observed(on: frame, call)
    let kept = (0..<frame.rowCount).filter { !predicted.isNull($0) && !response.isNull($0) }
    let (x, y) = (try predicted.numbers(), try response.numbers())
    fitted = kept.map { x[$0] }
    observed = kept.map { y[$0] }
    numbers = kept.map { $0 + 1 }
    leftOut = frame.rowCount - kept.count
    self.frame =
      leftOut == 0
      ? frame : try frame.take(try Buffer(kept.map { UInt32(truncatingIfNeeded: $0) }))
  }

  private var residuals: [Double] { zip(observed, fitted).map { $0 - $1 } }

  private func column(_ values: [Double]) throws -> Column {
    Column(type: .float, storage: .float(try Buffer(values)))
  }

  func residualPlot() throws -> Scatter {
    let (x, y) = (try column(fitted), try column(residuals))
    let points = try PlottedPoints(x, y)
    return Scatter(
      xName: "fitted", yName: "residual", xRange: points.xRange, yRange: points.yRange,
      series: [try points.series(nil) { _ in true }],
      lines: [
        Scatter.Line(label: "no residual", intercept: 0, slope: 0)
      ], caption: ["a fit that suits scatters evenly about the line"])
  }

  /// What least squares takes for granted, each with a test.
  func tests(_ model: FittedModel, _ call: Call) throws -> ReportTable {
    var rows: [[Cell]] = []
    func add(_ what: String, _ test: String, _ statistic: Double?, _ p: Double?, _ hint: String) {
      guard let statistic, statistic.isFinite else { return }
      let verdict = p.map { $0 < 0.05 ? hint : "nothing against it" } ?? hint
      rows.append([
        .text(what), .text(test), .number(statistic, .significant(4)),
        p.map { .number($0, .pValue) } ?? .empty, .text(verdict),
      ])
    }
    let residuals = residuals
    if let shapiro = try? ShapiroWilk.test(residuals) {
      add(
        "normal residuals", "Shapiro-Wilk W", shapiro.statistic?.value, shapiro.pValue,
        "not normal: see the plot; matters for small n")
    }
    let squares = try column(residuals.map { $0 * $0 })
    if let (statistic, p) = try breuschPagan(squares, model, call) {
      add(
        "one variance", "Breusch-Pagan", statistic, p, "variance differs: fit … se=robust")
    }
    if let (statistic, p) = try reset(model, call) {
      add("straight terms", "RESET F", statistic, p, "bent: try poly(x, 2), log(x) or x:z")
    }
    let total = residuals.reduce(0) { $0 + $1 * $1 }
    if total > 0 {
      let steps = zip(residuals, residuals.dropFirst()).reduce(0.0) {
        $0 + ($1.1 - $1.0) * ($1.1 - $1.0)
      }
      let ratio = steps / total
      add(
        "independent rows", "Durbin-Watson", ratio, nil,
        ratio < 1.5 || ratio > 2.5
          ? "neighbouring rows go together: does their order mean anything?" : "near 2: fine")
    }
    return ReportTable(
      key: "assumptions",
      columns: [
        ReportColumn("assumption", title: "taken for granted"), ReportColumn("test"),
        ReportColumn("statistic", .decimal), ReportColumn("p", .right),
        ReportColumn("verdict", title: "", wraps: true),
      ], rows: rows)
  }

  /// Koenker's studentised form (1981): n R² of the squared residuals on the model's own terms.
  private func breuschPagan(
    _ squares: Column, _ model: FittedModel, _ call: Call
  ) throws -> (Double, Double)? {
    let auxiliary = try refitted(model, to: squares, plus: [], call)
    guard case .linear(let linear)? = auxiliary?.statistics, let share = linear.rSquared,
      linear.modelDegrees > 0
    else { return nil }
    let statistic = share * Double(count)
    return (
      statistic, ChiSquared(degrees: Double(linear.modelDegrees)).upperTail(statistic)
    )
  }

  /// Ramsey (1969): whether the square and the cube of the fitted values still explain something.
  private func reset(_ model: FittedModel, _ call: Call) throws -> (Double, Double)? {
    let mean = fitted.reduce(0, +) / Double(count)
    let spread = fitted.reduce(0) { max($0, abs($1 - mean)) }
    guard spread > 0, case .linear(let plain) = model.statistics else { return nil }
    // Powers of shifted and scaled values span the same space together with the model's terms.
    let scaled = fitted.map { ($0 - mean) / spread }
    let powers = [
      ModelTerm(name: "fitted^2", role: .numeric(try column(scaled.map { $0 * $0 }))),
      ModelTerm(name: "fitted^3", role: .numeric(try column(scaled.map { $0 * $0 * $0 }))),
    ]
    let response = try column(observed)
    guard let base = try refitted(model, to: response, plus: [], call),
      let larger = try refitted(model, to: response, plus: powers, call),
      case .linear(let small) = base.statistics, case .linear(let large) = larger.statistics,
      large.residualDegrees > 0, plain.residualDegrees > 0
    else { return nil }
    let squares = (
      small.residualDeviation * small.residualDeviation * Double(small.residualDegrees),
      large.residualDeviation * large.residualDeviation * Double(large.residualDegrees)
    )
    let added = Double(small.residualDegrees - large.residualDegrees)
    guard added > 0, squares.1 > 0 else { return nil }
    let f = (squares.0 - squares.1) / added / (squares.1 / Double(large.residualDegrees))
    return (
      f,
      FDistribution(numerator: added, denominator: Double(large.residualDegrees)).upperTail(f)
    )
  }

  /// The model's terms fitted by least squares to another response; nil where that cannot be done.
  private func refitted(
    _ model: FittedModel, to response: Column, plus more: [ModelTerm], _ call: Call
  ) throws -> FittedModel? {
    let terms = try terms(of: model, call)
    let formula = ModelFormula(
      text: model.formula, responseName: model.response.name, response: response,
      terms: terms.formula.terms + more, hasIntercept: terms.formula.hasIntercept)
    do {
      return try LinearRegression.fit(formula)
    } catch let error as DataError where error.code != .cancelled {
      return nil
    }
  }

  func terms(of model: FittedModel, _ call: Call) throws -> FormulaTerms {
    try FormulaTerms(model.parsedFormula(), call: call, frame: frame)
  }

  /// For each numeric term, 1 / (1 - R²) of it on all other terms; nil with fewer than two terms.
  func inflation(_ model: FittedModel, _ call: Call) throws -> ReportTable? {
    let formula = try terms(of: model, call).formula
    guard formula.terms.count > 1 else { return nil }
    var rows: [[Cell]] = []
    for (number, term) in formula.terms.enumerated() {
      try Cancellation.check()
      guard case .numeric(let column) = term.role, column.type != .text else { continue }
      var others = formula.terms
      others.remove(at: number)
      let reduced = ModelFormula(
        text: term.name, responseName: term.name, response: column, terms: others,
        hasIntercept: formula.hasIntercept)
      guard let fit = try? LinearRegression.fit(reduced), case .linear(let linear) = fit.statistics,
        let share = linear.rSquared
      else { continue }
      let factor = share < 1 ? 1 / (1 - share) : Double.infinity
      rows.append([
        .text(term.name), .number(factor, .significant(4)),
        .text(factor > 10 ? "follows from the others: its estimate is unsteady" : ""),
      ])
    }
    if rows.isEmpty { return nil }
    return ReportTable(
      key: "inflation",
      columns: [
        ReportColumn("term", title: "term"),
        ReportColumn("inflation", title: "variance inflation", .decimal),
        ReportColumn("verdict", title: "", wraps: true),
      ], rows: rows)
  }

  /// The five rows that move the fit most; nil where leverages are not known.
  func influence(_ model: FittedModel, _ call: Call) throws -> ReportTable? {
    guard case .linear(let linear) = model.statistics,
      let leverages = try model.leverages(
        try model.inputs(on: frame, call), rowCount: frame.rowCount)
    else { return nil }
    let variance = linear.residualDeviation * linear.residualDeviation
    let parameters = Double(model.coefficients.count { $0.estimate != nil })
    let residuals = residuals
    let distances = residuals.indices.map { row -> Double in
      let leverage = leverages[row]
      guard leverage < 1 else { return .infinity }
      return residuals[row] * residuals[row] / (parameters * variance) * leverage
        / ((1 - leverage) * (1 - leverage))
    }
    let order = distances.indices.sorted {
      distances[$0] == distances[$1] ? $0 < $1 : distances[$0] > distances[$1]
    }
    let number = NumberFormat.significant(5)
    return ReportTable(
      key: "influence",
      columns: [
        ReportColumn("row", title: "row", .right),
        ReportColumn("observed", title: model.response.name, .decimal),
        ReportColumn("fitted", .decimal), ReportColumn("residual", .decimal),
        ReportColumn("leverage", .decimal),
        ReportColumn("cook", title: "Cook's distance", .decimal),
        ReportColumn("bar", title: "", droppable: 1),
      ],
      rows: order.prefix(5).map { row in
        [
          .int(Int64(numbers[row])), .number(observed[row], number), .number(fitted[row], number),
          .number(residuals[row], number), .number(leverages[row], .decimals(4)),
          .number(distances[row], .decimals(4)),
          .bar(
            fraction: distances[order[0]] > 0 && distances[row].isFinite
              ? distances[row] / distances[order[0]] : 0),
        ]
      })
  }

  /// Hosmer and Lemeshow (1980) over ten groups of rising probability.
  func fitTests() throws -> ReportTable {
    let scores = try EventScores(observed: try column(observed), predicted: try column(fitted))
    let bins = try scores.calibration()
    var statistic = 0.0
    for bin in bins {
      let rows = Double(bin.rows)
      let variance = rows * bin.meanScore * (1 - bin.meanScore)
      let difference = rows * (bin.eventRate - bin.meanScore)
      if variance > 0 { statistic += difference * difference / variance }
    }
    let degrees = bins.count - 2
    let p = degrees > 0 ? ChiSquared(degrees: Double(degrees)).upperTail(statistic) : nil
    return ReportTable(
      key: "assumptions",
      columns: [
        ReportColumn("assumption", title: "taken for granted"), ReportColumn("test"),
        ReportColumn("statistic", .decimal), ReportColumn("p", .right),
        ReportColumn("verdict", title: "", wraps: true),
      ],
      rows: [
        [
          .text("probabilities hold"), .text("Hosmer-Lemeshow"),
          .number(statistic, .significant(4)), p.map { .number($0, .pValue) } ?? .empty,
          .text((p ?? 1) < 0.05 ? "they do not: try other terms" : "nothing against it"),
        ]
      ])
  }

  func calibration() throws -> ReportTable {
    let scores = try EventScores(observed: try column(observed), predicted: try column(fitted))
    return Evaluation.calibrationTable(try scores.calibration())
  }
}
