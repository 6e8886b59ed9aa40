import Columnar
import Display

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The numbers of one variable that an axis can show: without nulls, infinities and, where the axis
/// is logarithmic, values that have no logarithm.
struct PlottedValues {
  /// Floats in units of the axis, without nulls.
  let column: Column
  let nullCount: Int
  let infiniteCount: Int
  /// Values not above zero, left out of a logarithmic axis.
  let nonPositiveCount: Int

  var count: Int { column.count }

  /// Takes the values of a column that is not text. Polls for interruption.
  init(_ column: Column, scale: AxisScale = .linear) throws {
    let numbers = try column.numbers()
    var values: [Double] = []
    values.reserveCapacity(column.count - column.nullCount)
    var (infinite, nonPositive) = (0, 0)
    for row in 0..<column.count {
      if row & 0xFFFF == 0 { try Cancellation.check() }
      if column.isNull(row) { continue }
      let value = numbers[row]
      if !value.isFinite {
        infinite += 1
      } else if scale == .log, value <= 0 {
        nonPositive += 1
      } else {
        values.append(value)
      }
    }
    self.column = Column(type: .float, storage: .float(try Buffer(values)))
    nullCount = column.nullCount
    (infiniteCount, nonPositiveCount) = (infinite, nonPositive)
  }

  /// The least and the greatest value; nil where there is none.
  func range() throws -> ClosedRange<Double>? {
    let ends = try column.quantiles([0, 1]).compactMap(\.number)
    return ends.count == 2 ? ends[0]...ends[1] : nil
  }

  func quartiles() throws -> BoxPlot.Quartiles? {
    let quartiles = try column.quantiles([0.25, 0.5, 0.75]).compactMap(\.number)
    guard quartiles.count == 3 else { return nil }
    return BoxPlot.Quartiles(lower: quartiles[0], median: quartiles[1], upper: quartiles[2])
  }

  /// The values in units of the drawing: their logarithms to base 10 on a logarithmic axis.
  func placed(_ scale: AxisScale) throws -> Column {
    guard scale == .log else { return column }
    let numbers = try column.numbers()
    return Column(
      type: .float, storage: .float(try Buffer(numbers.elements.map { log10($0) })))
  }
}

/// The values of one variable, a set a group, on one axis.
struct PlottedGroups {
  let name: String
  let kind: AxisKind
  let scale: AxisScale
  let groups: [(label: String?, values: PlottedValues)]
  /// From the least to the greatest value of any group; nil where there is none.
  let range: ClosedRange<Double>?

  /// `n 342 · 2 null`, and what else was left out.
  var caption: [String] {
    func total(_ count: (PlottedValues) -> Int) -> Int {
      groups.reduce(0) { $0 + count($1.values) }
    }
    var parts = ["n \(grouped(total(\.count)))", "\(grouped(total(\.nullCount))) null"]
    let infinite = total(\.infiniteCount)
    if infinite > 0 { parts.append("\(grouped(infinite)) infinite left out") }
    let nonPositive = total(\.nonPositiveCount)
    if nonPositive > 0 {
      parts.append("\(grouped(nonPositive)) not above 0 left out of the logarithmic axis")
    }
    return parts
  }
}

extension PlottedValues {
  /// `n 151 · 1 null`
  var note: String { "n \(grouped(count)) · \(grouped(nullCount)) null" }
}
