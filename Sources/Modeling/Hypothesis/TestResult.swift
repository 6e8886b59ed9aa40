import Columnar

/// What a test of a hypothesis found.
package struct TestResult: Sendable {
  /// What is asked of the alternative: a difference in either direction, or in one.
  package enum Alternative: String, Sendable, CaseIterable {
    case twoSided = "two-sided"
    case less, greater
  }

  /// A named number, as an estimate or an effect size.
  package struct Quantity: Sendable, Hashable {
    package var name: String
    package var value: Double

    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// A confidence interval; a side that is not bounded is infinite.
  package struct Interval: Sendable, Hashable {
    package var lower: Double
    package var upper: Double

    package init(_ lower: Double, _ upper: Double) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// `Welch's t test`
  package var name: String
  /// The statistic by its letter, as t, F or χ²; nil where the p-value is found without one.
  package var statistic: Quantity?
  /// Degrees of freedom: none, one, or two for an F.
  package var degrees: [Double] = []
  /// The probability of what was seen, or of something as far from the hypothesis, if it holds.
  package var pValue: Double
  /// What is estimated, as the difference of the means; the interval is of it.
  package var estimate: Quantity?
  package var interval: Interval?
  /// `Cohen's d`
  package var effect: Quantity?
  /// How the p-value was found, where there are several ways, and what to beware of.
  package var notes: [String] = []

  package init(_ name: String, pValue: Double) {
    self.name = name
    self.pValue = pValue
  }
}

extension TestResult.Alternative {
  /// The p-value for a statistic of a symmetric distribution.
  func pValue(_ statistic: Double, upperTail: (Double) -> Double) -> Double {
    switch self {
    case .twoSided: min(1, 2 * upperTail(abs(statistic)))
    case .less: upperTail(-statistic)
    case .greater: upperTail(statistic)
    }
  }

  /// The interval of `level` around an estimate, `upperQuantile` being of the standardised estimate.
  func interval(
    _ estimate: Double, error: Double, level: Double, upperQuantile: (Double) -> Double
  ) -> TestResult.Interval {
    switch self {
    case .twoSided:
      let reach = upperQuantile((1 - level) / 2) * error
      return .init(estimate - reach, estimate + reach)
    case .less: return .init(-.infinity, estimate + upperQuantile(1 - level) * error)
    case .greater: return .init(estimate - upperQuantile(1 - level) * error, .infinity)
    }
  }
}

/// The size, mean and spread of a sample.
package struct Sample: Sendable {
  package let count: Int
  package let mean: Double
  /// The sum of squared distances from the mean.
  let squares: Double

  /// Two passes, each with compensated sums. Polls for interruption.
  package init(_ values: [Double]) throws {
    count = values.count
    let mean = values.isEmpty ? 0 : try compensatedSum(values) { $0 } / Double(values.count)
    self.mean = mean
    squares = try compensatedSum(values) { ($0 - mean) * ($0 - mean) }
  }

  /// With n - 1.
  package var variance: Double { count > 1 ? squares / Double(count - 1) : .nan }
  package var deviation: Double { variance.squareRoot() }
}

/// The sum of `body` of each value with Neumaier's compensation.
func compensatedSum(_ values: [Double], _ body: (Double) -> Double) throws -> Double {
  var sum = 0.0
  var lost = 0.0
  for (place, value) in values.enumerated() {
    if place & 65_535 == 0 { try Cancellation.check() }
    let term = body(value)
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }
  return sum + lost
}

/// Throws unless every sample has `least` values or more and some values differ.
func requireSpread(_ samples: [Sample], least: Int = 2) throws {
  for sample in samples where sample.count < least {
    throw DataError(
      .tooFewRows,
      "this test needs \(least) values or more of each, and \(sample.count) "
        + (sample.count == 1 ? "is" : "are") + " there")
  }
  if samples.allSatisfy({ $0.squares == 0 }) {
    throw DataError(.invalidValue, "all values are the same: there is no spread to measure by")
  }
}
