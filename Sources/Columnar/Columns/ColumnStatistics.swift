/// What is known of a column's values without a look at its rows, or after one that is remembered.
package struct ColumnStatistics: Sendable {
  /// No more different values than these occur; nil where it is not known. Null is none.
  package let distinctLimit: Int?
  /// The least and the greatest integer, days or microseconds of a column of such.
  package let bounds: ClosedRange<Int64>?
  package let nullCount: Int

  /// Linear the first time for integers, afterwards and for others constant.
  package init(_ column: Column) throws {
    nullCount = column.nullCount
    bounds =
      switch column.storage {
      case .int8(let buffer): try buffer.bounds()
      case .int16(let buffer): try buffer.bounds()
      case .int32(let buffer): try buffer.bounds()
      case .int64(let buffer): try buffer.bounds()
      case .float, .dictionary, .text: nil
      }
    if case .dictionary(_, let dictionary) = column.storage {
      distinctLimit = dictionary.count
    } else if let bounds {
      let (span, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
      distinctLimit = overflow || span >= Int64(column.count) ? nil : Int(span) + 1
    } else {
      distinctLimit = nil
    }
  }
}
