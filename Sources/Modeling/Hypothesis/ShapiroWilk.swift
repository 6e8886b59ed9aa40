import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shapiro and Wilk's test of whether values come from a normal distribution.
///
/// P. Royston, Algorithm AS R94, Applied Statistics 44, 1995, with its constants.
package enum ShapiroWilk {
  /// Of 3 to 5000 values; the approximation of the p-value is not known to hold beyond.
  package static func test(_ values: [Double]) throws -> TestResult {
    let n = values.count
    guard n >= 3 else {
      throw DataError(.tooFewRows, "a Shapiro-Wilk test needs 3 values or more, and \(n) are there")
    }
    guard n <= 5000 else {
      throw DataError(
        .invalidValue, "a Shapiro-Wilk test takes up to 5000 values, and \(n) are there",
        hints: ["… | sample 5000 seed=1 | test shapiro …"])
    }
    let x = try sorted(values)
    let range = x[n - 1] - x[0]
    guard range > 0 else { throw DataError(.invalidValue, "all values are the same") }
    let half = weights(n)
    // The weights are antisymmetric: below 0 for the lower half.
    let all = (0..<n).map { place -> Double in
      let mirrored = n - 1 - place
      return place == mirrored ? 0 : place < mirrored ? -half[place] : half[mirrored]
    }
    let scaled = x.map { $0 / range }
    let mean = scaled.reduce(0, +) / Double(n)
    let weightMean = all.reduce(0, +) / Double(n)
    var (ssa, ssx, sax) = (0.0, 0.0, 0.0)
    for (weight, value) in zip(all, scaled) {
      let (a, d) = (weight - weightMean, value - mean)
      ssa += a * a
      ssx += d * d
      sax += a * d
    }
    // 1 - W without cancellation.
    let root = (ssa * ssx).squareRoot()
    let rest = (root - sax) * (root + sax) / (ssa * ssx)
    var result = TestResult("Shapiro-Wilk test of normality", pValue: pValue(rest, n))
    result.statistic = .init("W", 1 - rest)
    return result
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }

  /// The weights of the upper half, that of the greatest value first.
  private static func weights(_ n: Int) -> [Double] {
    if n == 3 { return [(1.0 / 2).squareRoot()] }
    let half = n / 2
    let size = Double(n)
    let m = (1...half).map { Normal.quantile((Double($0) - 0.375) / (size + 0.25)) }
    let squares = 2 * m.reduce(0) { $0 + $1 * $1 }
    let scale = squares.squareRoot()
    let inverse = 1 / size.squareRoot()
    let first =
      polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], inverse) - m[0] / scale
    if n <= 5 {
      let factor = ((squares - 2 * m[0] * m[0]) / (1 - 2 * first * first)).squareRoot()
      return [first] + m.dropFirst().map { -$0 / factor }
    }
    let second =
      polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], inverse) - m[1] / scale
    let factor =
      ((squares - 2 * m[0] * m[0] - 2 * m[1] * m[1])
      / (1 - 2 * first * first - 2 * second * second)).squareRoot()
    return [first, second] + m.dropFirst(2).map { -$0 / factor }
  }

  private static func pValue(_ rest: Double, _ n: Int) -> Double {
    let size = Double(n)
    if n == 3 {
      let w = max(0.75, 1 - rest)
      return max(0, 6 / .pi * (asin(w.squareRoot()) - asin((3.0 / 4).squareRoot())))
    }
    var y = log(rest)
    let logSize = log(size)
    let mean: Double
    let deviation: Double
    if n <= 11 {
      let gamma = polynomial([-2.273, 0.459], size)
      if y >= gamma { return 1e-99 }
      y = -log(gamma - y)
      mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], size)
      deviation = exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], size))
    } else {
      mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], logSize)
      deviation = exp(polynomial([-0.4803, -0.082676, 0.0030302], logSize))
    }
    return Normal.upperTail((y - mean) / deviation)
  }
}
