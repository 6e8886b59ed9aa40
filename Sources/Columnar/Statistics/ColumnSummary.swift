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
  /// Distinct values; null is none.
  package let distinctCount: Int
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
  /// The most frequent values, the lesser one first among equals.
  package let mostFrequent: [Frequency]

  /// Summarises a column, with at most `frequentCount` of its most frequent values.
  package init(_ column: Column, frequentCount: Int = 5) throws {
    type = column.type
    count = column.count
    nullCount = column.nullCount
    let values = try DistinctValues(column, frequentCount: frequentCount)
    distinctCount = values.count
    mostFrequent = values.mostFrequent
    let whole = try Grouping.whole(rowCount: column.count)
    func value(_ reduction: Reduction) throws -> Scalar {
      try reduce(reduction, [column], by: whole)[0]
    }
    mean = type.isNumeric ? try value(.mean) : .null
    standardDeviation = type.isNumeric ? try value(.standardDeviation) : .null
    minimum = values.minimum
    maximum = values.maximum
    (lowerQuartile, median, upperQuartile) =
      type == .text || type == .bool ? (.null, .null, .null) : values.quartiles
    guard type == .bool else {
      trueCount = nil
      return
    }
    if case .int(let total) = try value(.sum) { trueCount = Int(total) } else { trueCount = 0 }
  }
}
