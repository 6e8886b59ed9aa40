/// Maps numbers to buckets in their order, about as many to each.
///
/// Numbers fall into cells at even distances, of the floats behind them where there are any, and
/// neighbouring cells share a bucket so that a sample spreads evenly. How well it does decides the
/// speed of a sort, never its result.
struct BucketMap: Sendable {
  private static let cellCount = 1 << 16

  let bucketCount: Int
  private let buckets: Buffer<UInt16>
  private let shift: UInt64
  private let scaled: ScaledFloats?
  private let maximum: UInt64

  private struct ScaledFloats {
    let digit: FloatDigit
    let cells: EvenCells
    /// The digit of null, or one that does not occur.
    let null: UInt64
  }

  /// A map for `number`, of which `sample` are some.
  init(_ number: PackedNumber, sample: [UInt64], bucketCount: Int) throws {
    maximum = number.maximum
    var shift: UInt64 = 0
    while number.maximum >> shift >= UInt64(BucketMap.cellCount) { shift += 1 }
    self.shift = shift
    scaled = shift == 0 ? nil : BucketMap.scale(number, sample)
    self.bucketCount = bucketCount
    buckets = try Buffer<UInt16>(repeating: 0, count: BucketMap.cellCount)
    var counts = [Int](repeating: 0, count: BucketMap.cellCount)
    for value in sample { counts[cell(value)] += 1 }
    var before = 0
    for cell in counts.indices {
      // A cell's middle decides, so that a full one does not share with those before it.
      let place = (2 * before + counts[cell]) * bucketCount / (2 * max(sample.count, 1))
      buckets.base[cell] = UInt16(min(place, bucketCount - 1))
      before += counts[cell]
    }
    for cell in 1..<counts.count {
      buckets.base[cell] = max(buckets.base[cell], buckets.base[cell - 1])
    }
  }

  /// The bucket of a number, 0..<bucketCount, rising with it.
  @inline(__always)
  func bucket(_ number: UInt64) -> Int {
    // SAFETY: cells are below the number of cells.
    Int(buckets.base[cell(number)])
  }

  @inline(__always)
  private func cell(_ number: UInt64) -> Int {
    guard let scaled else {
      return Int(truncatingIfNeeded: min(number, maximum) &>> shift)
    }
    let cell = Int(Int32(scaled.cells.place(scaled.digit.value(number))))
    return number == scaled.null ? BucketMap.cellCount - 1 : cell
  }

  private static func scale(_ number: PackedNumber, _ sample: [UInt64]) -> ScaledFloats? {
    guard let digit = number.floatDigit else { return nil }
    let span = digit.highest - digit.lowest
    let values = sample.filter { $0 <= span }.map(digit.value)
    guard let cells = EvenCells(sample: values, count: cellCount - 1) else { return nil }
    return ScaledFloats(
      digit: digit, cells: cells, null: number.maximum > span ? number.maximum : .max)
  }
}

/// Cells at even distances over most of some floats; those beyond share the outermost ones.
struct EvenCells: Sendable {
  private let lowest: Double
  private let scale: Double
  private let last: Double

  /// Nil if the values are too few or too close together to tell how far they reach.
  init?(sample: [Double], count: Int) {
    // Some thousands tell how far they reach as well as all, and are sorted sooner.
    let step = max(sample.count / 4096, 1)
    let values = stride(from: 0, to: sample.count, by: step).map { sample[$0] }
      .filter(\.isFinite).sorted()
    // Without the outermost values, which would take all the room.
    guard values.count > 64 else { return nil }
    let lowest = values[values.count / 64]
    let highest = values[values.count - 1 - values.count / 64]
    let margin = (highest - lowest) / 16
    last = Double(count - 1)
    scale = last / (highest - lowest + 2 * margin)
    self.lowest = lowest - margin
    guard scale.isFinite, scale > 0 else { return nil }
  }

  /// The cell of a value, with the part of it that the value is past; it never falls as values
  /// rise.
  @inline(__always)
  func place(_ value: Double) -> Double {
    let place = (value - lowest) * scale
    // Not min and max, which would let NaN through; the comparisons are false for it.
    return place > 0 ? (place < last ? place : last) : 0
  }
}

extension PackedNumber {
  /// The numbers of about `size` rows, of all if there are fewer, at even distances.
  func sample(rowCount: Int, size: Int = 1 << 15) -> [UInt64] {
    let step = max(rowCount / size, 1)
    var sample: [UInt64] = []
    sample.reserveCapacity(size)
    var one: UInt64 = 0
    var row = 0
    while row < rowCount {
      pack(row..<row + 1, into: &one)
      sample.append(one)
      row += step
    }
    return sample
  }
}
