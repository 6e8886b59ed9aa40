/// Sums of squares and products about the mean for each two columns, over the rows in which both
/// have a value.
///
/// One pass over all columns after their means: blocks of rows that stay in the cache are centered
/// at the columns' means, and what a pair's own means differ from those is taken away at the end.
struct CrossProducts {
  private let size: Int
  private let sums: [PairSums]

  /// What is summed up for a pair of columns x and y, both centered, over their common rows.
  private struct PairSums: BitwiseCopyable, Sendable {
    var count = 0
    var xy = 0.0
    var x = 0.0
    var y = 0.0
    var xx = 0.0
    var yy = 0.0
  }

  private static let blockSize = 256

  init(_ columns: [Column]) throws {
    let size = columns.count
    self.size = size
    let rowCount = columns.first?.count ?? 0
    let whole = try Grouping.whole(rowCount: rowCount)
    let centers = try columns.map { column in
      let mean = try reduce(.mean, [column], by: whole)[0].number ?? 0
      return mean.isFinite ? mean : 0
    }
    let loaders = try zip(columns, centers).map { column, center in
      try column.visitNumbers(LoaderMaker(center: center, validity: column.validity))
    }
    let isComplete = columns.map { $0.nullCount == 0 }
    let chunkCount = max(min(Workers.partCount(rowCount), 64), 1)
    let chunks = try Workers.map(parts: chunkCount) { chunk in
      var sums = [PairSums](repeating: PairSums(), count: size * size)
      let blockSize = CrossProducts.blockSize
      let values = try Buffer<Double>(repeating: 0, count: max(size, 1) * blockSize)
      let present = try Buffer<Double>(repeating: 0, count: max(size, 1) * blockSize)
      let range = chunkRange(chunk, of: chunkCount, rowCount)
      var start = range.lowerBound
      while start < range.upperBound {
        try Cancellation.check()
        let rows = start..<min(start + blockSize, range.upperBound)
        for (index, load) in loaders.enumerated() {
          load(rows, values.base + index * blockSize, present.base + index * blockSize)
        }
        for i in 0..<size {
          let (x, hasX) = (values.base + i * blockSize, present.base + i * blockSize)
          for j in i..<size {
            let (y, hasY) = (values.base + j * blockSize, present.base + j * blockSize)
            let place = i * size + j
            sums[place].xy += dotProduct(x, y, rows.count)
            if isComplete[i], isComplete[j] {
              sums[place].count += rows.count
              if i == j { sums[place].x += dotProduct(x, hasX, rows.count) }
              continue
            }
            sums[place].count += Int(dotProduct(hasX, hasY, rows.count))
            sums[place].x += dotProduct(x, hasY, rows.count)
            sums[place].y += dotProduct(hasX, y, rows.count)
            sums[place].xx += tripleProduct(x, x, hasY, rows.count)
            sums[place].yy += tripleProduct(y, y, hasX, rows.count)
          }
        }
        start = rows.upperBound
      }
      return sums
    }
    var total = [PairSums](repeating: PairSums(), count: size * size)
    for chunk in chunks {
      for place in total.indices {
        total[place].count += chunk[place].count
        total[place].xy += chunk[place].xy
        total[place].x += chunk[place].x
        total[place].y += chunk[place].y
        total[place].xx += chunk[place].xx
        total[place].yy += chunk[place].yy
      }
    }
    for i in 0..<size {
      for j in i..<size where isComplete[i] && isComplete[j] {
        total[i * size + j].xx = total[i * size + i].xy
        total[i * size + j].yy = total[j * size + j].xy
        total[i * size + j].x = total[i * size + i].x
        total[i * size + j].y = total[j * size + j].x
      }
    }
    sums = total
  }

  /// The sums for columns `row` and `column`, of which the first must not be greater.
  subscript(row: Int, column: Int) -> ProductSums {
    let sums = sums[row * size + column]
    var products = ProductSums()
    products.count = UInt32(truncatingIfNeeded: sums.count)
    products.first = SIMD2(sums.x, sums.y)
    products.product = sums.xy
    products.squares = SIMD2(sums.xx, sums.yy)
    return products
  }
}

extension ProductSums {
  /// Whether the centers are so far from the means that the sums lose their digits.
  var isCancelling: Bool {
    let n = Double(Swift.max(count, 1))
    return squares.x - first.x * first.x / n < squares.x * 1e-6
      || squares.y - first.y * first.y / n < squares.y * 1e-6
  }
}

/// Writes the rows' numbers less the center, 0 where null, and 1 or 0 for whether they have one.
private typealias BlockLoader =
  @Sendable (Range<Int>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void

private struct LoaderMaker: NumberVisitor {
  let center: Double
  let validity: Bitmap?

  func visit<Source: NumberSource>(_ source: Source) -> BlockLoader {
    let (center, validity) = (center, validity)
    return { rows, values, present in
      let first = rows.lowerBound
      // SAFETY: the rows lie within the column, and both targets hold a block.
      guard let validity else {
        for row in rows {
          values[row &- first] = source.number(row) - center
          present[row &- first] = 1
        }
        return
      }
      for row in rows {
        let isValid = validity.words.base[row >> 6] >> UInt64(row & 63) & 1 == 1
        values[row &- first] = isValid ? source.number(row) - center : 0
        present[row &- first] = isValid ? 1 : 0
      }
    }
  }
}

/// Σ xᵢyᵢ in four lanes.
private func dotProduct(
  _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
) -> Double {
  var lanes = SIMD4<Double>.zero
  var index = 0
  // SAFETY: both hold `count` numbers.
  let (a, b) = (UnsafeRawPointer(x), UnsafeRawPointer(y))
  while index &+ 4 <= count {
    lanes +=
      a.loadUnaligned(fromByteOffset: index &* 8, as: SIMD4<Double>.self)
      * b.loadUnaligned(fromByteOffset: index &* 8, as: SIMD4<Double>.self)
    index &+= 4
  }
  var sum = (lanes.x + lanes.z) + (lanes.y + lanes.w)
  while index < count {
    sum += x[index] * y[index]
    index &+= 1
  }
  return sum
}

/// Σ xᵢyᵢzᵢ.
private func tripleProduct(
  _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>,
  _ z: UnsafeMutablePointer<Double>, _ count: Int
) -> Double {
  var sum = 0.0
  // SAFETY: all hold `count` numbers.
  for index in 0..<count { sum += x[index] * y[index] * z[index] }
  return sum
}
