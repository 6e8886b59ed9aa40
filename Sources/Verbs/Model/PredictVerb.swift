import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// `frame | predict model [as name]`
struct PredictVerb: TracedVerb {
  static let declaration = VerbDeclaration(
    "predict", .model, "Adds a model's predictions as a column",
    synopsis: "FRAME | predict MODEL [as NAME]",
    details: [
      "A linear model gives the expected response, a logistic one the probability of the event. "
        + "Rows with a null or a level that the model has not seen get null, and are counted. The "
        + "column is named `predicted` unless `as` says otherwise."
    ], clauses: [.as],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "m = penguins | fit ols body_mass_g ~ flipper_length_mm",
        "penguins | predict m as mass | select body_mass_g, mass | head 3"),
      Example(
        "load \"datasets/titanic.csv\" as titanic", "m = titanic | fit logit survived ~ sex + age",
        "titanic | predict m | agg mean(predicted), mean(survived) by sex"),
    ], keywords: ["score", "forecast", "apply", "fitted"], synonyms: ["score"])

  let call: Call
  let model: Name
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one model")
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`predict` needs the name of a model", at: call.items[0].value.span)
    }
    model = Name(text, call.items[0].value.span)
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    let model = try session.model(model)
    let prediction = try model.predict(
      try model.inputs(on: frame, call), rowCount: frame.rowCount)
    var names = frame.names
    var columns = frame.columns
    let name = call.alias?.text ?? "predicted"
    if let index = names.firstIndex(of: name) {
      columns[index] = prediction.column
    } else {
      names.append(name)
      columns.append(prediction.column)
    }
    if prediction.nullRows + prediction.unseenRows > 0 {
      try session.show(.message(note(prediction)))
    }
    return .frame(Frame(names: names, columns: columns, rowCount: frame.rowCount))
  }

  func lineage(of input: FrameLineage, in session: Session) throws -> FrameLineage {
    var lineage = input
    let used = try session.model(model).predictorNames()
    lineage.columns[call.alias?.text ?? "predicted"] = input.origins(
      of: used.map { ($0, .init(.transformation)) })
    return lineage
  }

  private func note(_ prediction: Prediction) -> Message {
    var parts: [String] = []
    if prediction.nullRows > 0 {
      parts.append(
        "\(grouped(prediction.nullRows)) row\(prediction.nullRows == 1 ? "" : "s") "
          + "without a prediction: null")
    }
    if prediction.unseenRows > 0 {
      let levels = prediction.unseenLevels.map { "\($0.input) \($0.level)" }
      parts.append(
        "\(grouped(prediction.unseenRows)) with a level the model has not seen: "
          + levels.joined(separator: ", "))
    }
    return Message(
      text: parts.joined(separator: " · "), kind: "note",
      facts: [
        Fact("null_rows", .int(Int64(prediction.nullRows))),
        Fact("unseen_rows", .int(Int64(prediction.unseenRows))),
      ])
  }
}

extension Session {
  /// The model bound to a name. Throws `type` for what is none.
  func model(_ name: Name) throws -> FittedModel {
    let value = try value(of: name)
    if case .object(let object) = value, let model = object as? FittedModel { return model }
    throw Diagnostic(
      .type, "`\(name.text)` is \(value.typeName), not a model", span: name.span,
      hints: ["m = train | fit ols y ~ x"])
  }
}
