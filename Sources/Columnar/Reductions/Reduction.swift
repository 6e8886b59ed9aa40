/// A summary of the rows of a group in one value.
///
/// Nulls are skipped; what has nothing to go by is null, except counts, which are 0.
package enum Reduction: Sendable, Hashable {
  /// Rows, null or not. Takes no column.
  case count
  /// Rows with a value.
  case countValid
  /// Rows without a value.
  case countNull
  /// Distinct values; null is none.
  case countDistinct
  /// Of ints and durations exact, `overflow` if it does not fit 64 bits; of bools the number of
  /// true ones.
  case sum
  case mean
  case min
  case max
  /// With n - 1 in the denominator; null below two values.
  case variance
  /// The square root of the variance.
  case standardDeviation
  /// Quantile 0.5.
  case median
  /// At a probability in 0...1, exact, between neighbours by linear interpolation: type 7 of
  /// Hyndman and Fan (1996). Of dates rounded down to a day, of datetimes and durations to a
  /// microsecond.
  case quantile(Double)
  /// The value of the lowest row that has one.
  case first
  /// The value of the highest row that has one.
  case last
  /// The value of the row at a place among the rows of the group, from 1, or from -1 at the end; null
  /// where there is no such row.
  case nth(Int)
  /// The most frequent value; the least of those that are equally frequent.
  case mode
  /// The texts in the order of their rows with another between them.
  case joined(separator: String)
  /// Whether one is true.
  case any
  /// Whether none is false.
  case all
  /// Adjusted Fisher-Pearson coefficient G1 (Joanes and Gill 1998); null below three values or
  /// where all are equal.
  case skewness
  /// Excess kurtosis G2 (Joanes and Gill 1998); null below four values or where all are equal.
  case kurtosis
  /// Pearson's, of the rows in which both columns have a value; null below two or where one is
  /// constant.
  case correlation
  /// With n - 1, of the rows in which both columns have a value.
  case covariance
  /// Of the first column, weighted by the second; null where the weights add up to 0.
  case weightedMean

  /// How many columns it takes.
  package var argumentCount: Int {
    switch self {
    case .count: 0
    case .correlation, .covariance, .weightedMean: 2
    default: 1
    }
  }

  /// The type of the result for columns of `types`. Throws `type` if it does not apply to them,
  /// `value` for a wrong number of columns or a quantile outside 0...1.
  package func resultType(for types: [DataType]) throws -> DataType {
    guard types.count == argumentCount else {
      throw DataError(
        .invalidValue, "\(name) takes \(argumentCount) columns, not \(types.count)")
    }
    guard let type = types.first else { return .int }
    switch self {
    case .count, .countValid, .countNull, .countDistinct: return .int
    case .min, .max, .first, .last, .nth, .mode: return type
    case .sum:
      switch type {
      case .bool, .int: return .int
      case .float, .duration: return type
      case .date, .datetime, .text: throw mismatch(type)
      }
    case .mean, .standardDeviation:
      if type == .duration { return .duration }
      guard type.isNumeric || type == .bool else { throw mismatch(type) }
      return .float
    case .median, .quantile:
      if case .quantile(let probability) = self, !(0...1).contains(probability) {
        throw DataError(.invalidValue, "a quantile is between 0 and 1, not \(probability)")
      }
      if type == .duration || type.isTemporal { return type }
      guard type.isNumeric else { throw mismatch(type) }
      return .float
    case .variance, .skewness, .kurtosis:
      guard type.isNumeric || type == .bool else { throw mismatch(type) }
      return .float
    case .joined:
      guard type == .text else { throw mismatch(type) }
      return .text
    case .any, .all:
      guard type == .bool else { throw mismatch(type) }
      return .bool
    case .correlation, .covariance, .weightedMean:
      for type in types where !type.isNumeric && type != .bool { throw mismatch(type) }
      return .float
    }
  }

  /// The name it has in messages.
  package var name: String {
    switch self {
    case .quantile: "quantile"
    case .nth: "nth value"
    case .joined: "joined text"
    case .countValid: "count"
    case .countNull: "count of nulls"
    case .countDistinct: "count of distinct values"
    case .standardDeviation: "standard deviation"
    case .weightedMean: "weighted mean"
    default: "\(self)"
    }
  }

  private func mismatch(_ type: DataType) -> DataError {
    DataError(.typeMismatch, "the \(name) of \(type.rawValue) values is not defined")
  }
}
