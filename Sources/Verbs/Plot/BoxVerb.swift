import Columnar
import Display
import Language
import Notebooks

/// `box column [by keys] [log=x]`
struct BoxVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "box", .plot, "Box plots: median, quartiles, reach and outliers, a box a group",
    synopsis: "box COLUMN [by KEYS] [log=x] [where CONDITION]",
    details: [
      "Tukey's: the box is the middle half, the whiskers reach to the furthest values within one "
        + "and a half times its length, every value beyond them is drawn. Quartiles are exact (type 7)."
    ], clauses: [.by, .where],
    options: [.init("log", "x", "a logarithmic axis; values not above 0 are left out and counted")],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "box body_mass_g by species"),
      Example("load \"datasets/titanic.csv\" as titanic", "box fare by pclass log=x"),
    ], keywords: ["boxplot", "whisker", "quartiles", "outliers", "distribution", "compare groups"],
    synonyms: ["boxplot"])

  let call: Call
  let scale: AxisScale
  let needsInput = true

  /// More values beyond the whiskers than this are counted on a fine grid.
  private static let outlierLimit = 1_000
  private static let gridSize = 512

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...20, "a column")
    scale = try call.scales().x
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    return try call.plots { item in
      let plotted = try call.plotted(item, of: frame, scale: scale, as: "a box plot")
      let range = plotted.range ?? 0...1
      let boxes = try plotted.groups.map { try box($0.label, $0.values, range) }
      var caption = plotted.caption
      let outside = boxes.reduce(0) { $0 + $1.outliers.reduce(0) { $0 + $1.rows } }
      caption.append("\(grouped(outside)) beyond the whiskers")
      return .boxes(
        BoxPlot(
          variable: plotted.name, range: range, kind: plotted.kind, scale: scale, boxes: boxes,
          caption: caption))
    }
  }

  private func box(
    _ label: String?, _ values: PlottedValues, _ range: ClosedRange<Double>
  ) throws -> BoxPlot.Box {
    guard let quartiles = try values.quartiles() else {
      return BoxPlot.Box(
        label: label, valueCount: 0, nullCount: values.nullCount, quartiles: nil)
    }
    // Halves, so that the fences of the widest ranges are finite.
    let reach = 3 * (quartiles.upper / 2 - quartiles.lower / 2)
    let (low, high) = (quartiles.lower - reach, quartiles.upper + reach)
    let numbers = try values.column.numbers()
    var (lower, upper) = (quartiles.lower, quartiles.upper)
    var counts: [Double: Int] = [:]
    var cells = [Int](repeating: 0, count: Self.gridSize)
    var isBinned = false
    let width = range.upperBound / 2 - range.lowerBound / 2
    func cell(_ value: Double) -> Int {
      width > 0
        ? Int((value / 2 - range.lowerBound / 2) / width * Double(Self.gridSize - 1)) : 0
    }
    for row in 0..<numbers.count {
      if row & 0xFFFF == 0 { try Cancellation.check() }
      let value = numbers[row]
      if value >= low, value <= high {
        (lower, upper) = (min(lower, value), max(upper, value))
      } else if isBinned {
        cells[cell(value)] += 1
      } else {
        counts[value, default: 0] += 1
        if counts.count > Self.outlierLimit {
          isBinned = true
          for (value, rows) in counts { cells[cell(value)] += rows }
        }
      }
    }
    let outliers: [(value: Double, rows: Int)] =
      isBinned
      ? cells.indices.filter { cells[$0] > 0 }.map {
        let share = Double($0) / Double(Self.gridSize - 1)
        return (range.lowerBound * (1 - share) + range.upperBound * share, cells[$0])
      } : counts.keys.sorted().map { ($0, counts[$0] ?? 0) }
    return BoxPlot.Box(
      label: label, valueCount: values.count, nullCount: values.nullCount, quartiles: quartiles,
      lowerWhisker: lower, upperWhisker: upper, outliers: outliers)
  }
}
