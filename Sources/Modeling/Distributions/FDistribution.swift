#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The F distribution with `numerator` and `denominator` > 0 degrees of freedom, accurate to about
/// 1e-13 relative in both tails.
package struct FDistribution: Sendable {
  package let numerator: Double
  package let denominator: Double

  package init(numerator: Double, denominator: Double) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// P(X > x): the p-value of an F test. NaN for a NaN.
  package func upperTail(_ x: Double) -> Double { tails(x).upper }

  /// P(X <= x). NaN for a NaN.
  package func lowerTail(_ x: Double) -> Double { tails(x).lower }

  package func density(_ x: Double) -> Double {
    if x <= 0 { return x == 0 && numerator == 2 ? 1 : x == 0 && numerator < 2 ? .infinity : 0 }
    return kernel(x) / x
  }

  /// The x with P(X > x) = `probability`; NaN outside 0...1.
  package func upperQuantile(_ probability: Double) -> Double {
    guard numerator > 0, denominator > 0, probability >= 0, probability <= 1 else { return .nan }
    return positiveQuantile(upperTail: probability, start: 1, tails: tails, density: density)
  }

  /// The x with P(X <= x) = `probability`; NaN outside 0...1.
  package func quantile(_ probability: Double) -> Double {
    guard numerator > 0, denominator > 0, probability >= 0, probability <= 1 else { return .nan }
    return positiveQuantile(lowerTail: probability, start: 1, tails: tails, density: density)
  }

  /// u^a (1 - u)^b / B(a, b) for a = denominator/2, b = numerator/2 and u = a / (a + b x).
  ///
  /// At the mean, x = 1, it is √(ab / 2πn) and Stirling errors (Loader 2000), n = a + b; away from
  /// it the logarithm falls by b (ln x - (x - 1)) - n (ln(1 + v) - v), v = b (x - 1) / n, in which
  /// the linear parts have been cancelled by hand.
  private func kernel(_ x: Double) -> Double {
    let a = denominator / 2
    let b = numerator / 2
    let n = a + b
    let v = b * (x - 1) / n
    let fall =
      x < 0.1 || x > 10
      ? b * log(x) - n * log1p(v) : b * logOnePlusMinus(x - 1) - n * logOnePlusMinus(v)
    let exponent = fall + stirlingError(n) - stirlingError(a) - stirlingError(b)
    return (a / n * b / (2 * .pi)).squareRoot() * exp(exponent)
  }

  func tails(_ x: Double) -> (lower: Double, upper: Double) {
    guard numerator > 0, denominator > 0, !x.isNaN else { return (.nan, .nan) }
    if x <= 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    let a = denominator / 2
    let b = numerator / 2
    let total = a + b * x
    let u = a / total
    let rest = b * x / total
    let excess = a * (b * (x - 1) / total)
    if x >= 1 {
      let upper = kernel(x) / betaFraction(a, b, u, rest, excess)
      return (1 - min(upper, 1), min(upper, 1))
    }
    let lower = kernel(x) / betaFraction(b, a, rest, u, -excess)
    return (min(lower, 1), 1 - min(lower, 1))
  }
}

/// The continued fraction by which x^a y^b / B(a, b) is divided to give the regularised incomplete
/// beta function I_x(a, b), where y = 1 - x and `excess` = a - (a + b) x >= 0.
///
/// Equation (9) of A. DiDonato and A. Morris, Algorithm 708, ACM TOMS 18, 1992, by Lentz's method.
/// The excess is passed in because it cancels badly where a is large and x near 1.
private func betaFraction(
  _ a: Double, _ b: Double, _ x: Double, _ y: Double, _ excess: Double
) -> Double {
  func denominator(_ m: Double) -> Double {
    m + m * (b - m) * x / (a + 2 * m - 1)
      + (a + m) * (excess + 1 + m * (1 + y)) / (a + 2 * m + 1)
  }
  // At m = 0 the middle term is 0 even where a = 1.
  var fraction = a * (excess + 1) / (a + 1)
  if abs(fraction) < lentzFloor { fraction = lentzFloor }
  var c = fraction
  var d = 0.0
  for step in 1..<fractionLimit {
    let m = Double(step)
    let scale = a + 2 * m - 1
    let alpha = m * (a + m - 1) / scale * ((a + b + m - 1) / scale) * (b - m) * x * x
    let beta = denominator(m)
    d = beta + alpha * d
    if abs(d) < lentzFloor { d = lentzFloor }
    c = beta + alpha / c
    if abs(c) < lentzFloor { c = lentzFloor }
    d = 1 / d
    let factor = c * d
    fraction *= factor
    if abs(factor - 1) < 1e-16 { break }
  }
  return fraction
}
