extension StateResult {
  typealias State = UnsafePointer<UInt64>

  /// The float of a group's state; NaN where it is null. Of no meaning for results of other types.
  func float(_ state: State) -> Double {
    switch self {
    case .floatSum(let word, let count):
      return state[count] == 0 ? .nan : Double(bitPattern: state[word])
    case .mean(let sum, let count):
      let rows = state[count]
      return rows == 0 ? .nan : sum.float(state) / Double(rows)
    case .variance(let spread, let isDeviation):
      let variance = spread.variance(state)
      return isDeviation ? variance.squareRoot() : variance
    case .skewness(let word, let count): return moments(state, word, count).skewness
    case .kurtosis(let word, let count): return moments(state, word, count).kurtosis
    case .association(let association, let isCorrelation):
      return association.value(state, isCorrelation: isCorrelation)
    case .weightedMean(let product, let weight, let count):
      let total = weight.float(state)
      return state[count] == 0 || total == 0 ? .nan : Double(bitPattern: state[product]) / total
    default: return .nan
    }
  }

  /// Whether it is a number of rows.
  var isCount: Bool {
    switch self {
    case .rows, .count, .nullCount: true
    default: false
    }
  }

  /// The integer of a group's state, nil where it is null. Throws `overflow` where it does not fit
  /// 64 bits. Of no meaning for results of other types.
  func integer(_ state: State) throws -> Int64? {
    switch self {
    case .rows: return Int64(bitPattern: state[0])
    case .count(let word): return Int64(bitPattern: state[word])
    case .nullCount(let word): return Int64(bitPattern: state[0] &- state[word])
    case .sumOrNull(let word, let count):
      return state[count] == 0 ? nil : Int64(bitPattern: state[word])
    case .wideSum(let word, let count):
      if state[count] == 0 { return nil }
      guard let sum = Int64(exactly: SumWord.wide(word).integer(state)) else {
        throw DataError(.overflow, "the sum does not fit into a 64-bit integer")
      }
      return sum
    case .wholeMean(let sum, let count):
      let rows = Int128(state[count])
      if rows == 0 { return nil }
      // A mean lies between the values.
      return Int64(truncatingIfNeeded: roundedQuotient(sum.integer(state), rows))
    case .variance:
      let microseconds = float(state).rounded()
      if microseconds.isNaN { return nil }
      guard let exact = Int64(exactly: microseconds) else {
        throw DataError(.overflow, "the standard deviation does not fit into 64 bits")
      }
      return exact
    default: return nil
    }
  }

  /// The key of a least or greatest value, nil where there is none.
  func key(_ state: State) -> UInt64? {
    switch self {
    case .least(let word, let count): state[count] == 0 ? nil : ~state[word]
    case .greatest(let word, let count): state[count] == 0 ? nil : state[word]
    default: nil
    }
  }

  private func moments(_ state: State, _ word: Int, _ count: Int) -> CentralMoments {
    CentralMoments(
      count: Double(state[count]), second: Double(bitPattern: state[word + 2]),
      third: Double(bitPattern: state[word + 3]), fourth: Double(bitPattern: state[word + 4]))
  }
}

extension StateResult.SumWord {
  func integer(_ state: UnsafePointer<UInt64>) -> Int128 {
    switch self {
    case .integer(let word): Int128(Int64(bitPattern: state[word]))
    case .wide(let word): Int128(Int64(bitPattern: state[word + 1])) << 64 | Int128(state[word])
    case .float: 0
    }
  }

  func float(_ state: UnsafePointer<UInt64>) -> Double {
    switch self {
    case .integer(let word): Double(Int64(bitPattern: state[word]))
    case .wide: Double(nearest: integer(state))
    case .float(let word): Double(bitPattern: state[word])
    }
  }
}

extension StateResult.Spread {
  /// With n - 1; NaN below two values.
  func variance(_ state: UnsafePointer<UInt64>) -> Double {
    switch self {
    case .moments(let word, let count):
      let rows = Double(state[count])
      return rows < 2 ? .nan : Double(bitPattern: state[word + 2]) / (rows - 1)
    case .exact(let sum, let squares, let count):
      let rows = state[count]
      if rows < 2 { return .nan }
      return Double(nearest: exactProduct(state, rows, squares, sum, sum)) / Double(rows)
        / (Double(rows) - 1)
    }
  }
}

extension StateResult.Association {
  /// Pearson's correlation, within -1...1, or the covariance; NaN below two values or where one
  /// side is constant.
  func value(_ state: UnsafePointer<UInt64>, isCorrelation: Bool) -> Double {
    let (rows, product, x, y): (Double, Double, Double, Double)
    switch self {
    case .exact(let sums, let squares, let word, let count):
      let counted = state[count]
      rows = Double(counted)
      if counted < 2 { return .nan }
      product = Double(nearest: exactProduct(state, counted, word, sums.0, sums.1)) / rows
      x = Double(nearest: exactProduct(state, counted, squares.0, sums.0, sums.0)) / rows
      y = Double(nearest: exactProduct(state, counted, squares.1, sums.1, sums.1)) / rows
    case .moments(let first, let second, let comoment, let count):
      rows = Double(state[count])
      if rows < 2 { return .nan }
      product = Double(bitPattern: state[comoment])
      x = Double(bitPattern: state[first + 2])
      y = Double(bitPattern: state[second + 2])
    }
    if !isCorrelation { return product / (rows - 1) }
    let scale = x.squareRoot() * y.squareRoot()
    guard scale > 0 else { return .nan }
    let correlation = product / scale
    return correlation.isNaN ? .nan : max(-1, min(1, correlation))
  }
}

/// How often there are rows times the sum of products about the means, exactly.
private func exactProduct(
  _ state: UnsafePointer<UInt64>, _ rows: UInt64, _ product: Int, _ first: Int, _ second: Int
) -> Int128 {
  func value(_ word: Int) -> Int128 { Int128(Int64(bitPattern: state[word])) }
  return Int128(rows) * value(product) - value(first) * value(second)
}

extension Double {
  /// The float nearest to `value`, fast where that fits 64 bits.
  init(nearest value: Int128) {
    let low = Int64(truncatingIfNeeded: value)
    self = Int128(low) == value ? Double(low) : Double(value)
  }
}

/// Sums of powers of deviations from the mean.
struct CentralMoments {
  var count: Double
  var second: Double
  var third: Double
  var fourth: Double

  /// G1 of Joanes and Gill (1998); NaN where it is not defined.
  var skewness: Double {
    guard count > 2, second > 0 else { return .nan }
    let variance = second / count
    let g1 = third / count / (variance * variance.squareRoot())
    return g1 * (count * (count - 1)).squareRoot() / (count - 2)
  }

  /// G2 of Joanes and Gill (1998); NaN where it is not defined.
  var kurtosis: Double {
    guard count > 3, second > 0 else { return .nan }
    let variance = second / count
    let g2 = fourth / count / (variance * variance) - 3
    return ((count + 1) * g2 + 6) * (count - 1) / ((count - 2) * (count - 3))
  }
}

/// A quotient rounded to the nearest integer, halves away from zero; `divisor` is positive.
func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  if remainder.magnitude * 2 < divisor.magnitude { return quotient }
  return dividend < 0 ? quotient - 1 : quotient + 1
}

/// Takes from a sum of squares of deviations what their center was off the mean; 0 where the values
/// are all equal, since then nothing but rounding is left.
func squaresAboutMean(_ squares: Double, sum: Double, count: UInt32) -> Double {
  if count == 0 { return 0 }
  let centered = squares - sum * sum / Double(count)
  return centered <= squares * 1e-10 ? 0 : centered
}
