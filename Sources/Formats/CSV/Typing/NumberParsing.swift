/// Reads numbers from bytes, with the syntax that counts as a number in a file.
enum NumberParsing {
  /// Bytes of one field.
  typealias Bytes = UnsafePointer<UInt8>

  /// An int: digits with an optional sign. Nil beyond 64 bits and, unless allowed, for codes with
  /// leading zeros as `007`.
  @inline(__always)
  static func int(_ field: Bytes, _ count: Int, allowsLeadingZeros: Bool = false) -> Int64? {
    var place = 0
    var isNegative = false
    if count > 0, field[0] == 0x2D || field[0] == 0x2B {
      isNegative = field[0] == 0x2D
      place = 1
    }
    if place >= count { return nil }
    if field[place] == 0x30, count - place > 1 {
      if !allowsLeadingZeros { return nil }
      while place < count - 1, field[place] == 0x30 { place += 1 }
    }
    // 19 digits fit 64 bits without a sign.
    if count - place > 19 { return nil }
    var magnitude: UInt64 = 0
    while place < count {
      let digit = field[place] &- 0x30
      if digit > 9 { return nil }
      magnitude = magnitude &* 10 &+ UInt64(digit)
      place &+= 1
    }
    if isNegative {
      return magnitude <= 1 << 63 ? 0 &- Int64(truncatingIfNeeded: magnitude) : nil
    }
    return magnitude < 1 << 63 ? Int64(truncatingIfNeeded: magnitude) : nil
  }

  /// Which of int, large integer, float or text a field is; a sign and a zero alone also say
  /// negative zero.
  static func classes(_ field: Bytes, _ count: Int, point: UInt8) -> ValueClasses {
    if int(field, count) != nil {
      return count == 2 && field[0] == 0x2D && field[1] == 0x30 ? [.int, .negativeZero] : .int
    }
    guard let scan = DecimalScan(field, count, point: point) else {
      return isInfinity(field, count) ? .float : .text
    }
    if scan.isInteger { return scan.hasLeadingZero ? .text : .largeInteger }
    return .float
  }

  /// A float, the one nearest to the decimal, as `strtod` gives it: digits with an optional sign,
  /// point and exponent, or an infinity. Nil for anything else and, unless allowed, for codes with
  /// leading zeros.
  static func float(
    _ field: Bytes, _ count: Int, point: UInt8, allowsLeadingZeros: Bool = false
  ) -> Double? {
    guard let scan = DecimalScan(field, count, point: point) else {
      guard isInfinity(field, count) else { return nil }
      return field[0] == 0x2D ? -.infinity : .infinity
    }
    if scan.isInteger && scan.hasLeadingZero && !allowsLeadingZeros { return nil }
    if let value = scan.exactValue ?? scan.nearestValue { return value }
    return slowFloat(field, count, point: point)
  }

  /// `inf` or `infinity` in any case, with an optional sign.
  private static func isInfinity(_ field: Bytes, _ count: Int) -> Bool {
    let start = count > 0 && (field[0] == 0x2D || field[0] == 0x2B) ? 1 : 0
    let length = count - start
    guard length == 3 || length == 8 else { return false }
    let word: StaticString = "infinity"
    for place in 0..<length where field[start + place] | 0x20 != word.utf8Start[place] {
      return false
    }
    return true
  }

  /// The nearest float by the standard library, which reads as `strtod` does in the C locale.
  private static func slowFloat(_ field: Bytes, _ count: Int, point: UInt8) -> Double? {
    var text = String(decoding: UnsafeBufferPointer(start: field, count: count), as: UTF8.self)
    if point != 0x2E {
      text = String(text.map { $0 == Character(Unicode.Scalar(point)) ? "." : $0 })
    }
    return Double(text)
  }
}

/// The digits, point and exponent of a decimal.
struct DecimalScan {
  /// The first 19 significant digits.
  private(set) var significand: UInt64 = 0
  /// The power of ten of the significand.
  private(set) var exponent = 0
  private(set) var isNegative = false
  /// Whether all digits are in the significand.
  private(set) var isExact = true
  /// Whether there is neither a point nor an exponent.
  private(set) var isInteger = true
  private(set) var hasLeadingZero = false

  /// Nil if the bytes are not a decimal.
  @inline(__always)
  init?(_ field: UnsafePointer<UInt8>, _ count: Int, point: UInt8) {
    var place = 0
    if count > 0, field[0] == 0x2D || field[0] == 0x2B {
      isNegative = field[0] == 0x2D
      place = 1
    }
    hasLeadingZero = count - place > 1 && field[place] == 0x30
    var digits = 0
    var significant = 0
    while place < count {
      let byte = field[place]
      let digit = byte &- 0x30
      if digit > 9 {
        if byte != point || !isInteger { break }
        isInteger = false
        place &+= 1
        continue
      }
      digits &+= 1
      if significant < 19 {
        significand = significand &* 10 &+ UInt64(digit)
        if significand != 0 { significant &+= 1 }
        if !isInteger { exponent &-= 1 }
      } else {
        if digit != 0 { isExact = false }
        if isInteger { exponent &+= 1 }
      }
      place &+= 1
    }
    if digits == 0 { return nil }
    if place < count {
      guard field[place] | 0x20 == 0x65 else { return nil }
      isInteger = false
      place += 1
      var isSmall = false
      if place < count, field[place] == 0x2D || field[place] == 0x2B {
        isSmall = field[place] == 0x2D
        place += 1
      }
      if place == count { return nil }
      var written = 0
      while place < count {
        let digit = field[place] &- 0x30
        if digit > 9 { return nil }
        if written < 100_000 { written = written * 10 + Int(digit) }
        place += 1
      }
      exponent += isSmall ? -written : written
    }
  }

  /// The value where one exact multiplication or division gives it (Clinger's fast path).
  @inline(__always)
  var exactValue: Double? {
    guard isExact, significand <= 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
    let whole = Double(Int64(truncatingIfNeeded: significand))
    let value =
      exponent < 0 ? whole / powersOfTen(-exponent) : whole * powersOfTen(exponent)
    return isNegative ? -value : value
  }
  /// The nearest float, where two multiplications decide which it is.
  var nearestValue: Double? {
    guard let value = DecimalRounding.nearest(significand, exponent: exponent) else { return nil }
    if !isExact {
      // The digits left out are decided by both neighbours being rounded to the same float.
      guard significand < .max,
        DecimalRounding.nearest(significand + 1, exponent: exponent) == value
      else { return nil }
    }
    return isNegative ? -value : value
  }
}

/// 10 to the power of `exponent` in 0...22, where it is exact.
@inline(__always)
func powersOfTen(_ exponent: Int) -> Double { exactPowers.pointer[exponent] }

/// SAFETY: allocated once, filled before anyone reads it, never written again, never freed.
struct PowerTable: @unchecked Sendable { let pointer: UnsafeMutablePointer<Double> }

let exactPowers: PowerTable = {
  let powers = UnsafeMutablePointer<Double>.allocate(capacity: 23)
  var power = 1.0
  for exponent in 0..<23 {
    powers[exponent] = power
    power *= 10
  }
  return PowerTable(pointer: powers)
}()
