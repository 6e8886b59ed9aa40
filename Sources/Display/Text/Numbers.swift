/// The one place where numbers become text for a person.
extension NumberFormat {
  /// `value` as a person reads it; `inf` and `-inf` for infinities, `nan` for what is none.
  package func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let number = DecimalDigits(value)
    switch self {
    case .significant(let count): return number.text(significant: max(1, count))
    case .decimals(let count):
      return number.needsExponent && number.exponent > 0
        ? number.text(significant: 6) : number.plain(decimals: max(0, count))
    case .pValue: return pValue(number)
    case .percent(let decimals):
      return number.hundredfold.plain(decimals: max(0, decimals)) + "%"
    }
  }

  private func pValue(_ number: DecimalDigits) -> String {
    // A probability this small has left the range of floats, it is not nothing.
    if number.isZero { return "<1e-300" }
    if number.exponent < -4 { return number.scientific(significant: 2) }
    let significant = number.exponent < -3 ? 2 : 3
    let rounded = number.rounded(significant: significant)
    return rounded.plain(decimals: max(0, significant - 1 - rounded.exponent))
  }
}

extension DecimalDigits {
  /// Whether plain notation would be mostly zeros, or claim digits a float does not have.
  var needsExponent: Bool { !isZero && (exponent < -5 || exponent >= 15) }

  /// With `significant` digits, but never without all of the integer part. A number of fewer digits
  /// is shown as it is; one that was rounded keeps its zeros, so that `-206.510` says six digits.
  func text(significant: Int) -> String {
    if needsExponent {
      return scientific(significant: max(1, min(significant, count)))
    }
    guard count > significant else { return plain(decimals: decimalCount) }
    let rounded = rounded(significant: max(significant, point))
    return rounded.plain(decimals: max(0, significant - 1 - rounded.exponent))
  }
}

/// A count in prose, with thousands separated: `3,071,114`.
package func grouped(_ count: some BinaryInteger) -> String {
  let digits = String(count.magnitude)
  var text = count < 0 ? "-" : ""
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}

/// A share in whole percent: `44%`; what is not nothing is never 0%, what is not all never 100%.
package func share(_ count: Int64, of whole: Int64) -> String {
  guard whole > 0 else { return "-" }
  let percent = Double(count) / Double(whole) * 100
  if count > 0, percent < 0.5 { return "<1%" }
  if count < whole, percent >= 99.5 { return ">99%" }
  return DecimalDigits(percent).plain(decimals: 0) + "%"
}

/// How the floats of one column of data are shown: values of up to nine digits or three decimals as
/// they are, others rounded to six significant digits; zeros are added so that neighbours end at the
/// same decimal.
struct FloatColumnFormat {
  private static let exactDigits = 9
  private static let exactDecimals = 3
  private static let significantDigits = 6
  /// The most decimals a value of the column needs.
  private(set) var decimals = 0

  mutating func include(_ value: Double) {
    guard value.isFinite else { return }
    let number = DecimalDigits(value)
    guard !number.needsExponent else { return }
    decimals = max(decimals, ownDecimals(number))
  }

  mutating func include(_ other: FloatColumnFormat) { decimals = max(decimals, other.decimals) }

  func text(_ value: Double) -> String {
    guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
    let number = DecimalDigits(value)
    if number.needsExponent {
      return number.text(
        significant: number.count <= Self.exactDigits
          ? Self.exactDigits : Self.significantDigits)
    }
    guard isShownExactly(number) else {
      return number.text(significant: Self.significantDigits)
    }
    let room = max(Self.exactDecimals, Self.significantDigits - 1 - number.exponent)
    return number.plain(decimals: max(number.decimalCount, min(decimals, room)))
  }

  private func isShownExactly(_ number: DecimalDigits) -> Bool {
    number.count <= Self.exactDigits || number.decimalCount <= Self.exactDecimals
  }

  private func ownDecimals(_ number: DecimalDigits) -> Int {
    if isShownExactly(number) { return number.decimalCount }
    let rounded = number.rounded(significant: Self.significantDigits)
    return max(0, Self.significantDigits - 1 - rounded.exponent)
  }
}
