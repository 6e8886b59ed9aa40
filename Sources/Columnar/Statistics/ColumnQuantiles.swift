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

  /// The keys at `ranks`, ascending, among those of the rows that are not null.
  private func orderStatistics(_ ranks: [Int]) throws -> [UInt64] {
    guard let packed = try packedKeys() else {
      let present = try validity.map { try filter($0) } ?? self
      return try present.orderStatistics(ranks)
    }
    if let slots = try SlotCounts(packed.number, rowCount: count) {
      var keys: [UInt64] = []
      var before = 0
      for (slot, size) in slots.counts.enumerated() {
        before += Int(size)
        while keys.count < ranks.count, ranks[keys.count] < before {
          keys.append(packed.lowest &+ UInt64(slot))
        }
      }
      return keys
    }
    let selection = try NumberSelection(packed.number, rowCount: count)
    return try selection.numbers(at: ranks).map { packed.lowest &+ $0 }
  }
}
