import Columnar

/// The left side of a linear model.
struct LinearResponse: Sendable {
  let values: InputValues

  /// Throws `typeMismatch` where the response is no number.
  init(_ formula: ModelFormula) throws {
    switch formula.response.type {
    case .bool, .int, .float: break
    case .text:
      throw DataError(
        .typeMismatch, "\(formula.responseName) is text, `fit ols` needs a number to explain",
        hints: ["fit logit \(formula.text)"])
    case .date, .datetime, .duration:
      throw DataError(
        .typeMismatch,
        "\(formula.responseName) is a \(formula.response.type.rawValue), `fit ols` needs a number "
          + "to explain", hints: ["use hours(…) or days(…) of a difference"])
    }
    values = try InputValues(numbers: formula.response, name: formula.responseName)
  }
}

/// The rows of a design matrix and a response, and how both are brought into range.
struct LinearProblem {
  /// Some of the rows: for the columns.
  let matrix: DesignMatrix
  let rows: FitRows
  let response: Response
  /// Of the columns and, last, the response.
  let standardization: Standardization

  struct Response: Sendable {
    let first: Double
    let isConstant: Bool
  }

  /// `sample` has the rows of the blocks by which columns are brought into range, or all rows.
  init(_ rows: FitRows, sample: FitStretch) throws {
    matrix = sample.matrix
    self.rows = rows
    var first: Double?
    var isConstant = true
    try rows.forEach { _, stretch in
      let count = stretch.matrix.rowCount
      let ranges = try Workers.map(parts: Workers.partCount(count)) { part in
        let range = Workers.part(part, of: count)
        let copy = try Buffer<Double>(count: range.count)
        stretch.response.copyNumbers(stretch.matrix.selection, range, to: copy.base)
        return (copy.elements.first ?? 0, copy.elements.min() ?? 0, copy.elements.max() ?? 0)
      }
      let known = first ?? ranges.first?.0
      first = known
      isConstant = isConstant && ranges.allSatisfy { $0.1 == known && $0.2 == known }
    }
    response = Response(first: first ?? 0, isConstant: isConstant)
    var standardization = try Standardization(sample.matrix)
    let (shift, scale) = try LinearProblem.standardized(
      sample.response, sample.matrix.selection,
      isShifted: sample.matrix.specification.hasIntercept)
    standardization.shifts.append(shift)
    standardization.scales.append(scale)
    self.standardization = standardization
  }

  private static func standardized(
    _ values: InputValues, _ selection: RowSelection, isShifted: Bool
  ) throws -> (shift: Double, scale: Double) {
    let copy = try Buffer<Double>(count: blockRows)
    var sample: [Double] = []
    for range in sampledBlocks(selection.count) {
      values.copyNumbers(selection, range, to: copy.base)
      sample.append(contentsOf: copy.elements.prefix(range.count))
    }
    let mean = sample.reduce(0, +) / Double(max(sample.count, 1))
    let center = isShifted && mean.isFinite ? mean : 0
    let largest = sample.reduce(0) { max($0, abs($1 - center)) }
    return (shortened(center, spread: largest), powerOfTwo(near: largest))
  }

  /// Throws `invalidValue` or `overflow` where the numbers leave the range of floats.
  func solve(_ formula: ModelFormula) throws -> LeastSquares {
    let hasIntercept = matrix.specification.hasIntercept
    let width = Double(matrix.columnCount + 1)
    if Double(rows.count) * width * width > smallProblem {
      let factor = try TriangularFactor<Double>.reduce(rows, size: matrix.columnCount + 1) {
        [standardization] stretch in
        let workspace = try stretch.matrix.workspace()
        return { range, target in
          stretch.fill(range, standardization, workspace, to: target)
          return BlockSums()
        }
      }
      try checkFinite(factor, formula)
      let solution = try LeastSquares(factor, standardization, hasIntercept: hasIntercept)
      if solution.sensitivity < mostSensitive { return solution }
    }
    let factor = try preciseFactor()
    try checkFinite(factor, formula)
    return try LeastSquares(factor, standardization, hasIntercept: hasIntercept)
  }

  private func checkFinite<Scalar>(
    _ factor: TriangularFactor<Scalar>, _ formula: ModelFormula
  ) throws {
    guard !factor.isFinite else { return }
    throw try rows.infiniteValue(formula.responseName)
  }

  private func preciseFactor() throws -> TriangularFactor<DoubleDouble> {
    let size = matrix.columnCount + 1
    return try TriangularFactor<DoubleDouble>.reduce(rows, size: size) {
      [standardization] stretch in
      let matrix = stretch.matrix
      let workspace = try matrix.workspace()
      let block = try Buffer<Double>(count: size * blockRows)
      let none = Standardization(none: matrix.columnCount)
      return { range, target in
        matrix.fill(range, none, workspace, to: block.base)
        let y = block.base + matrix.columnCount * blockRows
        // SAFETY: block and target have `size` columns of `blockRows` values.
        stretch.response.copyNumbers(matrix.selection, range, to: y)
        for column in 0..<size {
          let shift = -standardization.shifts[column]
          let scale = standardization.scales[column]
          for row in column * blockRows..<column * blockRows + range.count {
            target[row] = DoubleDouble(sum: block.base[row], shift, scale: scale)
          }
        }
      }
    }
  }

}

extension FitStretch {
  /// Writes a block of the standardised [X y].
  func fill(
    _ range: Range<Int>, _ standardization: Standardization, _ workspace: DesignMatrix.Workspace,
    to target: UnsafeMutablePointer<Double>
  ) {
    matrix.fill(range, standardization, workspace, to: target)
    let columns = matrix.columnCount
    let place = target + columns * blockRows
    let shift = standardization.shifts[columns]
    let scale = standardization.scales[columns]
    // SAFETY: the target has a column of `blockRows` values for the response as well.
    response.copyNumbers(matrix.selection, range, to: place)
    for row in 0..<range.count { place[row] = (place[row] - shift) * scale }
    if range.count < blockRows {
      (place + range.count).update(repeating: 0, count: blockRows - range.count)
    }
  }
}

/// Up to so many rows times columns squared a problem is solved in doubled precision outright: it
/// takes some hundredths of a second.
private let smallProblem = 1e6

/// Floats leave about 16 digits less the logarithm of the sensitivity: 10 here.
private let mostSensitive = 1e6
