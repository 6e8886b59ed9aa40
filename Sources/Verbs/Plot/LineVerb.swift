import Columnar
import Display
import Language
import Notebooks
import Query

/// `line measure, … over x [by keys] [color=column] [log=…]`
struct LineVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "line", .plot, "Line chart: a measure over time or another number",
    synopsis:
      "line MEASURE, … over X [by KEYS] [color=COLUMN] [log=x|y|xy] [where CONDITION]",
    details: [
      "The measure is an aggregate for each x, as count() over bin(pickup, 1d), or a column, whose "
        + "values are joined in order of x. Several measures are several lines. With `by`, a panel "
        + "a group on shared axes; `color` draws a line for each value in one panel. A null leaves "
        + "a gap. All rows take part."
    ], clauses: [.by, .where],
    options: [
      .init("color", "COLUMN", "a line for each value of a column, at most eight"),
      .init("log", "x|y|xy", "logarithmic axes; values not above 0 are left out and counted"),
    ],
    examples: [
      Example(
        "load \"datasets/weather.csv\" as weather", "line mean(temp_max) over bin(date, 1mo)"),
      Example("load \"datasets/co2.csv\" as co2", "line co2 over date where year(date) > 1990"),
      Example(
        "load \"datasets/weather.csv\" as weather",
        "line count() over month(date) by weather where weather in [\"rain\", \"sun\"]"),
    ], keywords: ["time series", "trend", "lineplot", "curve", "over time"],
    synonyms: ["lineplot"], prepositions: ["over"])

  let call: Call
  let over: Item
  let scales: (x: AxisScale, y: AxisScale)
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...8, "a measure, as line count() over bin(date, 1d)")
    over = try call.overItems(1...1, "line count() over bin(date, 1d)")[0]
    scales = try call.scales(["x", "y", "xy"])
    if call.items.count > 1, let color = call.option("color") {
      throw call.misuse("several measures are several lines; `color` takes one", at: color.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    let (xName, x) = try call.column(over, of: frame)
    guard x.type != .text, x.type != .bool else {
      throw Diagnostic(
        .type, "`\(xName)` is \(x.type.rawValue); a line goes over numbers or times",
        span: over.value.span,
        hints: [
          "bar \(Language.print(call.items[0].value)) over \(Language.print(over.value))"
        ])
    }
    let rows = try LineRows(frame, x: x, call)
    let lines = try LinePoints(rows, scales, call)
    var caption = ["n \(grouped(frame.rowCount))", "\(grouped(rows.leftOut)) null"]
    if lines.outside > 0 {
      caption.append("\(grouped(lines.outside)) infinite or not above 0 left out")
    }
    return .output(
      .plot(
        .curves(
          Curves(
            kind: "line", shape: .line, xName: xName,
            yName: call.items.count == 1 ? call.label(call.items[0]) : "value",
            xRange: lines.xRange, yRange: lines.yRange, xKind: AxisKind(along: x.type),
            yKind: AxisKind(rows.measures.first?.type ?? .float), xScale: scales.x,
            yScale: scales.y, panels: lines.panels, caption: caption))))
  }
}

/// The points of all lines in order of x, with the panel and series each belongs to.
private struct LineRows {
  let x: Column
  let measures: [Column]
  let panelKeys: [Column]
  let color: Column?
  /// Rows of data without an x or, of a column, without a value.
  let leftOut: Int
  let isAggregated: Bool

  init(_ frame: Frame, x: Column, _ call: Call) throws {
    var keys = try call.byItems.map { try call.column($0, of: frame).column }
    let color = try call.option("color").map { try call.column(Item(value: $0), of: frame).column }
    let isAggregated = try call.items.map { try call.isAggregate($0, frame.schema) }
    self.isAggregated = isAggregated.contains(true)
    if self.isAggregated {
      let panelCount = keys.count
      if let color { keys.append(color) }
      let measured = try MeasuredKeys(call.items, by: keys + [x], of: frame, call)
      panelKeys = Array(measured.keys.prefix(panelCount))
      self.color = color == nil ? nil : measured.keys[panelCount]
      self.x = measured.keys[keys.count]
      measures = measured.measures
      leftOut = x.nullCount
      return
    }
    let values = try call.items.map { try call.column($0, of: frame).column }
    let order = try sortedRows([SortColumn(column: x)], rowCount: x.count)
    self.x = try x.take(order)
    measures = try values.map { try $0.take(order) }
    panelKeys = try keys.map { try $0.take(order) }
    self.color = try color?.take(order)
    var missing = 0
    for row in 0..<x.count where x.isNull(row) || values.contains(where: { $0.isNull(row) }) {
      missing += 1
    }
    leftOut = missing
  }
}

