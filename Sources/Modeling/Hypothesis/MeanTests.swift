import Columnar

/// Tests of means.
package enum MeanTest {
  /// Student's t test of one sample's mean against `mean`.
  package static func one(
    _ values: [Double], mean: Double, alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    let sample = try Sample(values)
    try requireSpread([sample])
    var result = studentised(
      "one-sample t test", sample.mean - mean,
      (sample.variance / Double(sample.count)).squareRoot(),
      degrees: Double(sample.count - 1), alternative, level)
    result.estimate = .init("mean", sample.mean)
    result.interval = result.interval.map { .init($0.lower + mean, $0.upper + mean) }
    result.effect = .init("Cohen's d", (sample.mean - mean) / sample.deviation)
    return result
  }

  /// Student's t test of the differences of pairs, first less second.
  package static func paired(
    _ first: [Double], _ second: [Double], alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    var result = try one(
      zip(first, second).map { $0 - $1 }, mean: 0, alternative: alternative, level: level)
    result.name = "paired t test"
    result.estimate?.name = "mean difference"
    return result
  }

  /// The t test of two samples' means, first less second: Welch's, or Student's with a pooled
  /// variance where `isPooled`.
  package static func two(
    _ first: [Double], _ second: [Double], isPooled: Bool, alternative: TestResult.Alternative,
    level: Double
  ) throws -> TestResult {
    let (a, b) = (try Sample(first), try Sample(second))
    try requireSpread([a, b])
    let (m, n) = (Double(a.count), Double(b.count))
    let pooled = (a.squares + b.squares) / (m + n - 2)
    let error: Double
    let degrees: Double
    if isPooled {
      error = (pooled * (1 / m + 1 / n)).squareRoot()
      degrees = m + n - 2
    } else {
      let (u, v) = (a.variance / m, b.variance / n)
      error = (u + v).squareRoot()
      // Satterthwaite's.
      degrees = (u + v) * (u + v) / (u * u / (m - 1) + v * v / (n - 1))
    }
    var result = studentised(
      isPooled ? "two-sample t test with equal variances" : "Welch's t test", a.mean - b.mean,
      error, degrees: degrees, alternative, level)
    result.estimate = .init("difference of means", a.mean - b.mean)
    result.effect = .init("Cohen's d", (a.mean - b.mean) / pooled.squareRoot())
    return result
  }

  private static func studentised(
    _ name: String, _ estimate: Double, _ error: Double, degrees: Double,
    _ alternative: TestResult.Alternative, _ level: Double
  ) -> TestResult {
    let t = estimate / error
    let distribution = StudentT(degrees: degrees)
    var result = TestResult(
      name, pValue: alternative.pValue(t, upperTail: distribution.upperTail))
    result.statistic = .init("t", t)
    result.degrees = [degrees]
    result.interval = alternative.interval(
      estimate, error: error, level: level, upperQuantile: distribution.upperQuantile)
    return result
  }

  /// One-way analysis of variance: whether the means of all groups are the same; Welch's where the
  /// variances may differ.
  package static func anova(_ groups: [[Double]], isWelch: Bool) throws -> TestResult {
    let samples = try groups.map { try Sample($0) }
    guard samples.count > 1 else {
      throw DataError(.tooFewRows, "an analysis of variance needs two groups or more")
    }
    try requireSpread(samples, least: isWelch ? 2 : 1)
    let (k, n) = (Double(samples.count), Double(samples.reduce(0) { $0 + $1.count }))
    guard n > k else {
      throw DataError(.tooFewRows, "an analysis of variance needs more values than groups")
    }
    let grand = samples.reduce(0) { $0 + Double($1.count) * $1.mean } / n
    let between = samples.reduce(0) {
      $0 + Double($1.count) * ($1.mean - grand) * ($1.mean - grand)
    }
    let within = samples.reduce(0) { $0 + $1.squares }
    let f: Double
    let degrees: [Double]
    if isWelch {
      guard samples.allSatisfy({ $0.squares > 0 }) else {
        throw DataError(.invalidValue, "a group without spread has no weight in Welch's test")
      }
      let weights = samples.map { Double($0.count) / $0.variance }
      let total = weights.reduce(0, +)
      let centre = zip(weights, samples).reduce(0) { $0 + $1.0 * $1.1.mean } / total
      let spread = zip(weights, samples).reduce(0) {
        $0 + $1.0 * ($1.1.mean - centre) * ($1.1.mean - centre)
      }
      let correction = zip(weights, samples).reduce(0) { sum, pair in
        let share = 1 - pair.0 / total
        return sum + share * share / Double(pair.1.count - 1)
      }
      f = spread / (k - 1) / (1 + 2 * (k - 2) / (k * k - 1) * correction)
      degrees = [k - 1, (k * k - 1) / (3 * correction)]
    } else {
      f = (between / (k - 1)) / (within / (n - k))
      degrees = [k - 1, n - k]
    }
    let distribution = FDistribution(numerator: degrees[0], denominator: degrees[1])
    var result = TestResult(
      isWelch ? "Welch's analysis of variance" : "one-way analysis of variance",
      pValue: distribution.upperTail(f))
    result.statistic = .init("F", f)
    result.degrees = degrees
    result.effect = .init("η²", between / (between + within))
    return result
  }
}
