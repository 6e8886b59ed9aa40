/// How predicted events meet those that happened.
package struct ConfusionMatrix: Sendable, Hashable {
  package var truePositives = 0
  package var falsePositives = 0
  package var falseNegatives = 0
  package var trueNegatives = 0

  package init() {}

  package var count: Int { truePositives + falsePositives + falseNegatives + trueNegatives }

  package var accuracy: Double? { ratio(truePositives + trueNegatives, count) }

  /// The share of events among the predicted events; nil where none is predicted.
  package var precision: Double? { ratio(truePositives, truePositives + falsePositives) }

  /// The share of the events that are predicted; nil where there are none.
  package var recall: Double? { ratio(truePositives, truePositives + falseNegatives) }

  /// The share of the non-events that are predicted as such; nil where there are none.
  package var specificity: Double? { ratio(trueNegatives, trueNegatives + falsePositives) }

  package var balancedAccuracy: Double? {
    guard let recall, let specificity else { return nil }
    return (recall + specificity) / 2
  }

  package var f1: Double? {
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }

  /// J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960; nil where chance agrees fully.
  package var kappa: Double? {
    guard count > 0 else { return nil }
    let total = Double(count)
    let agreement = Double(truePositives + trueNegatives) / total
    let predicted = Double(truePositives + falsePositives) / total
    let observed = Double(truePositives + falseNegatives) / total
    let chance = predicted * observed + (1 - predicted) * (1 - observed)
    return chance == 1 ? nil : (agreement - chance) / (1 - chance)
  }

  /// B. Matthews's φ, 1975; nil where an outcome is never predicted or never observed.
  package var matthewsCorrelation: Double? {
    let positive = Double(truePositives + falsePositives) * Double(truePositives + falseNegatives)
    let negative = Double(trueNegatives + falsePositives) * Double(trueNegatives + falseNegatives)
    guard positive > 0, negative > 0 else { return nil }
    let covariance =
      Double(truePositives) * Double(trueNegatives) - Double(falsePositives)
      * Double(falseNegatives)
    return covariance / (positive.squareRoot() * negative.squareRoot())
  }
}

private func ratio(_ part: Int, _ whole: Int) -> Double? {
  whole == 0 ? nil : Double(part) / Double(whole)
}
