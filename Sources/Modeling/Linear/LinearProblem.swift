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

/// A design matrix, a response, and how both are brought into range.
struct LinearProblem: Sendable {
  let matrix: DesignMatrix
  let response: Response
  /// Of the columns and, last, the response.
  let standardization: Standardization

  struct Response: Sendable {
    let values: InputValues
    let first: Double
    let isConstant: Bool
  }

  init(_ matrix: DesignMatrix, _ response: LinearResponse) throws {
    self.matrix = matrix
    let values = response.values
    let selection = matrix.selection
    let ranges = try Workers.map(parts: Workers.partCount(matrix.rowCount)) { part in
      let range = Workers.part(part, of: matrix.rowCount)
      let copy = try Buffer<Double>(count: range.count)
      values.copyNumbers(selection, range, to: copy.base)
      return (copy.elements.first ?? 0, copy.elements.min() ?? 0, copy.elements.max() ?? 0)
    }
    let first = ranges.first?.0 ?? 0
    self.response = Response(
      values: values, first: first, isConstant: ranges.allSatisfy { $0.1 == first && $0.2 == first }
    )
    var standardization = try Standardization(matrix)
    let (shift, scale) = try LinearProblem.standardized(
      values, selection, isShifted: matrix.specification.hasIntercept)
    standardization.shifts.append(shift)
    standardization.scales.append(scale)
    self.standardization = standardization
  }

  private static func standardized(
    _ values: InputValues, _ selection: RowSelection, isShifted: Bool
  ) throws -> (shift: Double, scale: Double) {
    let copy = try Buffer<Double>(count: blockRows)
    var sum = 0.0
    var rows = 0
    var sample: [Double] = []
    for range in sampledBlocks(selection.count) {
      values.copyNumbers(selection, range, to: copy.base)
      sample.append(contentsOf: copy.elements.prefix(range.count))
      rows += range.count
    }
    sum = sample.reduce(0, +)
    let mean = sum / Double(max(rows, 1))
    let shift = isShifted && mean.isFinite ? shortened(mean) : 0
    let largest = sample.reduce(0) { max($0, abs($1 - shift)) }
    return (shift, powerOfTwo(near: largest))
  }

  /// Throws `invalidValue` or `overflow` where the numbers leave the range of floats.
  func solve(_ formula: ModelFormula) throws -> LeastSquares {
    let columns = matrix.columnCount
    let factor = try TriangularFactor.reduce(rowCount: matrix.rowCount, size: columns + 1) {
      let workspace = try matrix.workspace()
      return { range, target in
        fill(range, workspace, to: target)
        return BlockSums()
      }
    }
    guard factor.isFinite else {
      throw matrix.overflowError(response: formula.response, responseName: formula.responseName)
    }
    return LeastSquares(
      factor, standardization, hasIntercept: matrix.specification.hasIntercept)
  }

  /// Writes a block of the standardised [X y].
  func fill(
    _ range: Range<Int>, _ workspace: DesignMatrix.Workspace,
    to target: UnsafeMutablePointer<Double>
  ) {
    matrix.fill(range, standardization, workspace, to: target)
    let columns = matrix.columnCount
    let place = target + columns * blockRows
    let shift = standardization.shifts[columns]
    let scale = standardization.scales[columns]
    // SAFETY: the target has a column of `blockRows` values for the response as well.
    response.values.copyNumbers(matrix.selection, range, to: place)
    for row in 0..<range.count { place[row] = (place[row] - shift) * scale }
    if range.count < blockRows {
      (place + range.count).update(repeating: 0, count: blockRows - range.count)
    }
  }
}
