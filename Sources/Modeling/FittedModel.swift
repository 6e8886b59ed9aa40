import Columnar

/// A model with its estimates: a value that can be shown, used for prediction and saved.
package struct FittedModel: Sendable, Hashable {
  /// The word that fits it: `fit ols …`.
  package enum Kind: String, Sendable, CaseIterable {
    case ols, logit
  }

  package enum Statistics: Sendable, Hashable {
    case linear(LinearStatistics)
    case logistic(LogisticStatistics)
  }

  package var kind: Kind
  /// The canonical formula: `body_mass_g ~ flipper_length_mm + species`.
  package var formula: String
  package var response: ModelResponse
  package var design: DesignSpecification
  /// One for each column of the design, in order.
  package var coefficients: [Coefficient]
  /// The covariance of the estimated coefficients, dropped ones left out: row after row.
  package var covariance: [Double]
  package var standardErrors: StandardErrors
  package var rowsUsed: Int
  /// Rows left out because the response or an input was null.
  package var rowsLeftOut: Int
  package var statistics: Statistics
  /// What a reader of the table has to know: dropped terms, separation, a perfect fit.
  package var notes: [String]

  /// The texts of the formula's terms whose columns `predict` asks for, in its order. An
  /// interaction is not among them, its parts are.
  package var inputNames: [String] { design.inputs.map(\.name) }
}

/// The left side of a formula.
package struct ModelResponse: Sendable, Hashable {
  package enum Coding: Sendable, Hashable {
    case number
    /// An event and its opposite: bools, 0 and 1, or the two levels of a text, of which the second
    /// by its bytes is the event.
    case event(Scalar, other: Scalar)
  }

  /// The canonical text: `body_mass_g`, `log(fare)`.
  package var name: String
  package var type: DataType
  package var coding: Coding

  /// The event's level as text, as `true`, `1` or `yes`; nil where the response is a number.
  package var eventLevel: String? {
    if case .event(let event, _) = coding { return levelText(event) }
    return nil
  }
}

/// A line of a model's table.
package struct Coefficient: Sendable, Hashable {
  /// As shown: `(intercept)`, `flipper_length_mm`, `species Chinstrap`.
  package var name: String
  /// The formula's term it belongs to; nil for the intercept.
  package var term: String?
  /// The level that the estimate is a difference from; nil where there is none.
  package var reference: String?
  /// nil where the column depends on those before it and was dropped.
  package var estimate: Double?
  package var standardError: Double?
  /// t for a linear, z for a logistic model; nil where the standard error is 0 or undefined.
  package var statistic: Double?
  package var pValue: Double?
  /// The 95% interval.
  package var lower: Double?
  package var upper: Double?
}

/// How the covariance of estimates is found.
package enum StandardErrors: String, Sendable, Hashable, CaseIterable {
  /// Errors of one variance (linear), the Fisher information (logistic).
  case classical
  /// Huber and White's sandwich for unequal variances. HC1 is what Stata's `robust` means.
  case hc0, hc1, hc2, hc3
}

/// How well a linear model fits.
package struct LinearStatistics: Sendable, Hashable {
  /// nil where the response does not vary.
  package var rSquared: Double?
  package var adjustedRSquared: Double?
  package var residualDeviation: Double
  package var residualDegrees: Int
  /// Estimated coefficients besides the intercept.
  package var modelDegrees: Int
  /// The test that all of them are 0; with robust standard errors Wald's. nil where there are none.
  package var fStatistic: Double?
  package var fPValue: Double?
}

/// How well a logistic model fits.
package struct LogisticStatistics: Sendable, Hashable {
  package var nullDeviance: Double
  package var nullDegrees: Int
  package var residualDeviance: Double
  package var residualDegrees: Int
  package var aic: Double
  /// McFadden's: 1 - residual / null deviance.
  package var pseudoRSquared: Double?
  /// The likelihood-ratio test against the model without terms, and its p-value.
  package var likelihoodRatio: Double?
  package var likelihoodRatioPValue: Double?
  package var iterations: Int
  /// Rows in which the event happened.
  package var eventCount: Int
}
