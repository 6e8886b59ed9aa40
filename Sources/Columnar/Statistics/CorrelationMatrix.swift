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
    let isComplete = columns.allSatisfy { $0.nullCount == 0 }
    if method == .pearson || isComplete && method == .spearman {
      let prepared = method == .pearson ? columns : try columns.map { try $0.meanRanks() }
      let products = try CrossProducts(prepared)
      for row in 0..<size {
        for column in row..<size {
          let sums = products[row, column]
          var value = sums.correlation.isNaN ? nil : sums.correlation
          if sums.isCancelling {
            // The rows that two columns share lie far from the columns' own means.
            let whole = try Grouping.whole(rowCount: columns[row].count)
            let pair = [prepared[row], prepared[column]]
            value = try reduce(.correlation, pair, by: whole)[0].number
          }
          set(row, column, value, Int(sums.count))
        }
      }
      return
    }
    for row in 0..<size {
      for column in row..<size {
        var pair = (columns[row], columns[column])
        if let validity = try Bitmap.intersection(pair.0.validity, pair.1.validity) {
          pair = (try pair.0.filter(validity), try pair.1.filter(validity))
        }
        let value: Double?
        if method == .kendall {
          value = try kendallTau(pair.0, pair.1)
        } else {
          let ranks = [try pair.0.meanRanks(), try pair.1.meanRanks()]
          let whole = try Grouping.whole(rowCount: pair.0.count)
          value = try reduce(.correlation, ranks, by: whole)[0].number
        }
        set(row, column, value, pair.0.count)
      }
    }
  }

  private mutating func set(_ row: Int, _ column: Int, _ value: Double?, _ count: Int) {
    for place in [row * size + column, column * size + row] {
      values[place] = row == column && value != nil ? 1 : value
      counts[place] = count
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
