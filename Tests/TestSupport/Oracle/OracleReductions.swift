import Columnar

extension Oracle {
  /// The reduction of the rows of one group; nil where an integer sum does not fit.
  package static func reduce(
    _ reduction: Reduction, _ arguments: [[Scalar]], rows: [Int], type: DataType
  ) -> Scalar? {
    if reduction == .count { return .int(Int64(rows.count)) }
    let values = rows.map { arguments[0][$0] }.filter { !$0.isNull }
    let numbers = values.map(number)
    switch reduction {
    case .countValid: return .int(Int64(values.count))
    case .countNull: return .int(Int64(rows.count - values.count))
    case .countDistinct: return .int(Int64(groups([values], rowCount: values.count).count))
    case .first: return values.first ?? .null
    case .last: return values.last ?? .null
    case .min: return values.reduce(values.first ?? .null) { precedes($1, $0) ? $1 : $0 }
    case .max: return values.reduce(values.first ?? .null) { precedes($0, $1) ? $1 : $0 }
    case .nth(let number):
      let place = number > 0 ? number - 1 : rows.count + number
      return rows.indices.contains(place) ? arguments[0][rows[place]] : .null
    case .mode:
      var best: [Int] = []
      for group in groups([values], rowCount: values.count) where group.count > best.count {
        best = group
      }
      return best.first.map { values[$0] } ?? .null
    case .any: return values.isEmpty ? .null : .bool(values.contains(.bool(true)))
    case .all: return values.isEmpty ? .null : .bool(!values.contains(.bool(false)))
    case .sum:
      if values.isEmpty { return .null }
      if type == .float { return float(numbers.reduce(0, +)) }
      return Int64(exactly: values.reduce(Int128(0)) { $0 + Int128(integer($1)) }).map {
        type == .duration ? .duration(Duration(microseconds: $0)) : .int($0)
      }
    case .mean:
      if values.isEmpty { return .null }
      if case .float = values[0] { return scalar(mean(numbers), type) }
      // Exact up to the one division, since extremes cancel.
      let sum = values.reduce(Int128(0)) { $0 + Int128(integer($1)) }
      return scalar(Double(sum) / Double(values.count), type)
    case .variance: return scalar(variance(numbers), type)
    case .standardDeviation: return scalar(variance(numbers)?.squareRoot(), type)
    case .median: return quantile(values, 0.5, type)
    case .quantile(let probability): return quantile(values, probability, type)
    case .skewness: return scalar(skewness(numbers), type)
    case .kurtosis: return scalar(kurtosis(numbers), type)
    default: return pairwise(reduction, arguments, rows: rows)
    }
  }

  private static func pairwise(
    _ reduction: Reduction, _ arguments: [[Scalar]], rows: [Int]
  ) -> Scalar {
    let complete = rows.filter { !arguments[0][$0].isNull && !arguments[1][$0].isNull }
    let x = complete.map { number(arguments[0][$0]) }
    let y = complete.map { number(arguments[1][$0]) }
    if reduction == .weightedMean {
      let total = y.reduce(0, +)
      return total == 0 ? .null : float(zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / total)
    }
    guard x.count > 1, let xMean = mean(x), let yMean = mean(y) else { return .null }
    let product = zip(x, y).reduce(0) { $0 + ($1.0 - xMean) * ($1.1 - yMean) }
    let covariance = product / Double(x.count - 1)
    if reduction == .covariance { return float(covariance) }
    guard let xVariance = variance(x), let yVariance = variance(y) else { return .null }
    let scale = (xVariance * yVariance).squareRoot()
    return scale > 0 ? float(covariance / scale) : .null
  }

  /// What a date, a bool or a number is in arithmetic.
  package static func number(_ value: Scalar) -> Double {
    if case .float(let value) = value { return value }
    return Double(integer(value))
  }

  private static func integer(_ value: Scalar) -> Int64 {
    switch value {
    case .bool(let value): value ? 1 : 0
    case .int(let value), .datetime(let value): value
    case .date(let value): Int64(value)
    case .duration(let value): value.microseconds
    case .null, .float, .text: 0
    }
  }

  private static func float(_ value: Double) -> Scalar { value.isNaN ? .null : .float(value) }

  private static func scalar(_ value: Double?, _ type: DataType) -> Scalar {
    guard let value, !value.isNaN else { return .null }
    if type == .duration {
      return .duration(Duration(microseconds: Int64(value.rounded())))
    }
    return .float(value)
  }

  private static func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }

  private static func moment(_ numbers: [Double], _ power: Int) -> Double {
    let center = mean(numbers) ?? 0
    let powers = numbers.map { number in
      (0..<power).reduce(1.0) { value, _ in value * (number - center) }
    }
    return mean(powers) ?? 0
  }

  private static func variance(_ numbers: [Double]) -> Double? {
    numbers.count < 2
      ? nil : moment(numbers, 2) * Double(numbers.count) / Double(numbers.count - 1)
  }

  private static func skewness(_ numbers: [Double]) -> Double? {
    let n = Double(numbers.count)
    let second = moment(numbers, 2)
    if n < 3 || second == 0 { return nil }
    return moment(numbers, 3) / (second * second.squareRoot()) * (n * (n - 1)).squareRoot()
      / (n - 2)
  }

  private static func kurtosis(_ numbers: [Double]) -> Double? {
    let n = Double(numbers.count)
    let second = moment(numbers, 2)
    if n < 4 || second == 0 { return nil }
    let excess = moment(numbers, 4) / (second * second) - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
  }

  /// Type 7 of Hyndman and Fan.
  private static func quantile(
    _ values: [Scalar], _ probability: Double, _ type: DataType
  ) -> Scalar {
    if values.isEmpty { return .null }
    let sorted = sortedRows([(values, false)], rowCount: values.count).map { values[Int($0)] }
    let place = probability * Double(values.count - 1)
    let lower = Int(place)
    let fraction = place - Double(lower)
    let upper = fraction > 0 ? lower + 1 : lower
    if type == .float {
      let (low, high) = (number(sorted[lower]), number(sorted[upper]))
      if low == high || fraction == 0 { return float(low) }
      return float(low * (1 - fraction) + high * fraction)
    }
    let (low, high) = (integer(sorted[lower]), integer(sorted[upper]))
    let value = low + Int64((Double(high - low) * fraction).rounded(.down))
    switch type {
    case .date: return .date(Int32(value))
    case .datetime: return .datetime(value)
    default: return .duration(Duration(microseconds: value))
    }
  }
}
