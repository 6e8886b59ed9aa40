import Columnar
import Display
import Language
import Notebooks

/// `violin column [by keys] [bandwidth=h] [log=x]`
struct ViolinVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "violin", .plot, "Violin plots: the shape of each group's values, with its quartiles",
    synopsis: "violin COLUMN [by KEYS] [bandwidth=H] [log=x] [where CONDITION]",
    details: [
      "The outline is the density that `density` draws, mirrored; all violins have the same area. "
        + "Inside, the median and the middle half. On a logarithmic axis the density is that of "
        + "the logarithms."
    ], clauses: [.by, .where],
    options: [
      .init("bandwidth", "H", "standard deviation of the kernel, else by Silverman's rule"),
      .init("log", "x", "a logarithmic axis; values not above 0 are left out and counted"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "violin flipper_length_mm by species"),
      Example("load \"datasets/weather.csv\" as weather", "violin temp_max by weather"),
    ], keywords: ["violinplot", "density", "distribution", "compare groups", "shape"],
    synonyms: ["violinplot"])

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
      let plotted = try call.plotted(item, of: frame, scale: scale, as: "a violin plot")
      let violins = try plotted.groups.map { label, values in
        let density = try PlottedDensity(values, within: try values.range(), scale, bandwidth)
        return ViolinPlot.Violin(
          label: label, valueCount: values.count, nullCount: values.nullCount, x: density.x,
          density: density.density, quartiles: try values.quartiles())
      }
      return .violins(
        ViolinPlot(
          variable: plotted.name, range: plotted.range ?? 0...1, kind: plotted.kind,
          scale: scale, violins: violins, caption: plotted.caption))
    }
  }
}
