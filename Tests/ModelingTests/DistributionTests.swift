import Columnar
import Foundation
import TestSupport
import Testing

@testable import Modeling

/// Tails to 1e-12 relative, against values of 20 digits made by make-distributions.py.
@Suite struct DistributionTests {
  struct Tail {
    var family: String
    var x: Double
    var first: Double
    var second: Double
    var upper: Double
  }

  static func tails() throws -> [Tail] {
    let data = Data(try Project.text("Tests/Fixtures/modeling/distributions.json").utf8)
    let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let rows = try #require(file["tails"] as? [[Any]])
    return rows.map { row in
      let numbers = row.dropFirst().map { ($0 as! NSNumber).doubleValue }
      return Tail(
        family: row[0] as! String, x: numbers[0], first: numbers[1], second: numbers[2],
        upper: numbers[3])
    }
  }

  @Test func upperTails() throws {
    let tails = try DistributionTests.tails()
    #expect(tails.count > 200)
    for tail in tails {
      let value =
        switch tail.family {
        case "t": StudentT(degrees: tail.first).twoSided(tail.x)
        case "f":
          FDistribution(numerator: tail.first, denominator: tail.second).upperTail(tail.x)
        case "chi2": ChiSquared(degrees: tail.first).upperTail(tail.x)
        default: Normal.upperTail(tail.x)
        }
      #expect(
        relativeError(value, tail.upper) < 1e-12,
        "\(tail): \(value), off by \(relativeError(value, tail.upper))")
    }
  }

  @Test func quantilesInvertTails() {
    for p in [1e-300, 1e-100, 1e-10, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999] {
      #expect(relativeError(Normal.upperTail(Normal.upperQuantile(p)), p) < 1e-12)
      for degrees in [1.0, 2, 4.5, 30, 338, 1e6] {
        let t = StudentT(degrees: degrees)
        #expect(relativeError(t.upperTail(t.upperQuantile(p)), p) < 1e-11, "t \(degrees) \(p)")
        let chi = ChiSquared(degrees: degrees)
        let f = FDistribution(numerator: 3, denominator: degrees)
        let pairs = [
          (chi.upperQuantile(p), chi.upperTail), (chi.quantile(p), chi.lowerTail),
          (f.upperQuantile(p), f.upperTail), (f.quantile(p), f.lowerTail),
        ]
        for (quantile, tail) in pairs where quantile > 1e-290 && quantile < 1e290 {
          #expect(relativeError(tail(quantile), p) < 1e-10, "\(degrees) \(p) \(quantile)")
        }
      }
    }
  }

  @Test func knownQuantiles() {
    #expect(relativeError(Normal.quantile(0.975), 1.959_963_984_540_054) < 1e-15)
    #expect(relativeError(StudentT(degrees: 338).quantile(0.975), 1.967_007_310_667_243) < 1e-12)
    #expect(relativeError(StudentT(degrees: 1).quantile(0.975), 12.706_204_736_174_7) < 1e-13)
    #expect(relativeError(ChiSquared(degrees: 1).quantile(0.95), 3.841_458_820_694_12) < 1e-13)
  }

  @Test func oddArgumentsGiveTheLimits() {
    let t = StudentT(degrees: 5)
    #expect(t.twoSided(.infinity) == 0)
    #expect(t.twoSided(0) == 1)
    #expect(t.twoSided(.nan).isNaN)
    #expect(t.twoSided(1e300) >= 0)
    #expect(relativeError(StudentT(degrees: 0.1).twoSided(1e200), 1.4487e-20) < 0.5)
    #expect(StudentT(degrees: 0).twoSided(1).isNaN)
    #expect(Normal.quantile(1) == .infinity)
    #expect(Normal.quantile(2).isNaN)
    #expect(FDistribution(numerator: 2, denominator: 3).upperTail(-1) == 1)
    #expect(ChiSquared(degrees: 3).upperTail(.infinity) == 0)
  }
}
