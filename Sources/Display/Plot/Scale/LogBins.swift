#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension NiceBins {
  /// Bins on a logarithmic axis over a range above zero, each about as many times its lower edge:
  /// edges are 1, 2 and 5 times powers of ten, powers of ten alone where those are too many, or
  /// evenly spaced logarithms where `count` asks for more. No bins for no range.
  package init(ratios range: ClosedRange<Double>?, count: Int? = nil) throws {
    guard let range, range.lowerBound > 0, range.upperBound.isFinite else {
      self.init(edges: [], labels: [], width: nil, notes: [])
      return
    }
    let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
    let exponents = Int(low.rounded(.down))...Int(high.rounded(.down)) + 1
    let target = Double(count ?? Self.mostBins)
    let decades = max(high - low, 1e-9)
    var edges: [Double]
    if 3 * decades <= target, count == nil || 6 * decades > target {
      edges = exponents.flatMap { exponent in
        [1, 2, 5].compactMap { Double("\($0)e\(exponent)") }
      }
    } else if 3 * decades > target {
      let stride = max(1, Int((decades / target).rounded(.up)))
      edges = exponents.filter { $0 % stride == 0 || $0 == exponents.lowerBound }
        .compactMap { Double("1e\($0)") }
      if let last = edges.last, last <= range.upperBound,
        let next = Double("1e\(exponents.upperBound)")
      {
        edges.append(next)
      }
    } else {
      let parts = max(1, Int((target / decades).rounded()))
      edges = exponents.flatMap { exponent in
        (0..<parts).map { pow(10, Double(exponent) + Double($0) / Double(parts)) }
      }
    }
    edges = edges.filter { $0.isFinite && $0 > 0 }
    let first = edges.lastIndex { $0 <= range.lowerBound } ?? 0
    let last = edges.firstIndex { $0 > range.upperBound } ?? edges.count - 1
    edges = first < last ? Array(edges[first...last]) : []
    if edges.isEmpty { edges = [range.lowerBound, range.upperBound.nextUp] }
    let texts = edges.map { NumberFormat.significant(3).text($0) }
    let width = texts.map(\.columnWidth).max() ?? 0
    let padded = texts.map { $0.padded(to: width, alignment: .right) }
    self.init(
      edges: edges, labels: zip(padded, padded.dropFirst()).map { "[\($0), \($1))" },
      width: nil, notes: ["logarithmic bins"])
  }
}
