#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The ticks of an axis: round numbers or the borders of the calendar, with their labels.
///
/// Steps are 1, 2, 2.5 or 5 times a power of ten, after Heckbert, "Nice Numbers for Graph Labels",
/// Graphics Gems (1990).
struct Ticks: Sendable {
  let values: [Double]
  let labels: [String]

  /// About `count` ticks within `range`.
  init(_ range: ClosedRange<Double>, kind: AxisKind, about count: Int) {
    let halfRange = range.upperBound / 2 - range.lowerBound / 2
    let target = Double(max(2, count))
    let finest = 4 * max(range.lowerBound.magnitude, range.upperBound.magnitude).ulp
    let steps = Step.candidates(
      around: max(finest, halfRange / (target / 2)), axis: kind, isInteger: false
    ).filter { $0.length >= finest }
    func distance(_ step: Step) -> Double { abs(log(2 * (halfRange / step.length) / target)) }
    guard halfRange > 0, let step = steps.min(by: { distance($0) < distance($1) }) else {
      values = [range.lowerBound]
      labels = [NumberFormat.significant(6).text(range.lowerBound)]
      return
    }
    var first = step.index(notAbove: range.lowerBound)
    if step.value(first) < range.lowerBound { first += 1 }
    let last = step.index(notAbove: range.upperBound)
    let indices = first <= last ? Array(stride(from: first, through: last, by: 1)) : []
    values = indices.map(step.value)
    labels = step.texts(indices)
  }

  /// About `count` ticks on a logarithmic axis over `range`, which is above zero: powers of ten, 2
  /// and 5 times those where there is room, and what a plain axis has where that is less than one
  /// power of ten.
  init(logarithmic range: ClosedRange<Double>, about count: Int) {
    let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
    let decades = high - low
    guard decades >= 1 else {
      self.init(range, kind: .number, about: count)
      return
    }
    let target = Double(max(2, count))
    var values: [Double] = []
    let mantissas: [Int] = decades * 3 <= target * 1.2 ? [1, 2, 5] : [1]
    let stride = max(1, Int((decades / target).rounded(.up)))
    for exponent in Int(low.rounded(.down))...Int(high.rounded(.up)) {
      // Counted from one, so that 1 is a tick wherever it lies in the range.
      if mantissas.count == 1, exponent % stride != 0 { continue }
      values += mantissas.compactMap { Double("\($0)e\(exponent)") }
    }
    self.init(values.filter(range.contains))
  }

  private init(_ values: [Double]) {
    self.values = values
    labels = values.map { value in
      let digits = DecimalDigits(value)
      return (-4...5).contains(digits.exponent)
        ? digits.plain(decimals: max(0, -digits.exponent)) : digits.scientific(significant: 1)
    }
  }
}
