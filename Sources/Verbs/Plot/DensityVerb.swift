import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `density column [by keys] [bandwidth=h] [log=x]`
struct DensityVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "density", .plot, "Density: a smooth histogram of a column",
    synopsis: "density COLUMN [by KEYS] [bandwidth=H] [log=x] [where CONDITION]",
    details: [
      "A Gaussian kernel over all rows, drawn from the least to the greatest value. The bandwidth "
        + "is by Silverman's rule, as R's; a smaller one shows more. With `by`, a panel a group on "
        + "shared axes. On a logarithmic axis it is the density of the logarithms."
    ], clauses: [.by, .where],
    options: [
      .init("bandwidth", "H", "standard deviation of the kernel, in units of the axis"),
      .init("log", "x", "a logarithmic axis; values not above 0 are left out and counted"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "density body_mass_g"),
      Example("load \"datasets/penguins.csv\" as penguins", "density body_mass_g by species"),
    ], keywords: ["kde", "kernel", "distribution", "smooth", "kdensity"],
    synonyms: ["kdensity", "kdeplot"])

  let call: Call
  let scale: AxisScale
  let bandwidth: Double?
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...20, "a column")
    scale = try call.scales().x
    bandwidth = try call.bandwidthOption()
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    return try call.plots { item in
      let plotted = try call.plotted(item, of: frame, scale: scale, as: "a density")
      let densities = try plotted.groups.map {
        try PlottedDensity($0.values, within: plotted.range, scale, bandwidth)
      }
      let isGrouped = !call.byItems.isEmpty
      let panels = zip(plotted.groups, densities).map { group, density in
        Curves.Panel(
          label: group.label,
          series: [Curves.Series(label: nil, x: density.x, y: density.density)],
          note: isGrouped ? group.values.note : nil)
      }
      let highest = densities.flatMap(\.density).filter(\.isFinite).max() ?? 1
      var caption = plotted.caption
      let widths = densities.filter { !$0.x.isEmpty }.map(\.bandwidth)
      if let least = widths.min(), let most = widths.max() {
        let number = NumberFormat.significant(3)
        caption.append(
          "bandwidth \(number.text(least))" + (most > least ? " to \(number.text(most))" : ""))
      }
      return .curves(
        Curves(
          kind: "density", shape: .area, xName: plotted.name,
          yName: scale == .log ? "density of log10(\(plotted.name))" : "density",
          xRange: plotted.range ?? 0...1, yRange: 0...max(highest, .leastNormalMagnitude),
          xKind: plotted.kind, xScale: scale, panels: panels, caption: caption, height: 12))
    }
  }
}

/// The density of one group's values, at places of the axis.
struct PlottedDensity {
  /// In units of the axis.
  let x: [Double]
  let density: [Double]
  let bandwidth: Double

  /// The density within a range, that of the logarithms on a logarithmic axis; empty where there is
  /// no range.
  init(
    _ values: PlottedValues, within range: ClosedRange<Double>?, _ scale: AxisScale,
    _ bandwidth: Double?
  ) throws {
    guard var range, values.count > 0 else {
      (x, density, self.bandwidth) = ([], [], 0)
      return
    }
    if scale == .log { range = log10(range.lowerBound)...log10(range.upperBound) }
    // A single value is a peak in the middle of an axis of its own.
    if range.lowerBound == range.upperBound {
      let margin = max(1, range.lowerBound.magnitude * 0.01)
      range = (range.lowerBound - margin)...(range.upperBound + margin)
    }
    let estimate = try KernelDensity(
      try values.placed(scale), range: range, bandwidth: bandwidth)
    x = scale == .log ? estimate.x.map { pow(10, $0) } : estimate.x
    density = estimate.density
    self.bandwidth = estimate.bandwidth
  }
}

extension Call {
  /// The option `bandwidth`; throws unless it is above zero.
  func bandwidthOption() throws -> Double? {
    guard let value = try scalarOption("bandwidth") else { return nil }
    guard let number = value.number, number > 0, number.isFinite else {
      throw invalid("bandwidth", "a number above 0, in units of the axis")
    }
    return number
  }
}
