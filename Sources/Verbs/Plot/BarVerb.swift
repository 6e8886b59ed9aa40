import Columnar
import Display
import Language
import Notebooks
import Query

/// `bar measure over key [top=N] [by keys]`
struct BarVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "bar", .plot, "Bars: a measure for each value of a column",
    synopsis: "bar MEASURE over KEY [top=N] [by KEYS] [where CONDITION]",
    details: [
      "The measure is an aggregate, as mean(fare) or count(), or a column where each key has one "
        + "row. Text is in order of the measure, the greatest first; numbers, times and bools in "
        + "their own order. `top` draws the N greatest and says how many are left out. With `by`, "
        + "a panel a group with the same bars on the same scale."
    ], clauses: [.by, .where],
    options: [.init("top", "1…1000", "how many bars are drawn, those of the greatest; default 40")],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "bar mean(body_mass_g) over species"),
      Example(
        "load \"datasets/weather.csv\" as weather",
        "bar mean(wind) over weather by year(date) where year(date) > 2013"),
    ], keywords: ["barplot", "barchart", "column chart", "ranking", "top"],
    synonyms: ["barplot", "barchart"], prepositions: ["over"])

  let call: Call
  let over: Item
  let top: Int?
  let needsInput = true

  private static let usualTop = 40

  init(_ call: Call) throws {
    self.call = call
    over = try call.overItems(1...1, "bar mean(fare) over borough")[0]
    try call.expectItems(1...1, "one measure, as bar mean(fare) over borough")
    top = try call.integerOption("top", in: 1...1000)
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    try call.expectColumns(frame)
    try refuseConstant(over.value, among: frame.names)
    let (keyName, key) = try call.column(over, of: frame)
    let item = call.items[0]
    let whole = try measured(frame, key)
    let values = try call.numbers(whole.measures[0], item, "a bar")
    // Greatest first, what has no value last; the order of the keys among equals.
    let order =
      top != nil || key.type == .text
      ? values.indices.sorted {
        let (left, right) = (values[$0] ?? -.infinity, values[$1] ?? -.infinity)
        return left == right ? $0 < $1 : left > right
      } : Array(values.indices)
    let shown = Array(order.prefix(top ?? Self.usualTop))
    var caption = ["n \(grouped(frame.rowCount))", "\(grouped(key.nullCount)) null"]
    if shown.count < order.count {
      caption.append(
        "\(grouped(order.count - shown.count)) of \(grouped(order.count)) bars not drawn")
    }
    let labels = shown.map { whole.keys[0][$0].label }
    return .output(
      .plot(
        .bars(
          Bars(
            variable: keyName, measure: call.label(item), labels: labels,
            panels: try panels(frame, shown.map { whole.keys[0][$0] }, shown.map { values[$0] }),
            caption: caption))))
  }

  /// A panel a group, each with a bar for every key, those the group does not have among them.
  private func panels(
    _ frame: Frame, _ keys: [Scalar], _ values: [Double?]
  ) throws -> [Bars.Panel] {
    if call.byItems.isEmpty { return [Bars.Panel(label: nil, values: values)] }
    return try call.panels(of: frame).map { panel in
      try Cancellation.check()
      let part = try measured(panel.frame, try call.column(over, of: panel.frame).column)
      let values = try call.numbers(part.measures[0], call.items[0], "a bar")
      let places = Dictionary(
        part.keys[0].scalars.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      return Bars.Panel(
        label: panel.label, values: keys.map { places[$0].flatMap { values[$0] } },
        note: "n \(grouped(panel.frame.rowCount))")
    }
  }

  private func measured(_ frame: Frame, _ key: Column) throws -> MeasuredKeys {
    let item = call.items[0]
    if try call.isAggregate(item, frame.schema) {
      return try MeasuredKeys([item], by: [key], of: frame, call)
    }
    // A column: its one value where each key has one row.
    let name = Language.print(item.value)
    let span = item.value.span
    let only = Item(
      name: item.name,
      value: Expr(.call(function: Name("max", span), arguments: [item.value]), span))
    let measured = try MeasuredKeys([only], by: [key], of: frame, call)
    if let place = measured.rowCounts.firstIndex(where: { $0 > 1 }) {
      throw Diagnostic(
        .arguments,
        "`\(call.label(over))` \(measured.keys[0][place].label) has "
          + "\(grouped(measured.rowCounts[place])) rows, and a bar has one length", span: span,
        hints: ["bar mean(\(name)) over \(Language.print(over.value))"])
    }
    return measured
  }
}

extension Column {
  /// All values, in order of the rows.
  var scalars: [Scalar] { (0..<count).map { self[$0] } }
}
