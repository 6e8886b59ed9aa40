#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bins of equal width with round edges, or on the borders of the calendar.
///
/// Bin i holds the values from edge i up to, not including, edge i + 1, the last one too: a largest
/// value on an edge gets a bin of its own. Where a few values lie very far out, the bins cover the
/// central range and one bin at an end takes the rest; its outer edge is infinite.
package struct NiceBins: Sendable {
  /// What must be known of the values; infinite ones are not among them.
  package struct Summary: Sendable {
    package var count: Int
    package var min: Double
    package var max: Double
    package var q25: Double
    package var q75: Double
    /// The 1st and 99th percentiles where known; they help where most values are the same.
    package var q01: Double?
    package var q99: Double?
    /// Whether all values are whole numbers, as of an int column.
    package var isInteger: Bool
    /// Dates are in days, datetimes and durations in microseconds.
    package var kind: AxisKind

    package init(
      count: Int, min: Double, max: Double, q25: Double, q75: Double, q01: Double? = nil,
      q99: Double? = nil, isInteger: Bool = false, kind: AxisKind = .number
    ) {
      self.count = count
      self.min = min
      self.max = max
      self.q25 = q25
      self.q75 = q75
      self.q01 = q01
      self.q99 = q99
      self.isInteger = isInteger
      self.kind = kind
    }
  }

  /// One more than bins; empty where there is no value.
  package let edges: [Double]
  package let labels: [String]
  /// The width of a bin for the caption; nil where each bin is one value.
  package let width: String?
  /// For the caption: how far out the values of open bins lie.
  package let notes: [String]

  /// Bins for values of which `summary` is known: about `count` of them, else as many as the
  /// rule of Freedman and Diaconis says (that of Sturges where the quartiles are equal), 8 to 20.
  package init(_ summary: Summary, count: Int? = nil) {
    guard summary.count > 0, summary.min.isFinite, summary.max.isFinite, summary.min <= summary.max
    else {
      self.init(edges: [], labels: [], width: nil, notes: [])
      return
    }
    if summary.min == summary.max {
      self.init(single: summary)
      return
    }
    if summary.kind == .number, summary.isInteger,
      summary.max - summary.min < Double(count ?? Self.mostBins), summary.max.magnitude < 1e15
    {
      self.init(first: summary.min, last: summary.max)
      return
    }
    let search = BinSearch(summary, count: count)
    self.init(search)
  }

  static let mostBins = 20

  init(edges: [Double], labels: [String], width: String?, notes: [String]) {
    self.edges = edges
    self.labels = labels
    self.width = width
    self.notes = notes
  }

  /// The one bin of a variable that has one value.
  private init(single summary: Summary) {
    let value = summary.min
    let label: String
    let upper: Double
    switch summary.kind {
    case .number, .whole:
      label = NumberFormat.significant(17).text(value)
      upper = summary.isInteger && value.magnitude < 1e15 ? value + 1 : value.nextUp
    case .date:
      label = Step(unit: .time(microseconds: 86_400_000_000), axis: .date).texts([value])[0]
      upper = value + 1
    case .datetime, .duration:
      label = Step(unit: .time(microseconds: 1), axis: summary.kind).texts([value])[0]
      upper = Swift.max(value + 1, value.nextUp)
    }
    self.init(edges: [value, upper], labels: [label], width: nil, notes: [])
  }

  /// A bin for each whole number.
  private init(first: Double, last: Double) {
    let values = Array(stride(from: first, through: last, by: 1))
    let step = Step(unit: .decimal(mantissa: 1, exponent: 0), axis: .number)
    self.init(edges: values + [last + 1], labels: step.texts(values), width: nil, notes: [])
  }

  private init(_ search: BinSearch) {
    let step = search.step
    let indices = Array(stride(from: search.first, through: search.last, by: 1))
    var edges = indices.map(step.value)
    let texts = step.texts(indices)
    var labels: [String]
    let isOneValueEach =
      search.isInteger && step.unit == .decimal(mantissa: 1, exponent: 0)
    if step.namesBins {
      labels = indices.dropLast().map(step.binName)
    } else if isOneValueEach {
      labels = Array(texts.dropLast())
    } else {
      let width = texts.map(\.columnWidth).max() ?? 0
      let padded = texts.map { $0.padded(to: width, alignment: .right) }
      labels = zip(padded, padded.dropFirst()).map { "[\($0), \($1))" }
    }
    var notes: [String] = []
    if let lowest = search.lowest {
      edges.insert(-.infinity, at: 0)
      labels.insert("< " + texts[0], at: 0)
      notes.append("min " + lowest)
    }
    if let highest = search.highest {
      edges.append(.infinity)
      labels.append("≥ " + (texts.last ?? ""))
      notes.append("max " + highest)
    }
    self.init(
      edges: edges, labels: labels, width: isOneValueEach ? nil : step.lengthText, notes: notes)
  }

  /// The bin of a value; nil outside of all. Logarithmic in the number of bins.
  package func index(of value: Double) -> Int? {
    guard let first = edges.first, let last = edges.last, value >= first, value < last else {
      return nil
    }
    var low = 0
    var high = edges.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}

/// The choice of the step and of the range that the bins cover.
private struct BinSearch {
  let isInteger: Bool
  let step: Step
  /// The indices of the first and the last edge.
  let first: Double
  let last: Double
  /// The least and greatest value where they lie outside, as text.
  let lowest: String?
  let highest: String?

  private static let fewestBins = 8
  private static let mostBinsAskedFor = 1000

  init(_ summary: NiceBins.Summary, count: Int?) {
    isInteger = summary.isInteger
    let (lower, upper) = Self.centralRange(summary)
    let whole = Self.step(summary, summary.min, summary.max, count: count)
    let central = Self.step(summary, lower, upper, count: count)
    // Outer values go into an open bin only where bins fit for the others would be far too many.
    let isHeavy =
      (summary.max / 2 - summary.min / 2) / central.length > 1.25 * Double(NiceBins.mostBins)
      && central.length < whole.length
    step = isHeavy ? central : whole
    first = step.index(notAbove: isHeavy ? lower : summary.min)
    last = step.index(notAbove: isHeavy ? upper : summary.max) + 1
    lowest = step.value(first) > summary.min ? summary.kind.text(summary.min) : nil
    highest = step.value(last) <= summary.max ? summary.kind.text(summary.max) : nil
  }

  /// From the 1st to the 99th percentile and a little on, or, where those are unknown or far out
  /// themselves, three interquartile ranges around the middle half; all values where nothing tells
  /// the middle from the tails.
  private static func centralRange(_ summary: NiceBins.Summary) -> (Double, Double) {
    let spread = summary.q75 - summary.q25
    var lower = spread > 0 ? summary.q25 - 3 * spread : summary.min
    var upper = spread > 0 ? summary.q75 + 3 * spread : summary.max
    if let q01 = summary.q01, spread <= 0 || q01 >= summary.q25 - 6 * spread {
      lower = q01 - spread / 4
    }
    if let q99 = summary.q99, spread <= 0 || q99 <= summary.q75 + 6 * spread {
      upper = q99 + spread / 4
    }
    lower = max(lower, summary.min)
    upper = min(upper, summary.max)
    return lower < upper ? (lower, upper) : (summary.min, summary.max)
  }

  private static func step(
    _ summary: NiceBins.Summary, _ lower: Double, _ upper: Double, count: Int?
  ) -> Step {
    if summary.kind == .number, summary.isInteger, count == nil,
      upper - lower < Double(NiceBins.mostBins)
    {
      return fallback(summary)
    }
    // Halves, so that the difference of the largest floats does not overflow.
    let halfRange = upper / 2 - lower / 2
    let sturges = log2(Double(summary.count)).rounded(.up) + 1
    let fewest = min(Double(fewestBins), sturges)
    let most = Double(NiceBins.mostBins)
    let spread = summary.q75 - summary.q25
    let asked = count.map { Double(max(1, min(mostBinsAskedFor, $0))) }
    let diaconis = 2 * spread / cbrt(Double(summary.count))
    let natural = spread > 0 ? halfRange / (diaconis / 2) : sturges
    let target = asked ?? max(fewest, min(most, natural))
    // Edges closer than the floats around them would fall together.
    let finest = 4 * max(lower.magnitude, upper.magnitude).ulp
    let length = max(halfRange / (target / 2), finest)
    let steps = Step.candidates(
      around: length, axis: summary.kind, isInteger: summary.isInteger
    ).filter { $0.length >= finest }
    func bins(_ step: Step) -> Double { 2 * (halfRange / step.length) }
    guard asked == nil, summary.kind == .number else {
      return steps.min { abs(log(bins($0) / target)) < abs(log(bins($1) / target)) }
        ?? fallback(summary)
    }
    guard var place = steps.firstIndex(where: { $0.length >= length * (1 - 1e-9) }) else {
      return steps.last ?? fallback(summary)
    }
    func edgeCount(_ step: Step) -> Double {
      step.index(notAbove: upper) - step.index(notAbove: lower) + 1
    }
    while place > 0, edgeCount(steps[place]) < fewest, edgeCount(steps[place - 1]) <= most + 1 {
      place -= 1
    }
    return steps[place]
  }

  private static func fallback(_ summary: NiceBins.Summary) -> Step {
    switch summary.kind {
    case .number, .whole: Step(unit: .decimal(mantissa: 1, exponent: 0), axis: .number)
    case .date: Step(unit: .months(12), axis: .date)
    case .datetime: Step(unit: .months(12), axis: .datetime)
    case .duration: Step(unit: .time(microseconds: 86_400_000_000), axis: .duration)
    }
  }
}
