import Columnar
import Display
import Language
import Notebooks
import Query

/// What the verbs that plot have in common.
extension Call {
  /// More panels than this do not fit a screen.
  private static let panelLimit = 30

  /// The scales of the axes, by the option `log`.
  func scales(_ axes: [String] = ["x"]) throws -> (x: AxisScale, y: AxisScale) {
    let option = try choiceOption("log", among: axes)
    return (
      option?.contains("x") == true ? .log : .linear, option?.contains("y") == true ? .log : .linear
    )
  }

  /// The groups of the `by` clause as panels of a plot, of the columns that the call names.
  func panels(of frame: Frame) throws -> [Group] {
    var narrow = frame
    if let named = [stage].namedColumns {
      let places = frame.names.indices.filter { named.contains(frame.names[$0]) }
      narrow = Frame(
        names: places.map { frame.names[$0] }, columns: places.map { frame.columns[$0] },
        rowCount: frame.rowCount)
    }
    if !byItems.isEmpty {
      // Counted first: a group's rows are copied.
      let keys = try byItems.map { try column($0, of: narrow).column }
      let count = try Grouping(keys: keys, rowCount: narrow.rowCount).groupCount
      try expectPanels(count)
    }
    return try groups(of: narrow)
  }

  /// The panel of each row by the `by` clause, and the panels' labels; nil without `by`.
  func panelRows(of frame: Frame) throws -> (ids: Buffer<UInt32>, labels: [String?])? {
    if byItems.isEmpty { return nil }
    let keys = try byItems.map { try column($0, of: frame).column }
    let grouping = try Grouping(keys: keys, rowCount: frame.rowCount)
    try expectPanels(grouping.groupCount)
    let firstRows = frame.rowCount == 0 ? [] : Array(grouping.firstRows.elements)
    return (
      try grouping.ids,
      firstRows.map { row in keys.map { $0[Int(row)].label }.joined(separator: " · ") }
    )
  }

  /// Throws where `by` gives more groups than panels are drawn.
  func expectPanels(_ count: Int) throws {
    guard count <= Self.panelLimit else {
      throw misuse(
        "`by` gives \(grouped(count)) groups, and at most \(Self.panelLimit) panels are drawn",
        at: byItems.first?.value.span)
    }
  }

  /// The values of an item, a set a group of the `by` clause. Throws for text, of which `kind` says
  /// what it cannot be shown as.
  func plotted(
    _ item: Item, of frame: Frame, scale: AxisScale, as kind: String
  ) throws -> PlottedGroups {
    let (name, column) = try self.column(item, of: frame)
    guard column.type != .text, column.type != .bool else {
      throw notANumber(name, column.type, item, kind)
    }
    if scale == .log, !column.type.isNumeric {
      throw Diagnostic(
        .type, "`\(name)` is \(column.type.rawValue), and a logarithmic axis is of numbers",
        span: option("log")?.span ?? item.value.span)
    }
    var groups: [(label: String?, values: PlottedValues)] = []
    var ends: [ClosedRange<Double>] = []
    for panel in try panels(of: frame) {
      try Cancellation.check()
      let values = try PlottedValues(
        try self.column(item, of: panel.frame).column, scale: scale)
      groups.append((panel.label, values))
      if let range = try values.range() { ends.append(range) }
    }
    let range = ends.dropFirst().reduce(ends.first) { whole, next in
      whole.map {
        min($0.lowerBound, next.lowerBound)...max($0.upperBound, next.upperBound)
      }
    }
    return PlottedGroups(
      name: name, kind: AxisKind(column.type), scale: scale, groups: groups, range: range)
  }

  /// The error for a column that has no place on an axis.
  func notANumber(_ name: String, _ type: DataType, _ item: Item, _ kind: String) -> Diagnostic {
    Diagnostic(
      .type, "`\(name)` is \(type.rawValue); \(kind) needs numbers or times",
      span: item.value.span, hints: type == .text ? ["tabulate \(Language.print(item.value))"] : [])
  }

  /// A plot for each item; several are shown below each other.
  func plots(_ draw: (Item) throws -> Plot) throws -> Value {
    let outputs = try items.map { Output.plot(try draw($0)) }
    return outputs.count == 1 ? .output(outputs[0]) : .outputs(outputs)
  }

  /// Throws where an item, meant as a column, is a text in quotes.
  func expectColumns(_ frame: Frame) throws {
    for item in items { try refuseConstant(item.value, among: frame.names) }
  }
}
