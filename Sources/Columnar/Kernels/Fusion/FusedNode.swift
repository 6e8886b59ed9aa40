/// An expression over numeric columns that runs over blocks of rows in one go: what it reads is
/// converted on the way, and no vector is made for its parts.
///
/// Its operations are those whose result is null where an operand is. Whatever is out of the
/// ordinary in a block, as an overflow, a divisor of 0 or a result that is not a number, makes the
/// block suspect: then it is left to the kernels, which know what to do.
package indirect enum FusedNode: Sendable {
  /// A column of ints, floats or times.
  case column(Column)
  case int(Int64)
  case float(Double)
  /// Both of ints, or both of floats.
  case arithmetic(FusedOperator, FusedNode, FusedNode)
  /// Ints as floats.
  case converted(FusedNode)
}

package enum FusedOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  /// Of floats only.
  case divide = "/"
}

extension FusedNode {
  /// Whether it comes to floats.
  var isFloat: Bool {
    switch self {
    case .column(let column): column.type == .float
    case .int: false
    case .float, .converted: true
    case .arithmetic(_, let left, _): left.isFloat
    }
  }

  /// Rows in which all columns have a value; nil where they all do.
  func validity() throws -> Bitmap? {
    switch self {
    case .column(let column): column.validity
    case .int, .float: nil
    case .arithmetic(_, let left, let right):
      try Bitmap.intersection(left.validity(), right.validity())
    case .converted(let part): try part.validity()
    }
  }

  /// Blocks that lie ready at once while it runs, its own result among them.
  var depth: Int {
    switch self {
    case .column, .int, .float: 1
    case .converted(let part): part.depth
    case .arithmetic(_, let left, let right): max(left.depth, right.depth + 1)
    }
  }

  /// Bounds that an int's value keeps to, whatever the rows; nil where they do not fit 64 bits.
  var bounds: ClosedRange<Int64>? {
    switch self {
    case .float, .converted: return nil
    case .int(let value): return value...value
    case .column(let column):
      switch column.storage {
      case .int8: return Int64(Int8.min)...Int64(Int8.max)
      case .int16: return Int64(Int16.min)...Int64(Int16.max)
      case .int32: return Int64(Int32.min)...Int64(Int32.max)
      default: return nil
      }
    case .arithmetic(let symbol, let left, let right):
      guard let a = left.bounds, let b = right.bounds else { return nil }
      let corners: [(partialValue: Int64, overflow: Bool)]
      switch symbol {
      case .add:
        corners = [
          a.lowerBound.addingReportingOverflow(b.lowerBound),
          a.upperBound.addingReportingOverflow(b.upperBound),
        ]
      case .subtract:
        corners = [
          a.lowerBound.subtractingReportingOverflow(b.upperBound),
          a.upperBound.subtractingReportingOverflow(b.lowerBound),
        ]
      case .multiply:
        corners = [a.lowerBound, a.upperBound].flatMap { x in
          [b.lowerBound, b.upperBound].map { x.multipliedReportingOverflow(by: $0) }
        }
      case .divide: return nil
      }
      let values = corners.map(\.partialValue)
      guard !corners.contains(where: \.overflow), let low = values.min(), let high = values.max()
      else { return nil }
      return low...high
    }
  }
}

/// Fills `output` with the values of `rows`; `room` has blocks for its parts. Returns whether
/// something in it is out of the ordinary.
///
/// SAFETY: the rows must lie within the columns and be at most `Vector.batchSize`, for which each
/// block has room.
typealias FusedBlock<Lane> =
  @Sendable (
    _ rows: Range<Int>, _ output: UnsafeMutablePointer<Lane>, _ room: UnsafeMutablePointer<Lane>
  ) -> Bool
