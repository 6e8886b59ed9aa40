/// How many rows there were.
struct RowTally: Accumulator {
  var count: UInt32 = 0

  mutating func add(_ value: UInt32) { count &+= 1 }
  mutating func merge(_ next: RowTally) { count &+= next.count }
}

/// An exact sum of integers narrower than 64 bits: fewer than 2^32 of them cannot overflow it.
struct NarrowSum: Accumulator {
  private(set) var sum: Int64 = 0

  mutating func add(_ value: Int64) { sum &+= value }
  mutating func merge(_ next: NarrowSum) { sum &+= next.sum }
}

/// An exact sum of integers of 64 bits.
struct WideSum: Accumulator {
  private var low: UInt64 = 0
  private var high: Int64 = 0

  var sum: Int128 { Int128(high) << 64 | Int128(low) }

  mutating func add(_ value: Int64) {
    let (sum, carry) = low.addingReportingOverflow(UInt64(bitPattern: value))
    low = sum
    high &+= (value >> 63) &+ (carry ? 1 : 0)
  }

  mutating func merge(_ next: WideSum) {
    let (sum, carry) = low.addingReportingOverflow(next.low)
    low = sum
    high &+= next.high &+ (carry ? 1 : 0)
  }
}

/// A sum of floats in the order of the rows.
struct FloatSum: Accumulator {
  var sum = 0.0

  mutating func add(_ value: Double) { sum += value }
  mutating func merge(_ next: FloatSum) { sum += next.sum }
}

/// Sums of the first four powers of deviations.
struct PowerSums: Accumulator {
  var count: UInt32 = 0
  var first = 0.0
  var second = 0.0
  var third = 0.0
  var fourth = 0.0

  mutating func add(_ value: Double) {
    count &+= 1
    let square = value * value
    first += value
    second += square
    third += square * value
    fourth += square * square
  }

  mutating func merge(_ next: PowerSums) {
    count &+= next.count
    first += next.first
    second += next.second
    third += next.third
    fourth += next.fourth
  }
}

/// Sums of deviations and of their squares.
struct SquareSums: Accumulator {
  var count: UInt32 = 0
  var first = 0.0
  var second = 0.0

  mutating func add(_ value: Double) {
    count &+= 1
    first += value
    second += value * value
  }

  mutating func merge(_ next: SquareSums) {
    count &+= next.count
    first += next.first
    second += next.second
  }

  /// The sum of squares about the mean: what the center was off by is taken away.
  var centered: Double { squaresAboutMean(second, sum: first, count: count) }
}

/// Takes from a sum of squares of deviations what their center was off the mean; 0 where the values
/// are all equal, since then nothing but rounding is left.
func squaresAboutMean(_ squares: Double, sum: Double, count: UInt32) -> Double {
  if count == 0 { return 0 }
  let centered = squares - sum * sum / Double(count)
  return centered <= squares * 1e-10 ? 0 : centered
}

/// Sums of pairs.
struct PairSum: Accumulator {
  var count: UInt32 = 0
  var sum = SIMD2<Double>.zero

  mutating func add(_ value: SIMD2<Double>) {
    count &+= 1
    sum += value
  }

  mutating func merge(_ next: PairSum) {
    count &+= next.count
    sum += next.sum
  }
}

/// Sums of the squares and products of pairs of deviations.
struct ProductSums: Accumulator {
  var count: UInt32 = 0
  var first = SIMD2<Double>.zero
  var squares = SIMD2<Double>.zero
  var product = 0.0

  mutating func add(_ value: SIMD2<Double>) {
    count &+= 1
    first += value
    squares += value * value
    product += value.x * value.y
  }

  mutating func merge(_ next: ProductSums) {
    count &+= next.count
    first += next.first
    squares += next.squares
    product += next.product
  }
}

/// Sums of weighted values and of the weights.
struct WeightedSum: Accumulator {
  var count: UInt32 = 0
  var sum = 0.0
  var weight = 0.0

  mutating func add(_ value: SIMD2<Double>) {
    count &+= 1
    sum += value.x * value.y
    weight += value.y
  }

  mutating func merge(_ next: WeightedSum) {
    count &+= next.count
    sum += next.sum
    weight += next.weight
  }
}

/// The first row with the least key.
struct LeastRow: Accumulator {
  var key = UInt64.max
  var row = noRow

  mutating func add(_ value: KeyedRow) {
    if row == noRow || value.key < key { (key, row) = (value.key, value.row) }
  }

  mutating func merge(_ next: LeastRow) {
    if next.row != noRow, row == noRow || next.key < key { self = next }
  }
}

/// The first row with the greatest key.
struct GreatestRow: Accumulator {
  var key: UInt64 = 0
  var row = noRow

  mutating func add(_ value: KeyedRow) {
    if row == noRow || value.key > key { (key, row) = (value.key, value.row) }
  }

  mutating func merge(_ next: GreatestRow) {
    if next.row != noRow, row == noRow || next.key > key { self = next }
  }
}

/// The first row.
struct FirstRow: Accumulator {
  var row = noRow

  mutating func add(_ value: UInt32) { if row == noRow { row = value } }
  mutating func merge(_ next: FirstRow) { if row == noRow { row = next.row } }
}

/// The last row.
struct LastRow: Accumulator {
  var row = noRow

  mutating func add(_ value: UInt32) { row = value }
  mutating func merge(_ next: LastRow) { if next.row != noRow { row = next.row } }
}