/// The lines with their ranges.
private struct LinePoints {
  private(set) var panels: [Curves.Panel] = []
  private(set) var xRange: ClosedRange<Double> = 0...1
  private(set) var yRange: ClosedRange<Double> = 0...1
  /// Points that an axis cannot show.
  private(set) var outside = 0
  private var ends: (left: Double, right: Double, low: Double, high: Double) = (
    .infinity, -.infinity, .infinity, -.infinity
  )
  private let scales: (x: AxisScale, y: AxisScale)

  /// More points than this are thinned to the first, last, least and greatest of narrow parts of
  /// the axis, which draw the same.
  private static let pointLimit = 8_192
  private static let seriesLimit = 8

  init(_ rows: LineRows, _ scales: (x: AxisScale, y: AxisScale), _ call: Call) throws {
    self.scales = scales
    let x = try call.numbers(rows.x, call.items[0], "a line")
    let measures = try zip(rows.measures, call.items).map { try call.numbers($0, $1, "a line") }
    let groups = try Grouping(keys: rows.panelKeys, rowCount: x.count)
    try call.expectPanels(groups.groupCount)
    let series = try rows.color.map { try Grouping(keys: [$0], rowCount: x.count) }
    if let series, series.groupCount > Self.seriesLimit, let option = call.option("color") {
      throw Diagnostic(
        .arguments,
        "`color` has \(grouped(series.groupCount)) values; "
          + "at most \(Self.seriesLimit) can be told apart", span: option.span)
    }
    let segments = try groups.segments
    let ids = try series?.ids
    for group in 0..<(x.isEmpty ? 0 : groups.groupCount) {
      try Cancellation.check()
      let members = segments.rows.elements[segments.range(group)].map { Int($0) }
      var lines: [Curves.Series] = []
      if let series, let ids, let color = rows.color {
        for number in 0..<series.groupCount {
          let own = members.filter { Int(ids[$0]) == number }
          lines.append(
            curve(color[Int(series.firstRows[number])].label, own, x, measures[0]))
        }
      } else {
        for (item, values) in zip(call.items, measures) {
          lines.append(
            curve(call.items.count > 1 ? call.label(item) : nil, members, x, values))
        }
      }
      let first = Int(groups.firstRows[group])
      let label = rows.panelKeys.map { $0[first].label }.joined(separator: " · ")
      let points = lines.reduce(0) { $0 + $1.y.count { $0 != nil } }
      panels.append(
        Curves.Panel(
          label: rows.panelKeys.isEmpty ? nil : label, series: lines,
          note: rows.panelKeys.isEmpty ? nil : "\(grouped(points)) points"))
    }
    if ends.left <= ends.right { xRange = ends.left...ends.right }
    if ends.low <= ends.high { yRange = ends.low...ends.high }
    if panels.isEmpty { panels = [Curves.Panel(label: nil, series: [])] }
  }

  private mutating func curve(
    _ label: String?, _ rows: [Int], _ x: [Double?], _ y: [Double?]
  ) -> Curves.Series {
    var line = Curves.Series(label: label, x: [], y: [])
    for row in rows {
      guard let across = x[row], across.isFinite, scales.x == .linear || across > 0 else {
        if x[row] != nil { outside += 1 }
        continue
      }
      var up = y[row]
      if let value = up, !value.isFinite || scales.y == .log && value <= 0 {
        outside += 1
        up = nil
      }
      line.x.append(across)
      line.y.append(up)
      (ends.left, ends.right) = (min(ends.left, across), max(ends.right, across))
      if let up { (ends.low, ends.high) = (min(ends.low, up), max(ends.high, up)) }
    }
    return line.x.count > Self.pointLimit ? thinned(line) : line
  }

  private func thinned(_ line: Curves.Series) -> Curves.Series {
    let parts = Self.pointLimit / 8
    let count = line.x.count
    var kept: [Int] = []
    for part in 0..<parts {
      // Cut by x, not by rows: each part is narrower than a column of any screen.
      let range = part * count / parts..<(part + 1) * count / parts
      var places: Set<Int> = [range.lowerBound, range.upperBound - 1]
      func value(_ place: Int) -> Double? { line.y[place] }
      if let least = range.min(by: { (value($0) ?? .infinity) < (value($1) ?? .infinity) }) {
        places.insert(least)
      }
      if let most = range.max(by: { (value($0) ?? -.infinity) < (value($1) ?? -.infinity) }) {
        places.insert(most)
      }
      if let gap = range.first(where: { value($0) == nil }) { places.insert(gap) }
      kept += places.sorted()
    }
    return Curves.Series(
      label: line.label, x: kept.map { line.x[$0] }, y: kept.map { line.y[$0] })
  }
}
