import Columnar

/// The three-term recurrence of the polynomials up to `degree` that are orthogonal over the
/// selected values, as R's `poly` defines them: W. Kennedy and J. Gentle, Statistical Computing,
/// 1980, section 8.3 (Forsythe's method).
///
/// Throws `invalidValue` when there are not more distinct values than the degree.
func orthogonalPolynomial(
  _ values: InputValues, _ selection: RowSelection, degree: Int, name: String
) throws -> DesignSpecification.Coding {
  guard degree >= 1, degree <= 50 else {
    throw DataError(.invalidValue, "the degree of \(name) must lie in 1..50")
  }
  guard try distinctCount(values, selection, upTo: degree + 1) > degree else {
    throw DataError(
      .invalidValue, "\(name) needs more than \(degree) distinct values, one more than its degree")
  }
  var centers: [Double] = []
  var norms: [Double] = [1, Double(selection.count)]
  for step in 0..<degree {
    // A center is the mean of x weighted by p(step)²; the sums run over differences from a rough
    // center so that they do not cancel.
    let rough = centers.first ?? 0
    let known = (centers, norms)
    let first = try weightedSums(values, selection, known, shift: rough)
    let center = rough + first.moment / first.weight
    let exact = try weightedSums(values, selection, known, shift: center)
    centers.append(center + exact.moment / exact.weight)
    let next = (centers, norms)
    let norm = try weightedSums(values, selection, next, shift: 0, steps: step + 1).weight
    guard norm > 0, norm.isFinite else {
      throw DataError(.overflow, "the values of \(name) are too large or too close together")
    }
    norms.append(norm)
  }
  return .polynomial(centers: centers, norms: norms)
}

/// Overwrites `column` x by the values of the last of the recurrence's polynomials, not normed;
/// the ones before it go to `each`, with the place among the columns.
func evaluatePolynomials(
  centers: [Double], norms: [Double], steps: Int, _ x: UnsafeBufferPointer<Double>,
  each: (Int, Int, Double) -> Void
) {
  for row in 0..<x.count {
    var before = 0.0
    var current = 1.0
    each(row, 0, current)
    for step in 0..<steps {
      let ratio = step == 0 ? 0 : norms[step + 1] / norms[step]
      let next = (x[row] - centers[step]) * current - ratio * before
      before = current
      current = next
      each(row, step + 1, current)
    }
  }
}

/// Σ p² and Σ (x - shift) p² for the polynomial after `steps` steps of the recurrence.
private func weightedSums(
  _ values: InputValues, _ selection: RowSelection, _ known: (centers: [Double], norms: [Double]),
  shift: Double, steps: Int? = nil
) throws -> (weight: Double, moment: Double) {
  let steps = steps ?? known.centers.count
  let partial = try Workers.map(parts: Workers.partCount(selection.count)) { part in
    let range = Workers.part(part, of: selection.count)
    let x = try Buffer<Double>(count: range.count)
    values.copyNumbers(selection, range, to: x.base)
    var weight = DoubleDouble(0)
    var moment = DoubleDouble(0)
    evaluatePolynomials(
      centers: known.centers, norms: known.norms, steps: steps, x.elements
    ) { row, step, value in
      guard step == steps else { return }
      weight += DoubleDouble(product: value, value)
      moment += DoubleDouble(product: value * value, x.elements[row] - shift)
    }
    return (weight, moment)
  }
  var weight = DoubleDouble(0)
  var moment = DoubleDouble(0)
  for part in partial {
    weight += part.0
    moment += part.1
  }
  return (weight.value, moment.value)
}

/// How many distinct numbers the selected rows hold, counting no further than `limit`.
private func distinctCount(
  _ values: InputValues, _ selection: RowSelection, upTo limit: Int
) throws -> Int {
  var seen: Set<Double> = []
  for part in 0..<Workers.partCount(selection.count) {
    let range = Workers.part(part, of: selection.count)
    let x = try Buffer<Double>(count: range.count)
    values.copyNumbers(selection, range, to: x.base)
    try Cancellation.check()
    for value in x.elements {
      seen.insert(value)
      if seen.count >= limit { return seen.count }
    }
  }
  return seen.count
}
