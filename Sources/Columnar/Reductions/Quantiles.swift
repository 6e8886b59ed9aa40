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
}

/// A quantile of each group's values.
func groupQuantiles(
  _ column: Column, _ probability: Double, by grouping: Grouping
) throws -> Column {
  let type = try Reduction.quantile(probability).resultType(for: [column.type])
  let keys = try column.visitKeys(KeyBuffer(rowCount: column.count))
  let segments = try grouping.segments
  let lower = try Buffer<UInt64>(repeating: 0, count: grouping.groupCount)
  let upper = try Buffer<UInt64>(repeating: 0, count: grouping.groupCount)
  let fractions = try Buffer<Double>(repeating: .nan, count: grouping.groupCount)
  let partSize = 256
  try Workers.run(parts: Workers.partCount(grouping.groupCount, partSize: partSize)) { part in
    var values: [UInt64] = []
    for group in Workers.part(part, of: grouping.groupCount, partSize: partSize) {
      values.removeAll(keepingCapacity: true)
      for index in segments.range(group) {
        let row = Int(segments.rows.base[index])
        if !column.isNull(row) { values.append(keys.base[row]) }
      }
      if values.isEmpty { continue }
      values.sort()
      let place = QuantilePlace(probability, count: values.count)
      lower.base[group] = values[place.lower]
      upper.base[group] = values[place.upper]
      fractions.base[group] = place.fraction
    }
  }
  let interpolation = KeyInterpolation(isFloat: column.type == .float)
  if type == .float {
    return try .floats(count: grouping.groupCount) { group in
      let fraction = fractions.base[group]
      if fraction.isNaN { return .nan }
      return interpolation.float(lower.base[group], upper.base[group], fraction)
    }
  }
  return try .integers(count: grouping.groupCount, type: type) { group in
    let fraction = fractions.base[group]
    if fraction.isNaN { return nil }
    return interpolation.integer(lower.base[group], upper.base[group], fraction)
  }
}

/// The keys of all rows.
struct KeyBuffer: KeyVisitor {
  let rowCount: Int

  func visit<Source: KeySource>(_ source: Source) throws -> Buffer<UInt64> {
    let keys = try Buffer<UInt64>(count: rowCount)
    let rowCount = rowCount
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      // SAFETY: the part lies within the column and the buffer.
      for row in Workers.part(part, of: rowCount) { keys.base[row] = source.key(row) }
    }
    return keys
  }
}
