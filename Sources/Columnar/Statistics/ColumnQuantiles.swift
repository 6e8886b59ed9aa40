extension Column {
  /// Exact quantiles of the values at `probabilities`, each in 0...1, else `value` is thrown;
  /// null where there are no values. Type 7 of Hyndman and Fan (1996), as `Reduction.quantile`.
  /// Throws `type` for text and bools.
  package func quantiles(_ probabilities: [Double]) throws -> [Scalar] {
    for probability in probabilities {
      _ = try Reduction.quantile(probability).resultType(for: [type])
    }
    let valid = count - nullCount
    if valid == 0 { return probabilities.map { _ in .null } }
    let places = probabilities.map { QuantilePlace($0, count: valid) }
    let ranks = Set(places.flatMap { [$0.lower, $0.upper] }).sorted()
    let keys = try orderStatistics(ranks)
    let keyOfRank = Dictionary(uniqueKeysWithValues: zip(ranks, keys))
    let interpolation = KeyInterpolation(isFloat: type == .float)
    return places.map {
      interpolation.scalar(
        keyOfRank[$0.lower] ?? 0, keyOfRank[$0.upper] ?? 0, $0.fraction, type: type)
    }
  }

  /// The keys at `ranks`, ascending, among those of the rows that are not null; not for text.
  func orderStatistics(_ ranks: [Int]) throws -> [UInt64] {
    if case .float(let buffer) = storage {
      return try FloatRanks(buffer, validity: validity).keys(at: ranks)
    }
    if let tally = try ValueTally(self) { return tally.keys(at: ranks) }
    guard let packed = try packedKeys() else {
      let present = try validity.map { try filter($0) } ?? self
      return try present.orderStatistics(ranks)
    }
    let selection = try NumberSelection(packed.number, rowCount: count)
    return try selection.numbers(at: ranks).map { packed.lowest &+ $0 }
  }

  /// Quantiles as of `quantiles(_:)`: of all values up to 131,072 rows, and beyond that of about
  /// 65,536 rows at even distances. Enough for the bins of a plot; the least and the greatest
  /// value are exact.
  package func approximateQuantiles(_ probabilities: [Double]) throws -> [Scalar] {
    guard count > 1 << 17 else { return try quantiles(probabilities) }
    let step = count / (1 << 16)
    let sampled = try Buffer<UInt32>(count: (count - 1) / step + 1)
    for index in 0..<sampled.count {
      sampled.base[index] = UInt32(truncatingIfNeeded: index * step)
    }
    var quantiles = try take(sampled).quantiles(probabilities)
    guard let bounds = try bounds() else { return quantiles }
    for (index, probability) in probabilities.enumerated() {
      if probability == 0 || quantiles[index].isNull { quantiles[index] = bounds.least }
      if probability == 1 { quantiles[index] = bounds.greatest }
    }
    return quantiles
  }

  /// The least and the greatest value, as quantiles 0 and 1 would give them; nil where there is
  /// none.
  private func bounds() throws -> (least: Scalar, greatest: Scalar)? {
    let valid = count - nullCount
    if valid == 0 { return nil }
    if case .float(let buffer) = storage, validity == nil {
      let bounds = try buffer.bounds()
      return (.float(bounds.lowerBound), .float(bounds.upperBound))
    }
    let ends = try quantiles([0, 1])
    return (ends[0], ends[1])
  }
}
