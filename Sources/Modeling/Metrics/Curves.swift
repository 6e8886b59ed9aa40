/// A point of the ROC curve.
package struct ROCPoint: Sendable, Hashable {
  /// An event is predicted from here on; infinite at the curve's start.
  package var threshold: Double
  package var falsePositiveRate: Double
  package var truePositiveRate: Double
}

/// Rows of similar predicted probability, and how often the event happened among them.
package struct CalibrationBin: Sendable, Hashable {
  package var rows: Int
  package var lowestScore: Double
  package var highestScore: Double
  package var meanScore: Double
  package var eventRate: Double
}

extension EventScores {
  /// The ROC curve from (0, 0) to (1, 1), a point for each distinct score; at most `limit` points,
  /// evenly thinned, always with both ends. Empty where the curve is undefined.
  package func rocCurve(limit: Int = 1_001) throws -> [ROCPoint] {
    let others = count - eventCount
    guard eventCount > 0, others > 0, limit >= 2 else { return [] }
    var points = [ROCPoint(threshold: .infinity, falsePositiveRate: 0, truePositiveRate: 0)]
    var events = 0
    var rest = 0
    for step in try steps() {
      events += step.events
      rest += step.others
      points.append(
        ROCPoint(
          threshold: step.score, falsePositiveRate: Double(rest) / Double(others),
          truePositiveRate: Double(events) / Double(eventCount)))
    }
    guard points.count > limit else { return points }
    let last = points.count - 1
    return (0..<limit).map { points[$0 * last / (limit - 1)] }
  }

  /// The rows in `binCount` bins of nearly equal size by rising score; rows of one score share a
  /// bin, so that there may be fewer. Empty without rows.
  package func calibration(binCount: Int = 10) throws -> [CalibrationBin] {
    guard binCount > 0, count > 0 else { return [] }
    var bins: [CalibrationBin] = []
    var current = (rows: 0, events: 0, sum: 0.0, lowest: 0.0, highest: 0.0)
    var currentBin = 0
    var done = 0
    func close() {
      guard current.rows > 0 else { return }
      bins.append(
        CalibrationBin(
          rows: current.rows, lowestScore: current.lowest, highestScore: current.highest,
          meanScore: current.sum / Double(current.rows),
          eventRate: Double(current.events) / Double(current.rows)))
      current = (0, 0, 0, 0, 0)
    }
    for step in try steps().reversed() {
      let rows = step.events + step.others
      // A score goes to the bin in which most of its rows would lie.
      let middle = done + rows / 2
      let (product, overflow) = middle.multipliedReportingOverflow(by: binCount)
      let bin = overflow ? middle / (count / binCount + 1) : product / count
      if bin != currentBin { close() }
      currentBin = bin
      if current.rows == 0 { current.lowest = step.score }
      current.rows += rows
      current.events += step.events
      current.sum += step.score * Double(rows)
      current.highest = step.score
      done += rows
    }
    close()
    return bins
  }
}
