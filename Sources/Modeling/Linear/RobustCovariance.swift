import Columnar

extension LinearProblem {
  /// The sandwich (X'X)⁻¹ X' diag(w e²) X (X'X)⁻¹ of the kept columns, which stays consistent where
  /// the errors' variances differ.
  ///
  /// H. White, A Heteroskedasticity-Consistent Covariance Matrix Estimator, 1980; HC1 to HC3 with the
  /// weights of J. MacKinnon and H. White, 1985: n / (n - k), 1 / (1 - h) and 1 / (1 - h)², where h is
  /// a row's leverage. Throws `singular` where a row has leverage 1, so that HC2 and HC3 do not exist.
  func sandwich(_ solution: LeastSquares, _ kind: StandardErrors) throws -> [Double] {
    let rank = solution.kept.count
    let partSize = partRows(rowCount: rows.count, size: rank + 1)
    // t = R⁻ᵀ x, for x standardised, is a row of Q and h = t't its leverage; the meat in this basis
    // is Σ w e² t t'.
    let none = Array(repeating: 0.0, count: rank * rank)
    let parts = try rows.foldParts(of: partSize, none) {
      [standardization] meat, stretch, range, start in
      let matrix = stretch.matrix
      let block = try Buffer<Double>(count: (matrix.columnCount + 1) * blockRows)
      let basis = try Buffer<Double>(count: max(rank, 1) * blockRows)
      let workspace = try matrix.workspace()
      try forEachBlock(of: range) { rows in
        stretch.fill(rows, standardization, workspace, to: block.base)
        let y = block.base + matrix.columnCount * blockRows
        do {
          try addMeat(
            to: &meat, block.base, y, basis.base, count: rows.count, solution, kind,
            responseScale: standardization.scales[matrix.columnCount])
        } catch var error as DataError {
          error.row = error.row.map { matrix.row(rows.lowerBound + $0) + start }
          throw error
        }
      }
    }
    var meat = Array(repeating: 0.0, count: rank * rank)
    for part in parts { for index in meat.indices { meat[index] += part[index] } }
    if kind == .hc1 {
      let factor = Double(rows.count) / Double(rows.count - rank)
      for index in meat.indices { meat[index] *= factor }
    }
    let half = product(solution.inverseFactor, meat, rank)
    var covariance = product(half, transposed(solution.inverseFactor, rank), rank)
    // Rounding may differ above and below the diagonal; one of them is taken for both.
    for row in 0..<rank {
      for column in 0..<row { covariance[column * rank + row] = covariance[row * rank + column] }
    }
    return covariance
  }
}

/// Adds a block's share; the row of an error is counted within the block.
private func addMeat(
  to meat: inout [Double], _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>,
  _ basis: UnsafeMutablePointer<Double>, count: Int, _ solution: LeastSquares,
  _ kind: StandardErrors, responseScale: Double
) throws {
  let rank = solution.kept.count
  // SAFETY: `x` has a column of `blockRows` values for each of the matrix, `y` one and `basis` one
  // for each kept column, aligned as buffers are; `count` is at most `blockRows`.
  var weights = Array(repeating: 0.0, count: count)
  for row in 0..<count { weights[row] = y[row] }
  for (place, column) in solution.kept.enumerated() {
    let estimate = solution.standardizedEstimates[place]
    for row in 0..<count { weights[row] -= estimate * x[column * blockRows + row] }
  }
  for index in 0..<rank {
    let target = basis + index * blockRows
    // Past the rows zeros stay, so that whole vectors can be summed.
    target.update(repeating: 0, count: blockRows)
    for (place, column) in solution.kept.enumerated() {
      let weight = solution.standardizedInverse[place * rank + index]
      if weight == 0 { continue }
      for row in 0..<count { target[row] += weight * x[column * blockRows + row] }
    }
  }
  for row in 0..<count {
    var leverage = 0.0
    for index in 0..<rank {
      leverage += basis[index * blockRows + row] * basis[index * blockRows + row]
    }
    let residual = weights[row] / responseScale
    let square = residual * residual
    if kind == .hc2 || kind == .hc3, leverage > 1 - 1e-10 {
      throw DataError(
        .singular, "one row alone decides a coefficient, so \(kind.rawValue) does not exist",
        row: row,
        hints: ["se=hc1"])
    }
    weights[row] =
      switch kind {
      case .hc2: square / (1 - leverage)
      case .hc3: square / ((1 - leverage) * (1 - leverage))
      case .classical, .hc0, .hc1: square
      }
  }
  for index in 0..<rank {
    for row in 0..<count { basis[index * blockRows + row] *= weights[row].squareRoot() }
  }
  let vectors = UnsafeMutableRawPointer(basis).assumingMemoryBound(to: SIMD8<Double>.self)
  let length = blockRows / lanes
  for left in 0..<rank {
    for right in 0...left {
      let sum = dot(vectors + left * length, vectors + right * length, length)
      meat[left * rank + right] += sum
      if left != right { meat[right * rank + left] += sum }
    }
  }
}

/// The product of two square matrices, row after row.
private func product(_ left: [Double], _ right: [Double], _ size: Int) -> [Double] {
  var result = Array(repeating: 0.0, count: size * size)
  for row in 0..<size {
    for index in 0..<size {
      let value = left[row * size + index]
      if value == 0 { continue }
      for column in 0..<size {
        result[row * size + column] += value * right[index * size + column]
      }
    }
  }
  return result
}

private func transposed(_ matrix: [Double], _ size: Int) -> [Double] {
  (0..<size * size).map { matrix[$0 % size * size + $0 / size] }
}
