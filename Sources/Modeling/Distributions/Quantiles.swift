#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The x > 0 whose upper tail is `upperTail`, for a distribution on the positive numbers.
func positiveQuantile(
  upperTail: Double, start: Double, tails: (Double) -> (lower: Double, upper: Double),
  density: (Double) -> Double
) -> Double {
  if upperTail == 0 { return .infinity }
  if upperTail == 1 { return 0 }
  return solve(start: start, density: density) { x in
    let tail = tails(x)
    // The smaller tail carries the digits.
    return upperTail <= 0.5
      ? (tail.upper, log(tail.upper / upperTail))
      : (tail.lower, log((1 - upperTail) / tail.lower))
  }
}

/// The x > 0 whose lower tail is `lowerTail`, for a distribution on the positive numbers.
func positiveQuantile(
  lowerTail: Double, start: Double, tails: (Double) -> (lower: Double, upper: Double),
  density: (Double) -> Double
) -> Double {
  if lowerTail == 0 { return 0 }
  if lowerTail == 1 { return .infinity }
  return solve(start: start, density: density) { x in
    let tail = tails(x)
    return lowerTail < 0.5
      ? (tail.lower, log(lowerTail / tail.lower))
      : (tail.upper, log(tail.upper / (1 - lowerTail)))
  }
}

/// The root of a falling function, by Newton's method in ln x with bisection as its guard.
///
/// `excess` gives a tail and the logarithm of its ratio to the one wanted, positive below the root;
/// its derivative with respect to ln x is -x density(x) / tail.
private func solve(
  start: Double, density: (Double) -> Double, excess: (Double) -> (tail: Double, excess: Double)
) -> Double {
  var lower = -745.0
  var upper = 709.0
  var point = log(start)
  for _ in 0..<400 {
    let x = exp(point)
    let (tail, value) = excess(x)
    if value == 0 { break }
    if value > 0 { lower = point } else { upper = point }
    var step = value * tail / (x * density(x))
    if !step.isFinite || point + step <= lower || point + step >= upper {
      step = (lower + upper) / 2 - point
    }
    point += step
    if abs(step) < 1e-16 * max(abs(point), 1) { break }
  }
  return exp(point)
}
