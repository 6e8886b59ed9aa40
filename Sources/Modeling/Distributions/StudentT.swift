#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Student's t distribution with `degrees` > 0 degrees of freedom, accurate to about 1e-13 relative
/// in both tails.
package struct StudentT: Sendable {
  package let degrees: Double

  package init(degrees: Double) { self.degrees = degrees }

  /// P(|T| > |t|): the p-value of a two-sided test. The square of T has an F distribution.
  package func twoSided(_ t: Double) -> Double {
    let square = t * t
    guard square.isFinite || !t.isFinite else {
      // The square overflows, the tail need not: there it falls as a power of |t|.
      let half = 1e150
      return twoSided(half) * pow(abs(t) / half, -degrees)
    }
    if square < Double.leastNormalMagnitude { return t.isNaN ? .nan : degrees > 0 ? 1 : .nan }
    return FDistribution(numerator: 1, denominator: degrees).upperTail(square)
  }

  /// P(T > t). NaN for a NaN.
  package func upperTail(_ t: Double) -> Double {
    t >= 0 ? twoSided(t) / 2 : 1 - twoSided(t) / 2
  }

  /// P(T <= t). NaN for a NaN.
  package func lowerTail(_ t: Double) -> Double { upperTail(-t) }

  /// The t with P(T > t) = `probability`; NaN outside 0...1.
  package func upperQuantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability > 0.5 { return -upperQuantile(1 - probability) }
    if probability == 0.5 { return 0 }
    let square = FDistribution(numerator: 1, denominator: degrees).upperQuantile(2 * probability)
    if square < 1e300 { return square.squareRoot() }
    // So far out the tail falls as a power of t.
    return 1e150 * pow(twoSided(1e150) / (2 * probability), 1 / degrees)
  }

  /// The t with P(T <= t) = `probability`; NaN outside 0...1.
  package func quantile(_ probability: Double) -> Double { -upperQuantile(probability) }
}
