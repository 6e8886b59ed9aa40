import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// `gate model on frame: auc >= 0.8` and `gate model beats "old.kzm" on frame by auc`
struct GateVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "gate", .keep, "Holds a model to metrics: exit status 6 where one fails",
    synopsis:
      "gate MODEL on FRAME: METRIC >= VALUE, … [where CONDITION] [threshold=0.5]\n       gate MODEL beats \"OLD.kzm\" on FRAME by METRIC [min_gain=P%]",
    details: [
      "Metrics: " + Metric.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      "`beats` takes the old model from a file or a name; `min_gain` is by how much of the old "
        + "value the new one must be better.",
    ], clauses: [.on, .by, .where],
    options: [
      .init("min_gain", "0%…100%", "smallest relative gain over the old model"),
      .init("threshold", "0…1", "probability from which on the event is predicted"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "train, test = penguins | split 80% seed=7",
        "m = train | fit ols body_mass_g ~ flipper_length_mm + species",
        "gate m on test: r2 >= 0.7, rmse < 450"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "train, test = penguins | split 80% seed=7",
        "old = train | fit ols body_mass_g ~ flipper_length_mm",
        "new = train | fit ols body_mass_g ~ flipper_length_mm + species + sex",
        "gate new beats old on test by rmse min_gain=5%"),
    ], keywords: ["threshold", "champion", "challenger", "quality", "deploy", "metric"],
    takesPaths: true, prepositions: ["beats"], takesConditions: true)

  let call: Call
  let model: Name
  let frameName: Name?

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one model")
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`gate` needs the name of a model", at: call.items[0].value.span)
    }
    model = Name(text, call.items[0].value.span)
    frameName = try call.frameName()
    let beats = call.preposition("beats") != nil
    guard beats || !call.stage.conditions.isEmpty else {
      throw call.misuse("`gate` needs conditions, as `gate m on test: r2 >= 0.7`")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let model = try session.model(model)
    let frame = try call.subject(frameName, input, session)
    let threshold = try call.numberOption("threshold", in: 0...1) ?? 0.5
    let evaluation = try Evaluation(model, frame, call, threshold: threshold)
    var rows: [(passed: Bool, text: String, detail: String, span: Span)] = []
    for condition in call.stage.conditions { rows.append(try judge(condition, evaluation)) }
    if let old = call.preposition("beats") {
      rows.append(try compare(old, evaluation, frame, threshold, session))
    }
    let failed = rows.filter { !$0.passed }
    var measured = call.stage.conditions.flatMap(\.freeNames).compactMap {
      Metric(rawValue: $0.text)
    }
    if case .name(let name)? = call.byItems.first?.value.kind, let metric = Metric(rawValue: name) {
      measured.append(metric)
    }
    let table = ReportTable(
      key: "conditions",
      columns: [
        ReportColumn("passed", title: ""), ReportColumn("condition"),
        ReportColumn("detail", title: ""),
      ],
      rows: rows.map {
        [.shown($0.passed ? "✓" : "✗", .bool($0.passed)), .text($0.text), .text($0.detail)]
      })
    let place = frameName.map { " on \($0.text)" } ?? ""
    let report = Report(
      kind: "gate", sections: [.table(table)],
      footer: [
        "\(self.model.text)\(place) · n \(grouped(evaluation.rowsUsed)) · "
          + (failed.isEmpty ? "passed" : "failed")
      ],
      facts: [
        Fact("passed", .bool(failed.isEmpty)),
        Fact(
          "metrics",
          .object(
            measured.map { metric in
              Fact(metric.rawValue, evaluation[metric].map { .number($0) } ?? .null)
            })),
      ])
    guard let first = failed.first else { return .output(.report(report)) }
    try session.notify(.report(report))
    throw Diagnostic(
      .gateFailed, "gate failed: \(first.text): \(first.detail)", span: first.span,
      notes: failed.dropFirst().map { "also: \($0.text): \($0.detail)" })
  }

  private func judge(
    _ condition: Expr, _ evaluation: Evaluation
  ) throws -> (passed: Bool, text: String, detail: String, span: Span) {
    let text = Language.print(condition)
    let names = condition.freeNames
    let metrics = try names.map { name -> (Metric, Double?) in
      guard let metric = Metric(rawValue: name.text) else {
        let known = Metric.allCases.map(\.rawValue)
        throw Diagnostic(
          .unknownName, "there is no metric `\(name.text)`", span: name.span,
          label: nearest(name.text, among: known).map { "did you mean `\($0)`?" },
          notes: ["metrics: \(known.joined(separator: ", "))"])
      }
      guard evaluation.metrics.contains(where: { $0.metric == metric }) else {
        throw Diagnostic(
          .arguments,
          "`\(name.text)` is for \(metric.isRegression ? "numbers" : "events"), and the model "
            + "explains \(metric.isRegression ? "an event" : "a number")", span: name.span,
          notes: [
            "metrics here: \(evaluation.metrics.map(\.metric.rawValue).joined(separator: ", "))"
          ])
      }
      return (metric, evaluation[metric])
    }
    guard !metrics.isEmpty else {
      throw Diagnostic(
        .arguments, "a gate's condition names a metric, as r2 >= 0.7", span: condition.span)
    }
    var scope = call.scope(Schema([]))
    for (metric, value) in metrics {
      scope.variables[metric.rawValue] = value.map { .float($0) } ?? .null
    }
    let verdict = try evaluateScalar(condition.namesAsVariables, scope: scope)
    guard verdict.isNull || verdict.type == .bool else {
      throw Diagnostic(
        .type, "a gate's condition is true or false, as r2 >= 0.7", span: condition.span)
    }
    let detail = metrics.map { metric, value in
      "\(metric.rawValue) is "
        + (value.map { NumberFormat.significant(6).text($0) } ?? "not defined here")
    }
    // A metric that is not defined cannot vouch for a model: null does not pass.
    return (verdict == .bool(true), text, detail.joined(separator: ", "), condition.span)
  }

  private func compare(
    _ items: [Item], _ evaluation: Evaluation, _ frame: Frame, _ threshold: Double,
    _ session: Session
  ) throws -> (passed: Bool, text: String, detail: String, span: Span) {
    guard items.count == 1, call.byItems.count == 1,
      case .name(let metricName) = call.byItems[0].value.kind,
      let metric = Metric(rawValue: metricName)
    else {
      throw call.misuse("`beats` needs one old model and `by` one metric")
    }
    let old: FittedModel
    if case .name(let name) = items[0].value.kind {
      old = try session.model(Name(name, items[0].value.span))
    } else {
      let path = try call.path(items[0], "the old model")
      let file = try session.input(path, span: items[0].value.span)
      do {
        old = try ModelFile.read(file)
      } catch let error as DataError {
        throw Diagnostic(error.naming(file, as: path), span: items[0].value.span)
      }
    }
    let before = try Evaluation(old, frame, call, threshold: threshold)
    guard let new = evaluation[metric], let base = before[metric] else {
      throw Diagnostic(
        .arguments, "`\(metricName)` is not defined for both models here",
        span: call.byItems[0].value.span)
    }
    let gain = try call.numberOption("min_gain", in: 0...1) ?? 0
    let difference = metric.isHigherBetter ? new - base : base - new
    let number = NumberFormat.significant(6)
    return (
      difference > 0 && difference >= gain * abs(base),
      "beats \(Language.print(items[0].value)) by \(metricName)",
      "\(number.text(new)) against \(number.text(base))", items[0].value.span
    )
  }
}
