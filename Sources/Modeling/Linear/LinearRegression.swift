import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ordinary least squares: `fit ols`.
package enum LinearRegression {
  /// The model that minimises the sum of squared residuals, over the rows in which the response and
  /// every input have a value.
  ///
  /// Rows n, columns p: the work is 2np² operations and a block of rows is all that lies in memory.
  /// Where the columns are so nearly dependent that floats would lose digits the factorisation is
  /// repeated in doubled precision.
  ///
  /// Throws `tooFewRows` unless there are more rows than coefficients, `typeMismatch` for a response
  /// that is no number, `invalidValue` for infinite values, and what `ModelFormula` throws.
  package static func fit(
    _ formula: ModelFormula, standardErrors: StandardErrors = .classical
  ) throws -> FittedModel {
    let response = try LinearResponse(formula)
    let matrix = try DesignMatrix(formula)
    let stretch = FitStretch(matrix: matrix, response: response.values)
    let problem = try LinearProblem(FitRows(stretch), sample: stretch)
    return try model(formula, formula.response.count, problem, standardErrors)
  }

  /// The same model over rows that come in batches: the same bits as in memory. Reads them four
  /// times, and again for robust errors and for nearly dependent columns.
  package static func fit(
    _ streamed: StreamedFormula, standardErrors: StandardErrors = .classical
  ) throws -> FittedModel {
    let (formula, rowCount) = streamed.formula
    _ = try LinearResponse(formula)
    let (rows, sample) = try streamed.survey()
    let problem = try LinearProblem(rows, sample: sample)
    return try model(formula, rowCount, problem, standardErrors)
  }

  /// `rowCount` is how many rows there are, complete or not.
  private static func model(
    _ formula: ModelFormula, _ rowCount: Int, _ problem: LinearProblem,
    _ standardErrors: StandardErrors
  ) throws -> FittedModel {
    let matrix = problem.matrix
    let completeCount = problem.rows.count
    let solution = try problem.solve(formula)
    let rank = solution.kept.count
    guard completeCount > rank else {
      throw DataError(
        .tooFewRows,
        "\(completeCount) complete rows cannot carry \(matrix.columnCount) coefficients",
        hints: ["use more rows than coefficients"])
    }
    let degrees = completeCount - rank
    let variance = solution.residualSquares / Double(degrees)
    var notes = unitNotes(matrix.specification)
    var covariance = try solution.inverseCrossProduct()
    if standardErrors == .classical {
      for index in covariance.indices { covariance[index] *= variance }
    } else {
      covariance = try problem.sandwich(solution, standardErrors)
    }
    let hasIntercept = formula.hasIntercept && solution.kept.first == 0
    let fitted = solution.effects.dropFirst(hasIntercept ? 1 : 0)
    let modelSquares = fitted.reduce(0) { $0 + $1 * $1 }
    let totalSquares = modelSquares + solution.residualSquares
    let isConstant = problem.response.isConstant && hasIntercept
    if isConstant {
      notes.append("\(formula.responseName) is the same in every row: nothing to explain")
    } else if isExact(solution) {
      notes.append("an essentially perfect fit: standard errors and tests say little")
    }
    let modelDegrees = rank - (hasIntercept ? 1 : 0)
    let rSquared = isConstant || totalSquares == 0 ? nil : modelSquares / totalSquares
    let rowDegrees = Double(completeCount - (hasIntercept ? 1 : 0))
    var statistics = LinearStatistics(
      rSquared: rSquared,
      adjustedRSquared: rSquared.map { 1 - (1 - $0) * rowDegrees / Double(degrees) },
      residualDeviation: isConstant ? 0 : variance.squareRoot(), residualDegrees: degrees,
      modelDegrees: modelDegrees)
    if modelDegrees > 0, !isConstant {
      let f =
        standardErrors == .classical
        ? (variance > 0 ? modelSquares / Double(modelDegrees) / variance : nil)
        : waldStatistic(
          solution.estimates, covariance, from: hasIntercept ? 1 : 0
        ).map { $0 / Double(modelDegrees) }
      statistics.fStatistic = f
      statistics.fPValue = f.map {
        FDistribution(numerator: Double(modelDegrees), denominator: Double(degrees)).upperTail($0)
      }
    }
    var estimates = solution.estimates
    if isConstant {
      for index in estimates.indices { estimates[index] = index == 0 ? problem.response.first : 0 }
      for index in covariance.indices { covariance[index] = 0 }
    }
    let distribution = StudentT(degrees: Double(degrees))
    let table = coefficientTable(
      matrix, kept: solution.kept, estimates: estimates, covariance: covariance,
      quantile: distribution.upperQuantile(0.025), pValue: distribution.twoSided)
    notes += droppedNotes(table)
    return FittedModel(
      kind: .ols, formula: formula.text,
      response: ModelResponse(
        name: formula.responseName, type: formula.response.type, coding: .number),
      design: matrix.specification, coefficients: table, covariance: covariance,
      standardErrors: standardErrors, rowsUsed: completeCount,
      rowsLeftOut: rowCount - completeCount, statistics: .linear(statistics),
      notes: notes)
  }

  /// R's test: a residual variance below 1e-30 of the mean square of what is fitted.
  private static func isExact(_ solution: LeastSquares) -> Bool {
    let fittedSquares = solution.effects.reduce(0) { $0 + $1 * $1 }
    return solution.residualSquares <= 1e-30 * fittedSquares
  }
}

