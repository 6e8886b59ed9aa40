import Columnar

/// The upper triangular factor R of a QR factorisation of [X y], found without keeping Q: enough for
/// the estimates, their covariance and the residual sum of squares.
///
/// Rows come in blocks; a block is annihilated against R by Householder reflections (G. Golub and
/// C. Van Loan, Matrix Computations, 4th ed., 5.2 and 12.5.3). Parts of a fixed number of rows give a
/// factor each, which are joined in order, so that the bits do not depend on the threads (J. Demmel
/// and others, Communication-optimal parallel and sequential QR, 2012).
struct TriangularFactor<Scalar: FactorScalar>: Sendable {
  /// The number of columns, the response among them.
  let size: Int
  /// Column after column, `stride` values each; zero below the diagonal.
  var elements: [Scalar]
  /// What the fills of the blocks returned, joined in order.
  var sums = BlockSums()

  init(size: Int) {
    self.size = size
    elements = Array(repeating: Scalar(0), count: size * size)
  }

  subscript(row: Int, column: Int) -> Scalar {
    get { elements[column * size + row] }
    set { elements[column * size + row] = newValue }
  }

  var isFinite: Bool { elements.allSatisfy(\.value.isFinite) }
}

extension TriangularFactor<Double> {
  /// The factor of a matrix of these rows and `size` columns.
  ///
  /// `makeFill` is called once a part of a stretch; the closure it returns writes the rows of a range
  /// of the stretch, at most `blockRows`, to the place it is given: column after column, `blockRows`
  /// values each, zeros past the range.
  static func reduce(
    _ rows: FitRows, size: Int,
    makeFill:
      @Sendable (FitStretch) throws -> (Range<Int>, UnsafeMutablePointer<Double>) ->
      BlockSums
  ) throws -> TriangularFactor {
    let partSize = partRows(rowCount: rows.count, size: size)
    let factors = try rows.foldParts(of: partSize, TriangularFactor(size: size)) {
      factor, stretch, range, _ in
      let fill = try makeFill(stretch)
      let block = try Buffer<Double>(count: size * blockRows)
      try forEachBlock(of: range) { rows in
        factor.sums.add(fill(rows, block.base))
        factor.annihilate(block, rows: blockRows)
      }
    }
    var result = TriangularFactor(size: size)
    for (part, factor) in factors.enumerated() {
      if part == 0 { result = factor } else { try result.join(factor) }
    }
    return result
  }

  /// The factor of this factor's rows and `other`'s.
  private mutating func join(_ other: TriangularFactor) throws {
    let rows = (size + lanes - 1) / lanes * lanes
    let block = try Buffer<Double>(repeating: 0, count: size * rows)
    for column in 0..<size {
      for row in 0...column { block.base[column * rows + row] = other[row, column] }
    }
    annihilate(block, rows: rows)
    sums.add(other.sums)
  }

  /// Turns the `rows` rows of `block`, a multiple of `lanes`, into zeros by reflections that touch
  /// them and one row of the factor each. The block is left in disorder.
  private mutating func annihilate(_ block: Buffer<Double>, rows: Int) {
    precondition(rows % lanes == 0 && block.count >= size * rows)
    let size = size
    let vectors = rows / lanes
    elements.withUnsafeMutableBufferPointer { factor in
      // SAFETY: the block has `size` columns of `rows` values, aligned to a vector since buffers are
      // and `rows` is a multiple of the lanes; the factor has `size` columns of `size`.
      let lanesOfBlock = UnsafeMutableRawPointer(block.base)
        .assumingMemoryBound(to: SIMD8<Double>.self)
      for pivot in 0..<size {
        let v = lanesOfBlock + pivot * vectors
        let below = dot(v, v, vectors)
        if below == 0 { continue }
        let diagonal = factor[pivot * size + pivot]
        let norm = (diagonal * diagonal + below).squareRoot()
        let reflected = diagonal >= 0 ? -norm : norm
        let head = diagonal - reflected
        factor[pivot * size + pivot] = reflected
        // With v = (1, tail / head) the reflection is I - tau v v'.
        let tau = -head / reflected
        let inverse = 1 / head
        for index in 0..<vectors { v[index] *= inverse }
        var column = pivot + 1
        while column + 1 < size {
          let x = lanesOfBlock + column * vectors
          let y = x + vectors
          let (dotX, dotY) = dots(v, x, y, vectors)
          let top = column * size + pivot
          let weightX = tau * (factor[top] + dotX)
          let weightY = tau * (factor[top + size] + dotY)
          factor[top] -= weightX
          factor[top + size] -= weightY
          for index in 0..<vectors {
            let value = v[index]
            x[index] -= weightX * value
            y[index] -= weightY * value
          }
          column += 2
        }
        if column < size {
          let x = lanesOfBlock + column * vectors
          let top = column * size + pivot
          let weight = tau * (factor[top] + dot(v, x, vectors))
          factor[top] -= weight
          for index in 0..<vectors { x[index] -= weight * v[index] }
        }
      }
    }
  }
}

/// Rows of a part: a function of the problem alone. Parts are long enough that joining them costs
/// little, and few enough that their factors fit into memory.
func partRows(rowCount: Int, size: Int) -> Int {
  let (square, _) = size.multipliedReportingOverflow(by: size)
  let mostParts = min(max(8_000_000 / max(square, 1), 8), 64)
  let rows = max(8_192, 8 * size, (rowCount + mostParts - 1) / mostParts)
  return (rows + blockRows - 1) / blockRows * blockRows
}

let lanes = 8

/// Σ left right over `count` vectors, in an order of its own.
@inline(__always)
func dot(
  _ left: UnsafeMutablePointer<SIMD8<Double>>, _ right: UnsafeMutablePointer<SIMD8<Double>>,
  _ count: Int
) -> Double {
  var sum = SIMD8<Double>.zero
  for index in 0..<count { sum += left[index] * right[index] }
  return total(sum)
}

@inline(__always)
private func dots(
  _ v: UnsafeMutablePointer<SIMD8<Double>>, _ x: UnsafeMutablePointer<SIMD8<Double>>,
  _ y: UnsafeMutablePointer<SIMD8<Double>>, _ count: Int
) -> (Double, Double) {
  var sumX = SIMD8<Double>.zero
  var sumY = SIMD8<Double>.zero
  for index in 0..<count {
    let value = v[index]
    sumX += value * x[index]
    sumY += value * y[index]
  }
  return (total(sumX), total(sumY))
}

/// The sum of the lanes, in an order of its own: the standard library does not promise one.
@inline(__always)
private func total(_ sum: SIMD8<Double>) -> Double {
  ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]))
}

/// What is learnt of the rows while a block of them is made.
struct BlockSums: Sendable {
  var total = 0.0
  var least = Double.infinity

  mutating func add(_ other: BlockSums) {
    total += other.total
    least = min(least, other.least)
  }
}
