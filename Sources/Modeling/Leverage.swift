import Columnar

extension FittedModel {
  /// The leverage of each row of `inputs`, columns as `predict` takes them: x'(X'X)⁻¹x, how much its
  /// own response moves its fitted value. Rows with a null input have a meaningless one.
  ///
  /// nil for models whose covariance is not that of least squares with one variance. Throws as
  /// `predict` does. Takes rows × columns² steps.
  package func leverages(_ inputs: [Column], rowCount: Int) throws -> [Double]? {
    guard case .linear(let linear) = statistics, standardErrors == .classical,
      linear.residualDeviation > 0
    else { return nil }
    guard inputs.count == design.inputs.count, inputs.allSatisfy({ $0.count == rowCount }) else {
      throw DataError(
        .invalidValue, "the model needs \(inputNames.joined(separator: ", "))")
    }
    var values: [InputValues] = []
    for (input, column) in zip(design.inputs, inputs) {
      values.append(try input.values(of: column))
    }
    let matrix = DesignMatrix(
      specification: design, values: values, selection: RowSelection(all: rowCount))
    let kept = coefficients.indices.filter { coefficients[$0].estimate != nil }
    guard covariance.count == kept.count * kept.count else { return nil }
    let variance = linear.residualDeviation * linear.residualDeviation
    let workspace = try matrix.workspace()
    let block = try Buffer<Double>(count: max(matrix.columnCount, 1) * blockRows)
    let none = Standardization(none: matrix.columnCount)
    var leverages: [Double] = []
    leverages.reserveCapacity(rowCount)
    for start in stride(from: 0, to: rowCount, by: blockRows) {
      try Cancellation.check()
      let range = start..<min(start + blockRows, rowCount)
      matrix.fill(range, none, workspace, to: block.base)
      for row in 0..<range.count {
        var sum = 0.0
        for (i, left) in kept.enumerated() {
          let value = block[left * blockRows + row]
          if value == 0 { continue }
          for (j, right) in kept.enumerated() {
            sum += value * block[right * blockRows + row] * covariance[i * kept.count + j]
          }
        }
        leverages.append(sum / variance)
      }
    }
    return leverages
  }
}
