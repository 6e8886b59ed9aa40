import Columnar
import Display
import Language
import Notebooks

/// `hist column [bins=N] [by keys] [where condition]`
struct HistVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "hist", .plot, "Histogram: how the values of a column are spread",
    synopsis: "hist COLUMN [bins=N] [by KEYS] [where CONDITION]",
    details: [
      "Bins have round edges and hold their lower edge; `bins` asks for about so many. Columns of "
        + "few whole numbers get a bin a value. With `by`, a panel a group on shared axes. Text is "
        + "counted as by tabulate."
    ], clauses: [.by, .where],
    options: [.init("bins", "1…1000", "about how many bins")],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "hist body_mass_g"),
      Example("load \"datasets/penguins.csv\" as penguins", "hist body_mass_g by species bins=8"),
    ], keywords: ["histogram", "distribution", "frequency", "plot", "bins"],
    synonyms: ["histogram"])

  let call: Call
  let bins: Int?
  let needsInput = true

  private static let panelLimit = 30

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...20, "a column")
    bins = try call.integerOption("bins", in: 1...1000)
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
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
    let finite = try column.finiteRows()
    let bins = try NiceBins(summary(column, finite), count: self.bins)
    var panels: [Histogram.Panel] = []
    var infinite = 0
    for group in try call.groups(of: call.namedColumns(of: frame)) {
      try Cancellation.check()
      guard panels.count < Self.panelLimit else {
        throw call.misuse("`by` gives more than \(Self.panelLimit) groups, too many panels")
      }
      let values = try call.column(item, of: group.frame).column
      let finite = call.byItems.isEmpty ? finite : try values.finiteRows()
      let counted = values.count - values.nullCount
      let present = finite.map { $0.setCount } ?? counted
      infinite += counted - present
      let counts =
        bins.edges.count > 1
        ? try BinCounts(values, edges: bins.edges, mask: finite).counts : []
      panels.append(
        Histogram.Panel(
          label: group.label, counts: counts, valueCount: present, nullCount: values.nullCount))
    }
    var notes = bins.notes
    if infinite > 0 {
      notes.append("\(grouped(infinite)) infinite value\(infinite == 1 ? "" : "s") left out")
    }
    return Histogram(
      variable: name, binLabels: bins.labels, edges: bins.edges, binWidth: bins.width,
      panels: panels, notes: notes)
  }

  private func summary(_ column: Column, _ finite: Bitmap?) throws -> NiceBins.Summary {
    let values = try finite.map { try column.filter($0) } ?? column
    let points = try values.approximateQuantiles([0, 0.01, 0.25, 0.75, 0.99, 1])
      .map { $0.axisValue ?? 0 }
    return NiceBins.Summary(
      count: values.count - values.nullCount, min: points[0], max: points[5], q25: points[2],
      q75: points[3], q01: points[1], q99: points[4], isInteger: column.type == .int,
      kind: AxisKind(column.type))
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

extension AxisKind {
  init(_ type: DataType) {
    switch type {
    case .date: self = .date
    case .datetime: self = .datetime
    case .duration: self = .duration
    case .bool, .int, .float, .text: self = .number
    }
  }
}
