/// All rows in a random order: Fisher and Yates. The same seed gives the same order everywhere.
package func shuffledRows(_ count: Int, seed: UInt64) throws -> Buffer<UInt32> {
  try RowLimit.check(count)
  let rows = try Buffer<UInt32>(count: count)
  for row in 0..<count { rows.base[row] = UInt32(truncatingIfNeeded: row) }
  var generator = RandomGenerator(seed: seed)
  var last = count - 1
  while last > 0 {
    if last & 16_383 == 0 { try Cancellation.check() }
    let other = Int(generator.next(below: UInt64(last + 1)))
    (rows.base[last], rows.base[other]) = (rows.base[other], rows.base[last])
    last -= 1
  }
  return rows
}

/// `size` rows of `count`, or all if there are fewer, drawn without replacement, ascending.
package func sampleRows(_ count: Int, size: Int, seed: UInt64) throws -> Buffer<UInt32> {
  try sampleMask(count, size: size, seed: seed).rows()
}

/// Splits rows at random in two, both in their old order.
///
/// The first part has exactly round(`fraction` · `count`) rows, halves rounded up. With strata
/// each gives its share to the first part, rounded down, and the rows still missing come from the
/// strata with the largest remainders, the lower group number winning among equals.
/// Throws `value` for a fraction outside 0...1.
package func splitRows(
  _ count: Int, fraction: Double, seed: UInt64, strata: Grouping? = nil
) throws -> (first: Buffer<UInt32>, second: Buffer<UInt32>) {
  guard (0...1).contains(fraction) else {
    throw DataError(.invalidValue, "a split takes a fraction between 0 and 1, not \(fraction)")
  }
  let size = Int((fraction * Double(count)).rounded())
  let mask: Bitmap
  if let strata, strata.groupCount > 1 {
    precondition(strata.rowCount == count)
    mask = try stratifiedMask(strata, fraction: fraction, size: size, seed: seed)
  } else {
    mask = try sampleMask(count, size: size, seed: seed)
  }
  return (try mask.rows(), try mask.inverted().rows())
}

/// `size` random rows of `count`: selection sampling, algorithm S of Knuth.
private func sampleMask(_ count: Int, size: Int, seed: UInt64) throws -> Bitmap {
  try RowLimit.check(count)
  let mask = try Bitmap(repeating: false, count: count)
  var generator = RandomGenerator(seed: seed)
  var missing = min(max(size, 0), count)
  for row in 0..<count {
    if row & 16_383 == 0 { try Cancellation.check() }
    if missing == 0 { break }
    if generator.next(below: UInt64(count - row)) < UInt64(missing) {
      mask.words.base[row >> 6] |= 1 << UInt64(row & 63)
      missing -= 1
    }
  }
  return mask
}

private func stratifiedMask(
  _ strata: Grouping, fraction: Double, size: Int, seed: UInt64
) throws -> Bitmap {
  let segments = try strata.segments
  let sizes = (0..<strata.groupCount).map { segments.range($0).count }
  var shares = sizes.map { Int((fraction * Double($0)).rounded(.down)) }
  let remainders = zip(sizes, shares).map { fraction * Double($0) - Double($1) }
  let order = remainders.indices.sorted {
    remainders[$0] != remainders[$1] ? remainders[$0] > remainders[$1] : $0 < $1
  }
  var missing = size - shares.reduce(0, +)
  // Rounding of the products may leave more missing than there are remainders, or less than none.
  while missing > 0 {
    let before = missing
    for stratum in order where missing > 0 && shares[stratum] < sizes[stratum] {
      shares[stratum] += 1
      missing -= 1
    }
    if missing == before { break }
  }
  while missing < 0 {
    let before = missing
    for stratum in order.reversed() where missing < 0 && shares[stratum] > 0 {
      shares[stratum] -= 1
      missing += 1
    }
    if missing == before { break }
  }
  let mask = try Bitmap(repeating: false, count: strata.rowCount)
  var generator = RandomGenerator(seed: seed)
  for (stratum, share) in shares.enumerated() {
    try Cancellation.check()
    var wanted = share
    var left = sizes[stratum]
    for index in segments.range(stratum) where wanted > 0 {
      if generator.next(below: UInt64(left)) < UInt64(wanted) {
        let row = segments.rows[index]
        mask.words.base[Int(row >> 6)] |= 1 << UInt64(row & 63)
        wanted -= 1
      }
      left -= 1
    }
  }
  return mask
}
