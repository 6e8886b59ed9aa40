import Columnar

/// Observed and predicted numbers, for metrics of a regression.
package struct RegressionErrors: Sendable {
  private let observed: Buffer<Double>
  private let predicted: Buffer<Double>
  /// Rows in which the observation or the prediction is null.
  package let rowsLeftOut: Int

  /// How many rows have both.
  package var count: Int { observed.count }

  /// Throws `typeMismatch` where a column is no number, `invalidValue` where they differ in length.
  package init(observed: Column, predicted: Column) throws {
    let pairs = try completePairs(observed: observed, predicted: predicted)
    self.observed = pairs.observed
    self.predicted = pairs.predicted
    rowsLeftOut = observed.count - pairs.rows.count
  }

  /// `r2`, `rmse`, `mae` or `mape`; nil without rows. Throws `invalidValue` for other metrics.
  package func measure(_ metric: Metric) throws -> Measure {
    let y = observed
    let p = predicted
    let rows = Double(count)
    var measure = Measure(value: nil, rowsUsed: count, rowsLeftOut: rowsLeftOut)
    // SAFETY in the closures: rows run below the count of both buffers.
    switch metric {
    case .rmse:
      let sum = try summed(count) { (y.base[$0] - p.base[$0]) * (y.base[$0] - p.base[$0]) }
      if count > 0 { measure.value = (sum / rows).squareRoot() }
    case .mae:
      let sum = try summed(count) { abs(y.base[$0] - p.base[$0]) }
      if count > 0 { measure.value = sum / rows }
    case .mape:
      let sum = try summed(count) {
        y.base[$0] == 0 ? 0 : abs((y.base[$0] - p.base[$0]) / y.base[$0])
      }
      let zeros = Int(try summed(count) { y.base[$0] == 0 ? 1 : 0 })
      measure.rowsUsed -= zeros
      measure.rowsLeftOut += zeros
      if measure.rowsUsed > 0 { measure.value = sum / Double(measure.rowsUsed) }
    case .r2:
      guard count > 1 else { break }
      let rough = try summed(count) { y.base[$0] } / rows
      let mean = try rough + summed(count) { y.base[$0] - rough } / rows
      let total = try summed(count) { (y.base[$0] - mean) * (y.base[$0] - mean) }
      let rest = try summed(count) { (y.base[$0] - p.base[$0]) * (y.base[$0] - p.base[$0]) }
      if total > 0 { measure.value = 1 - rest / total }
    default:
      throw DataError(.invalidValue, "\(metric.rawValue) judges events, not numbers")
    }
    if let value = measure.value, value.isNaN { measure.value = nil }
    return measure
  }
}
