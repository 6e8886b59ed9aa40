#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// ln(1 + x) - x without cancellation near 0, for x > -1.
///
/// With s = x / (2 + x), ln(1 + x) = 2 artanh(s) and 2s - x = -x s, so that the difference is
/// -x s + 2 s³ (1/3 + s²/5 + s⁴/7 + …).
func logOnePlusMinus(_ x: Double) -> Double {
  guard abs(x) < 0.4 else { return log1p(x) - x }
  let s = x / (2 + x)
  let square = s * s
  var power = 1.0
  var sum = 0.0
  var odd = 3.0
  while true {
    let term = power / odd
    if sum + term == sum { break }
    sum += term
    power *= square
    odd += 2
  }
  return 2 * s * square * sum - x * s
}

/// The error of Stirling's formula, ln Γ(n + 1) - ln(√(2πn) (n/e)ⁿ), for n > 0.
///
/// C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000. Working with it in
/// place of ln Γ keeps full relative accuracy where ln Γ itself is huge.
func stirlingError(_ n: Double) -> Double {
  if n <= 15 { return logGamma(n + 1) - (n + 0.5) * log(n) + n - halfLogTwoPi }
  let inverse = 1 / n
  let square = inverse * inverse
  // Coefficients of the Stirling series, B(2k) / (2k (2k - 1)).
  var sum = 1.0 / 1188
  sum = 1.0 / 1680 - square * sum
  sum = 1.0 / 1260 - square * sum
  sum = 1.0 / 360 - square * sum
  sum = 1.0 / 12 - square * sum
  return sum * inverse
}

/// ln Γ(x) for x > 0. Unlike `lgamma` it writes no global variable.
func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}

private let halfLogTwoPi = 0.918_938_533_204_672_741_780_329_736_406

/// The smallest magnitude that a continued fraction's numerator and denominator are kept at.
let lentzFloor = 1e-300

/// More terms than any converging fraction needs for shapes below 10⁹.
let fractionLimit = 1_000_000
