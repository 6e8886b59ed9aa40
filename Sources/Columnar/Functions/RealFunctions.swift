#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions of one number beyond the elementary ones. A result that is not a number becomes null
/// and is counted; infinities are kept.
package enum RealFunction: Sendable, CaseIterable {
  case hyperbolicSine, hyperbolicCosine, hyperbolicTangent
  case inverseHyperbolicSine, inverseHyperbolicCosine, inverseHyperbolicTangent
  case cubeRoot, toDegrees, toRadians
  case errorFunction, gammaFunction, logarithmOfGamma
  /// 1 / (1 + exp(-x)), and its inverse ln(p / (1 - p)).
  case logistic, logit
  /// Of the standard normal distribution.
  case normalDensity, normalLowerTail, normalQuantile

  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (x, count) = (v[0].floats, context.count)
    let values: [Double] =
      switch self {
      case .hyperbolicSine: elementwise(x, count) { sinh($0) }
      case .hyperbolicCosine: elementwise(x, count) { cosh($0) }
      case .hyperbolicTangent: elementwise(x, count) { tanh($0) }
      case .inverseHyperbolicSine: elementwise(x, count) { asinh($0) }
      case .inverseHyperbolicCosine: elementwise(x, count) { acosh($0) }
      case .inverseHyperbolicTangent: elementwise(x, count) { atanh($0) }
      case .cubeRoot: elementwise(x, count) { cbrt($0) }
      case .toDegrees: elementwise(x, count) { $0 * (180 / .pi) }
      case .toRadians: elementwise(x, count) { $0 * (.pi / 180) }
      case .errorFunction: elementwise(x, count) { erf($0) }
      case .gammaFunction:
        // At the poles, 0 and the negative whole numbers, there is no value.
        elementwise(x, count) { $0 <= 0 && $0 == $0.rounded() ? .nan : tgamma($0) }
      case .logarithmOfGamma:
        elementwise(x, count) { $0 <= 0 && $0 == $0.rounded() ? .infinity : lnGamma($0) }
      case .logistic: elementwise(x, count) { 1 / (1 + exp(-$0)) }
      case .logit: elementwise(x, count) { log($0) - log1p(-$0) }
      case .normalDensity: elementwise(x, count) { Normal.density($0) }
      case .normalLowerTail: elementwise(x, count) { Normal.lowerTail($0) }
      case .normalQuantile: elementwise(x, count) { Normal.quantile($0) }
      }
    return Vector.numbers(values, validity: v[0].validity, &context)
  }

  /// ln |Γ(x)|. Unlike `lgamma` it writes no global variable.
  private func lnGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}

/// Functions of two numbers.
package enum PairFunction: Sendable {
  case arcTangent, hypotenuse
  /// The logarithm of the first to the base of the second.
  case logarithm
  /// The first rounded to as many significant digits as the second says, halves away from zero.
  case significantDigits
  /// The first rounded to digits behind the point, halves to the even digit.
  case roundEven

  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (a, b, count) = (v[0].floats, v[1].floats, context.count)
    let values: [Double] =
      switch self {
      case .arcTangent: elementwise(a, b, count) { atan2($0, $1) }
      case .hypotenuse: elementwise(a, b, count) { hypot($0, $1) }
      case .logarithm: elementwise(a, b, count) { logarithm($0, base: $1) }
      case .significantDigits: elementwise(a, b, count) { Self.significant($0, digits: $1) }
      case .roundEven: elementwise(a, b, count) { Self.roundedEven($0, digits: $1) }
      }
    return Vector.numbers(values, validity: Validity.all(v), &context)
  }

  /// Exact for powers of 2 and 10; not a number for a base that has no logarithms.
  private func logarithm(_ x: Double, base: Double) -> Double {
    if base == 2 { return log2(x) }
    if base == 10 { return log10(x) }
    return base > 0 && base != 1 ? log(x) / log(base) : .nan
  }

  /// `x` with `digits` significant digits, at least one.
  package static func significant(_ x: Double, digits: Double) -> Double {
    guard x != 0, x.isFinite, !digits.isNaN else { return x }
    let wanted = Int(max(1, min(17, digits)))
    let exponent = Int(log10(abs(x)).rounded(.down))
    return Mathematics.rounded(x, digits: wanted - 1 - exponent)
  }

  /// `x` rounded to `digits` decimal places, below 0 to tens; where the shortest decimal of `x` ends
  /// in a 5 there, to the even digit.
  package static func roundedEven(_ x: Double, digits: Double) -> Double {
    guard x.isFinite, !digits.isNaN else { return x }
    let places = Int(max(-400, min(400, digits)))
    if places == 0 { return x.rounded(.toNearestOrEven) }
    if places > 308 { return x }
    if places < -308 { return 0 }
    let scale = pow(10, Double(abs(places)))
    let scaled = places > 0 ? x * scale : x / scale
    guard abs(scaled) < 0x1p52 else { return x }
    var whole = scaled.rounded(.toNearestOrEven)
    // As in rounding away from zero: 1.005 is stored a little below what is written.
    if abs(abs(scaled - whole) - 0.5) < abs(scaled) * 0x1p-51 {
      whole = (scaled * 2).rounded() / 2
      whole = whole.rounded(.toNearestOrEven)
    }
    return places > 0 ? whole / scale : whole * scale
  }
}

extension PairFunction {
  /// The sum of the arguments of each row; nulls are passed over, null where all are.
  package static func rowSum(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (sums, counts) = totals(v, context.count)
    return reduced(sums, counts, &context)
  }

  /// The mean of the arguments of each row; nulls are passed over, null where all are.
  package static func rowMean(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (sums, counts) = totals(v, context.count)
    let means = elementwise(sums, counts, context.count) { $1 == 0 ? 0 : $0 / $1 }
    return reduced(means, counts, &context)
  }

  private static func totals(_ v: [Vector], _ count: Int) -> (sums: [Double], counts: [Double]) {
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: count)
    for vector in v {
      let values = vector.floats
      for row in 0..<count where !vector.isNull(row) {
        sums[row] += values[row]
        counts[row] += 1
      }
    }
    return (sums, counts)
  }

  private static func reduced(
    _ values: [Double], _ counts: [Double], _ context: inout KernelContext
  ) -> Vector {
    var validity: [UInt64]?
    for row in 0..<context.count where counts[row] == 0 {
      Validity.clear(&validity, row, count: context.count)
    }
    return Vector.numbers(values, validity: validity, &context)
  }

  /// How many of the arguments of each row are null.
  package static func rowNulls(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    var counts = [Int64](repeating: 0, count: context.count)
    for vector in v where vector.validity != nil {
      for row in 0..<context.count where vector.isNull(row) { counts[row] += 1 }
    }
    return Vector(.ints(counts))
  }
}
