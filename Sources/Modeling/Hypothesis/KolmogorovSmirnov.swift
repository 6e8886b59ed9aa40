import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Kolmogorov and Smirnov's tests of whole distributions, two-sided.
package enum KolmogorovSmirnov {
  /// Whether two samples come from one distribution.
  package static func two(_ first: [Double], _ second: [Double]) throws -> TestResult {
    let (m, n) = (first.count, second.count)
    guard m > 0, n > 0 else {
      throw DataError(.tooFewRows, "this test needs values in both groups")
    }
    let (a, b) = (try sorted(first), try sorted(second))
    // Steps over the distinct values; `ends` tells behind how many values of both one ends.
    var (i, j, most) = (0, 0, 0.0)
    var ends: Set<Int> = []
    let isExact = m * n < 10_000
    while i < m || j < n {
      let value = i < m ? (j < n ? min(a[i], b[j]) : a[i]) : b[j]
      while i < m, a[i] == value { i += 1 }
      while j < n, b[j] == value { j += 1 }
      if isExact { ends.insert(i + j) }
      most = max(most, abs(Double(i) / Double(m) - Double(j) / Double(n)))
    }
    let p =
      isExact
      ? exact(most, m, n, ends)
      : asymptotic(most * (Double(m) * Double(n) / Double(m + n)).squareRoot())
    var result = TestResult("two-sample Kolmogorov-Smirnov test", pValue: p)
    result.statistic = .init("D", most)
    result.notes.append(isExact ? "exact p" : "p by the limiting distribution")
    return result
  }

  /// The share of orders of both samples that are anywhere as far apart, tied values being in place:
  /// a walk over (i, j) is stopped where it goes too far.
  private static func exact(_ statistic: Double, _ m: Int, _ n: Int, _ ends: Set<Int>) -> Double {
    let limit = (0.5 + (statistic * Double(m) * Double(n) - 1e-7).rounded(.down))
    var stopped = 0.0
    var row = [Double](repeating: 0, count: n + 1)
    for i in 0...m {
      for j in 0...n {
        var mass = i == 0 && j == 0 ? 1 : 0.0
        let left = Double(m + n - i - j + 1)
        if i > 0 { mass += row[j] * Double(m - i + 1) / left }
        if j > 0 { mass += row[j - 1] * Double(n - j + 1) / left }
        let distance = abs(i * n - j * m)
        if Double(distance) > limit, ends.contains(i + j) {
          stopped += mass
          mass = 0
        }
        row[j] = mass
      }
    }
    return min(1, stopped)
  }

  /// P(K > z) of Kolmogorov's limiting distribution.
  private static func asymptotic(_ z: Double) -> Double {
    if z <= 0 { return 1 }
    if z < 1 {
      let scale = -Double.pi * Double.pi / (8 * z * z)
      var sum = 0.0
      for k in stride(from: 1.0, through: 99, by: 2) { sum += exp(scale * k * k) }
      return 1 - (2 * .pi).squareRoot() / z * sum
    }
    var sum = 0.0
    var sign = 1.0
    for k in 1...100 {
      let term = exp(-2 * Double(k * k) * z * z)
      sum += sign * term
      if term < 1e-18 * sum { break }
      sign = -sign
    }
    return min(1, 2 * sum)
  }

  /// Whether values come from the normal distribution with a `mean` and `deviation` known before.
  package static func normal(
    _ values: [Double], mean: Double, deviation: Double
  ) throws -> TestResult {
    guard !values.isEmpty else { throw DataError(.tooFewRows, "there are no values to test") }
    let x = try sorted(values)
    let n = Double(x.count)
    var most = 0.0
    for (place, value) in x.enumerated() {
      let share = Normal.lowerTail((value - mean) / deviation)
      most = max(most, Double(place + 1) / n - share, share - Double(place) / n)
    }
    let hasTies = zip(x, x.dropFirst()).contains { $0 == $1 }
    let isExact = x.count < 100 && !hasTies
    var result = TestResult(
      "one-sample Kolmogorov-Smirnov test",
      pValue: isExact ? 1 - exactLowerTail(most, x.count) : asymptotic(most * n.squareRoot()))
    result.statistic = .init("D", most)
    result.notes.append(isExact ? "exact p" : "p by the limiting distribution")
    return result
  }

  /// P(D < d) of n values: G. Marsaglia, W. W. Tsang and J. Wang, J. Statistical Software 8, 2003.
  private static func exactLowerTail(_ d: Double, _ n: Int) -> Double {
    let scaled = Double(n) * d
    let k = Int(scaled) + 1
    let size = 2 * k - 1
    let h = Double(k) - scaled
    var matrix = Square(size)
    for i in 0..<size {
      for j in 0..<size { matrix[i, j] = i - j + 1 < 0 ? 0 : 1 }
    }
    for i in 0..<size {
      matrix[i, 0] -= pow(h, Double(i + 1))
      matrix[size - 1, i] -= pow(h, Double(size - i))
    }
    matrix[size - 1, 0] += 2 * h - 1 > 0 ? pow(2 * h - 1, Double(size)) : 0
    for i in 0..<size {
      for j in 0..<size where i - j + 1 > 0 {
        for factor in 1...(i - j + 1) { matrix[i, j] /= Double(factor) }
      }
    }
    let power = matrix.power(n)
    var value = power[k - 1, k - 1]
    var exponent = power.exponent
    for i in 1...n {
      value = value * Double(i) / Double(n)
      if value < 1e-140 {
        value *= 1e140
        exponent -= 140
      }
    }
    return value * pow(10, Double(exponent))
  }
}

/// A square matrix times a power of ten.
private struct Square {
  let size: Int
  var values: [Double]
  var exponent = 0

  init(_ size: Int) {
    self.size = size
    values = [Double](repeating: 0, count: size * size)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * size + column] }
    set { values[row * size + column] = newValue }
  }

  private func times(_ other: Square) -> Square {
    var product = Square(size)
    for i in 0..<size {
      for j in 0..<size {
        var sum = 0.0
        for k in 0..<size { sum += self[i, k] * other[k, j] }
        product[i, j] = sum
      }
    }
    product.exponent = exponent + other.exponent
    let middle = product[size / 2, size / 2]
    if middle > 1e140 {
      for place in product.values.indices { product.values[place] *= 1e-140 }
      product.exponent += 140
    }
    return product
  }

  func power(_ n: Int) -> Square {
    if n <= 1 { return self }
    let half = power(n / 2)
    let whole = half.times(half)
    return n % 2 == 0 ? whole : times(whole)
  }
}
