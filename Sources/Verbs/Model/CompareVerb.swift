import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `compare model, model, … on frame`
struct CompareVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "compare", .model, "Measures several models on the same rows, side by side",
    synopsis: "compare MODEL, MODEL, … on FRAME [where CONDITION] [threshold=0.5]",
    details: [
      "Only rows that every model can predict count, so that the figures are of the same rows. The "
        + "best of each column has a ✓. The models must explain the same response. Use rows that "
        + "none of them was fitted to; `crossvalidate` does without such rows."
    ], clauses: [.on, .where],
    options: [.init("threshold", "0…1", "probability from which on the event is predicted")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "train, test = penguins | split 80% seed=7",
        "small = train | fit ols body_mass_g ~ flipper_length_mm",
        "large = train | fit ols body_mass_g ~ flipper_length_mm + species + sex",
        "compare small, large on test"),
      Example(
        "load \"datasets/titanic.csv\" as titanic", "train, test = titanic | split 70% seed=1",
        "a = train | fit logit survived ~ sex", "b = train | fit logit survived ~ sex + pclass",
        "compare a, b on test"),
    ], keywords: ["models", "choose", "select", "anova", "leaderboard", "champion"])

  let call: Call
  let models: [Name]
  let frameName: Name?

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(2...20, "two models or more, as compare m1, m2 on test")
    models = try call.items.map { item in
      guard case .name(let text) = item.value.kind else {
        throw call.misuse("`compare` needs names of models", at: item.value.span)
      }
      return Name(text, item.value.span)
    }
    frameName = try call.frameName()
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let fitted = try models.map { try session.model($0) }
    for (name, model) in zip(models, fitted).dropFirst() {
      guard model.response.name == fitted[0].response.name, model.kind == fitted[0].kind else {
        throw Diagnostic(
          .arguments,
          "`\(name.text)` is \(model.kind.rawValue) for \(model.response.name), "
            + "`\(models[0].text)` \(fitted[0].kind.rawValue) for \(fitted[0].response.name): their "
            + "figures cannot be compared", span: name.span)
      }
    }
    let frame = try call.subject(frameName, input, session)
    let threshold = try call.numberOption("threshold", in: 0...1) ?? 0.5
    let common = try commonRows(fitted, frame)
    let evaluations = try fitted.map {
      try Evaluation($0, common, call, threshold: threshold)
    }
    let place = frameName.map { " on \($0.text)" } ?? ""
    var report = Report(
      kind: "comparison", title: ["\(models.count) models of \(fitted[0].response.name)\(place)"],
      sections: [.table(table(evaluations))],
      facts: [
        Fact("n", .int(Int64(evaluations[0].rowsUsed))),
        Fact("left_out", .int(Int64(frame.rowCount - common.rowCount))),
      ])
    report.sections.append(
      .text(zip(models, fitted).map { "\($0.text)  \($1.kind.rawValue)  \($1.formula)" }))
    let leftOut = frame.rowCount - evaluations[0].rowsUsed
    report.footer = [
      "n \(grouped(evaluations[0].rowsUsed)) · \(grouped(leftOut)) left out: a model has no "
        + "prediction"
    ]
    return .output(.report(report))
  }

  /// The rows for which every model has a prediction.
  private func commonRows(_ models: [FittedModel], _ frame: Frame) throws -> Frame {
    var mask: Bitmap?
    for model in models {
      try Cancellation.check()
      let predicted = try model.predict(
        try model.inputs(on: frame, call), rowCount: frame.rowCount
      ).column
      mask = try Bitmap.intersection(mask, predicted.validity)
    }
    return try mask.map { try frame.filter($0) } ?? frame
  }

  private func table(_ evaluations: [Evaluation]) -> ReportTable {
    let metrics = evaluations[0].metrics.map(\.metric)
    // The figures that do not hang on a threshold first, which is also what stays when it is narrow.
    var columns = [ReportColumn("model")]
    for (number, metric) in metrics.enumerated() {
      columns.append(
        ReportColumn(metric.rawValue, .decimal, droppable: number < 4 ? 0 : metrics.count - number))
      columns.append(
        ReportColumn(
          "\(metric.rawValue)_best", title: "",
          droppable: number < 4 ? 0 : metrics.count - number))
    }
    let best = metrics.map { metric -> Double? in
      let values = evaluations.compactMap { $0[metric] }
      return metric.isHigherBetter ? values.max() : values.min()
    }
    let rows = zip(models, evaluations).map { name, evaluation -> [Cell] in
      [.text(name.text)]
        + zip(metrics, best).flatMap { metric, best -> [Cell] in
          let value = evaluation[metric]
          let isBest = value != nil && value == best
          return [Evaluation.cell(value), .shown(isBest ? "✓" : "", .bool(isBest))]
        }
    }
    return ReportTable(key: "models", columns: columns, rows: rows)
  }
}
