import Columnar
import Display
import Language
import Notebooks
import Query

/// `heatmap measure over rows, columns [by keys]`
struct HeatmapVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "heatmap", .plot, "Heat map: a measure for each pair of two columns' values",
    synopsis: "heatmap AGGREGATE over DOWN, ACROSS [by KEYS] [bins=N] [where CONDITION]",
    details: [
      "The first goes down, the second across, as in `tabulate`. Numbers and times of many values "
        + "are put into bins with round edges. Darker is more, in four steps that the legend "
        + "names; where there is room the values are written beside. Pairs without a row are blank. "
        + "`by` draws one for each group, with the same sides and shades."
    ], clauses: [.by, .where],
    options: [.init("bins", "2…60", "about how many bins numbers and times get; default 12")],
    examples: [
      Example(
        "load \"datasets/weather.csv\" as weather",
        "heatmap count() over weather, month(date)"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heatmap mean(body_mass_g) over species, island"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "heatmap mean(survived) over pclass, embarked by sex"),
    ], keywords: ["matrix", "crosstab", "grid", "calendar", "two-dimensional"],
    synonyms: ["heat_map"], prepositions: ["over"])

  let call: Call
  let over: [Item]
  let bins: Int?
  let needsInput = true

  /// Values that get a row or column of their own; above that numbers are put into bins.
  private static let valueLimit = 31
  private static let labelLimit = 60

  init(_ call: Call) throws {
    self.call = call
    over = try call.overItems(2...2, "heatmap count() over weekday(date), hour(date)")
    try call.expectItems(1...1, "one measure, as heatmap count() over weekday(date), hour(date)")
    bins = try call.integerOption("bins", in: 2...60)
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    let item = call.items[0]
    guard try call.isAggregate(item, frame.schema) else {
      throw Diagnostic(
        .type, "a cell stands for many rows: the measure is an aggregate", span: item.value.span,
        hints: ["heatmap mean(\(Language.print(item.value))) over …"])
    }
    let axes = try over.map { try axis($0, frame) }
    let groups = try call.panelRows(of: frame)
    let codes = try Column.ints(
      groups?.ids.elements.map { Int64($0) } ?? [Int64?](repeating: 0, count: frame.rowCount))
    let measured = try MeasuredKeys([item], by: [codes] + axes.map(\.codes), of: frame, call)
    let numbers = try call.numbers(measured.measures[0], item, "a cell")
    let blank = Array(
      repeating: [Double?](repeating: nil, count: axes[1].labels.count),
      count: axes[0].labels.count)
    let labels = groups.map { $0.labels.isEmpty ? [nil] : $0.labels } ?? [nil]
    var panels = labels.map { Heatmap.Panel(label: $0, values: blank) }
    var infinite = 0
    for (group, value) in numbers.enumerated() {
      guard let panel = measured.keys[0][group].place, let row = measured.keys[1][group].place,
        let column = measured.keys[2][group].place, panels.indices.contains(panel),
        blank.indices.contains(row), blank[row].indices.contains(column)
      else { continue }
      if let value, !value.isFinite {
        infinite += 1
      } else {
        panels[panel].values[row][column] = value
      }
    }
    var caption = ["n \(grouped(frame.rowCount))"]
    for axis in axes where axis.leftOut > 0 {
      caption.append("\(grouped(axis.leftOut)) without \(axis.name)")
    }
    if axes.allSatisfy({ $0.leftOut == 0 }) { caption.append("0 null") }
    if infinite > 0 { caption.append("\(grouped(infinite)) infinite left blank") }
    for axis in axes { caption += axis.notes }
    return .output(
      .plot(
        .heatmap(
          Heatmap(
            measure: call.label(item), rowName: axes[0].name, columnName: axes[1].name,
            rowLabels: axes[0].labels, columnLabels: axes[1].labels, panels: panels,
            caption: caption))))
  }

  /// The places of the rows of data along one side, and what the places are called.
  private struct Side {
    var name: String
    var codes: Column
    var labels: [String]
    /// Rows without a place: infinite values, and nulls of a side with bins.
    var leftOut: Int
    var notes: [String] = []
  }

  private func axis(_ item: Item, _ frame: Frame) throws -> Side {
    try refuseConstant(item.value, among: frame.names)
    let (name, column) = try call.column(item, of: frame)
    let isMeasured = column.type != .text && column.type != .bool
    if isMeasured,
      try bins != nil
        || Grouping(keys: [column], rowCount: column.count).groupCount
          > Self.valueLimit
    {
      return try binned(name, column)
    }
    let grouping = try Grouping(keys: [column], rowCount: column.count)
    guard grouping.groupCount <= Self.labelLimit else {
      throw Diagnostic(
        .arguments,
        "`\(name)` has \(grouped(grouping.groupCount)) values, and at most \(Self.labelLimit) are "
          + "drawn", span: item.value.span, hints: ["count by \(Language.print(item.value))"])
    }
    let labels =
      column.count == 0
      ? [] : grouping.firstRows.elements.map { column[Int($0)].label }
    return Side(
      name: name, codes: try Column.ints(try grouping.ids.elements.map { Int64($0) }),
      labels: labels, leftOut: 0)
  }

  private func binned(_ name: String, _ column: Column) throws -> Side {
    let bins = NiceBins(
      try NiceBins.Summary(column, where: column.finiteRows()), count: self.bins ?? 12)
    let numbers = try column.numbers()
    var leftOut = 0
    var codes: [Int64?] = []
    codes.reserveCapacity(column.count)
    for row in 0..<column.count {
      if row & 0xFFFF == 0 { try Cancellation.check() }
      guard !column.isNull(row), numbers[row].isFinite, bins.edges.count > 1 else {
        codes.append(nil)
        leftOut += 1
        continue
      }
      let place = bins.edges.partitioningIndex { $0 > numbers[row] } - 1
      codes.append(Int64(max(0, min(bins.edges.count - 2, place))))
    }
    return Side(
      name: name, codes: try Column.ints(codes), labels: bins.labels, leftOut: leftOut,
      notes: bins.notes)
  }
}

extension Scalar {
  /// A whole number as a place in a list.
  fileprivate var place: Int? {
    if case .int(let value) = self { Int(exactly: value) } else { nil }
  }
}

extension Array {
  /// The first place whose element `isPast`, which holds for all after it too.
  fileprivate func partitioningIndex(where isPast: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isPast(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
