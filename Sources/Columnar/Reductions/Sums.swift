func sum(_ column: Column, type: DataType, by grouping: Grouping) throws -> Column {
  let counts = try grouping.sizes(of: column.validity)
  if case .float(let buffer) = column.storage {
    let sums = try floatSums(buffer, by: grouping)
    return try .floats(count: sums.count) { group in
      counts.base[group] == 0 ? .nan : sums.base[group].sum
    }
  }
  let sums = try column.visitIntegers(IntegerSums(grouping: grouping))
  return try .integers(count: sums.count, type: type) { group in
    if counts.base[group] == 0 { return nil }
    guard let sum = Int64(exactly: sums.base[group].value) else {
      throw DataError(
        .overflow, "the sum does not fit into a 64-bit integer",
        row: Int(grouping.firstRows[group]))
    }
    return sum
  }
}

func mean(_ column: Column, type: DataType, by grouping: Grouping) throws -> Column {
  if type == .duration {
    let counts = try grouping.sizes(of: column.validity)
    let sums = try column.visitIntegers(IntegerSums(grouping: grouping))
    return try .integers(count: sums.count, type: type) { group in
      let count = Int128(counts.base[group])
      if count == 0 { return nil }
      // A mean lies between the values.
      return Int64(truncatingIfNeeded: roundedQuotient(sums.base[group].value, count))
    }
  }
  let means = try groupMeans(column, by: grouping)
  return try .floats(count: means.count) { means.base[$0] }
}

/// The mean of each group's numbers; NaN where it has none.
func groupMeans(_ column: Column, by grouping: Grouping) throws -> Buffer<Double> {
  let counts = try grouping.sizes(of: column.validity)
  let means = try Buffer<Double>(count: grouping.groupCount)
  if case .float(let buffer) = column.storage {
    let sums = try floatSums(buffer, by: grouping)
    for group in 0..<means.count {
      let count = counts.base[group]
      means.base[group] = count == 0 ? .nan : sums.base[group].sum / Double(count)
    }
    return means
  }
  let sums = try column.visitIntegers(IntegerSums(grouping: grouping))
  for group in 0..<means.count {
    let count = counts.base[group]
    means.base[group] = count == 0 ? .nan : Double(sums.base[group].value) / Double(count)
  }
  return means
}

/// The sums of each group's floats. A null row's slot is 0 and adds nothing.
private func floatSums(
  _ buffer: Buffer<Double>, by grouping: Grouping
) throws -> Buffer<FloatSum> {
  if grouping.groupCount == 1 { return try Buffer([FloatSum(sum: wholeSum(buffer))]) }
  return try accumulate(FloatSum.self, FloatValues(buffer: buffer), validity: nil, by: grouping)
}

/// The sum of parts of `Workers.partSize` rows in order, each summed in eight lanes that are added
/// pairwise at the end, then row by row what is left of it.
private func wholeSum(_ buffer: Buffer<Double>) throws -> Double {
  let sums = try Workers.map(parts: Workers.partCount(buffer.count)) { part in
    let range = Workers.part(part, of: buffer.count)
    var lanes = SIMD8<Double>.zero
    var row = range.lowerBound
    // SAFETY: the rows lie within the buffer.
    let raw = UnsafeRawPointer(buffer.base)
    while row &+ 8 <= range.upperBound {
      lanes += raw.loadUnaligned(fromByteOffset: row &* 8, as: SIMD8<Double>.self)
      row &+= 8
    }
    let halves = lanes.lowHalf + lanes.highHalf
    let quarters = halves.lowHalf + halves.highHalf
    var sum = quarters.x + quarters.y
    while row < range.upperBound {
      sum += buffer.base[row]
      row &+= 1
    }
    return sum
  }
  return sums.dropFirst().reduce(sums.first ?? 0, +)
}

/// A quotient rounded to the nearest integer, halves away from zero; `divisor` is positive.
func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  if remainder.magnitude * 2 < divisor.magnitude { return quotient }
  return dividend < 0 ? quotient - 1 : quotient + 1
}

/// A sum wider than any column's integers.
struct ExactSum: BitwiseCopyable, Sendable {
  var value: Int128
}

/// Exact sums of each group's integers. A null row's slot is 0 and adds nothing.
private struct IntegerSums: IntegerVisitor {
  let grouping: Grouping

  func visit<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ buffer: Buffer<Element>
  ) throws -> Buffer<ExactSum> {
    let values = IntegerValues(buffer: buffer)
    if Element.bitWidth < 64 {
      let states = try accumulate(NarrowSum.self, values, validity: nil, by: grouping)
      return try Buffer(states.map { ExactSum(value: Int128($0.sum)) })
    }
    let states = try accumulate(WideSum.self, values, validity: nil, by: grouping)
    return try Buffer(states.map { ExactSum(value: $0.sum) })
  }
}
