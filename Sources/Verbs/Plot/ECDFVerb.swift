import Columnar
import Display
import Language
import Notebooks

/// `ecdf column [by keys] [log=x]`
struct ECDFVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "ecdf", .plot, "Share of values up to each value: the empirical distribution",
    synopsis: "ecdf COLUMN [by KEYS] [log=x] [where CONDITION]",
    details: [
      "At each value, the share of values that are not above it: the median lies where the curve "
        + "crosses 0.5. With `by`, a panel a group on shared axes. Nothing is smoothed or binned."
    ], clauses: [.by, .where],
    options: [.init("log", "x", "a logarithmic axis; values not above 0 are left out and counted")],
    examples: [
      Example("load \"datasets/titanic.csv\" as titanic", "ecdf fare log=x"),
      Example("load \"datasets/penguins.csv\" as penguins", "ecdf body_mass_g by species"),
    ],
    keywords: [
      "cumulative", "distribution", "quantile", "percentile", "cdf", "kolmogorov",
    ], synonyms: ["cdf"])

  let call: Call
  let scale: AxisScale
  let needsInput = true

  /// Steps shown at most: the curve goes through its own points at these.
  private static let stepLimit = 1_024

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...20, "a column")
    scale = try call.scales().x
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    return try call.plots { item in
      let plotted = try call.plotted(item, of: frame, scale: scale, as: "a distribution")
      let isGrouped = !call.byItems.isEmpty
      let panels = try plotted.groups.map { label, values in
        var (x, y) = try steps(values, from: plotted.range?.lowerBound ?? 0)
        if !x.isEmpty, let end = plotted.range?.upperBound {
          x.append(end)
          y.append(1)
        }
        return Curves.Panel(
          label: label, series: [Curves.Series(label: nil, x: x, y: y)],
          note: isGrouped ? values.note : nil)
      }
      return .curves(
        Curves(
          kind: "ecdf", shape: .step, xName: plotted.name, yName: "share of values up to it",
          xRange: plotted.range ?? 0...1, yRange: 0...1, xKind: plotted.kind, xScale: scale,
          panels: panels, caption: plotted.caption))
    }
  }

  /// The points at which the curve rises, from the axis' beginning on.
  private func steps(
    _ values: PlottedValues, from start: Double
  ) throws -> (x: [Double], y: [Double?]) {
    let sorted = try values.column.sortedFloats()
    let count = sorted.count
    if count == 0 { return ([], []) }
    var x = [start]
    var y: [Double?] = [0]
    let stride = max(1, count / Self.stepLimit)
    var place = 0
    while place < count {
      // The last row of a run of equal values: the whole run lies at or below it.
      var last = place
      while last + 1 < count, sorted[last + 1] == sorted[place] { last += 1 }
      if last & 0xFFFF == 0 { try Cancellation.check() }
      x.append(sorted[place])
      y.append(Double(last + 1) / Double(count))
      let next = max(last + 1, min(place + stride, count - 1))
      // Never into the middle of a run that began before.
      place = next
      while place > last + 1, place < count, sorted[place - 1] == sorted[place] { place -= 1 }
    }
    return (x, y)
  }
}
