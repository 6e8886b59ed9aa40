/// The variance or standard deviation of each group, in two passes: means first, then the squares
/// of the deviations from them.
func spread(
  _ column: Column, _ reduction: Reduction, type: DataType, by grouping: Grouping
) throws -> Column {
  let states = try column.visitNumbers(
    AroundMeans<SquareSums>(
      centers: groupMeans(column, by: grouping), validity: column.validity, grouping: grouping))
  let isVariance = reduction == .variance
  @Sendable func value(_ group: Int) -> Double {
    let state = states.base[group]
    if state.count < 2 { return .nan }
    let variance = state.centered / (Double(state.count) - 1)
    return isVariance ? variance : variance.squareRoot()
  }
  if type == .duration {
    return try .integers(count: states.count, type: type) { group in
      let microseconds = value(group).rounded()
      if microseconds.isNaN { return nil }
      guard let exact = Int64(exactly: microseconds) else {
        throw DataError(
          .overflow, "the standard deviation does not fit into 64 bits",
          row: Int(grouping.firstRows[group]))
      }
      return exact
    }
  }
  return try .floats(count: states.count, value)
}

/// Accumulates deviations from the groups' means.
private struct AroundMeans<State: Accumulator>: NumberVisitor where State.Value == Double {
  let centers: Buffer<Double>
  let validity: Bitmap?
  let grouping: Grouping

  func visit<Source: NumberSource>(_ source: Source) throws -> Buffer<State> {
    try accumulate(
      State.self, Deviations(source: source, centers: centers), validity: validity, by: grouping)
  }
}

/// The skewness or kurtosis of each group.
func shape(_ column: Column, _ reduction: Reduction, by grouping: Grouping) throws -> Column {
  let states = try column.visitNumbers(
    AroundMeans<PowerSums>(
      centers: groupMeans(column, by: grouping), validity: column.validity, grouping: grouping))
  let isSkewness = reduction == .skewness
  return try .floats(count: states.count) { group in
    isSkewness ? states.base[group].skewness : states.base[group].kurtosis
  }
}

extension PowerSums {
  /// G1 of Joanes and Gill (1998); NaN where it is not defined.
  var skewness: Double {
    let n = Double(count)
    guard count > 2, squaresAboutMean(second, sum: first, count: count) > 0 else { return .nan }
    let variance = second / n
    let g1 = third / n / (variance * variance.squareRoot())
    return g1 * (n * (n - 1)).squareRoot() / (n - 2)
  }

  /// G2 of Joanes and Gill (1998); NaN where it is not defined.
  var kurtosis: Double {
    let n = Double(count)
    guard count > 3, squaresAboutMean(second, sum: first, count: count) > 0 else { return .nan }
    let variance = second / n
    let g2 = fourth / n / (variance * variance) - 3
    return ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))
  }
}

/// Pearson's correlation or the covariance of each group's pairs.
func association(
  _ reduction: Reduction, _ first: Column, _ second: Column, by grouping: Grouping
) throws -> Column {
  let validity = try Bitmap.intersection(first.validity, second.validity)
  let (x, y) = (try first.numbers(), try second.numbers())
  let sums = try accumulate(
    PairSum.self, PairValues(first: x, second: y), validity: validity, by: grouping)
  let centers = try Buffer(sums.map { $0.sum / Double($0.count) })
  let states = try accumulate(
    ProductSums.self, PairDeviations(first: x, second: y, centers: centers), validity: validity,
    by: grouping)
  let isCorrelation = reduction == .correlation
  return try .floats(count: states.count) { group in
    let state = states.base[group]
    if state.count < 2 { return .nan }
    if !isCorrelation { return state.productAboutMeans / (Double(state.count) - 1) }
    return state.correlation
  }
}

extension ProductSums {
  /// The sum of products about the means.
  var productAboutMeans: Double { product - first.x * first.y / Double(Swift.max(count, 1)) }

  /// Pearson's correlation, within -1...1; NaN where a side is constant.
  var correlation: Double {
    let x = squaresAboutMean(squares.x, sum: first.x, count: count)
    let y = squaresAboutMean(squares.y, sum: first.y, count: count)
    let scale = x.squareRoot() * y.squareRoot()
    guard count > 1, scale > 0 else { return .nan }
    let correlation = productAboutMeans / scale
    return correlation.isNaN ? .nan : Swift.max(-1, Swift.min(1, correlation))
  }
}

func weightedMean(_ values: Column, _ weights: Column, by grouping: Grouping) throws -> Column {
  let validity = try Bitmap.intersection(values.validity, weights.validity)
  let states = try accumulate(
    WeightedSum.self, PairValues(first: try values.numbers(), second: try weights.numbers()),
    validity: validity, by: grouping)
  return try .floats(count: states.count) { group in
    let state = states.base[group]
    return state.count == 0 || state.weight == 0 ? .nan : state.sum / state.weight
  }
}
