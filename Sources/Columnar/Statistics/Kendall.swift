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
