import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Events and the probabilities predicted for them, for metrics of a classification.
package struct EventScores: Sendable {
  /// 1 where the event happened, else 0.
  let observed: Buffer<Double>
  let predicted: Buffer<Double>
  /// Rows in which the observation or the prediction is null.
  package let rowsLeftOut: Int
  package let eventCount: Int

  /// How many rows have both.
  package var count: Int { observed.count }

  /// Throws `typeMismatch` where a column is no number, `invalidValue` where they differ in length,
  /// where an observation is not 0 or 1, or a prediction no probability.
  package init(observed: Column, predicted: Column) throws {
    let pairs = try completePairs(observed: observed, predicted: predicted)
    self.observed = pairs.observed
    self.predicted = pairs.predicted
    rowsLeftOut = observed.count - pairs.rows.count
    var events = 0
    for place in 0..<pairs.rows.count {
      if place % 4_096 == 0 { try Cancellation.check() }
      let event = pairs.observed.base[place]
      let score = pairs.predicted.base[place]
      guard event == 0 || event == 1, score >= 0, score <= 1 else {
        let row = pairs.rows.rows.map { $0[place] } ?? place
        throw DataError(
          .invalidValue,
          event == 0 || event == 1
            ? "the prediction \(score) is no probability"
            : "an event is 1 or 0, here \(event) was observed", row: row)
      }
      if event == 1 { events += 1 }
    }
    eventCount = events
  }

  /// The counts when an event is predicted from `threshold` on.
  package func confusion(threshold: Double) -> ConfusionMatrix {
    var matrix = ConfusionMatrix()
    // SAFETY here and below: rows run below the count of both buffers.
    for row in 0..<count {
      switch (predicted.base[row] >= threshold, observed.base[row] == 1) {
      case (true, true): matrix.truePositives += 1
      case (true, false): matrix.falsePositives += 1
      case (false, true): matrix.falseNegatives += 1
      case (false, false): matrix.trueNegatives += 1
      }
    }
    return matrix
  }

  /// The mean of -ln of the probability given to what happened. A probability of 0 counts as the
  /// smallest distance from 1 that a float has, as in scikit-learn. nil without rows.
  package func logLoss() throws -> Double? {
    let (y, p) = (observed, predicted)
    guard count > 0 else { return nil }
    let sum = try summed(count) { row in
      let score = min(max(p.base[row], .ulpOfOne), 1 - .ulpOfOne)
      return y.base[row] == 1 ? -log(score) : -log1p(-score)
    }
    return sum / Double(count)
  }

  /// The mean squared difference of event and probability (G. Brier, 1950); nil without rows.
  package func brierScore() throws -> Double? {
    let (y, p) = (observed, predicted)
    guard count > 0 else { return nil }
    let sum = try summed(count) { (y.base[$0] - p.base[$0]) * (y.base[$0] - p.base[$0]) }
    return sum / Double(count)
  }

  /// The area under the ROC curve: the Mann-Whitney statistic with midranks for ties, exact up to
  /// the last division. nil where there are no events or nothing but events.
  package func areaUnderROC() throws -> Double? {
    let others = count - eventCount
    guard eventCount > 0, others > 0 else { return nil }
    // Twice the pairs won, ties counting one, as an integer.
    var twicePairs: Int128 = 0
    var othersBelow = 0
    for step in try steps().reversed() {
      twicePairs += Int128(step.events) * Int128(2 * othersBelow + step.others)
      othersBelow += step.others
    }
    return Double(twicePairs) / 2 / (Double(eventCount) * Double(others))
  }

  /// The mean precision over the events, by falling score, ties taken together: Σ ΔR P. nil without
  /// events.
  package func averagePrecision() throws -> Double? {
    guard eventCount > 0 else { return nil }
    var sum = 0.0
    var events = 0
    var rows = 0
    for step in try steps() {
      events += step.events
      rows += step.events + step.others
      sum += Double(step.events) * (Double(events) / Double(rows))
    }
    return sum / Double(eventCount)
  }

  /// Rows of one score.
  struct Step {
    var score: Double
    var events: Int
    var others: Int
  }

  /// The distinct scores, falling, with the rows that have them.
  func steps() throws -> [Step] {
    // A score in 0...1 sorts as its bits do; the lowest bit of a key says whether it is an event.
    var keys: [UInt64] = []
    keys.reserveCapacity(count)
    for row in 0..<count {
      // Adding 0 makes 0 of -0.
      let bits = (predicted.base[row] + 0).bitPattern
      keys.append(bits << 1 | (observed.base[row] == 1 ? 1 : 0))
    }
    try sortByDigits(&keys)
    var steps: [Step] = []
    var step = Step(score: .nan, events: 0, others: 0)
    for key in keys.reversed() {
      let score = Double(bitPattern: key >> 1)
      if score != step.score {
        if step.events + step.others > 0 { steps.append(step) }
        step = Step(score: score, events: 0, others: 0)
      }
      if key & 1 == 1 { step.events += 1 } else { step.others += 1 }
    }
    if step.events + step.others > 0 { steps.append(step) }
    return steps
  }
}

/// Sorts by 16-bit digits, the lowest first: four passes, whatever the order was.
private func sortByDigits(_ keys: inout [UInt64]) throws {
  if keys.count < 2_000 {
    keys.sort()
    return
  }
  var sorted = keys
  for shift in stride(from: UInt64(0), to: 64, by: 16) {
    try Cancellation.check()
    var starts = [Int](repeating: 0, count: 1 << 16)
    for key in keys { starts[Int(key >> shift & 0xffff)] += 1 }
    var next = 0
    for digit in starts.indices { (starts[digit], next) = (next, next + starts[digit]) }
    for key in keys {
      let digit = Int(key >> shift & 0xffff)
      sorted[starts[digit]] = key
      starts[digit] += 1
    }
    swap(&keys, &sorted)
  }
}
