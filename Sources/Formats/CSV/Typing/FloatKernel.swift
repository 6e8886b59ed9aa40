/// Decimals as `12.345678` straight from their bytes.
enum FloatKernel {
  /// The value of a field of 2 to 16 bytes that is digits with one point among them; nil for
  /// anything else. At most 15 digits make an exact integer and at most 15 of them follow the
  /// point, so one division gives the nearest float.
  ///
  /// SAFETY: 16 bytes before the end of the field can be read.
  @inline(__always)
  static func plainDecimal(
    _ text: UnsafePointer<UInt8>, _ count: Int, points: UInt64,
    _ powers: UnsafeMutablePointer<Double>
  ) -> Double? {
    guard count &- 2 <= 14, count >= 2 else { return nil }
    let high = loadWord(text + (count &- 8))
    let low = loadWord(text + (count &- 16))
    let bytes = UInt64(truncatingIfNeeded: count)
    let inField: UInt64 = count < 8 ? ~0 &<< (64 &- 8 &* bytes) : ~0
    // The lowest set bit marks the first byte that is a point.
    let differences = (high ^ points) | ~inField
    let found = (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080
    if found == 0 { return nil }
    let shift = UInt64(truncatingIfNeeded: found.trailingZeroBitCount) & 0x38
    // The digits before the point move up by one to close the gap.
    let below = (UInt64(1) &<< shift) &- 1
    let merged =
      (high & ~below & ~(UInt64(0xFF) &<< shift)) | ((high & below) &<< 8) | (low &>> 56)
    let digitCount = bytes &- 1
    let digits =
      (merged ^ 0x3030_3030_3030_3030) & (digitCount < 8 ? ~0 &<< (64 &- 8 &* digitCount) : ~0)
    var errors = nonDigits(digits)
    var significand = combineDigits(digits)
    if digitCount > 8 {
      let rest =
        ((low &<< 8) ^ 0x3030_3030_3030_3030) & (~0 &<< (64 &- 8 &* (digitCount &- 8)))
      errors |= nonDigits(rest)
      significand = significand &+ combineDigits(rest) &* 100_000_000
    }
    if errors != 0 { return nil }
    return Double(Int64(truncatingIfNeeded: significand))
      / powers[Int(truncatingIfNeeded: 7 &- shift &>> 3)]
  }
}
