/// What there is to say about a column at a glance.
package struct ColumnSummary: Sendable {
  package struct Frequency: Sendable, Hashable {
    package let value: Scalar
    package let count: Int
  }

  package let type: DataType
  /// Rows, null or not.
  package let count: Int
  package let nullCount: Int
  /// Of texts and bools, the distinct values, where null is none; nil for other types.
  package let distinctCount: Int?
  /// Of ints and floats; null for other types and where not defined.
  package let mean: Scalar
  package let standardDeviation: Scalar
  /// Of every type; null without values.
  package let minimum: Scalar
  package let maximum: Scalar
  /// Of ints, floats, dates, datetimes and durations; null for other types.
  package let lowerQuartile: Scalar
  package let median: Scalar
  package let upperQuartile: Scalar
  /// Of bools, how many are true.
  package let trueCount: Int?
  /// Of texts and bools, the most frequent values, the lesser one first among equals.
  package let mostFrequent: [Frequency]
  /// Of ints, floats and times, how many values lie in each of eight bins of one width between the
  /// least and the greatest; empty where there is but one value or no finite width.
  package let histogram: [Int]

  /// Summarises a column, with at most `frequentCount` of its most frequent values. Reads a column
  /// of few possible values once, one of floats twice.
  package init(_ column: Column, frequentCount: Int = 5) throws {
    type = column.type
    count = column.count
    nullCount = column.nullCount
    if column.type == .text || column.type == .bool {
      (mean, standardDeviation, histogram) = (.null, .null, [])
      (lowerQuartile, median, upperQuartile) = (.null, .null, .null)
      let counts = try ValueCounts(column)
      let distinct = counts.counts.count - (column.nullCount > 0 ? 1 : 0)
      distinctCount = distinct
      minimum = distinct > 0 ? counts.values[0] : .null
      maximum = distinct > 0 ? counts.values[distinct - 1] : .null
      mostFrequent = counts.mostFrequent(frequentCount).map {
        Frequency(value: counts.values[$0], count: Int(counts.counts[$0]))
      }
      guard column.type == .bool else {
        trueCount = nil
        return
      }
      let place = (0..<distinct).first { counts.values[$0] == .bool(true) }
      trueCount = place.map { Int(counts.counts[$0]) } ?? 0
      return
    }
    (distinctCount, trueCount, mostFrequent) = (nil, nil, [])
    let numbers = try NumberSummary(column)
    histogram = numbers?.histogram ?? []
    func scalar(_ number: Double?) -> Scalar {
      guard let number, column.type.isNumeric, !number.isNaN else { return .null }
      return .float(number)
    }
    mean = scalar(numbers?.mean)
    standardDeviation = scalar(numbers?.standardDeviation)
    guard let keys = numbers?.keys, keys.count == 8 else {
      (minimum, maximum) = (.null, .null)
      (lowerQuartile, median, upperQuartile) = (.null, .null, .null)
      return
    }
    let ends = try column.values(ofKeys: [keys[0], keys[7]], lastIsNull: false)
    (minimum, maximum) = (ends[0], ends[1])
    let interpolation = KeyInterpolation(isFloat: column.type == .float)
    let places = [0.25, 0.5, 0.75].map {
      QuantilePlace($0, count: column.count - column.nullCount)
    }
    func quartile(_ index: Int) -> Scalar {
      interpolation.scalar(
        keys[1 + 2 * index], keys[2 + 2 * index], places[index].fraction, type: column.type)
    }
    (lowerQuartile, median, upperQuartile) = (quartile(0), quartile(1), quartile(2))
  }
}
