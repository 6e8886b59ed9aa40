import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tests of whether two variables go together.
package enum CorrelationTest {
  /// Of two lists of values of one length.
  package static func test(
    _ x: [Double], _ y: [Double], method: CorrelationMatrix.Method,
    alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    guard x.count >= 3 else {
      throw DataError(
        .tooFewRows,
        "a correlation needs 3 pairs or more, and \(x.count) "
          + (x.count == 1 ? "is" : "are") + " there")
    }
    let columns = try [x, y].map { Column(type: .float, storage: .float(try Buffer($0))) }
    guard let value = try CorrelationMatrix(columns, method: method)[0, 1] else {
      throw DataError(
        .invalidValue, "a variable whose values are all the same correlates with none")
    }
    if method == .kendall { return try kendall(value, x, y, alternative) }
    let n = Double(x.count)
    let t = value * ((n - 2) / ((1 - value) * (1 + value))).squareRoot()
    var result = TestResult(
      method == .pearson ? "Pearson's correlation" : "Spearman's rank correlation",
      pValue: alternative.pValue(t, upperTail: StudentT(degrees: n - 2).upperTail))
    result.statistic = .init("t", t)
    result.degrees = [n - 2]
    result.estimate = .init(method == .pearson ? "r" : "ρ", value)
    if method == .pearson {
      result.effect = .init("r²", value * value)
      if x.count > 3 {
        let around = alternative.interval(
          atanh(value), error: 1 / (n - 3).squareRoot(), level: level,
          upperQuantile: Normal.upperQuantile)
        result.interval = .init(tanh(around.lower), tanh(around.upper))
      }
    }
    return result
  }

  /// Exact below 50 pairs without ties; else by the normal approximation with the variance that
  /// ties leave (Kendall 1976).
  private static func kendall(
    _ tau: Double, _ x: [Double], _ y: [Double], _ alternative: TestResult.Alternative
  ) throws -> TestResult {
    let n = Double(x.count)
    let (a, b) = (try tieSizes(x), try tieSizes(y))
    var result = TestResult("Kendall's rank correlation", pValue: 1)
    result.estimate = .init("τ", tau)
    if a.isEmpty, b.isEmpty, x.count < 50 {
      let concordant = ((tau + 1) * n * (n - 1) / 4).rounded()
      result.pValue = RankDistribution.pValue(
        concordant, try RankDistribution.kendall(x.count), alternative)
      result.statistic = .init("T", concordant)
      result.notes.append("exact p")
      return result
    }
    func sum(_ sizes: [Double], _ body: (Double) -> Double) -> Double {
      sizes.reduce(0) { $0 + body($1) }
    }
    let pairs = n * (n - 1) / 2
    let scale =
      (pairs - sum(a) { $0 * ($0 - 1) / 2 }).squareRoot()
      * (pairs - sum(b) { $0 * ($0 - 1) / 2 }).squareRoot()
    let lone = n * (n - 1) * (2 * n + 5)
    let tied = { (t: Double) in t * (t - 1) * (2 * t + 5) }
    let twos = sum(a) { $0 * ($0 - 1) } * sum(b) { $0 * ($0 - 1) }
    let threes = sum(a) { $0 * ($0 - 1) * ($0 - 2) } * sum(b) { $0 * ($0 - 1) * ($0 - 2) }
    let variance =
      (lone - sum(a, tied) - sum(b, tied)) / 18 + twos / (2 * n * (n - 1))
      + threes / (9 * n * (n - 1) * (n - 2))
    let z = tau * scale / variance.squareRoot()
    result.statistic = .init("z", z)
    result.pValue = alternative.pValue(z, upperTail: Normal.upperTail)
    result.notes.append("p by the normal approximation")
    return result
  }

  /// How often each value that occurs more than once occurs.
  private static func tieSizes(_ values: [Double]) throws -> [Double] {
    let column = Column(type: .float, storage: .float(try Buffer(values)))
    let grouping = try Grouping(keys: [column], rowCount: values.count)
    return try grouping.sizes().filter { $0 > 1 }.map { Double($0) }
  }
}
