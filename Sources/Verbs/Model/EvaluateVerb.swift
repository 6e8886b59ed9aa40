import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// `evaluate model on frame [by keys]`
struct EvaluateVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "evaluate", .model, "Measures how well a model predicts a frame",
    synopsis: "evaluate MODEL on FRAME [by KEYS] [where CONDITION] [threshold=0.5]",
    details: [
      "Linear: r2, rmse, mae, mape. Logistic: auc, pr_auc, logloss, brier, then accuracy and the "
        + "like at the threshold, the confusion matrix, and calibration by tenths. Use rows that "
        + "the model was not fitted to."
    ], clauses: [.on, .by, .where],
    options: [.init("threshold", "0…1", "probability from which on the event is predicted")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "train, test = penguins | split 80% seed=7",
        "m = train | fit ols body_mass_g ~ flipper_length_mm + species", "evaluate m on test"),
      Example(
        "load \"datasets/titanic.csv\" as titanic", "train, test = titanic | split 70% seed=1",
        "m = train | fit logit survived ~ sex + age", "evaluate m on test"),
    ], keywords: ["metrics", "accuracy", "rmse", "auc", "r2", "error", "score", "confusion"])

  let call: Call
  let model: Name
  let frameName: Name?

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one model")
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`evaluate` needs the name of a model", at: call.items[0].value.span)
    }
    model = Name(text, call.items[0].value.span)
    frameName = try call.frameName()
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let model = try session.model(model)
    let frame = try call.subject(frameName, input, session)
    let threshold = try call.numberOption("threshold", in: 0...1) ?? 0.5
    if call.byItems.isEmpty {
      return .output(
        .report(try Evaluation(model, frame, call, threshold: threshold).report(title: title)))
    }
    let groups = try call.groups(of: frame)
    guard groups.count <= 1_000 else {
      throw call.misuse("`by` gives \(grouped(groups.count)) groups, too many to evaluate")
    }
    var rows: [[Cell]] = []
    var columns: [ReportColumn] = []
    for group in groups {
      try Cancellation.check()
      let evaluation = try Evaluation(model, group.frame, call, threshold: threshold)
      if columns.isEmpty {
        columns = [
          ReportColumn("group", title: call.byNames.joined(separator: " · ")),
          ReportColumn("n", .right),
        ]
        columns += evaluation.metrics.map { ReportColumn($0.metric.rawValue, .decimal) }
      }
      rows.append(
        [.text(group.label ?? ""), .int(Int64(evaluation.rowsUsed))]
          + evaluation.metrics.map { Evaluation.cell($0.value) })
    }
    return .output(
      .report(
        Report(
          kind: "evaluation", title: [title],
          sections: [.table(ReportTable(key: "groups", columns: columns, rows: rows))],
          facts: [Fact("model", .string(self.model.text))])))
  }

  private var title: String {
    "\(model.text)" + (frameName.map { " on \($0.text)" } ?? "")
  }
}

extension Call {
  /// The frame named behind `on`; nil where there is no such clause.
  func frameName() throws -> Name? {
    guard let items = onItems else { return nil }
    guard items.count == 1, case .name(let text) = items[0].value.kind else {
      throw misuse("`on` needs the name of a frame", at: items.first?.value.span)
    }
    return Name(text, items[0].value.span)
  }

  /// The rows to work on: those of a named frame, the `where` clause applied, or the input's.
  func subject(_ name: Name?, _ input: Value?, _ session: Session) throws -> Frame {
    guard let name else { return try frame(input, session) }
    let frame = try session.frame(of: name)
    guard let condition else { return frame }
    return try rows(of: frame, where: condition)
  }

  /// The rows of a frame for which a condition is true.
  func rows(of frame: Frame, where condition: Expr) throws -> Frame {
    let plan = LogicalPlan.frame(frame, label: "frame")
    return try Execution.run(plan.filtered(by: [condition], scope: scope(frame.schema))).frame
  }
}

/// A model's metrics on a frame.
struct Evaluation {
  let metrics: [(metric: Metric, value: Double?)]
  let rowsUsed: Int
  let rowsLeftOut: Int
  private let scores: EventScores?
  private let threshold: Double
  private let event: String?

