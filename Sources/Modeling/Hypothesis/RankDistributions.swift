import Columnar

/// Exact distributions of rank statistics without ties, as shares of equally likely orders.
enum RankDistribution {
  /// P(U = u) for u in 0...m n, of Mann and Whitney's U of samples of `m` and `n`.
  ///
  /// By the recursion of Mann and Whitney (1947): the largest of all values is one of the first
  /// sample with probability m / (m + n), and then it beats all of the second. O(m² n²).
  static func mannWhitney(_ m: Int, _ n: Int) throws -> [Double] {
    let (few, many) = (min(m, n), max(m, n))
    var rows = [[Double]](repeating: [1], count: many + 1)
    for i in stride(from: 1, through: few, by: 1) {
      try Cancellation.check()
      var next: [[Double]] = [[1]]
      for j in 1...many {
        var row = [Double](repeating: 0, count: i * j + 1)
        let total = Double(i + j)
        for (u, share) in rows[j].enumerated() { row[u + j] += share * Double(i) / total }
        for (u, share) in next[j - 1].enumerated() { row[u] += share * Double(j) / total }
        next.append(row)
      }
      rows = next
    }
    return rows[many]
  }

  /// P(V = v) for v in 0...n(n+1)/2, of Wilcoxon's sum of the ranks of positive differences.
  static func signedRank(_ n: Int) throws -> [Double] {
    var shares = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
    shares[0] = 1
    for rank in stride(from: 1, through: n, by: 1) {
      for v in stride(from: shares.count - 1, through: 0, by: -1) {
        shares[v] = (shares[v] + (v >= rank ? shares[v - rank] : 0)) / 2
      }
    }
    return shares
  }

  /// P(T = t) for t in 0...n(n-1)/2, of the number of concordant pairs behind Kendall's τ.
  static func kendall(_ n: Int) throws -> [Double] {
    var shares: [Double] = [1]
    for size in stride(from: 2, through: n, by: 1) {
      var next = [Double](repeating: 0, count: size * (size - 1) / 2 + 1)
      for (t, share) in shares.enumerated() {
        for step in 0..<size { next[t + step] += share / Double(size) }
      }
      shares = next
    }
    return shares
  }

  /// The p-value of `statistic`, a whole number, for `shares` of each value from 0.
  static func pValue(
    _ statistic: Double, _ shares: [Double], _ alternative: TestResult.Alternative
  ) -> Double {
    let place = min(max(Int(statistic.rounded()), 0), shares.count - 1)
    let lower = shares[...place].reduce(0, +)
    let upper = shares[place...].reversed().reduce(0, +)
    switch alternative {
    case .twoSided: return min(1, 2 * min(lower, upper))
    case .less: return min(1, lower)
    case .greater: return min(1, upper)
    }
  }

  /// The least value whose lower tail is at least `probability`.
  static func quantile(_ probability: Double, _ shares: [Double]) -> Int {
    var sum = 0.0
    for (value, share) in shares.enumerated() {
      sum += share
      if sum >= probability { return value }
    }
    return shares.count - 1
  }
}

/// Ranks of `values` from 1, ties sharing their mean, and Σ (t³ - t) over the groups of ties.
func ranked(_ values: [Double]) throws -> (ranks: [Double], ties: Double) {
  let column = Column(type: .float, storage: .float(try Buffer(values)))
  let ranks = try column.meanRanks()
  let grouping = try Grouping(keys: [column], rowCount: values.count)
  let ties = try grouping.sizes().reduce(0.0) {
    let size = Double($1)
    return $0 + (size * size * size - size)
  }
  return (ranks.vector(0..<values.count).floats, ties)
}

/// `values` in rising order. Polls for interruption.
func sorted(_ values: [Double]) throws -> [Double] {
  let column = Column(type: .float, storage: .float(try Buffer(values)))
  let order = try sortedRows([SortColumn(column: column)], rowCount: values.count)
  return order.elements.map { values[Int($0)] }
}
