import Columnar
import Display

/// The rows in which two columns both have a finite number that the axes can show, and their ranges.
struct PlottedPoints {
  let x: Buffer<Double>
  let y: Buffer<Double>
  let rows: [UInt32]
  /// How many rows are left out and why, as `2 null`, `1 infinite`.
  let leftOut: [String]
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>

  /// More points than this are counted on a fine grid first.
  private static let pointLimit = 20_000
  private static let gridSize = 512.0

  init(
    _ xColumn: Column, _ yColumn: Column,
    _ scales: (x: AxisScale, y: AxisScale) = (.linear, .linear)
  ) throws {
    x = try xColumn.numbers()
    y = try yColumn.numbers()
    var rows: [UInt32] = []
    var (left, right, low, high) = (
      Double.infinity, -Double.infinity, Double.infinity, -Double.infinity
    )
    var (nulls, infinities, nonPositive) = (0, 0, 0)
    for row in 0..<xColumn.count {
      if row % 4_096 == 0 { try Cancellation.check() }
      if xColumn.isNull(row) || yColumn.isNull(row) {
        nulls += 1
        continue
      }
      guard x[row].isFinite, y[row].isFinite else {
        infinities += 1
        continue
      }
      if scales.x == .log && x[row] <= 0 || scales.y == .log && y[row] <= 0 {
        nonPositive += 1
        continue
      }
      rows.append(UInt32(row))
      (left, right) = (min(left, x[row]), max(right, x[row]))
      (low, high) = (min(low, y[row]), max(high, y[row]))
    }
    self.rows = rows
    leftOut =
      (nulls > 0 ? ["\(grouped(nulls)) null"] : [])
      + (infinities > 0 ? ["\(grouped(infinities)) infinite"] : [])
      + (nonPositive > 0 ? ["\(grouped(nonPositive)) not above 0 left out"] : [])
    xRange = rows.isEmpty ? 0...1 : left...right
    yRange = rows.isEmpty ? 0...1 : low...high
  }

  /// The points of the rows that belong to a series, many of them as counts of grid cells.
  func series(
    _ label: String?, among members: [UInt32]? = nil, _ belongs: (UInt32) -> Bool
  ) throws -> Scatter.Series {
    var series = Scatter.Series(label: label, x: [], y: [], weights: [])
    let isBinned = rows.count > Self.pointLimit
    var places: [UInt64: Int] = [:]
    for (index, row) in (members ?? rows).enumerated() where belongs(row) {
      if index % 4_096 == 0 { try Cancellation.check() }
      if isBinned {
        let key = cell(x[Int(row)], xRange) << 32 | cell(y[Int(row)], yRange)
        if let place = places[key] {
          series.weights[place] += 1
          continue
        }
        places[key] = series.x.count
      }
      series.x.append(x[Int(row)])
      series.y.append(y[Int(row)])
      series.weights.append(1)
    }
    return series
  }

  private func cell(_ value: Double, _ range: ClosedRange<Double>) -> UInt64 {
    // Halved, so that the width of the widest range is finite.
    let width = range.upperBound / 2 - range.lowerBound / 2
    guard width > 0 else { return 0 }
    return UInt64((value / 2 - range.lowerBound / 2) / width * (Self.gridSize - 1))
  }
}
