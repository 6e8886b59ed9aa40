import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A least-squares problem solved from its triangular factor, in the units of the data.
struct LeastSquares {
  /// The columns that are estimated, in order; the others are linear combinations of those before.
  let kept: [Int]
  /// The estimate of each kept column.
  let estimates: [Double]
  /// U of (X'X)⁻¹ = U U', kept × kept, row after row.
  let inverseFactor: [Double]
  /// Estimates and inverse of the triangular factor in standardised units, for work on rows.
  let standardizedEstimates: [Double]
  let standardizedInverse: [Double]
  /// The triangular factor in standardised units, kept × kept, column after column.
  private let triangle: [Double]
  /// The response in the basis of Q: entry k is what kept column k adds to the fit.
  let effects: [Double]
  let residualSquares: Double
  /// How many times relative errors in the data may be enlarged in the estimates.
  let sensitivity: Double

  /// - Parameters:
  ///   - factor: of the standardised columns and, last, the response.
  ///   - standardization: of the columns and, last, the response.
  ///   - hasIntercept: whether the first column is the intercept, which takes up the shifts.
  ///   - candidates: the columns that may be kept; nil for all.
  init<Scalar>(
    _ factor: TriangularFactor<Scalar>, _ standardization: Standardization, hasIntercept: Bool,
    candidates: [Int]? = nil
  ) throws {
    let columns = factor.size - 1
    let reduced = ReducedFactor(
      factor, standardization, hasIntercept: hasIntercept,
      candidates: candidates ?? Array(0..<columns))
    let rank = reduced.kept.count
    kept = reduced.kept
    let inverse = try reduced.inverse()
    var estimates = Array(repeating: Scalar(0), count: rank)
    for row in (0..<rank).reversed() {
      var rest = reduced.effects[row]
      for column in row + 1..<max(rank, row + 1) {
        rest -= reduced[row, column] * estimates[column]
      }
      estimates[row] = rest / reduced[row, row]
    }
    sensitivity = reduced.sensitivity(inverse: inverse)

    standardizedEstimates = estimates.map(\.value)
    standardizedInverse = inverse.map(\.value)
    triangle = reduced.elements.map(\.value)

    let responseScale = standardization.scales[columns]
    var unscaled = inverse
    for row in 0..<rank {
      let scale = standardization.scales[reduced.kept[row]]
      estimates[row] = estimates[row] * Scalar(scale / responseScale)
      for column in 0..<rank {
        unscaled[row * rank + column] = unscaled[row * rank + column] * Scalar(scale)
      }
    }
    if hasIntercept, reduced.kept.first == 0 {
      for row in 1..<max(rank, 1) {
        let shift = Scalar(standardization.shifts[reduced.kept[row]])
        estimates[0] -= shift * estimates[row]
        for column in 0..<rank {
          unscaled[column] -= shift * unscaled[row * rank + column]
        }
      }
      estimates[0] += Scalar(standardization.shifts[columns])
    }
    self.estimates = estimates.map(\.value)
    inverseFactor = unscaled.map(\.value)
    effects = reduced.effects.map { $0.value / responseScale }
    residualSquares = reduced.residualSquares.value / (responseScale * responseScale)
  }

  /// δ' X'X δ for a change δ of the kept columns' estimates, in the units of the data.
  func squaredLength(_ change: [Double], _ standardization: Standardization) -> Double {
    let rank = kept.count
    var scaled = zip(change, kept).map { $0 / standardization.scales[$1] }
    if rank > 0 {
      for (change, column) in zip(change, kept) {
        scaled[0] += change * standardization.shifts[column]
      }
    }
    var length = 0.0
    for row in 0..<rank {
      var entry = 0.0
      for column in row..<rank { entry += triangle[column * rank + row] * scaled[column] }
      length += entry * entry
    }
    return length
  }

  /// (X'X)⁻¹, kept × kept.
  func inverseCrossProduct() throws -> [Double] {
    let rank = kept.count
    var product = Array(repeating: 0.0, count: rank * rank)
    for row in 0..<rank {
      try Cancellation.check()
      for column in 0...row {
        var sum = 0.0
        // Below the first row, which takes up the shifts, the factor is upper triangular.
        for index in row..<rank {
          sum += inverseFactor[row * rank + index] * inverseFactor[column * rank + index]
        }
        product[row * rank + column] = sum
        product[column * rank + row] = sum
      }
    }
    return product
  }
}

