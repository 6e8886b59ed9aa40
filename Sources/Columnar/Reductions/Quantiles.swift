/// Where a quantile lies among sorted values: type 7 of Hyndman and Fan (1996).
struct QuantilePlace {
  /// The place of the value below, counted from 0.
  let lower: Int
  /// How far towards the next value, in 0..<1.
  let fraction: Double

  init(_ probability: Double, count: Int) {
    let place = probability * Double(count - 1)
    lower = Swift.min(Int(place), count - 1)
    fraction = place - Double(lower)
  }

  var upper: Int { fraction > 0 ? lower + 1 : lower }
}

/// Turns ordered keys of a column's type back into values between which to interpolate.
struct KeyInterpolation {
  let isFloat: Bool

  func float(_ lower: UInt64, _ upper: UInt64, _ fraction: Double) -> Double {
    let (low, high) = (number(lower), number(upper))
    if low == high || fraction == 0 { return low }
    // Not low + (high - low) · fraction, which would overflow between extremes.
    return low * (1 - fraction) + high * fraction
  }

  private func number(_ key: UInt64) -> Double {
    isFloat ? FloatKeys.value(key) : Double(integer(key))
  }

  func integer(_ key: UInt64) -> Int64 { Int64(bitPattern: key ^ (1 << 63)) }

  /// Rounded down.
  func integer(_ lower: UInt64, _ upper: UInt64, _ fraction: Double) -> Int64 {
    let step = Double(upper - lower) * fraction
    return integer(lower + Swift.min(UInt64(step), upper - lower))
  }

  /// The quantile of a column of `type`.
  func scalar(
    _ lower: UInt64, _ upper: UInt64, _ fraction: Double, type: DataType
  ) -> Scalar {
    switch type {
    case .int, .float:
      let value = float(lower, upper, fraction)
      return value.isNaN ? .null : .float(value)
    case .date: return .date(Int32(truncatingIfNeeded: integer(lower, upper, fraction)))
    case .datetime: return .datetime(integer(lower, upper, fraction))
    default: return .duration(Duration(microseconds: integer(lower, upper, fraction)))
    }
  }
}

/// A quantile of each group's values, which `groupKeys` holds.
func groupQuantiles(
  _ column: Column, _ probability: Double, _ groupKeys: GroupKeys, groupCount: Int
) throws -> Column {
  let type = try Reduction.quantile(probability).resultType(for: [column.type])
  let lower = try Buffer<UInt64>(repeating: 0, count: groupCount)
  let upper = try Buffer<UInt64>(repeating: 0, count: groupCount)
  let fractions = try Buffer<Double>(repeating: .nan, count: groupCount)
  let partSize = 64
  try Workers.run(parts: Workers.partCount(groupCount, partSize: partSize)) { part in
    for group in Workers.part(part, of: groupCount, partSize: partSize) {
      let range = groupKeys.range(group)
      if range.isEmpty { continue }
      // SAFETY: no one else works on this group.
      let values = groupKeys.keys.base + range.lowerBound
      let place = QuantilePlace(probability, count: range.count)
      lower.base[group] = selectNumber(values, count: range.count, rank: place.lower)
      var next = lower.base[group]
      if place.upper > place.lower {
        next = values[place.upper]
        for index in place.upper..<range.count { next = Swift.min(next, values[index]) }
      }
      upper.base[group] = next
      fractions.base[group] = place.fraction
    }
  }
  let interpolation = KeyInterpolation(isFloat: column.type == .float)
  if type == .float {
    return try .floats(count: groupCount) { group in
      let fraction = fractions.base[group]
      return fraction.isNaN
        ? .nan : interpolation.float(lower.base[group], upper.base[group], fraction)
    }
  }
  return try .integers(count: groupCount, type: type) { group in
    let fraction = fractions.base[group]
    return fraction.isNaN
      ? nil : interpolation.integer(lower.base[group], upper.base[group], fraction)
  }
}
