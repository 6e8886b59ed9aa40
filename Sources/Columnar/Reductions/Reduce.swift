/// The reduction of each group's rows, a value a group, in the order of the groups.
///
/// The columns must have the grouping's row count. Sums of floats are deterministic: rows are cut
/// into parts whose number depends on the counts of rows and groups alone, and the parts' sums are
/// added in order. Throws as `resultType` does, and `overflow` where a sum does not fit 64 bits,
/// its `row` being the first row of the group at fault.
package func reduce(
  _ reduction: Reduction, _ arguments: [Column], by grouping: Grouping
) throws -> Column {
  let type = try reduction.resultType(for: arguments.map(\.type))
  for column in arguments { precondition(column.count == grouping.rowCount) }
  guard let column = arguments.first else { return try countRows(nil, by: grouping) }
  switch reduction {
  case .count, .countValid: return try countRows(column.validity, by: grouping)
  case .countNull:
    guard let validity = column.validity else {
      return try .integers(count: grouping.groupCount, type: .int) { _ in 0 }
    }
    return try countRows(try validity.inverted(), by: grouping)
  case .sum: return try sum(column, type: type, by: grouping)
  case .mean: return try mean(column, type: type, by: grouping)
  case .min, .max, .first, .last:
    return try column.takeOrNull(try chosenRows(reduction, column, by: grouping))
  case .mode: return try column.takeOrNull(ValueRuns(column, by: grouping).modes())
  case .countDistinct: return try ValueRuns(column, by: grouping).distinctCounts()
  case .any, .all:
    let extreme = try reduce(reduction == .any ? .max : .min, arguments, by: grouping)
    return extreme
  case .variance, .standardDeviation:
    return try spread(column, reduction, type: type, by: grouping)
  case .skewness, .kurtosis: return try shape(column, reduction, by: grouping)
  case .median: return try groupQuantiles(column, 0.5, by: grouping)
  case .quantile(let probability): return try groupQuantiles(column, probability, by: grouping)
  case .correlation, .covariance:
    return try association(reduction, column, arguments[1], by: grouping)
  case .weightedMean: return try weightedMean(column, arguments[1], by: grouping)
  }
}

private func countRows(_ validity: Bitmap?, by grouping: Grouping) throws -> Column {
  let sizes = try grouping.sizes(of: validity)
  return try .integers(count: grouping.groupCount, type: .int) { Int64(sizes.base[$0]) }
}

private func chosenRows(
  _ reduction: Reduction, _ column: Column, by grouping: Grouping
) throws -> Buffer<UInt32> {
  let validity = column.validity
  func rows<State>(_ states: Buffer<State>, _ row: (State) -> UInt32) throws -> Buffer<UInt32> {
    try Buffer(states.map(row))
  }
  switch reduction {
  case .first:
    let states = try accumulate(FirstRow.self, RowNumbers(), validity: validity, by: grouping)
    return try rows(states, \.row)
  case .last:
    let states = try accumulate(LastRow.self, RowNumbers(), validity: validity, by: grouping)
    return try rows(states, \.row)
  default:
    return try column.visitKeys(
      ExtremeRows(isLeast: reduction == .min, validity: validity, grouping: grouping))
  }
}

/// The row of each group's least or greatest value.
private struct ExtremeRows: KeyVisitor {
  let isLeast: Bool
  let validity: Bitmap?
  let grouping: Grouping

  func visit<Source: KeySource>(_ source: Source) throws -> Buffer<UInt32> {
    let values = KeyedRows(source: source)
    if isLeast {
      let states = try accumulate(LeastRow.self, values, validity: validity, by: grouping)
      return try Buffer(states.map(\.row))
    }
    let states = try accumulate(GreatestRow.self, values, validity: validity, by: grouping)
    return try Buffer(states.map(\.row))
  }
}
