import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `frame | crossvalidate ols y ~ x + z [folds=10] [seed=n] [by keys]`
struct CrossvalidateVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "crossvalidate", .model, "Fits and judges a model on parts of a frame in turn",
    synopsis:
      "FRAME | crossvalidate ols|logit Y ~ TERMS [folds=10] [seed=N] [threshold=0.5] [by KEYS] [where CONDITION]",
    details: [
      "The rows are dealt out at random to as many folds; each is predicted by a model that was "
        + "fitted to all the others. With `by`, every fold has its share of each group. Rows with a "
        + "null in the formula take no part. Terms are those of `fit`. Without a seed one is drawn "
        + "and written into the line."
    ], clauses: [.by, .where],
    options: [
      .init("folds", "2…1000", "how many parts; default 10"),
      .init("seed", "0…", "start of the random numbers: the same seed, the same folds"),
      .init("threshold", "0…1", "probability from which on the event is predicted"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | crossvalidate ols body_mass_g ~ flipper_length_mm seed=7"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | crossvalidate logit survived ~ sex + pclass folds=5 seed=1"),
    ],
    keywords: ["cross-validation", "k-fold", "cv", "resampling", "generalisation", "overfitting"],
    synonyms: ["cross_validate"], wordCount: 1)

  let call: Call
  let kind: FittedModel.Kind
  let formula: Expr
  let folds: Int
  let threshold: Double
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    kind = try call.modelKind()
    try call.expectItems(1...1, "one formula, as y ~ x + z")
    formula = call.items[0].value
    folds = try call.integerOption("folds", in: 2...1000) ?? 10
    threshold = try call.numberOption("threshold", in: 0...1) ?? 0.5
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let whole = try call.frame(input, session)
    let seed = try session.seed(call)
    let frame = try completeRows(whole)
    guard frame.rowCount >= folds else {
      throw Diagnostic(
        .tooFewRows, "\(grouped(frame.rowCount)) complete rows make no \(folds) folds",
        span: call.option("folds")?.span ?? call.stage.verb.span)
    }
    let foldOfRow = try dealt(frame, seed)
    var evaluations: [Evaluation] = []
    for fold in 0..<folds {
      try Cancellation.check()
      let held = try Bitmap(foldOfRow.map { $0 == fold })
      let train = try frame.filter(try held.inverted())
      let test = try frame.filter(held)
      let terms = try FormulaTerms(formula, call: call, frame: train)
      let model: FittedModel
      do {
        model = try terms.fitted(kind, .classical)
      } catch let error as DataError {
        throw Diagnostic(error, span: formula.span)
      }
      evaluations.append(try Evaluation(model, test, call, threshold: threshold))
    }
    return .output(.report(report(evaluations, whole, frame, seed)))
  }

  /// The rows that have a value in every column of the formula.
  private func completeRows(_ frame: Frame) throws -> Frame {
    let terms = try FormulaTerms(formula, call: call, frame: frame)
    var mask = terms.response.validity
    for column in terms.formula.terms.flatMap(\.parts).compactMap(\.column) {
      mask = try Bitmap.intersection(mask, column.validity)
    }
    return try mask.map { try frame.filter($0) } ?? frame
  }

  /// The fold of each row: shuffled rows dealt out in turn, group after group.
  private func dealt(_ frame: Frame, _ seed: UInt64) throws -> [Int] {
    let order = try shuffledRows(frame.rowCount, seed: seed)
    var folds = [Int](repeating: 0, count: frame.rowCount)
    var next = 0
    if call.byItems.isEmpty {
      for row in order.elements {
        folds[Int(row)] = next % self.folds
        next += 1
      }
      return folds
    }
    let keys = try call.byItems.map { try call.column($0, of: frame).column }
    let grouping = try Grouping(keys: keys, rowCount: frame.rowCount)
    let ids = try grouping.ids
    var members = Array(repeating: [UInt32](), count: grouping.groupCount)
    for row in order.elements { members[Int(ids[Int(row)])].append(row) }
    for row in members.joined() {
      folds[Int(row)] = next % self.folds
      next += 1
    }
    return folds
  }

  private func report(
    _ evaluations: [Evaluation], _ whole: Frame, _ frame: Frame, _ seed: UInt64
  ) -> Report {
    let metrics = evaluations[0].metrics.map(\.metric)
    let rows = metrics.map { metric -> [Cell] in
      let values = evaluations.compactMap { $0[metric] }
      guard !values.isEmpty else {
        return [.text(metric.rawValue), .null, .null, .null, .null, .text(metric.summary)]
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation =
        values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
      return [
        .text(metric.rawValue), Evaluation.cell(mean), Evaluation.cell(deviation),
        Evaluation.cell(values.min()), Evaluation.cell(values.max()), .text(metric.summary),
      ]
    }
    let used = evaluations.reduce(0) { $0 + $1.rowsUsed }
    var footer =
      "n \(grouped(used)) · \(folds) folds of \(grouped(frame.rowCount / folds))"
      + (frame.rowCount % folds > 0 ? " or \(grouped(frame.rowCount / folds + 1))" : "")
      + " rows · seed \(seed)"
    if whole.rowCount > frame.rowCount {
      footer += " · \(grouped(whole.rowCount - frame.rowCount)) left out: null"
    }
    if used < frame.rowCount {
      footer += " · \(grouped(frame.rowCount - used)) with a level not seen in the fit"
    }
    return Report(
      kind: "crossvalidation", title: ["\(kind.rawValue)  \(Language.print(formula))"],
      sections: [
        .table(
          ReportTable(
            key: "metrics",
            columns: [
              ReportColumn("metric", title: ""), ReportColumn("mean", .decimal),
              ReportColumn("sd", .decimal), ReportColumn("min", .decimal),
              ReportColumn("max", .decimal), ReportColumn("meaning", title: "", droppable: 1),
            ], rows: rows))
      ], footer: [footer],
      facts: [
        Fact("n", .int(Int64(used))), Fact("folds", .int(Int64(folds))),
        Fact("seed", .int(Int64(clamping: seed))),
        Fact(
          "by_fold",
          .array(
            evaluations.map { evaluation in
              .object(
                evaluation.metrics.map {
                  Fact($0.metric.rawValue, $0.value.map { .number($0) } ?? .null)
                })
            })),
      ])
  }
}