/// A triangular factor without the columns that depend on those before them, as LINPACK's dqrdc2 in
/// R: a column goes when its part orthogonal to those kept is small beside its length.
///
/// R drops it at 1e-7; here at 1e-11, which keeps polynomials that R's `lm` gives up, and is still
/// far above what rounding leaves of a true dependence.
private struct ReducedFactor<Scalar: FactorScalar> {
  let kept: [Int]
  /// Kept × kept, column after column, upper triangular.
  fileprivate let elements: [Scalar]
  let effects: [Scalar]
  let residualSquares: Scalar

  init(
    _ factor: TriangularFactor<Scalar>, _ standardization: Standardization, hasIntercept: Bool,
    candidates: [Int]
  ) {
    let size = factor.size
    let response = size - 1
    var kept: [Int] = []
    var columns: [[Scalar]] = []
    var reflections: [(pivot: Int, v: [Scalar], tau: Scalar)] = []

    func reflected(_ column: Int) -> [Scalar] {
      var values = (0..<size).map { $0 <= column ? factor[$0, column] : Scalar(0) }
      for (pivot, v, tau) in reflections {
        var dot = Scalar(0)
        for row in pivot..<size { dot += v[row] * values[row] }
        if dot.value == 0 { continue }
        for row in pivot..<size { values[row] -= tau * dot * v[row] }
      }
      return values
    }

    for column in candidates where column < response {
      var values = reflected(column)
      let pivot = kept.count
      guard pivot < size else { break }
      // The length of the column as it was before its shift: with an intercept only the first
      // entry of the factor changes.
      var lengthSquares = 0.0
      for row in 0..<size where row <= column {
        var entry = factor[row, column].value
        if row == 0, hasIntercept, column > 0 {
          entry +=
            standardization.shifts[column] * standardization.scales[column] * factor[0, 0].value
        }
        lengthSquares += entry * entry
      }
      var restSquares = Scalar(0)
      for row in pivot..<size { restSquares += values[row] * values[row] }
      guard restSquares.squareRoot().value > 1e-11 * lengthSquares.squareRoot() else { continue }
      var below = Scalar(0)
      for row in pivot + 1..<max(size, pivot + 1) { below += values[row] * values[row] }
      if below.value > 0 {
        let head = values[pivot]
        let norm = restSquares.squareRoot()
        let diagonal = head.value >= 0 ? -norm : norm
        var v = Array(repeating: Scalar(0), count: size)
        v[pivot] = Scalar(1)
        for row in pivot + 1..<size { v[row] = values[row] / (head - diagonal) }
        reflections.append((pivot, v, (diagonal - head) / diagonal))
        values[pivot] = diagonal
      }
      kept.append(column)
      columns.append(values)
    }
    let rank = kept.count
    let right = reflected(response)
    var residualSquares = Scalar(0)
    for row in rank..<max(size, rank) { residualSquares += right[row] * right[row] }
    self.kept = kept
    self.residualSquares = residualSquares
    effects = Array(right.prefix(rank))
    elements = columns.flatMap { $0.prefix(rank) }
  }

  subscript(row: Int, column: Int) -> Scalar { elements[column * kept.count + row] }

  /// The inverse, kept × kept, row after row.
  func inverse() throws -> [Scalar] {
    let rank = kept.count
    var inverse = Array(repeating: Scalar(0), count: rank * rank)
    for column in 0..<rank {
      try Cancellation.check()
      inverse[column * rank + column] = Scalar(1) / self[column, column]
      for row in (0..<column).reversed() {
        var sum = Scalar(0)
        for index in row + 1...column { sum += self[row, index] * inverse[index * rank + column] }
        inverse[row * rank + column] = -sum / self[row, row]
      }
    }
    return inverse
  }

  /// κ + κ² tan θ, the bound of the relative error in the estimates for errors of 1 in the columns
  /// (Å. Björck, Numerical Methods for Least Squares Problems, 1996, 1.4.3), for columns of length 1
  /// and with the Frobenius norm for κ.
  func sensitivity(inverse: [Scalar]) -> Double {
    let rank = kept.count
    guard rank > 0 else { return 1 }
    var inverseSquares = 0.0
    for index in 0..<rank {
      var length = 0.0
      var inverseLength = 0.0
      for other in 0..<rank {
        let entry = self[other, index].value
        let inverseEntry = inverse[index * rank + other].value
        length += entry * entry
        inverseLength += inverseEntry * inverseEntry
      }
      inverseSquares += length * inverseLength
    }
    let condition = (Double(rank) * inverseSquares).squareRoot()
    let fitted = effects.reduce(0) { $0 + $1.value * $1.value }
    guard fitted > 0 else { return condition }
    let tangent = (residualSquares.value / fitted).squareRoot()
    return condition + condition * condition * tangent
  }
}