  init(_ model: FittedModel, _ frame: Frame, _ call: Call, threshold: Double) throws {
    let observed = try model.observed(on: frame, call)
    let predicted = try model.predict(
      try model.inputs(on: frame, call), rowCount: frame.rowCount
    ).column
    self.threshold = threshold
    event = model.response.eventLevel
    if model.kind == .logit {
      let scores = try EventScores(observed: observed, predicted: predicted)
      self.scores = scores
      metrics = try Metric.allCases.filter { !$0.isRegression }.map {
        ($0, try $0.measure(scores, threshold: threshold).value)
      }
      rowsUsed = scores.count
      rowsLeftOut = scores.rowsLeftOut
    } else {
      let errors = try RegressionErrors(observed: observed, predicted: predicted)
      scores = nil
      metrics = try Metric.allCases.filter(\.isRegression).map {
        ($0, try errors.measure($0).value)
      }
      rowsUsed = errors.count
      rowsLeftOut = errors.rowsLeftOut
    }
  }

  subscript(metric: Metric) -> Double? { metrics.first { $0.metric == metric }?.value ?? nil }

  static func cell(_ value: Double?) -> Cell {
    value.map { .number($0, .significant(6)) } ?? .null
  }

  func report(title: String) throws -> Report {
    let table = ReportTable(
      key: "metrics",
      columns: [
        ReportColumn("metric", title: ""), ReportColumn("value", title: "", .decimal),
        ReportColumn("meaning", title: "", droppable: 1),
      ],
      rows: metrics.map {
        [.text($0.metric.rawValue), Self.cell($0.value), .text($0.metric.summary)]
      }
    )
    var report = Report(
      kind: "evaluation", title: [title], sections: [.table(table)],
      footer: [
        "n \(grouped(rowsUsed))" + (rowsLeftOut > 0 ? " · \(grouped(rowsLeftOut)) null" : "")
      ],
      facts: [
        Fact("n", .int(Int64(rowsUsed))), Fact("left_out", .int(Int64(rowsLeftOut))),
      ])
    for metric in metrics {
      report.facts.append(
        Fact(metric.metric.rawValue, metric.value.map { .number($0) } ?? .null))
    }
    if let scores {
      report.sections.append(.table(confusionTable(scores.confusion(threshold: threshold))))
      if let curve = try rocCurve(scores) { report.sections.append(.plot(.curves(curve))) }
      let bins = try scores.calibration()
      if !bins.isEmpty { report.sections.append(.table(Self.calibrationTable(bins))) }
    }
    return report
  }

  /// How many events are found for how many false alarms, as the threshold falls.
  private func rocCurve(_ scores: EventScores) throws -> Curves? {
    let points = try scores.rocCurve()
    guard !points.isEmpty else { return nil }
    var caption = ["ROC", "a model that knows nothing lies on the diagonal"]
    if let area = self[.auc] {
      caption.insert("auc \(NumberFormat.significant(6).text(area))", at: 1)
    }
    return Curves(
      kind: "roc", shape: .line, xName: "share of non-events predicted (false positives)",
      yName: "share of events predicted (recall)", xRange: 0...1, yRange: 0...1,
      panels: [
        Curves.Panel(
          label: nil,
          series: [
            Curves.Series(
              label: nil, x: points.map(\.falsePositiveRate), y: points.map(\.truePositiveRate))
          ])
      ], caption: caption, height: 12)
  }

  private func confusionTable(_ matrix: ConfusionMatrix) -> ReportTable {
    let event = event ?? "event"
    return ReportTable(
      key: "confusion",
      columns: [
        ReportColumn("observed", title: "at \(NumberFormat.significant(2).text(threshold))"),
        ReportColumn("predicted_event", title: "predicted \(event)", .right),
        ReportColumn("predicted_other", title: "predicted other", .right),
      ],
      rows: [
        [
          .text("observed \(event)"), .int(Int64(matrix.truePositives)),
          .int(Int64(matrix.falseNegatives)),
        ],
        [
          .text("observed other"), .int(Int64(matrix.falsePositives)),
          .int(Int64(matrix.trueNegatives)),
        ],
      ])
  }

  /// How often the event happened among rows of similar probability.
  static func calibrationTable(_ bins: [CalibrationBin]) -> ReportTable {
    ReportTable(
      key: "calibration",
      columns: [
        ReportColumn("predicted", title: "predicted", .decimal),
        ReportColumn("observed", title: "observed", .decimal), ReportColumn("rows", .right),
        ReportColumn("bar", title: ""),
      ],
      rows: bins.map {
        [
          .number($0.meanScore, .decimals(3)), .number($0.eventRate, .decimals(3)),
          .int(Int64($0.rows)), .bar(fraction: $0.eventRate),
        ]
      })
  }
}
