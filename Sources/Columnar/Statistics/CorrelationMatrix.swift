/// Correlations between each two of some columns, over the rows in which both have a value.
package struct CorrelationMatrix: Sendable {
  package enum Method: String, Sendable, CaseIterable {
    case pearson
    /// Pearson's correlation of the ranks, ties sharing their mean rank.
    case spearman
    /// Tau-b, which allows for ties.
    case kendall
  }

  /// How many columns there are.
  package let size: Int
  private var values: [Double?]
  private var counts: [Int]

  /// The correlation of two columns, in -1...1; nil where it is not defined.
  package subscript(row: Int, column: Int) -> Double? { values[row * size + column] }

  /// How many rows the correlation of two columns rests on.
  package func count(_ row: Int, _ column: Int) -> Int { counts[row * size + column] }

  /// Correlates columns of one length. Throws `type` for a column that is not numeric or bool.
  package init(_ columns: [Column], method: Method = .pearson) throws {
    for column in columns {
      _ = try Reduction.correlation.resultType(for: [column.type, column.type])
    }
    size = columns.count
    values = Array(repeating: nil, count: size * size)
    counts = Array(repeating: 0, count: size * size)
    let complete = columns.allSatisfy { $0.nullCount == 0 }
    let prepared =
      complete && method == .spearman ? try columns.map { try $0.meanRanks() } : columns
    for row in 0..<size {
      for column in row..<size {
        let validity = try Bitmap.intersection(columns[row].validity, columns[column].validity)
        var pair = (prepared[row], prepared[column])
        if let validity, method != .pearson {
          pair = (try pair.0.filter(validity), try pair.1.filter(validity))
        }
        if !complete, method == .spearman {
          pair = (try pair.0.meanRanks(), try pair.1.meanRanks())
        }
        let value: Double?
        if method == .kendall {
          value = try kendallTau(pair.0, pair.1)
        } else {
          let whole = try Grouping.whole(rowCount: pair.0.count)
          value = try reduce(.correlation, [pair.0, pair.1], by: whole)[0].number
        }
        let count = validity?.setCount ?? columns[row].count
        for place in [row * size + column, column * size + row] {
          values[place] = row == column && value != nil ? 1 : value
          counts[place] = count
        }
      }
    }
  }
}

extension Column {
  /// The ranks of the values, from 1, ties sharing their mean rank; null stays null.
  package func meanRanks() throws -> Column {
    let grouping = try Grouping(keys: [self], rowCount: count)
    let sizes = try grouping.sizes()
    let ranks = try Buffer<Double>(count: grouping.groupCount)
    var before = 0.0
    for group in 0..<grouping.groupCount {
      let size = Double(sizes[group])
      ranks.base[group] = before + (size + 1) / 2
      before += size
    }
    let ids = try grouping.ids
    return try .floats(count: count) { isNull($0) ? .nan : ranks.base[Int(ids.base[$0])] }
  }
}

/// Kendall's tau-b of two columns without nulls, by counting the exchanges of a merge sort: Knight
/// (1966). Nil where a column is constant.
func kendallTau(_ first: Column, _ second: Column) throws -> Double? {
  let count = first.count
  let order = try sortedRows(
    [SortColumn(column: first), SortColumn(column: second)], rowCount: count)
  let x = try Grouping(keys: [first], rowCount: count)
  let y = try Grouping(keys: [second], rowCount: count)
  let both = try Grouping(keys: [first, second], rowCount: count)
  func tiedPairs(_ grouping: Grouping) throws -> Double {
    try grouping.sizes().reduce(0.0) { $0 + Double($1) * (Double($1) - 1) / 2 }
  }
  let pairs = Double(count) * (Double(count) - 1) / 2
  let (xTies, yTies) = (try tiedPairs(x), try tiedPairs(y))
  let scale = (pairs - xTies).squareRoot() * (pairs - yTies).squareRoot()
  guard count > 1, scale > 0 else { return nil }
  var ranks = try y.ids.gathered(order, absent: nil)
  let exchanges = Double(try countExchanges(&ranks))
  let difference = pairs - xTies - yTies + (try tiedPairs(both)) - 2 * exchanges
  return max(-1, min(1, difference / scale))
}

/// How many pairs of `values` stand in falling order; sorts them.
private func countExchanges(_ values: inout Buffer<UInt32>) throws -> Int {
  let count = values.count
  var source = try Buffer(values)
  var target = try Buffer<UInt32>(count: count)
  var exchanges = 0
  var width = 1
  while width < count {
    try Cancellation.check()
    var start = 0
    while start < count {
      let middle = min(start + width, count)
      let end = min(start + 2 * width, count)
      var (left, right) = (start, middle)
      for place in start..<end {
        // SAFETY: both runs lie within the buffers.
        if right >= end || left < middle && source.base[left] <= source.base[right] {
          target.base[place] = source.base[left]
          left += 1
        } else {
          target.base[place] = source.base[right]
          exchanges += middle - left
          right += 1
        }
      }
      start = end
    }
    swap(&source, &target)
    width *= 2
  }
  values = source
  return exchanges
}
