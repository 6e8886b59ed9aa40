/// A finite float as decimal digits: 0.d1d2d3… × 10^point.
///
/// The digits are the fewest that read back as the same float, so rounding them rounds the number a
/// person sees: 2.675 becomes 2.68 although the float lies a little below. Nothing depends on the
/// C locale.
struct DecimalDigits {
  var isNegative: Bool
  /// Without leading and trailing zeros; empty for zero.
  var digits: [UInt8]
  var point: Int

  init(_ value: Double) {
    precondition(value.isFinite)
    isNegative = value < 0
    digits = []
    point = 0
    var exponent = 0
    var integerDigits = 0
    var isFraction = false
    var isExponent = false
    var isExponentNegative = false
    for byte in value.magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
      case UInt8(ascii: "-"): isExponentNegative = isExponent
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if isExponent {
          exponent = exponent * 10 + Int(digit)
        } else {
          digits.append(digit)
          if !isFraction { integerDigits += 1 }
        }
      default: break
      }
    }
    point = integerDigits + (isExponentNegative ? -exponent : exponent)
    normalize()
  }

  var isZero: Bool { digits.isEmpty }

  /// Digits after the point, as far as they are not zero.
  var decimalCount: Int { max(0, digits.count - point) }

  /// The exponent of scientific notation: that of the first digit.
  var exponent: Int { isZero ? 0 : point - 1 }

  /// Rounded to `count` significant digits, a half away from zero.
  func rounded(significant count: Int) -> DecimalDigits { keeping(count) }

  /// Rounded to `count` digits after the point, a half away from zero.
  func rounded(decimals count: Int) -> DecimalDigits { keeping(point + count) }

  /// In plain notation with exactly `decimals` digits after the point; rounds where there are more.
  func plain(decimals: Int) -> String {
    let number = rounded(decimals: decimals)
    var text: [UInt8] = number.isNegative && !number.isZero ? [UInt8(ascii: "-")] : []
    func digit(_ place: Int) -> UInt8 {
      UInt8(ascii: "0") + (number.digits.indices.contains(place) ? number.digits[place] : 0)
    }
    if number.point <= 0 {
      text.append(UInt8(ascii: "0"))
    } else {
      for place in 0..<number.point { text.append(digit(place)) }
    }
    if decimals > 0 {
      text.append(UInt8(ascii: "."))
      for place in 0..<decimals { text.append(digit(number.point + place)) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// In scientific notation with exactly `significant` digits: `2.6e-11`.
  func scientific(significant: Int) -> String {
    let number = rounded(significant: significant)
    var text = number.isNegative && !number.isZero ? "-" : ""
    for place in 0..<max(1, significant) {
      if place == 1 { text += "." }
      text += place < number.digits.count ? String(number.digits[place]) : "0"
    }
    return text + "e" + String(number.exponent)
  }

  private func keeping(_ count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.normalize()
      return result
    }
    let roundsUp = digits[count] >= 5
    result.digits.removeSubrange(count...)
    if roundsUp {
      var place = count - 1
      while place >= 0, result.digits[place] == 9 {
        result.digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        result.digits[place] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.point += 1
      }
    }
    result.normalize()
    return result
  }

  private mutating func normalize() {
    while digits.last == 0 { digits.removeLast() }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    point = digits.isEmpty ? 0 : point - zeros
  }
}
