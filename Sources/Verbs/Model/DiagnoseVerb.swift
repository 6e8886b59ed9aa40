import Columnar
import Display
import Language
import Modeling
import Notebooks

/// `diagnose model on frame`
struct DiagnoseVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "diagnose", .model, "Checks what a model assumes, on the rows it was fitted to",
    synopsis: "diagnose MODEL on FRAME [where CONDITION]",
    details: [
      "Linear: residuals over fitted values; tests that they are normal (Shapiro-Wilk), of one "
        + "variance (Breusch-Pagan, studentised), that the terms are straight (Ramsey's RESET) and "
        + "that neighbouring rows do not go together (Durbin-Watson); how far each numeric term "
        + "follows from the others (variance inflation); the rows that move the fit most (Cook's "
        + "distance). Logistic: Hosmer-Lemeshow, calibration and variance inflation."
    ], clauses: [.on, .where],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "m = penguins | fit ols body_mass_g ~ flipper_length_mm + species",
        "diagnose m on penguins"),
      Example(
        "load \"datasets/titanic.csv\" as titanic", "m = titanic | fit logit survived ~ sex + age",
        "diagnose m on titanic"),
    ],
    keywords: [
      "residuals", "assumptions", "outliers", "leverage", "cook", "collinearity", "vif",
      "heteroskedasticity", "influence",
    ])

  let call: Call
  let model: Name
  let frameName: Name?

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "one model, as diagnose m on train")
    guard case .name(let text) = call.items[0].value.kind else {
      throw call.misuse("`diagnose` needs the name of a model", at: call.items[0].value.span)
    }
    model = Name(text, call.items[0].value.span)
    frameName = try call.frameName()
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let model = try session.model(model)
    let frame = try call.subject(frameName, input, session)
    let rows = try DiagnosedRows(model, frame, call)
    guard rows.count > model.coefficients.count else {
      throw Diagnostic(
        .tooFewRows,
        "\(grouped(rows.count)) rows with a prediction are too few to judge "
          + "\(model.coefficients.count) coefficients", span: call.stage.span)
    }
    var report = Report(
      kind: "diagnosis",
      title: ["\(self.model.text)  \(model.kind.rawValue)  \(model.formula)"],
      facts: [Fact("n", .int(Int64(rows.count))), Fact("left_out", .int(Int64(rows.leftOut)))])
    switch model.kind {
    case .ols:
      report.sections.append(.plot(.scatter(try rows.residualPlot())))
      report.sections.append(.table(try rows.tests(model, call)))
    case .logit:
      report.sections.append(.table(try rows.fitTests()))
      report.sections.append(.table(try rows.calibration()))
    }
    if let table = try rows.inflation(model, call) { report.sections.append(.table(table)) }
    if let table = try rows.influence(model, call) { report.sections.append(.table(table)) }
    var footer = "n \(grouped(rows.count))"
    if rows.leftOut > 0 { footer += " · \(grouped(rows.leftOut)) left out: null" }
    if rows.count != model.rowsUsed {
      footer += " · the model was fitted to \(grouped(model.rowsUsed)) rows, not to these"
    }
    report.footer = [footer]
    return .output(.report(report))
  }
}
