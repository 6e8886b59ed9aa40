#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The standard normal distribution.
package enum Normal {
  /// P(Z > z), down to the smallest float. NaN for a NaN.
  package static func upperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

  /// P(Z <= z). NaN for a NaN.
  package static func lowerTail(_ z: Double) -> Double { upperTail(-z) }

  /// P(|Z| > |z|): the p-value of a two-sided test.
  package static func twoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  package static func density(_ z: Double) -> Double {
    exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
  }

  /// The z with P(Z > z) = `probability`; NaN outside 0...1.
  ///
  /// Abramowitz and Stegun 26.2.23 to 4.5e-4, then Newton's steps on the logarithm of the tail.
  package static func upperQuantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability > 0.5 { return -upperQuantile(1 - probability) }
    if probability == 0 { return .infinity }
    if probability == 0.5 { return 0 }
    let t = (-2 * log(probability)).squareRoot()
    var z =
      t - (2.515_517 + t * (0.802_853 + t * 0.010_328))
      / (1 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)))
    for _ in 0..<20 {
      let tail = upperTail(z)
      guard tail > 0 else { break }
      let step = log(tail / probability) * tail / density(z)
      z += step
      if abs(step) <= 1e-15 * abs(z) { break }
    }
    return z
  }

  /// The z with P(Z <= z) = `probability`; NaN outside 0...1.
  package static func quantile(_ probability: Double) -> Double { -upperQuantile(probability) }
}
