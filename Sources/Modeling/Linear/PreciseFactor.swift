import Columnar

/// The same factorisation in doubled precision, for columns so nearly dependent that floats would
/// lose digits, and for tables so small that the time does not matter. About 30 times the work.
extension TriangularFactor<DoubleDouble> {
  /// The factor of a matrix of these rows and `size` columns.
  ///
  /// `makeFill` is called once a part of a stretch; the closure it returns writes the rows of a range
  /// of the stretch, at most `blockRows`, to the place it is given: column after column, `blockRows`
  /// values each, zeros past the range.
  static func reduce(
    _ rows: FitRows, size: Int,
    makeFill:
      @Sendable (FitStretch) throws -> (Range<Int>, UnsafeMutablePointer<DoubleDouble>) ->
      Void
  ) throws -> TriangularFactor {
    let partSize = partRows(rowCount: rows.count, size: size)
    let factors = try rows.foldParts(of: partSize, TriangularFactor(size: size)) {
      factor, stretch, range, _ in
      let fill = try makeFill(stretch)
      let block = try Buffer<DoubleDouble>(count: size * blockRows)
      try forEachBlock(of: range) { rows in
        fill(rows, block.base)
        try factor.annihilate(block, rows: rows.count, stride: blockRows)
      }
    }
    var result = TriangularFactor(size: size)
    for (part, factor) in factors.enumerated() {
      if part == 0 {
        result = factor
      } else {
        let block = try Buffer<DoubleDouble>(repeating: DoubleDouble(0), count: size * size)
        for column in 0..<size {
          for row in 0...column { block.base[column * size + row] = factor[row, column] }
        }
        try result.annihilate(block, rows: size, stride: size)
      }
    }
    return result
  }

  /// Turns `rows` rows of `block`, whose columns begin `stride` apart, into zeros.
  private mutating func annihilate(_ block: Buffer<DoubleDouble>, rows: Int, stride: Int) throws {
    precondition(rows <= stride && block.count >= size * stride)
    // SAFETY: the block has `size` columns, `stride` apart, of at least `rows` values.
    for pivot in 0..<size {
      try Cancellation.check()
      let v = block.base + pivot * stride
      var below = DoubleDouble(0)
      for row in 0..<rows { below += v[row] * v[row] }
      if below.high == 0 { continue }
      let diagonal = self[pivot, pivot]
      let norm = (diagonal * diagonal + below).squareRoot()
      let reflected = diagonal.high >= 0 ? -norm : norm
      let head = diagonal - reflected
      self[pivot, pivot] = reflected
      let tau = -head / reflected
      let inverse = DoubleDouble(1) / head
      for row in 0..<rows { v[row] = v[row] * inverse }
      for column in pivot + 1..<max(size, pivot + 1) {
        let x = block.base + column * stride
        var dot = self[pivot, column]
        for row in 0..<rows { dot += v[row] * x[row] }
        let weight = tau * dot
        self[pivot, column] -= weight
        for row in 0..<rows { x[row] -= weight * v[row] }
      }
    }
  }
}
