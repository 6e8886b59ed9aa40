/// Sums of the squares and products of pairs of deviations.
struct ProductSums {
  var count: UInt32 = 0
  var first = SIMD2<Double>.zero
  var squares = SIMD2<Double>.zero
  var product = 0.0

  /// The sum of products about the means.
  var productAboutMeans: Double { product - first.x * first.y / Double(max(count, 1)) }

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
