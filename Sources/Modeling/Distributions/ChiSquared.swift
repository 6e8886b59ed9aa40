#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The chi-squared distribution with `degrees` > 0 degrees of freedom, accurate to about 1e-13
/// relative in both tails.
package struct ChiSquared: Sendable {
  package let degrees: Double

  package init(degrees: Double) { self.degrees = degrees }

  /// P(X > x). NaN for a NaN.
  package func upperTail(_ x: Double) -> Double { tails(x).upper }

  /// P(X <= x). NaN for a NaN.
  package func lowerTail(_ x: Double) -> Double { tails(x).lower }

  package func density(_ x: Double) -> Double {
    if x <= 0 { return x == 0 && degrees == 2 ? 0.5 : x == 0 && degrees < 2 ? .infinity : 0 }
    return kernel(x) / x
  }

  /// The x with P(X > x) = `probability`; NaN outside 0...1.
  package func upperQuantile(_ probability: Double) -> Double {
    guard degrees > 0, probability >= 0, probability <= 1 else { return .nan }
    return positiveQuantile(
      upperTail: probability, start: degrees, tails: tails, density: density)
  }

  /// The x with P(X <= x) = `probability`; NaN outside 0...1.
  package func quantile(_ probability: Double) -> Double {
    guard degrees > 0, probability >= 0, probability <= 1 else { return .nan }
    return positiveQuantile(
      lowerTail: probability, start: degrees, tails: tails, density: density)
  }

  /// h^a e^-h / Γ(a) for h = x/2 and a = degrees/2, by Loader's saddle-point form.
  private func kernel(_ x: Double) -> Double {
    let shape = degrees / 2
    // The difference is exact near the mean, where a quotient's rounding would be enlarged.
    let excess = (x - degrees) / degrees
    let fall = excess < -0.9 ? log(x / degrees) - excess : logOnePlusMinus(excess)
    let exponent = shape * fall - stirlingError(shape)
    return (shape / (2 * .pi)).squareRoot() * exp(exponent)
  }

  /// The regularised incomplete gamma functions: the series of DLMF 8.11.4 below the mean, the
  /// continued fraction of DLMF 8.9.2 above, by Lentz's method.
  private func tails(_ x: Double) -> (lower: Double, upper: Double) {
    guard degrees > 0, !x.isNaN else { return (.nan, .nan) }
    if x <= 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    let shape = degrees / 2
    let half = x / 2
    if half <= shape + 1 {
      var term = 1 / shape
      var sum = term
      for step in 1..<fractionLimit {
        term *= half / (shape + Double(step))
        sum += term
        if term < sum * 1e-17 { break }
      }
      let lower = min(kernel(x) * sum, 1)
      return (lower, 1 - lower)
    }
    var b = half + 1 - shape
    var c = 1 / lentzFloor
    var d = 1 / b
    var fraction = d
    for step in 1..<fractionLimit {
      let a = -Double(step) * (Double(step) - shape)
      b += 2
      d = a * d + b
      if abs(d) < lentzFloor { d = lentzFloor }
      c = b + a / c
      if abs(c) < lentzFloor { c = lentzFloor }
      d = 1 / d
      let factor = d * c
      fraction *= factor
      if abs(factor - 1) < 1e-16 { break }
    }
    let upper = min(kernel(x) * fraction, 1)
    return (1 - upper, upper)
  }
}
