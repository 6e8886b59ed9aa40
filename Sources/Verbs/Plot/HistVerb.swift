import Columnar
import Display
import Language
import Notebooks

/// `hist column [bins=N] [by keys] [where condition]`
struct HistVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "hist", .plot, "Histogram: how the values of a column are spread",
    synopsis: "hist COLUMN [bins=N] [normal=true] [log=x] [by KEYS] [where CONDITION]",
    details: [
      "Bins have round edges and hold their lower edge; `bins` asks for about so many. Columns of "
        + "few whole numbers get a bin a value. With `by`, a panel a group on shared axes. Text is "
        + "counted as by tabulate. `normal=true` marks how many values a normal distribution of the "
        + "same mean and standard deviation would put into each bin; `qq` and `test shapiro` look "
        + "closer."
    ], clauses: [.by, .where],
    options: [
      .init("bins", "1…1000", "about how many bins"),
      .init("normal", "true", "mark a normal curve over the bars"),
      .init("log", "x", "bins of equal ratio; values not above 0 are left out and counted"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "hist body_mass_g"),
      Example("load \"datasets/penguins.csv\" as penguins", "hist body_mass_g by species bins=8"),
      Example("load \"datasets/penguins.csv\" as penguins", "hist bill_depth_mm normal=true"),
    ], keywords: ["normal curve", "histogram", "distribution", "frequency", "plot", "bins"],
    synonyms: ["histogram"])

  let call: Call
  let bins: Int?
  let comparesNormal: Bool
  let scale: AxisScale
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...20, "a column")
    bins = try call.integerOption("bins", in: 1...1000)
    comparesNormal = try call.flagOption("normal")
    scale = try call.scales().x
    if comparesNormal, scale == .log {
      throw call.misuse(
        "a normal distribution has no logarithmic axis", at: call.option("normal")?.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    let outputs = try call.items.map { item -> Output in
      let (name, column) = try call.column(item, of: frame)
      switch column.type {
      case .text, .bool: return .plot(.bars(try bars(name, column, item)))
      default: return .plot(.histogram(try histogram(name, column, item, frame)))
      }
    }
    return outputs.count == 1 ? .output(outputs[0]) : .outputs(outputs)
  }

  private func histogram(
    _ name: String, _ column: Column, _ item: Item, _ frame: Frame
  ) throws -> Histogram {
    if scale == .log, !column.type.isNumeric {
      throw Diagnostic(
        .type, "`\(name)` is \(column.type.rawValue), and a logarithmic axis is of numbers",
        span: call.option("log")?.span)
    }
    let finite = try column.finiteRows()
    let bins =
      scale == .log
      ? try NiceBins(ratios: try PlottedValues(column, scale: .log).range(), count: self.bins)
      : try NiceBins(NiceBins.Summary(column, where: finite), count: self.bins)
    var panels: [Histogram.Panel] = []
    var (infinite, nonPositive) = (0, 0)
    for group in try call.panels(of: frame) {
      try Cancellation.check()
      let values = try call.column(item, of: group.frame).column
      let finite = call.byItems.isEmpty ? finite : try values.finiteRows()
      let counted = values.count - values.nullCount
      var present = finite.map { $0.setCount } ?? counted
      infinite += counted - present
      let binned =
        bins.edges.count > 1 ? try BinCounts(values, edges: bins.edges, mask: finite) : nil
      if scale == .log {
        let placed = try PlottedValues(values, scale: .log)
        nonPositive += placed.nonPositiveCount
        present = placed.count
      }
      var panel = Histogram.Panel(
        label: group.label, counts: binned?.counts ?? [], valueCount: present,
        nullCount: values.nullCount)
      if comparesNormal { panel.expected = try normal(values, bins.edges) }
      panels.append(panel)
    }
    var notes = bins.notes
    if infinite > 0 {
      notes.append("\(grouped(infinite)) infinite value\(infinite == 1 ? "" : "s") left out")
    }
    if nonPositive > 0 { notes.append("\(grouped(nonPositive)) not above 0 left out") }
    return Histogram(
      variable: name, binLabels: bins.labels, edges: bins.edges, binWidth: bins.width,
      panels: panels, notes: notes)
  }

  /// How many values a normal distribution of the same mean and standard deviation would put into
  /// each bin; nil where those are not defined.
  private func normal(_ values: Column, _ edges: [Double]) throws -> [Double]? {
    let kept = try PlottedValues(values)
    let whole = try Grouping.whole(rowCount: kept.count)
    guard kept.count > 1, edges.count > 1,
      let mean = try reduce(.mean, [kept.column], by: whole)[0].number,
      let deviation = try reduce(.standardDeviation, [kept.column], by: whole)[0].number,
      deviation > 0, deviation.isFinite
    else { return nil }
    let below = edges.map { Normal.lowerTail(($0 - mean) / deviation) }
    return zip(below, below.dropFirst()).map { ($1 - $0) * Double(kept.count) }
  }

  private func bars(_ name: String, _ column: Column, _ item: Item) throws -> Bars {
    guard call.byItems.isEmpty else {
      throw call.misuse(
        "`\(name)` is \(column.type.rawValue); `hist … by` needs numbers or times",
        at: item.value.span)
    }
    let counts = try ValueCounts(column)
    let shown = counts.mostFrequent(bins ?? 20)
    let distinct = counts.counts.count - (column.nullCount > 0 ? 1 : 0)
    var caption = ["n \(grouped(column.count - column.nullCount))"]
    if column.nullCount > 0 { caption.append("\(grouped(column.nullCount)) null") }
    if distinct > shown.count {
      caption.append("\(grouped(distinct - shown.count)) more values not shown")
    }
    return Bars(
      variable: name, measure: "count", labels: shown.map { counts.values[$0].text },
      values: shown.map { Double(counts.counts[$0]) }, caption: caption)
  }
}

extension NiceBins.Summary {
  /// What bins need to know of a column of numbers or times, without nulls and infinities; `finite`
  /// marks the rows without infinities where there are any.
  init(_ column: Column, where finite: Bitmap?) throws {
    let values = try finite.map { try column.filter($0) } ?? column
    let points = try values.approximateQuantiles([0, 0.01, 0.25, 0.75, 0.99, 1])
      .map { $0.axisValue ?? 0 }
    self.init(
      count: values.count - values.nullCount, min: points[0], max: points[5], q25: points[2],
      q75: points[3], q01: points[1], q99: points[4], isInteger: column.type == .int,
      kind: AxisKind(column.type))
  }
}

extension AxisKind {
  init(_ type: DataType) {
    switch type {
    case .date: self = .date
    case .datetime: self = .datetime
    case .duration: self = .duration
    case .bool, .int, .float, .text: self = .number
    }
  }

  /// That of an axis on which a column's values lie.
  init(along type: DataType) { self = type == .int ? .whole : AxisKind(type) }
}
