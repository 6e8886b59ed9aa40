import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many of `drawn` balls are white, out of `first` white and `second` black ones: what stands in
/// the first cell of a table of 2 by 2 with given totals.
struct Hypergeometric {
  let first: Int
  let second: Int
  let drawn: Int
  let observed: Int

  private var support: ClosedRange<Int> { max(0, drawn - second)...min(first, drawn) }

  /// The probabilities over the support where the odds ratio is 1.
  private func densities() throws -> [Double] {
    let share = Double(drawn) / Double(first + second)
    let whole = binomialDensity(drawn, first + second, share)
    return try support.map { x in
      if x & 65_535 == 0 { try Cancellation.check() }
      return binomialDensity(x, first, share) * binomialDensity(drawn - x, second, share) / whole
    }
  }

  func test(_ alternative: TestResult.Alternative, level: Double) throws -> TestResult {
    let densities = try densities()
    let place = observed - support.lowerBound
    let p: Double =
      switch alternative {
      case .twoSided:
        // As R: what is as likely but for rounding counts.
        densities.reduce(0) { $0 + ($1 <= densities[place] * (1 + 1e-7) ? $1 : 0) }
      case .less: densities[...place].reduce(0, +)
      case .greater: densities[place...].reduce(0, +)
      }
    var result = TestResult("Fisher's exact test", pValue: min(1, p))
    let tilted = Tilted(logs: densities.map { log($0) }, support: support)
    result.estimate = .init("odds ratio", try tilted.ratio(mean: observed))
    let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
    let lower = alternative == .less ? 0 : try tilted.ratio(upperTail: tail, at: observed)
    let upper =
      alternative == .greater ? .infinity : try tilted.ratio(lowerTail: tail, at: observed)
    result.interval = .init(lower, upper)
    return result
  }
}

/// Fisher's noncentral hypergeometric distribution: the central one times ratio^x.
private struct Tilted {
  let logs: [Double]
  let support: ClosedRange<Int>

  /// The odds ratio whose mean is `mean`: the conditional maximum of the likelihood.
  func ratio(mean: Int) throws -> Double {
    if mean == support.lowerBound { return 0 }
    if mean == support.upperBound { return .infinity }
    return try solved { weights, total in
      var sum = 0.0
      for (place, weight) in weights.enumerated() {
        sum += weight * Double(place + support.lowerBound - mean)
      }
      return sum / total
    }
  }

  func ratio(upperTail tail: Double, at x: Int) throws -> Double {
    if x == support.lowerBound { return 0 }
    let place = x - support.lowerBound
    return try solved { weights, total in weights[place...].reduce(0, +) / total - tail }
  }

  func ratio(lowerTail tail: Double, at x: Int) throws -> Double {
    if x == support.upperBound { return .infinity }
    let place = x - support.lowerBound
    return try solved { weights, total in tail - weights[...place].reduce(0, +) / total }
  }

  /// The ratio at which a rising function of the weights is 0, by bisection of its logarithm.
  private func solved(_ body: ([Double], Double) -> Double) throws -> Double {
    var (lower, upper) = (-700.0, 700.0)
    while upper - lower > 1e-13 * max(1, abs(lower)) {
      try Cancellation.check()
      let middle = (lower + upper) / 2
      if middle == lower || middle == upper { break }
      var most = -Double.infinity
      var weights = logs
      for place in weights.indices {
        weights[place] += middle * Double(place)
        most = max(most, weights[place])
      }
      var total = 0.0
      for place in weights.indices {
        weights[place] = exp(weights[place] - most)
        total += weights[place]
      }
      if body(weights, total) < 0 { lower = middle } else { upper = middle }
    }
    return exp((lower + upper) / 2)
  }
}

/// The probability of `x` of `n` at a `share` each: C. Loader's saddle-point form (2000), exact to
/// the last digits for any n.
func binomialDensity(_ x: Int, _ n: Int, _ share: Double) -> Double {
  guard x >= 0, x <= n else { return 0 }
  if share <= 0 { return x == 0 ? 1 : 0 }
  if share >= 1 { return x == n ? 1 : 0 }
  let (k, size) = (Double(x), Double(n))
  if n == 0 { return 1 }
  if x == 0 { return exp(size * log1p(-share)) }
  if x == n { return exp(size * log(share)) }
  let errors = stirlingError(size) - stirlingError(k) - stirlingError(size - k)
  let exponent =
    errors - deviance(k, size * share) - deviance(size - k, size * (1 - share))
  return (size / (2 * .pi * k * (size - k))).squareRoot() * exp(exponent)
}

/// x ln(x / mean) + mean - x without cancellation.
private func deviance(_ x: Double, _ mean: Double) -> Double {
  let v = (x - mean) / mean
  return mean * ((1 + v) * logOnePlusMinus(v) + v * v)
}
