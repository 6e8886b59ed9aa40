import Columnar

/// A figure by which predictions are judged, spelled as the language spells it.
package enum Metric: String, Sendable, Hashable, CaseIterable {
  case r2, rmse, mae, mape
  case auc
  case prAUC = "pr_auc"
  case logLoss = "logloss"
  case brier, accuracy
  case balancedAccuracy = "balanced_accuracy"
  case precision, recall, f1, kappa, mcc

  /// Whether it judges a number or the probability of an event.
  package var isRegression: Bool {
    switch self {
    case .r2, .rmse, .mae, .mape: true
    default: false
    }
  }

  /// Whether it depends on the threshold from which on an event is predicted.
  package var needsThreshold: Bool {
    switch self {
    case .accuracy, .balancedAccuracy, .precision, .recall, .f1, .kappa, .mcc: true
    default: false
    }
  }

  /// Whether a larger value is better.
  package var isHigherBetter: Bool {
    switch self {
    case .rmse, .mae, .mape, .logLoss, .brier: false
    default: true
    }
  }

  /// What it is, in a line short enough to stand beside its value at 80 columns.
  package var summary: String {
    switch self {
    case .r2: "share of the variance explained"
    case .rmse: "root of the mean squared error, in units of the response"
    case .mae: "mean absolute error, in units of the response"
    case .mape: "mean absolute error relative to the observed value"
    case .auc: "chance that an event is scored above a non-event"
    case .prAUC: "average precision"
    case .logLoss: "mean negative log likelihood"
    case .brier: "mean squared error of the probability"
    case .accuracy: "share of rows predicted right"
    case .balancedAccuracy: "mean recall of events and non-events"
    case .precision: "share of events among the predicted events"
    case .recall: "share of the events that are predicted"
    case .f1: "harmonic mean of precision and recall"
    case .kappa: "Cohen's agreement beyond chance"
    case .mcc: "correlation of prediction and observation"
    }
  }

  /// The figure for `predicted` against `observed`, both numbers; for an event metric `observed` is 1
  /// where the event happened and `predicted` its probability.
  ///
  /// Throws `typeMismatch` for text, `invalidValue` for an event that is not 0 or 1 or a probability
  /// outside 0...1. Rows in which either is null are left out and counted.
  package func measure(
    observed: Column, predicted: Column, threshold: Double = 0.5
  ) throws -> Measure {
    if isRegression {
      return try RegressionErrors(observed: observed, predicted: predicted).measure(self)
    }
    let scores = try EventScores(observed: observed, predicted: predicted)
    return try measure(scores, threshold: threshold)
  }

  /// The figure for scores that have been read already. Throws `invalidValue` for a regression
  /// metric.
  package func measure(_ scores: EventScores, threshold: Double = 0.5) throws -> Measure {
    let confusion = needsThreshold ? scores.confusion(threshold: threshold) : ConfusionMatrix()
    let value: Double?
    switch self {
    case .r2, .rmse, .mae, .mape:
      throw DataError(.invalidValue, "\(rawValue) judges numbers, not events")
    case .auc: value = try scores.areaUnderROC()
    case .prAUC: value = try scores.averagePrecision()
    case .logLoss: value = try scores.logLoss()
    case .brier: value = try scores.brierScore()
    case .accuracy: value = confusion.accuracy
    case .balancedAccuracy: value = confusion.balancedAccuracy
    case .precision: value = confusion.precision
    case .recall: value = confusion.recall
    case .f1: value = confusion.f1
    case .kappa: value = confusion.kappa
    case .mcc: value = confusion.matthewsCorrelation
    }
    return Measure(value: value, rowsUsed: scores.count, rowsLeftOut: scores.rowsLeftOut)
  }
}

/// A metric's value and the rows it rests on.
package struct Measure: Sendable, Hashable {
  /// nil where it is undefined, as an AUC without events.
  package var value: Double?
  package var rowsUsed: Int
  /// Rows in which the observation or the prediction is null, and for `mape` those observed as 0.
  package var rowsLeftOut: Int
}

/// The numbers of two columns of one length in the rows where both have one.
func completePairs(
  observed: Column, predicted: Column
) throws -> (observed: Buffer<Double>, predicted: Buffer<Double>, rows: RowSelection) {
  guard observed.count == predicted.count else {
    throw DataError(
      .invalidValue, "\(observed.count) observations stand against \(predicted.count) predictions")
  }
  let rows = try RowSelection(completeIn: [observed, predicted], rowCount: observed.count)
  func numbers(_ column: Column, _ name: String) throws -> Buffer<Double> {
    let values = try InputValues(numbers: column, name: name)
    let target = try Buffer<Double>(count: rows.count)
    try Workers.run(parts: Workers.partCount(rows.count)) { part in
      let range = Workers.part(part, of: rows.count)
      values.copyNumbers(rows, range, to: target.base + range.lowerBound)
    }
    return target
  }
  return (try numbers(observed, "the observed"), try numbers(predicted, "the prediction"), rows)
}

/// Σ body(row) over `count` rows, in parts summed in order.
func summed(_ count: Int, _ body: @Sendable (Int) -> Double) throws -> Double {
  let parts = try Workers.map(parts: Workers.partCount(count)) { part in
    var sum = 0.0
    for row in Workers.part(part, of: count) { sum += body(row) }
    return sum
  }
  return parts.reduce(0, +)
}