/// The table of a model's coefficients. Columns not in `kept` have no estimate.
func coefficientTable(
  _ matrix: DesignMatrix, kept: [Int], estimates: [Double], covariance: [Double],
  quantile: Double, pValue: (Double) -> Double
) -> [Coefficient] {
  let specification = matrix.specification
  var table = matrix.columns.map { column in
    Coefficient(
      name: specification.name(of: column), term: column.term.map { specification.terms[$0].name },
      reference: specification.reference(of: column))
  }
  for (place, column) in kept.enumerated() {
    let estimate = estimates[place]
    let error = covariance[place * kept.count + place].squareRoot()
    table[column].estimate = estimate
    guard error.isFinite else { continue }
    table[column].standardError = error
    table[column].lower = estimate - quantile * error
    table[column].upper = estimate + quantile * error
    guard error > 0 else { continue }
    table[column].statistic = estimate / error
    table[column].pValue = pValue(estimate / error)
  }
  return table
}

/// A note for each dropped coefficient.
func droppedNotes(_ table: [Coefficient]) -> [String] {
  let dropped = table.filter { $0.estimate == nil }.map(\.name)
  if dropped.isEmpty { return [] }
  return [
    "dropped, since they follow from the terms before: \(dropped.joined(separator: ", "))"
  ]
}

/// What inputs that are times are counted in.
func unitNotes(_ specification: DesignSpecification) -> [String] {
  specification.inputs.filter { input in
    if case .categorical = input.coding { return false }
    return [.date, .datetime, .duration].contains(input.type)
  }.map { "\($0.name) is counted in days" + ($0.type == .duration ? "" : " since 1970-01-01") }
}

/// b' V⁻¹ b for the estimates `from` on and their covariance, through Cholesky's factor of V scaled
/// to correlations. nil where V is singular.
func waldStatistic(_ estimates: [Double], _ covariance: [Double], from: Int) -> Double? {
  let count = estimates.count
  let size = count - from
  guard size > 0 else { return nil }
  let scales = (from..<count).map { covariance[$0 * count + $0].squareRoot() }
  guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  var lower = Array(repeating: 0.0, count: size * size)
  var solution = Array(repeating: 0.0, count: size)
  var statistic = 0.0
  for row in 0..<size {
    for column in 0...row {
      var value =
        covariance[(from + row) * count + from + column] / (scales[row] * scales[column])
      for index in 0..<column { value -= lower[row * size + index] * lower[column * size + index] }
      if row == column {
        guard value > 1e-14 else { return nil }
        lower[row * size + row] = value.squareRoot()
      } else {
        lower[row * size + column] = value / lower[column * size + column]
      }
    }
    var value = estimates[from + row] / scales[row]
    for index in 0..<row { value -= lower[row * size + index] * solution[index] }
    solution[row] = value / lower[row * size + row]
    statistic += solution[row] * solution[row]
  }
  return statistic
}
