import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tests of shares.
package enum ProportionTest {
  /// The exact binomial test of a share against `share`, with Clopper and Pearson's interval.
  package static func one(
    _ successes: Int, of count: Int, share: Double, alternative: TestResult.Alternative,
    level: Double
  ) throws -> TestResult {
    guard count > 0 else { throw DataError(.tooFewRows, "there are no values to count") }
    let (x, n) = (successes, count)
    let p: Double =
      switch alternative {
      case .less: lowerTail(x, n, share)
      case .greater: upperTail(x, n, share)
      case .twoSided: twoSided(x, n, share)
      }
    var result = TestResult("exact binomial test", pValue: min(1, p))
    let observed = Double(x) / Double(n)
    result.estimate = .init("share", observed)
    let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
    result.interval = .init(
      alternative == .less ? 0 : lowerLimit(x, n, tail),
      alternative == .greater ? 1 : 1 - lowerLimit(n - x, n, tail))
    result.effect = .init("Cohen's h", angle(observed) - angle(share))
    return result
  }

  /// The z test of two shares, first less second, without continuity correction.
  package static func two(
    _ first: (successes: Int, count: Int), _ second: (successes: Int, count: Int),
    alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    guard first.count > 0, second.count > 0 else {
      throw DataError(.tooFewRows, "this test needs values in both groups")
    }
    let (m, n) = (Double(first.count), Double(second.count))
    let (a, b) = (Double(first.successes) / m, Double(second.successes) / n)
    let pooled = Double(first.successes + second.successes) / (m + n)
    let variance = pooled * (1 - pooled) * (1 / m + 1 / n)
    guard variance > 0 else {
      throw DataError(.invalidValue, "all values are the same: there is nothing to compare")
    }
    let z = (a - b) / variance.squareRoot()
    var result = TestResult(
      "two-sample test of proportions",
      pValue: alternative.pValue(z, upperTail: Normal.upperTail))
    result.statistic = .init("z", z)
    result.estimate = .init("difference of shares", a - b)
    let error = (a * (1 - a) / m + b * (1 - b) / n).squareRoot()
    let interval = alternative.interval(
      a - b, error: error, level: level, upperQuantile: Normal.upperQuantile)
    result.interval = .init(max(-1, interval.lower), min(1, interval.upper))
    result.effect = .init("Cohen's h", angle(a) - angle(b))
    let least = [pooled, 1 - pooled].map { $0 * min(m, n) }.min() ?? 0
    if least < 5 { result.notes.append("an expected count below 5: p is approximate; see fisher") }
    return result
  }

  private static func angle(_ share: Double) -> Double { 2 * asin(share.squareRoot()) }

  /// P(X <= x): the upper tail of a beta distribution.
  private static func lowerTail(_ x: Int, _ n: Int, _ share: Double) -> Double {
    if x >= n { return 1 }
    if x < 0 { return 0 }
    if share <= 0 { return 1 }
    if share >= 1 { return 0 }
    let (a, b) = (Double(x + 1), Double(n - x))
    return FDistribution(numerator: 2 * a, denominator: 2 * b).upperTail(
      share * b / ((1 - share) * a))
  }

  private static func upperTail(_ x: Int, _ n: Int, _ share: Double) -> Double {
    if x <= 0 { return 1 }
    return lowerTail(n - x, n, 1 - share)
  }

  /// The probability of all numbers no likelier than `x`.
  private static func twoSided(_ x: Int, _ n: Int, _ share: Double) -> Double {
    if share <= 0 { return x == 0 ? 1 : 0 }
    if share >= 1 { return x == n ? 1 : 0 }
    let limit = binomialDensity(x, n, share) * (1 + 1e-7)
    let mean = Double(n) * share
    if Double(x) == mean { return 1 }
    if Double(x) < mean {
      // The first number above the mean that is no likelier.
      let start = Int(mean.rounded(.up))
      let other = firstPlace(in: start..<n + 1) { binomialDensity($0, n, share) <= limit }
      return lowerTail(x, n, share) + (other > n ? 0 : upperTail(other, n, share))
    }
    let end = Int(mean.rounded(.down))
    let other = firstPlace(in: 0..<end + 1) { binomialDensity($0, n, share) > limit } - 1
    return upperTail(x, n, share) + (other < 0 ? 0 : lowerTail(other, n, share))
  }

  /// The first place from which on `holds` is true, by halving.
  private static func firstPlace(in range: Range<Int>, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The share at which `x` or more have the probability `tail`.
  private static func lowerLimit(_ x: Int, _ n: Int, _ tail: Double) -> Double {
    if x == 0 { return 0 }
    let (a, b) = (Double(x), Double(n - x + 1))
    let f = FDistribution(numerator: 2 * a, denominator: 2 * b).quantile(tail)
    return a * f / (b + a * f)
  }
}
