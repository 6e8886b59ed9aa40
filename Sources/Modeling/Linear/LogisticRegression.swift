import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Logistic regression by maximum likelihood: `fit logit`.
package enum LogisticRegression {
  /// The model of the probability of an event, over the rows in which the response and every input
  /// have a value.
  ///
  /// Iteratively reweighted least squares from probabilities of 1/4 and 3/4, as R's `glm`, or for
  /// large tables from the estimates of a sample. It has converged when a step would change the
  /// deviance by less than 1e-11 of itself, and then one more is made: R's 1e-8 leaves errors in the
  /// eighth digit. Each iteration costs 2np² operations.
  ///
  /// Throws `noConvergence` where the inputs separate the outcomes perfectly, so that no estimate
  /// exists, or where 100 iterations do not suffice; `tooFewRows` unless there are more rows than
  /// coefficients; `typeMismatch` and `invalidValue` for a response that is no event.
  package static func fit(_ formula: ModelFormula) throws -> FittedModel {
    let response = try ModelResponse(eventsOf: formula.response, name: formula.responseName)
    let events = try InputValues(
      numbers: try response.observed(in: formula.response), name: formula.responseName)
    let stretch = FitStretch(matrix: try DesignMatrix(formula), response: events)
    let problem = try LogisticProblem(formula, FitRows(stretch), sample: stretch)
    return try model(formula, response, formula.response.count, problem)
  }

  /// The same model over rows that come in batches: the same bits as in memory. Reads them five times
  /// and once an iteration. `levels` holds each value of the response once.
  package static func fit(_ streamed: StreamedFormula, levels: Column) throws -> FittedModel {
    let (formula, rowCount) = streamed.formula
    let response = try ModelResponse(eventsOf: levels, name: formula.responseName)
    let (rows, sample) = try streamed.survey { try response.observed(in: $0) }
    let problem = try LogisticProblem(formula, rows, sample: sample)
    return try model(formula, response, rowCount, problem)
  }

  /// `rowCount` is how many rows there are, complete or not.
  private static func model(
    _ formula: ModelFormula, _ response: ModelResponse, _ rowCount: Int,
    _ problem: LogisticProblem
  ) throws -> FittedModel {
    let completeCount = problem.rows.count
    guard problem.eventCount > 0, problem.eventCount < completeCount else {
      let level = problem.eventCount > 0 ? response.eventLevel : response.otherLevel
      throw DataError(
        .invalidValue,
        "\(response.name) is \(level ?? "the same") in all \(completeCount) complete rows: "
          + "there is nothing to tell apart")
    }
    let fit = try problem.iterate()
    let matrix = problem.matrix
    let solution = fit.solution
    let rank = solution.kept.count
    let covariance = try solution.inverseCrossProduct()
    let table = coefficientTable(
      matrix, kept: solution.kept, estimates: fit.estimates, covariance: covariance,
      quantile: Normal.upperQuantile(0.025), pValue: Normal.twoSided)
    let rows = Double(completeCount)
    let events = Double(problem.eventCount)
    let nullDeviance =
      formula.hasIntercept
      ? -2 * (events * log(events / rows) + (rows - events) * log1p(-events / rows))
      : 2 * rows * log(2)
    let intercepts = formula.hasIntercept ? 1 : 0
    var statistics = LogisticStatistics(
      nullDeviance: nullDeviance, nullDegrees: completeCount - intercepts,
      residualDeviance: fit.deviance, residualDegrees: completeCount - rank,
      aic: fit.deviance + 2 * Double(rank), iterations: fit.iterations,
      eventCount: problem.eventCount)
    statistics.pseudoRSquared = 1 - fit.deviance / nullDeviance
    if rank > intercepts {
      let ratio = max(nullDeviance - fit.deviance, 0)
      statistics.likelihoodRatio = ratio
      statistics.likelihoodRatioPValue =
        ChiSquared(degrees: Double(rank - intercepts)).upperTail(ratio)
    }
    var notes = unitNotes(matrix.specification)
    if let event = response.eventLevel, response.type != .bool {
      notes.append("the event is \(response.name) = \(event)")
    }
    if !fit.separating.isEmpty {
      let names = fit.separating.map { table[$0].name }.joined(separator: ", ")
      notes.append(
        "some rows are told apart perfectly: no finite estimate exists for \(names), and the "
          + "standard errors of these say nothing")
    }
    notes += droppedNotes(table)
    return FittedModel(
      kind: .logit, formula: formula.text, response: response, design: matrix.specification,
      coefficients: table, covariance: covariance, standardErrors: .classical,
      rowsUsed: completeCount, rowsLeftOut: rowCount - completeCount,
      statistics: .logistic(statistics), notes: notes)
  }
}

extension ModelResponse {
  var otherLevel: String? {
    if case .event(_, let other) = coding { return levelText(other) }
    return nil
  }
}
