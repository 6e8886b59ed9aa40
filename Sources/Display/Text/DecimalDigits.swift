/// A finite float as decimal digits: 0.d1d2d3… × 10^point.
///
/// The digits are the fewest that read back as the same float, so rounding them rounds the number a
/// person sees: 2.675 becomes 2.68 although the float lies a little below. Nothing depends on the
/// C locale.
struct DecimalDigits {
  let isNegative: Bool
  /// The digits as one integer, which does not end in 0 unless it is 0.
  private let digits: UInt64
  /// How many digits there are; none for zero.
  let count: Int
  let point: Int

  init(_ value: Double) {
    precondition(value.isFinite)
    let magnitude = value.magnitude
    let (digits, decimals) = Self.few(magnitude) ?? Self.all(magnitude)
    self.init(isNegative: value < 0, digits, decimals: decimals)
  }

  /// The number `digits` × 10^-`decimals`.
  private init(isNegative: Bool, _ digits: UInt64, decimals: Int) {
    self.isNegative = isNegative
    var digits = digits
    var decimals = decimals
    while digits != 0 {
      let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
      if remainder != 0 { break }
      digits = quotient
      decimals -= 1
    }
    self.digits = digits
    count = digits == 0 ? 0 : Self.digitCount(digits)
    point = digits == 0 ? 0 : count - decimals
  }

  /// The digits of a float that is the nearest one to a decimal number of at most 15 digits, six of
  /// them after the point: no other number of so few digits has that float, so these are the fewest.
  @inline(__always)
  private static func few(_ magnitude: Double) -> (digits: UInt64, decimals: Int)? {
    guard magnitude < 1e9 else { return nil }
    // Both are exact, and a division gives the float nearest to the quotient.
    let scaled = (magnitude * 1e6).rounded()
    guard scaled / 1e6 == magnitude else { return nil }
    return (UInt64(scaled), 6)
  }

  /// The digits of any float, as the standard library writes them.
  private static func all(_ magnitude: Double) -> (digits: UInt64, decimals: Int) {
    var digits: UInt64 = 0
    var decimals = 0
    var exponent = 0
    var isFraction = false
    var isExponent = false
    var isExponentNegative = false
    for byte in magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
      case UInt8(ascii: "-"): isExponentNegative = isExponent
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if isExponent {
          exponent = exponent * 10 + Int(digit)
        } else {
          // 17 digits at most, and the 0 behind the point.
          digits = digits &* 10 &+ UInt64(digit)
          if isFraction { decimals += 1 }
        }
      default: break
      }
    }
    return (digits, decimals + (isExponentNegative ? exponent : -exponent))
  }

  var isZero: Bool { count == 0 }

  /// Digits after the point, as far as they are not zero.
  var decimalCount: Int { max(0, count - point) }

  /// The exponent of scientific notation: that of the first digit.
  var exponent: Int { isZero ? 0 : point - 1 }

  /// The number times 100.
  var hundredfold: DecimalDigits {
    DecimalDigits(isNegative: isNegative, digits, decimals: count - point - 2)
  }

  /// Rounded to `count` significant digits, a half away from zero.
  func rounded(significant count: Int) -> DecimalDigits { keeping(count) }

  /// Rounded to `count` digits after the point, a half away from zero.
  func rounded(decimals count: Int) -> DecimalDigits { keeping(point + count) }

  /// In plain notation with exactly `decimals` digits after the point; rounds where there are more.
  func plain(decimals: Int) -> String {
    let number = rounded(decimals: decimals)
    let hasSign = number.isNegative && !number.isZero
    let length = (hasSign ? 1 : 0) + max(1, number.point) + (decimals > 0 ? decimals + 1 : 0)
    return String(unsafeUninitializedCapacity: length) { text in
      // From the last place to the first; zeros stand where the number has no digit.
      var rest = number.digits
      var place = number.count - number.point
      var end = length
      func write(_ byte: UInt8) {
        end -= 1
        text[end] = byte
      }
      func writeDigit(at decimal: Int) {
        guard decimal <= place, place > -number.point else { return write(UInt8(ascii: "0")) }
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        write(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        rest = quotient
        place -= 1
      }
      if decimals > 0 {
        for decimal in stride(from: decimals, to: 0, by: -1) { writeDigit(at: decimal) }
        write(UInt8(ascii: "."))
      }
      for decimal in 0..<max(1, number.point) { writeDigit(at: -decimal) }
      if hasSign { write(UInt8(ascii: "-")) }
      return length
    }
  }

  /// In scientific notation with exactly `significant` digits: `2.6e-11`.
  func scientific(significant: Int) -> String {
    let number = rounded(significant: significant)
    let sign = number.isNegative && !number.isZero ? "-" : ""
    let digits = number.isZero ? "" : String(number.digits)
    let zeros = String(repeating: "0", count: max(0, max(1, significant) - digits.count))
    let text = digits + zeros
    return sign + text.prefix(1) + (text.count > 1 ? "." + text.dropFirst() : "") + "e"
      + String(number.exponent)
  }

  private func keeping(_ kept: Int) -> DecimalDigits {
    guard kept < count else { return self }
    guard kept >= 0 else { return DecimalDigits(isNegative: isNegative, 0, decimals: 0) }
    let divisor = Self.power(count - kept)
    let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
    return DecimalDigits(
      isNegative: isNegative, quotient + (remainder >= divisor / 2 ? 1 : 0),
      decimals: kept - point)
  }

  /// 10^`exponent`, for up to 19.
  private static func power(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power &*= 10 }
    return power
  }

  private static func digitCount(_ value: UInt64) -> Int {
    // Bits times log10(2), which is right or one too few.
    let count = ((64 - value.leadingZeroBitCount) * 1233) >> 12
    return value >= power(count) ? count + 1 : count
  }
}
