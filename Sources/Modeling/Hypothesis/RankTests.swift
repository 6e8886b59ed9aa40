import Columnar

/// Tests by ranks, which ask nothing of how the values are distributed.
package enum RankTest {
  /// Below this size, and without ties, p-values come from the exact distribution, as R's do.
  private static let exactLimit = 50
  /// Up to as many pairs the shift and its interval are found from all of them.
  private static let pairLimit = 4_000_000

  /// Mann and Whitney's U test of two samples: whether a value of one is as likely above as below
  /// one of the other. The same as Wilcoxon's rank sum test.
  package static func mannWhitney(
    _ first: [Double], _ second: [Double], alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    try require(first.count, second.count)
    let (m, n) = (Double(first.count), Double(second.count))
    let (ranks, ties) = try ranked(first + second)
    let sum = try compensatedSum(Array(ranks[..<first.count])) { $0 }
    let u = sum - m * (m + 1) / 2
    let isExact = ties == 0 && first.count < exactLimit && second.count < exactLimit
    var result = TestResult("Mann-Whitney U test", pValue: 1)
    var critical: Int?
    if isExact {
      let shares = try RankDistribution.mannWhitney(first.count, second.count)
      result.pValue = RankDistribution.pValue(u, shares, alternative)
      critical = RankDistribution.quantile(tail(alternative, level), shares)
      result.notes.append("exact p")
    } else {
      let total = m + n
      let variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
      guard variance > 0 else { throw constant }
      result.pValue = normal(u - m * n / 2, variance, alternative)
      let reach = Normal.upperQuantile(tail(alternative, level)) * variance.squareRoot()
      critical = Int((m * n / 2 - reach).rounded())
      result.notes.append(
        "p by the normal approximation with continuity correction"
          + (ties > 0 ? ", corrected for ties" : ""))
    }
    result.statistic = .init("U", u)
    result.effect = .init("rank-biserial correlation", 2 * u / (m * n) - 1)
    if first.count * second.count <= pairLimit {
      var differences: [Double] = []
      differences.reserveCapacity(first.count * second.count)
      for a in first { for b in second { differences.append(a - b) } }
      try shift(&result, differences, critical ?? 0, alternative)
      result.estimate?.name = "median of the differences"
    }
    return result
  }

  /// Wilcoxon's signed rank test: whether differences lie around 0 evenly. Zeros are left out.
  package static func signedRank(
    _ differences: [Double], alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    let values = differences.filter { $0 != 0 }
    guard !values.isEmpty else {
      throw DataError(.tooFewRows, "all differences are 0 or null: nothing is left to rank")
    }
    let (ranks, ties) = try ranked(values.map { abs($0) })
    let n = Double(values.count)
    var v = 0.0
    for (value, rank) in zip(values, ranks) where value > 0 { v += rank }
    let zeros = differences.count - values.count
    let isExact = ties == 0 && zeros == 0 && values.count < exactLimit
    var result = TestResult("Wilcoxon signed rank test", pValue: 1)
    let critical: Int
    if isExact {
      let shares = try RankDistribution.signedRank(values.count)
      result.pValue = RankDistribution.pValue(v, shares, alternative)
      critical = RankDistribution.quantile(tail(alternative, level), shares)
      result.notes.append("exact p")
    } else {
      let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
      guard variance > 0 else { throw constant }
      result.pValue = normal(v - n * (n + 1) / 4, variance, alternative)
      let reach = Normal.upperQuantile(tail(alternative, level)) * variance.squareRoot()
      critical = Int((n * (n + 1) / 4 - reach).rounded())
      result.notes.append("p by the normal approximation with continuity correction")
    }
    if zeros > 0 {
      result.notes.append("\(zeros) zero difference\(zeros == 1 ? "" : "s") left out")
    }
    result.statistic = .init("V", v)
    result.effect = .init("rank-biserial correlation", 4 * v / (n * (n + 1)) - 1)
    if values.count * (values.count + 1) / 2 <= pairLimit {
      var averages: [Double] = []
      averages.reserveCapacity(values.count * (values.count + 1) / 2)
      for i in values.indices { for j in 0...i { averages.append((values[i] + values[j]) / 2) } }
      try shift(&result, averages, critical, alternative)
      result.estimate?.name = "pseudomedian"
    }
    return result
  }

  /// Kruskal and Wallis's test of several samples, corrected for ties.
  package static func kruskalWallis(_ groups: [[Double]]) throws -> TestResult {
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }) else {
      throw DataError(.tooFewRows, "this test needs two groups or more, none of them empty")
    }
    let (ranks, ties) = try ranked(groups.flatMap { $0 })
    let n = Double(ranks.count)
    var start = 0
    var sum = 0.0
    for group in groups {
      let total = try compensatedSum(Array(ranks[start..<start + group.count])) { $0 }
      sum += total * total / Double(group.count)
      start += group.count
    }
    let correction = 1 - ties / (n * n * n - n)
    guard correction > 0 else { throw constant }
    let h = (12 * sum / (n * (n + 1)) - 3 * (n + 1)) / correction
    let degrees = Double(groups.count - 1)
    var result = TestResult(
      "Kruskal-Wallis test", pValue: ChiSquared(degrees: degrees).upperTail(h))
    result.statistic = .init("H", h)
    result.degrees = [degrees]
    result.effect = .init("ε²", h / (n - 1))
    return result
  }

  private static let constant = DataError(
    .invalidValue, "all values are the same: there is no order to go by")

  private static func require(_ first: Int, _ second: Int) throws {
    if first == 0 || second == 0 {
      throw DataError(.tooFewRows, "this test needs values in both groups")
    }
  }

  private static func tail(_ alternative: TestResult.Alternative, _ level: Double) -> Double {
    alternative == .twoSided ? (1 - level) / 2 : 1 - level
  }

  /// With half a step toward 0, as a whole number stands for what lies around it.
  private static func normal(
    _ difference: Double, _ variance: Double, _ alternative: TestResult.Alternative
  ) -> Double {
    let step: Double =
      switch alternative {
      case .twoSided: difference > 0 ? 0.5 : difference < 0 ? -0.5 : 0
      case .less: -0.5
      case .greater: 0.5
      }
    let z = (difference - step) / variance.squareRoot()
    return alternative.pValue(z, upperTail: Normal.upperTail)
  }

  /// The median of `pairs` (Hodges and Lehmann 1963) and the interval between those so far from
  /// both ends that the test would just not reject them.
  private static func shift(
    _ result: inout TestResult, _ pairs: [Double], _ critical: Int,
    _ alternative: TestResult.Alternative
  ) throws {
    let ordered = try sorted(pairs)
    let (count, half) = (ordered.count, ordered.count / 2)
    guard count > 0 else { return }
    let median = count % 2 == 1 ? ordered[half] : (ordered[half - 1] + ordered[half]) / 2
    result.estimate = .init("", median)
    let place = min(max(critical, 1), (count + 1) / 2)
    let (lower, upper) = (ordered[place - 1], ordered[count - place])
    switch alternative {
    case .twoSided: result.interval = .init(lower, upper)
    case .less: result.interval = .init(-.infinity, upper)
    case .greater: result.interval = .init(lower, .infinity)
    }
  }
}
