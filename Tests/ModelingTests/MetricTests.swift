import Columnar
import Foundation
import TestSupport
import Testing

@testable import Modeling

/// Agreement with scikit-learn, by the cases of make-metrics.py, and what it does not cover.
@Suite struct MetricTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var observed: [Double]
    var predicted: [Double]
    var threshold: Double?
    var confusion: [Int]?
    var roc: [[Double]]?
    var values: [String: Double?]

    var testDescription: String { name }
  }

  private struct File: Decodable {
    var cases: [Case]
  }

  static func cases() throws -> [Case] {
    let text = try Project.text("Tests/Fixtures/modeling/metrics.json")
    return try JSONDecoder().decode(File.self, from: Data(text.utf8)).cases
  }

  @Test(arguments: try cases())
  func agreesWithScikitLearn(_ known: Case) throws {
    // Nulls are put between the rows; they are left out and counted.
    let observed = try Column.floats([nil] + known.observed + [1])
    let predicted = try Column.floats([0.5] + known.predicted + [nil])
    for (name, expected) in known.values {
      let metric = try #require(Metric(rawValue: name))
      let measure = try metric.measure(
        observed: observed, predicted: predicted, threshold: known.threshold ?? 0.5)
      #expect(
        relativeError(measure.value, expected) < 1e-12,
        "\(name): \(measure.value as Any) for \(expected as Any)")
      #expect(measure.rowsUsed == known.observed.count)
      #expect(measure.rowsLeftOut == 2)
    }
    guard let confusion = known.confusion, let roc = known.roc else { return }
    let scores = try EventScores(observed: observed, predicted: predicted)
    let found = scores.confusion(threshold: known.threshold ?? 0.5)
    #expect(
      [found.truePositives, found.falsePositives, found.falseNegatives, found.trueNegatives]
        == confusion)
    let curve = try scores.rocCurve()
    #expect(curve.count == roc.count)
    for (point, expected) in zip(curve, roc) {
      #expect(abs(point.falsePositiveRate - expected[0]) < 1e-15)
      #expect(abs(point.truePositiveRate - expected[1]) < 1e-15)
    }
  }

  @Test func undefinedValuesAreNil() throws {
    let ones = try Column.floats([1, 1])
    let halves = try Column.floats([0.5, 0.25])
    let empty = try Column.floats([])
    #expect(try Metric.auc.measure(observed: ones, predicted: halves).value == nil)
    #expect(try Metric.r2.measure(observed: ones, predicted: halves).value == nil)
    #expect(try Metric.prAUC.measure(observed: ones, predicted: halves).value == 1)
    for metric in Metric.allCases {
      let measure = try metric.measure(observed: empty, predicted: empty)
      #expect(measure == Measure(value: nil, rowsUsed: 0, rowsLeftOut: 0), "\(metric)")
    }
  }

  @Test func relativeErrorsLeaveOutZeros() throws {
    let measure = try Metric.mape.measure(
      observed: try Column.ints([0, 10, 20]), predicted: try Column.floats([1, 11, 18]))
    #expect(relativeError(measure.value, 0.1) < 1e-15)
    #expect(measure.rowsUsed == 2)
    #expect(measure.rowsLeftOut == 1)
  }

  @Test func wrongColumnsAreErrors() throws {
    let events = try Column.bools([true, false])
    let text = try Column.texts(["a", "b"])
    let scores = try Column.floats([0.25, 1.5])
    #expect(throws: DataError.self) {
      try Metric.auc.measure(observed: events, predicted: text)
    }
    #expect(throws: DataError.self) {
      try Metric.auc.measure(observed: events, predicted: scores)
    }
    #expect(throws: DataError.self) {
      try Metric.auc.measure(
        observed: try Column.ints([2, 1]), predicted: try Column.floats([0.5, 0.5]))
    }
    #expect(throws: DataError.self) {
      try Metric.rmse.measure(observed: try Column.ints([1]), predicted: scores)
    }
  }

  @Test func areaUnderTheCurveCountsPairs() throws {
    var state: UInt64 = 5
    func draw(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for size in [2, 3, 64, 65, 129] {
      let events = [true, false] + (2..<size).map { _ in draw(3) == 0 }
      let scores = (0..<size).map { _ in Double(draw(9)) / 8 }
      var won = 0.0
      var pairs = 0.0
      for event in 0..<size where events[event] {
        for other in 0..<size where !events[other] {
          pairs += 1
          won += scores[event] > scores[other] ? 1 : scores[event] == scores[other] ? 0.5 : 0
        }
      }
      let measure = try Metric.auc.measure(
        observed: try Column.bools(events), predicted: try Column.floats(scores))
      #expect(measure.value == won / pairs, "\(size) rows")
    }
  }

  @Test func calibrationBinsHoldAllRows() throws {
    let size = 997
    let scores = (0..<size).map { Double($0 * 7 % size) / Double(size) }
    let events = (0..<size).map { $0 * 7 % size > size / 2 }
    let bins = try EventScores(
      observed: try Column.bools(events), predicted: try Column.floats(scores)
    ).calibration()
    #expect(bins.count == 10)
    #expect(bins.map(\.rows).reduce(0, +) == size)
    #expect(bins.allSatisfy { (99...100).contains($0.rows) })
    #expect(bins.first?.eventRate == 0)
    #expect(bins.last?.eventRate == 1)
    for (left, right) in zip(bins, bins.dropFirst()) {
      #expect(left.highestScore < right.lowestScore)
    }
    let same = try EventScores(
      observed: try Column.bools([true, false, true]),
      predicted: try Column.floats([0.25, 0.25, 0.25])
    ).calibration()
    #expect(same.count == 1)
    #expect(same.first?.eventRate == 2.0 / 3)
    #expect(same.first?.meanScore == 0.25)
  }

  @Test func thinnedCurveKeepsItsEnds() throws {
    let size = 5_000
    let scores = try EventScores(
      observed: try Column.bools((0..<size).map { $0 % 3 == 0 }),
      predicted: try Column.floats((0..<size).map { Double($0) / Double(size) }))
    let curve = try scores.rocCurve(limit: 101)
    #expect(curve.count == 101)
    #expect(curve.first?.truePositiveRate == 0)
    #expect(curve.last?.falsePositiveRate == 1)
    #expect(curve.last?.truePositiveRate == 1)
  }
}
