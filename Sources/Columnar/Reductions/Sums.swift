func sum(_ column: Column, type: DataType, by grouping: Grouping) throws -> Column {
  if case .float(let buffer) = column.storage {
    let sums = try floatSums(buffer, validity: column.validity, by: grouping)
    return try .floats(count: sums.count) { group in
      sums.base[group].count == 0 ? .nan : sums.base[group].sum
    }
  }
  let sums = try column.visitIntegers(
    IntegerSums(validity: column.validity, grouping: grouping))
  return try .integers(count: sums.sums.count, type: type) { group in
    if sums.counts.base[group] == 0 { return nil }
    guard let sum = Int64(exactly: sums.sums.base[group].value) else {
      throw DataError(
        .overflow, "the sum of group \(group) does not fit into 64 bits",
        row: Int(grouping.firstRows[group]))
    }
    return sum
  }
}

func mean(_ column: Column, type: DataType, by grouping: Grouping) throws -> Column {
  if type == .duration {
    let sums = try column.visitIntegers(
      IntegerSums(validity: column.validity, grouping: grouping))
    return try .integers(count: sums.sums.count, type: type) { group in
      let count = Int128(sums.counts.base[group])
      if count == 0 { return nil }
      return Int64(truncatingIfNeeded: roundedQuotient(sums.sums.base[group].value, count))
    }
  }
  let means = try groupMeans(column, by: grouping)
  return try .floats(count: means.count) { means.base[$0] }
}

/// The mean of each group's numbers; NaN where it has none.
func groupMeans(_ column: Column, by grouping: Grouping) throws -> Buffer<Double> {
  let means = try Buffer<Double>(count: grouping.groupCount)
  if case .float(let buffer) = column.storage {
    let sums = try floatSums(buffer, validity: column.validity, by: grouping)
    for group in 0..<means.count {
      let state = sums.base[group]
      means.base[group] = state.count == 0 ? .nan : state.sum / Double(state.count)
    }
    return means
  }
  let sums = try column.visitIntegers(
    IntegerSums(validity: column.validity, grouping: grouping))
  for group in 0..<means.count {
    let count = sums.counts.base[group]
    means.base[group] = count == 0 ? .nan : Double(sums.sums.base[group].value) / Double(count)
  }
  return means
}

func floatSums(
  _ buffer: Buffer<Double>, validity: Bitmap?, by grouping: Grouping
) throws -> Buffer<FloatSum> {
  if grouping.groupCount == 1 { return try Buffer([wholeSum(buffer, validity: validity)]) }
  return try accumulate(
    FloatSum.self, FloatValues(buffer: buffer), validity: validity, by: grouping)
}

/// The sum of parts of `Workers.partSize` rows in order, each summed in eight lanes that are added
/// pairwise at the end, then row by row what is left of it.
private func wholeSum(_ buffer: Buffer<Double>, validity: Bitmap?) throws -> FloatSum {
  let sums = try Workers.map(parts: Workers.partCount(buffer.count)) { part in
    let range = Workers.part(part, of: buffer.count)
    var lanes = SIMD8<Double>.zero
    var row = range.lowerBound
    // SAFETY: the rows lie within the buffer. A null row's slot is 0 and adds nothing.
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
  let count = validity?.setCount ?? buffer.count
  return FloatSum(
    sum: sums.dropFirst().reduce(sums.first ?? 0, +), count: UInt32(truncatingIfNeeded: count))
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

/// Exact sums of integers.
struct IntegerSums: IntegerVisitor {
  struct Output: Sendable {
    let sums: Buffer<ExactSum>
    let counts: Buffer<UInt32>
  }

  let validity: Bitmap?
  let grouping: Grouping

  func visit<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ buffer: Buffer<Element>
  ) throws -> Output {
    let values = IntegerValues(buffer: buffer)
    let groupCount = grouping.groupCount
    let sums = try Buffer<ExactSum>(count: groupCount)
    let counts = try Buffer<UInt32>(count: groupCount)
    if Element.bitWidth < 64 {
      let states = try accumulate(NarrowSum.self, values, validity: validity, by: grouping)
      for group in 0..<groupCount {
        sums.base[group] = ExactSum(value: Int128(states.base[group].sum))
        counts.base[group] = states.base[group].count
      }
    } else {
      let states = try accumulate(WideSum.self, values, validity: validity, by: grouping)
      for group in 0..<groupCount {
        sums.base[group] = ExactSum(value: states.base[group].sum)
        counts.base[group] = states.base[group].count
      }
    }
    return Output(sums: sums, counts: counts)
  }
}
