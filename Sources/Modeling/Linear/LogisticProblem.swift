import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The rows of a design matrix and events, with the iteration that maximises their likelihood.
struct LogisticProblem {
  /// Some of the rows: for the columns.
  let matrix: DesignMatrix
  /// The response is 1 where the event happened, 0 where not.
  let rows: FitRows
  let eventCount: Int
  let standardization: Standardization
  private let formula: ModelFormula

  struct Fit {
    /// The last step, so small that its factor is that at `estimates` but for rounding.
    let solution: LeastSquares
    let estimates: [Double]
    let deviance: Double
    let iterations: Int
    /// Columns whose estimates run away, since a part of the rows is told apart perfectly.
    let separating: [Int]
  }

  /// `sample` has the rows of the blocks by which columns are brought into range, or all rows.
  init(_ formula: ModelFormula, _ rows: FitRows, sample: FitStretch) throws {
    self.formula = formula
    matrix = sample.matrix
    self.rows = rows
    var events = 0
    try rows.forEach { _, stretch in
      let matrix = stretch.matrix
      let counts = try Workers.map(parts: Workers.partCount(matrix.rowCount)) { part in
        let range = Workers.part(part, of: matrix.rowCount)
        let copy = try Buffer<Double>(count: range.count)
        stretch.response.copyNumbers(matrix.selection, range, to: copy.base)
        return copy.elements.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
      }
      events += counts.reduce(0, +)
    }
    eventCount = events
    var standardization = try Standardization(sample.matrix)
    // The working response is of the size of log odds: near enough to 1.
    standardization.shifts.append(0)
    standardization.scales.append(1)
    self.standardization = standardization
  }

  /// The problem on some of its rows.
  private init(_ whole: LogisticProblem, _ rows: FitRows) {
    formula = whole.formula
    matrix = whole.matrix
    self.rows = rows
    eventCount = whole.eventCount
    standardization = whole.standardization
  }

  /// The maximum of the likelihood over all rows.
  ///
  /// A large table is begun with the estimates of a sixteenth of its rows, evenly spread: they lie
  /// within a few standard errors, from where two or three steps suffice.
  func iterate() throws -> Fit {
    guard let sample = try rows.sampled(), sample.count >= 20 * matrix.columnCount
    else { return try iterate(from: nil) }
    let start = try? LogisticProblem(self, sample).iterate(from: nil)
    try Cancellation.check()
    // A sample may lack a rare level or be told apart where the whole is not.
    guard let start, start.separating.isEmpty, start.solution.kept.count == matrix.columnCount
    else {
      return try iterate(from: nil)
    }
    do {
      return try iterate(from: (start.estimates, start.solution.kept))
    } catch let error as DataError where error.code == .noConvergence {
      // Whether there is a maximum must not depend on the sample.
      return try iterate(from: nil)
    }
  }

  private func iterate(from start: (estimates: [Double], kept: [Int])?) throws -> Fit {
    var estimates: [Double]
    let kept: [Int]
    if let start {
      (estimates, kept) = start
    } else {
      let first = try step(from: nil, kept: nil).solution
      (estimates, kept) = (first.estimates, first.kept)
    }
    guard rows.count > kept.count else {
      throw DataError(
        .tooFewRows,
        "\(rows.count) complete rows cannot carry \(matrix.columnCount) coefficients",
        hints: ["use more rows than coefficients"])
    }
    var hasConverged = false
    for iteration in 1...iterationLimit {
      let (next, sums) = try step(from: estimates, kept: kept)
      if sums.least > 0 { throw separation() }
      let gain = decrement(estimates, kept, next)
      let separating =
        hasConverged ? separatingColumns(estimates, next.estimates, kept) : []
      // Columns that weights have made dependent keep what they have.
      estimates = merged(estimates, kept, next)
      if hasConverged {
        return Fit(
          solution: next, estimates: estimates, deviance: sums.total - min(gain, sums.total),
          iterations: iteration, separating: separating)
      }
      // A step so small leaves errors of its square: none in the standard errors of the next.
      hasConverged = gain < 1e-11 * (sums.total + 0.1)
    }
    throw DataError(
      .noConvergence,
      "the likelihood of `\(formula.text)` has no maximum within reach after "
        + "\(iterationLimit) steps",
      hints: ["leave out terms that nearly tell the outcomes apart", "tabulate them"])
  }

  /// How much the deviance falls with a step, to second order: the step's squared length in the
  /// metric of the information matrix.
  private func decrement(_ estimates: [Double], _ kept: [Int], _ next: LeastSquares) -> Double {
    guard next.kept == kept else { return .infinity }
    return next.squaredLength(zip(next.estimates, estimates).map { $0 - $1 }, standardization)
  }

  private func separation() -> DataError {
    DataError(
      .noConvergence,
      "the terms tell the outcomes of \(formula.responseName) apart perfectly in all "
        + "\(rows.count) rows: no finite estimate exists",
      hints: ["leave out the term that gives the answer away"])
  }

