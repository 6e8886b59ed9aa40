import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `explain model on frame [seed=n]`
struct ExplainVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "explain", .model, "How much each input matters to a model, and which way it works",
    synopsis: "explain MODEL on FRAME [seed=N] [repeats=5] [where CONDITION]",
    details: [
      "Importance: how much worse the model predicts when an input's values are shuffled among the "
        + "rows, mean of the repeats (Breiman's permutation importance), in r2 for a linear and in "
        + "auc for a logistic model. Effect: the mean prediction with the input set to its 10th "
        + "and 90th percentile in every row, or to each of its levels. Inputs that go together "
        + "share their importance. Without a seed one is drawn and written into the line."
    ], clauses: [.on, .where],
    options: [
      .init("seed", "0…", "start of the random numbers: the same seed, the same figures"),
      .init("repeats", "1…1000", "how often each input is shuffled; default 5"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "m = penguins | fit ols body_mass_g ~ flipper_length_mm + species + sex",
        "explain m on penguins seed=7"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "m = titanic | fit logit survived ~ sex + age + fare", "explain m on titanic seed=1"),
    ],
    keywords: [
      "importance", "permutation", "partial dependence", "effect", "interpret", "feature",
    ])

  let call: Call
  let model: Name
  let frameName: Name?
  let repeats: Int

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one model, as explain m on test")
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`explain` needs the name of a model", at: call.items[0].value.span)
    }
    model = Name(text, call.items[0].value.span)
    frameName = try call.frameName()
    repeats = try call.integerOption("repeats", in: 1...1000) ?? 5
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let model = try session.model(model)
    let seed = try session.seed(call)
    let rows = try DiagnosedRows(model, try call.subject(frameName, input, session), call)
    let metric: Metric = model.kind == .ols ? .r2 : .auc
    let inputs = try model.inputs(on: rows.frame, call)
    let observed = try model.observed(on: rows.frame, call)
    func score(_ inputs: [Column]) throws -> Double? {
      let predicted = try model.predict(inputs, rowCount: rows.count).column
      return try metric.measure(observed: observed, predicted: predicted).value
    }
    guard rows.count > 1, let whole = try score(inputs) else {
      throw Diagnostic(
        .tooFewRows, "\(metric.rawValue) is not defined on these \(grouped(rows.count)) rows",
        span: call.stage.span)
    }
    var found: [Importance] = []
    for (place, name) in model.inputNames.enumerated() {
      var losses: [Double] = []
      for turn in 0..<repeats {
        try Cancellation.check()
        // A stream of its own for each input and turn: adding an input changes no other figure.
        var generator = RandomGenerator(seed: seed, stream: UInt64(place * 1000 + turn))
        var shuffled = inputs
        shuffled[place] = try inputs[place].take(
          try shuffledRows(rows.count, seed: generator.next()))
        if let value = try score(shuffled) { losses.append(whole - value) }
      }
      let mean = losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
      let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      found.append(
        Importance(
          input: name, mean: mean,
          deviation: losses.count > 1 ? (squares / Double(losses.count - 1)).squareRoot() : nil,
          effect: try effect(of: place, inputs, model)))
    }
    let order = found.sorted { $0.mean == $1.mean ? false : $0.mean > $1.mean }
    let place = frameName.map { " on \($0.text)" } ?? ""
    var footer =
      "n \(grouped(rows.count)) · \(repeats) repeat\(repeats == 1 ? "" : "s") · seed \(seed)"
    if rows.leftOut > 0 { footer += " · \(grouped(rows.leftOut)) left out: null" }
    return .output(
      .report(
        Report(
          kind: "explanation",
          title: [
            "\(self.model.text)\(place)  \(metric.rawValue) "
              + NumberFormat.significant(6).text(whole)
          ],
          sections: [.table(table(order, metric))], footer: [footer],
          facts: [
            Fact("metric", .string(metric.rawValue)), Fact("value", .number(whole)),
            Fact("n", .int(Int64(rows.count))), Fact("seed", .int(Int64(clamping: seed))),
          ])))
  }

  private struct Importance {
    var input: String
    var mean: Double
    var deviation: Double?
    var effect: [(label: String, prediction: Double)]
  }

  private static let shownLevels = 6

  /// The mean prediction with an input at some values in every row.
  private func effect(
    of place: Int, _ inputs: [Column], _ model: FittedModel
  ) throws -> [(label: String, prediction: Double)] {
    let column = inputs[place]
    var values: [Scalar]
    if case .categorical(let levels) = model.design.inputs[place].coding {
      values = Array(levels.prefix(Self.shownLevels))
    } else if column.type == .bool {
      values = [.bool(false), .bool(true)]
    } else {
      values = try column.quantiles([0.1, 0.9])
    }
    return try values.compactMap { value in
      try Cancellation.check()
      var changed = inputs
      let type: DataType = value.type ?? column.type
      let one = try Column.scalars([value], type: type)
      changed[place] = try one.take(try Buffer<UInt32>(repeating: 0, count: column.count))
      let predicted = try model.predict(changed, rowCount: column.count).column
      let whole = try Grouping.whole(rowCount: predicted.count)
      guard let mean = try reduce(.mean, [predicted], by: whole)[0].number else { return nil }
      return (value.shortLabel, mean)
    }
  }

  private func table(_ rows: [Importance], _ metric: Metric) -> ReportTable {
    let most = rows.first.map { max($0.mean, 0) } ?? 0
    let number = NumberFormat.significant(4)
    return ReportTable(
      key: "inputs",
      columns: [
        ReportColumn("input"),
        ReportColumn("importance", title: "loss of \(metric.rawValue)", .decimal),
        ReportColumn("sd", .decimal, droppable: 2), ReportColumn("bar", title: ""),
        ReportColumn("effect", title: "mean prediction at"),
      ],
      rows: rows.map { row in
        [
          .text(row.input), .number(row.mean, .decimals(4)),
          row.deviation.map { .number($0, .decimals(4)) } ?? .null,
          .bar(fraction: most > 0 ? max(0, row.mean) / most : 0),
          .shown(
            row.effect.map { "\($0.label): \(number.text($0.prediction))" }
              .joined(separator: " · "),
            .array(
              row.effect.map {
                .object([
                  Fact("at", .string($0.label)), Fact("prediction", .number($0.prediction)),
                ])
              })),
        ]
      })
  }
}

extension Scalar {
  /// The value in few digits, for a label.
  fileprivate var shortLabel: String {
    if case .float(let value) = self { return NumberFormat.significant(4).text(value) }
    return text
  }
}
