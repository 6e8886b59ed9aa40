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
    let keys = try orderStatistics(Set(places.flatMap { [$0.lower, $0.upper] }).sorted())
    let interpolation = KeyInterpolation(isFloat: type == .float)
    return places.map { place in
      let (lower, upper) = (keys[place.lower] ?? 0, keys[place.upper] ?? 0)
      switch type {
      case .int, .float:
        let value = interpolation.float(lower, upper, place.fraction)
        return value.isNaN ? .null : .float(value)
      case .date:
        let days = interpolation.integer(lower, upper, place.fraction)
        return .date(Int32(truncatingIfNeeded: days))
      case .datetime: return .datetime(interpolation.integer(lower, upper, place.fraction))
      default:
        let microseconds = interpolation.integer(lower, upper, place.fraction)
        return .duration(Duration(microseconds: microseconds))
      }
    }
  }

  /// The keys at `places` among the sorted keys of the valid rows.
  private func orderStatistics(_ places: [Int]) throws -> [Int: UInt64] {
    let all = try visitKeys(KeyBuffer(rowCount: count))
    var keys: [UInt64] = []
    keys.reserveCapacity(count - nullCount)
    for row in 0..<count where !isNull(row) { keys.append(all.base[row]) }
    keys.sort()
    return Dictionary(uniqueKeysWithValues: places.map { ($0, keys[$0]) })
  }
}
