/// The float nearest to a decimal of up to 19 digits, by one or two 64-bit multiplications.
///
/// The algorithm is Eisel and Lemire's: D. Lemire, "Number parsing at a gigabyte per second",
/// Software: Practice and Experience 51 (2021). It leaves few decimals undecided, which are then
/// read digit by digit.
enum DecimalRounding {
  /// Exponents of ten for which there are powers; within these, 5 to the power fits 126 bits.
  private static let limit = 54

  /// The float nearest to `significand` times 10 to the power of `exponent`; nil where that is not
  /// decided here.
  static func nearest(_ significand: UInt64, exponent: Int) -> Double? {
    if significand == 0 { return 0 }
    guard exponent >= -limit, exponent <= limit else { return nil }
    let leading = significand.leadingZeroBitCount
    let normalized = significand << UInt64(leading)
    let power = powersOfFive.pointer[exponent + limit]
    var (high, low) = normalized.multipliedFullWidth(by: UInt64(truncatingIfNeeded: power >> 64))
    if high & 0x1FF == 0x1FF {
      let next = normalized.multipliedFullWidth(by: UInt64(truncatingIfNeeded: power)).high
      let (sum, overflow) = low.addingReportingOverflow(next)
      low = sum
      if overflow { high &+= 1 }
    }
    if low == .max, exponent < -27 || exponent > 54 { return nil }
    let upper = high >> 63
    var mantissa = high >> (upper + 9)
    // 217706 / 65536 is the binary logarithm of 10, near enough for these exponents.
    var binary = (217_706 * exponent) >> 16 + 63 + Int(upper) - leading + 1023
    if binary <= 0 { return nil }
    // Half way between two floats: to the even one.
    if low <= 1, exponent >= -4, exponent <= 23, mantissa & 3 == 1,
      mantissa << (upper + 9) == high
    {
      mantissa &= ~1
    }
    mantissa = (mantissa + (mantissa & 1)) >> 1
    if mantissa >= 1 << 53 {
      mantissa = 1 << 52
      binary += 1
    }
    if binary >= 0x7FF { return nil }
    return Double(bitPattern: UInt64(binary) << 52 | mantissa & ~(1 << 52))
  }

  /// SAFETY: allocated once, filled before anyone reads it, never written again, never freed.
  private struct Table: @unchecked Sendable { let pointer: UnsafeMutablePointer<UInt128> }

  /// The highest 128 bits of 5 to the powers -54...54, the highest bit set; reciprocals are rounded
  /// as the algorithm's table wants them.
  private static let powersOfFive: Table = {
    let powers = UnsafeMutablePointer<UInt128>.allocate(capacity: 2 * limit + 1)
    var power: UInt128 = 1
    for exponent in 0...limit {
      powers[limit + exponent] = power << UInt128(power.leadingZeroBitCount)
      if exponent > 0 {
        powers[limit - exponent] = reciprocal(power, isExactlyRounded: exponent <= 27)
      }
      power *= 5
    }
    return Table(pointer: powers)
  }()

  /// The highest 128 bits of a power of two divided by `divisor`, by long division; one more where
  /// the quotient is to be above the true one.
  private static func reciprocal(_ divisor: UInt128, isExactlyRounded: Bool) -> UInt128 {
    var rest: UInt128 = 1 << UInt128(127 - divisor.leadingZeroBitCount)
    var quotient: UInt128 = 0
    for _ in 0..<128 {
      rest <<= 1
      quotient <<= 1
      if rest >= divisor {
        rest -= divisor
        quotient |= 1
      }
    }
    return isExactlyRounded ? quotient + 1 : quotient
  }
}
