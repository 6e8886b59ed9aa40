/// An unevaluated sum of two floats, of about 32 decimal digits.
///
/// T. Dekker, A Floating-Point Technique for Extending the Available Precision, 1971; products split
/// their factors by Veltkamp's method, since a fused multiply-add is a library call on processors
/// of the baseline. Magnitudes must stay below 2^996.
struct DoubleDouble: FactorScalar {
  var high: Double
  var low: Double

  @inline(__always)
  init(_ value: Double) {
    high = value
    low = 0
  }

  @inline(__always)
  init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  /// The exact product of two floats.
  @inline(__always)
  init(product left: Double, _ right: Double) {
    let product = left * right
    let (leftHigh, leftLow) = split(left)
    let (rightHigh, rightLow) = split(right)
    high = product
    low =
      ((leftHigh * rightHigh - product) + leftHigh * rightLow + leftLow * rightHigh)
      + leftLow * rightLow
  }

  /// The exact sum of two floats, times a power of two.
  @inline(__always)
  init(sum left: Double, _ right: Double, scale: Double) {
    let sum = left + right
    let virtual = sum - left
    high = sum * scale
    low = ((left - (sum - virtual)) + (right - virtual)) * scale
  }

  var value: Double { high + low }

  @inline(__always)
  static func + (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
    let sum = left.high + right.high
    let virtual = sum - left.high
    let error = (left.high - (sum - virtual)) + (right.high - virtual)
    return normalized(sum, error + (left.low + right.low))
  }

  @inline(__always)
  static func - (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble { left + -right }

  @inline(__always)
  static prefix func - (value: DoubleDouble) -> DoubleDouble {
    DoubleDouble(high: -value.high, low: -value.low)
  }

  @inline(__always)
  static func * (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
    let product = DoubleDouble(product: left.high, right.high)
    return normalized(
      product.high, product.low + (left.high * right.low + left.low * right.high))
  }

  static func / (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
    let first = left.high / right.high
    let rest = left - right * DoubleDouble(first)
    let second = rest.high / right.high
    let last = rest - right * DoubleDouble(second)
    return normalized(first, second) + DoubleDouble(last.high / right.high)
  }

  @inline(__always)
  static func += (left: inout DoubleDouble, right: DoubleDouble) { left = left + right }

  @inline(__always)
  static func -= (left: inout DoubleDouble, right: DoubleDouble) { left = left - right }

  /// The root of a number that is not negative: one Newton step from the float's.
  func squareRoot() -> DoubleDouble {
    if high <= 0 { return DoubleDouble(0) }
    let root = high.squareRoot()
    let rest = self - DoubleDouble(product: root, root)
    return DoubleDouble.normalized(root, rest.high / (2 * root))
  }

  /// The sum of two floats of which the first is the larger.
  @inline(__always)
  private static func normalized(_ large: Double, _ small: Double) -> DoubleDouble {
    let sum = large + small
    return DoubleDouble(high: sum, low: small - (sum - large))
  }
}

@inline(__always)
private func split(_ value: Double) -> (high: Double, low: Double) {
  let scaled = 134_217_729 * value
  let high = scaled - (scaled - value)
  return (high, value - high)
}

/// The numbers in which a least-squares problem is solved.
protocol FactorScalar: Sendable {
  init(_ value: Double)
  /// The nearest float.
  var value: Double { get }
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
  static prefix func - (value: Self) -> Self
  static func += (left: inout Self, right: Self)
  static func -= (left: inout Self, right: Self)
  func squareRoot() -> Self
}

extension Double: FactorScalar {
  var value: Double { self }
}