  private func merged(_ old: [Double], _ kept: [Int], _ next: LeastSquares) -> [Double] {
    if next.kept == kept { return next.estimates }
    var result = old
    for (place, column) in next.kept.enumerated() {
      if let target = kept.firstIndex(of: column) { result[target] = next.estimates[place] }
    }
    return result
  }

  /// One weighted least-squares step. Throws where the numbers leave the range of floats.
  private func step(
    from estimates: [Double]?, kept: [Int]?
  ) throws -> (solution: LeastSquares, sums: BlockSums) {
    let odds = estimates.map { LogOdds($0, kept ?? [], standardization) }
    let size = matrix.columnCount + 1
    let factor = try TriangularFactor<Double>.reduce(rows, size: size) {
      [standardization] stretch in
      let matrix = stretch.matrix
      let workspace = try matrix.workspace()
      let eta = try Buffer<Double>(count: blockRows)
      let roots = try Buffer<Double>(count: blockRows)
      return { range, target in
        matrix.fill(range, standardization, workspace, to: target)
        let y = target + (size - 1) * blockRows
        // SAFETY: the target has a column of `blockRows` values for the response as well.
        stretch.response.copyNumbers(matrix.selection, range, to: y)
        odds?.evaluate(target, range.count, to: eta.base)
        let (deviance, margin) = weigh(
          target, y, odds == nil ? nil : eta.base, roots.base, count: range.count, size: size)
        return BlockSums(total: deviance, least: margin)
      }
    }
    guard factor.isFinite else {
      throw try rows.infiniteValue(formula.responseName)
    }
    let solution = try LeastSquares(
      factor, standardization, hasIntercept: matrix.specification.hasIntercept, candidates: kept)
    return (solution, factor.sums)
  }

  /// Columns that still move although the likelihood no longer does: along them some rows are told
  /// apart perfectly, and the log odds of these grow by about 1 a step for ever.
  private func separatingColumns(
    _ estimates: [Double], _ next: [Double], _ kept: [Int]
  ) -> [Int] {
    let steps = zip(estimates, next).map { abs($1 - $0) }
    guard steps.count == kept.count else { return kept }
    return zip(kept, steps).compactMap { column, step in
      let reach =
        matrix.isIndicator(column) ? 1 : 1 / standardization.scales[column]
      return step * reach > 0.1 ? column : nil
    }
  }
}

/// Turns a block of [X y] into the weighted working problem at the log odds `eta`, and returns the
/// block's deviance and its least margin, the log odds in favour of what happened.
private func weigh(
  _ block: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>,
  _ eta: UnsafeMutablePointer<Double>?, _ roots: UnsafeMutablePointer<Double>, count: Int,
  size: Int
) -> (deviance: Double, margin: Double) {
  var deviance = 0.0
  var least = Double.infinity
  for row in 0..<count {
    let isEvent = y[row] > 0
    // R starts from probabilities of 3/4 and 1/4.
    let odds = eta?[row] ?? (isEvent ? log(3) : -log(3))
    let margin = isEvent ? odds : -odds
    least = margin < least ? margin : least
    // ln(1 + e^-margin), without overflow.
    let tail = exp(-abs(margin))
    deviance += 2 * (max(-margin, 0) + log1p(tail))
    // p (1 - p) is the derivative of p; it stays above 0 so that a far row keeps a voice.
    let weight = max(tail / ((1 + tail) * (1 + tail)), Double.leastNormalMagnitude.squareRoot())
    let root = weight.squareRoot()
    // y - p, as p of the opposite outcome, without cancellation.
    let missing = margin >= 0 ? tail / (1 + tail) : 1 / (1 + tail)
    let residual = isEvent ? missing : -missing
    roots[row] = root
    y[row] = root * odds + residual / root
  }
  // SAFETY: the block has `size` columns of `blockRows` values.
  for column in 0..<size - 1 {
    let place = block + column * blockRows
    for row in 0..<count { place[row] *= roots[row] }
  }
  if count < blockRows { (y + count).update(repeating: 0, count: blockRows - count) }
  return (deviance, least)
}

/// More than any likelihood with a maximum has needed; R's default is 25.
private let iterationLimit = 100

/// The log odds of the rows of a standardised block.
private struct LogOdds {
  private let columns: [Int]
  private let weights: [Double]
  private let constant: Double

  /// `estimates` of the `kept` columns are in the units of the data.
  init(_ estimates: [Double], _ kept: [Int], _ standardization: Standardization) {
    var constant = 0.0
    var weights: [Double] = []
    for (estimate, column) in zip(estimates, kept) {
      constant += estimate * standardization.shifts[column]
      weights.append(estimate / standardization.scales[column])
    }
    columns = kept
    self.weights = weights
    self.constant = constant
  }

  func evaluate(
    _ block: UnsafeMutablePointer<Double>, _ count: Int, to target: UnsafeMutablePointer<Double>
  ) {
    // SAFETY: the block has `blockRows` values for each column, the target has as many.
    target.update(repeating: constant, count: count)
    for (column, weight) in zip(columns, weights) {
      let place = block + column * blockRows
      for row in 0..<count { target[row] += weight * place[row] }
    }
  }
}
