#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions of one or two numbers over batches of floats. A result that is not a number becomes
/// null and is counted; infinities are kept.
package enum Mathematics: String, Sendable, CaseIterable {
  case abs, sign, sqrt, exp, expm1, log, log2, log10, log1p, floor, ceil, trunc, sin, cos, tan
  case asin, acos, atan

  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (x, count) = (v[0].floats, context.count)
    let values: [Double] =
      switch self {
      case .abs: elementwise(x, count) { Swift.abs($0) }
      case .sign: elementwise(x, count) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
      case .sqrt: elementwise(x, count) { $0.squareRoot() }
      case .exp: elementwise(x, count) { Self.libc.exp($0) }
      case .expm1: elementwise(x, count) { Self.libc.expm1($0) }
      case .log: elementwise(x, count) { Self.libc.log($0) }
      case .log2: elementwise(x, count) { Self.libc.log2($0) }
      case .log10: elementwise(x, count) { Self.libc.log10($0) }
      case .log1p: elementwise(x, count) { Self.libc.log1p($0) }
      case .floor: elementwise(x, count) { $0.rounded(.down) }
      case .ceil: elementwise(x, count) { $0.rounded(.up) }
      case .trunc: elementwise(x, count) { $0.rounded(.towardZero) }
      case .sin: elementwise(x, count) { Self.libc.sin($0) }
      case .cos: elementwise(x, count) { Self.libc.cos($0) }
      case .tan: elementwise(x, count) { Self.libc.tan($0) }
      case .asin: elementwise(x, count) { Self.libc.asin($0) }
      case .acos: elementwise(x, count) { Self.libc.acos($0) }
      case .atan: elementwise(x, count) { Self.libc.atan($0) }
      }
    return Vector.numbers(values, validity: v[0].validity, &context)
  }

  /// The C functions, under names that the cases above would hide.
  private enum libc {
    #if canImport(Glibc)
      static func exp(_ x: Double) -> Double { Glibc.exp(x) }
      static func expm1(_ x: Double) -> Double { Glibc.expm1(x) }
      static func log(_ x: Double) -> Double { Glibc.log(x) }
      static func log2(_ x: Double) -> Double { Glibc.log2(x) }
      static func log10(_ x: Double) -> Double { Glibc.log10(x) }
      static func log1p(_ x: Double) -> Double { Glibc.log1p(x) }
      static func sin(_ x: Double) -> Double { Glibc.sin(x) }
      static func cos(_ x: Double) -> Double { Glibc.cos(x) }
      static func tan(_ x: Double) -> Double { Glibc.tan(x) }
      static func asin(_ x: Double) -> Double { Glibc.asin(x) }
      static func acos(_ x: Double) -> Double { Glibc.acos(x) }
      static func atan(_ x: Double) -> Double { Glibc.atan(x) }
    #else
      static func exp(_ x: Double) -> Double { Darwin.exp(x) }
      static func expm1(_ x: Double) -> Double { Darwin.expm1(x) }
      static func log(_ x: Double) -> Double { Darwin.log(x) }
      static func log2(_ x: Double) -> Double { Darwin.log2(x) }
      static func log10(_ x: Double) -> Double { Darwin.log10(x) }
      static func log1p(_ x: Double) -> Double { Darwin.log1p(x) }
      static func sin(_ x: Double) -> Double { Darwin.sin(x) }
      static func cos(_ x: Double) -> Double { Darwin.cos(x) }
      static func tan(_ x: Double) -> Double { Darwin.tan(x) }
      static func asin(_ x: Double) -> Double { Darwin.asin(x) }
      static func acos(_ x: Double) -> Double { Darwin.acos(x) }
      static func atan(_ x: Double) -> Double { Darwin.atan(x) }
    #endif
  }

  /// `x` rounded half away from zero to `digits` decimal places; negative digits round to tens.
  package static func rounded(_ x: Double, digits: Int) -> Double {
    // Past these every double is already round, or rounds to 0.
    if digits > 308 { return x }
    if digits < -308 { return x.isFinite ? 0 : x }
    return rounded(x, digits: digits, scale: pow(10, Double(Swift.abs(digits))))
  }

  /// The same, where `scale` is 10 to the power of the digits' size.
  @inline(__always)
  private static func rounded(_ x: Double, digits: Int, scale: Double) -> Double {
    if digits == 0 { return x.rounded() }
    let scaled = digits > 0 ? x * scale : x / scale
    guard Swift.abs(scaled) < 0x1p52 else { return x }
    var whole = scaled.rounded()
    // 1.005 is stored a little below: where the shortest decimal ends in a 5, it goes up all the
    // same, as a reader of the printed number expects.
    if Swift.abs(Swift.abs(scaled - whole) - 0.5) < Swift.abs(scaled) * 0x1p-51 {
      whole = scaled.rounded(.towardZero) + (scaled < 0 ? -1 : 1)
    }
    return digits > 0 ? whole / scale : whole * scale
  }

  /// Rounds to the digits that the second argument gives row by row.
  package static func round(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (x, digits, count) = (v[0].floats, v[1].ints, context.count)
    let validity = Validity.both(v[0].validity, v[1].validity)
    let first = digits.first ?? 0
    if first.magnitude <= 308, digits.allSatisfy({ $0 == first }) {
      // A power a batch, not one a row.
      let scale = pow(10, Double(first.magnitude))
      return Vector.numbers(
        elementwise(x, count) { rounded($0, digits: Int(first), scale: scale) },
        validity: validity, &context)
    }
    return Vector.numbers(
      elementwise(x, digits, count) { rounded($0, digits: Int(max(-400, min(400, $1)))) },
      validity: validity, &context)
  }

  package static func isFinite(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(
      .bools(elementwise(v[0].floats, context.count) { $0.isFinite ? 1 : 0 }),
      validity: v[0].validity)
  }

  /// The smallest argument of each row; nulls are passed over.
  package static func least(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try extreme(v, .lessOrEqual, &context)
  }

  /// The greatest argument of each row; nulls are passed over.
  package static func greatest(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try extreme(v, .greaterOrEqual, &context)
  }

  private static func extreme(
    _ v: [Vector], _ order: Comparison, _ context: inout KernelContext
  ) throws -> Vector {
    var result = v[0]
    for other in v.dropFirst() {
      var keeps = try order.apply([result, other], &context).bools
      if result.validity != nil || other.validity != nil {
        for row in 0..<context.count {
          if result.isNull(row) { keeps[row] = 0 } else if other.isNull(row) { keeps[row] = 1 }
        }
      }
      result = Logic.select(keeps, result, other, context.count)
    }
    return result
  }
}
