import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// `model = frame | fit ols y ~ x + z`
struct FitVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "fit", .model, "Fits a model to a formula",
    synopsis: "M = FRAME | fit ols|logit Y ~ TERMS [where CONDITION] [se=robust]",
    details: [
      "`ols` is linear regression, `logit` logistic regression. Terms are columns, expressions, "
        + "C(column) for categories, poly(x, degree), I(x * 2) for arithmetic, a:b for an interaction, a * b for a + b + a:b, (a + b + c)^2 for all pairs; "
        + "`- 1` leaves out the intercept. Text and bools are categories by themselves, the first "
        + "in order being the reference. Rows with a null in the formula are left out and counted."
    ], clauses: [.where],
    options: [
      .init(
        "se", "classical|robust|hc0|hc1|hc2|hc3",
        "standard errors; robust is hc1: right when errors vary (ols only)")
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "m = penguins | fit ols body_mass_g ~ flipper_length_mm + species"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | fit logit survived ~ sex + age"),
    ], keywords: ["regression", "model", "linear", "logistic", "lm", "glm", "regress", "estimate"],
    synonyms: ["regress"], wordCount: 1)

  let call: Call
  let kind: FittedModel.Kind
  let formula: Expr
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    kind = try call.modelKind()
    try call.expectItems(1...1, "one formula, as y ~ x + z")
    formula = call.items[0].value
    if kind != .ols, let option = call.option("se") {
      throw call.misuse("`se` is for ols only", at: option.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    if case .plan(let plan)? = input, plan.isStreamed,
      let model = try streamedModel(plan, in: session)
    {
      return .object(model)
    }
    let frame = try call.frame(input, session)
    Progress.shared.begin("fit \(kind.rawValue)", passesOver: frame.rowCount)
    defer { Progress.shared.end() }
    let terms = try FormulaTerms(formula, call: call, frame: frame)
    do {
      return .object(try terms.fitted(kind, try standardErrors()))
    } catch let error as DataError {
      throw Diagnostic(error, span: formula.span)
    }
  }

  func standardErrors() throws -> StandardErrors {
    let choices = ["classical", "robust", "hc0", "hc1", "hc2", "hc3"]
    switch try call.choiceOption("se", among: choices) {
    case nil: return .classical
    case "robust"?: return .hc1
    case let name?: return StandardErrors(rawValue: name) ?? .classical
    }
  }
}

extension FormulaTerms {
  /// A model of a kind, fitted to the rows that the terms were computed on.
  func fitted(_ kind: FittedModel.Kind, _ errors: StandardErrors) throws -> FittedModel {
    switch kind {
    case .ols: try LinearRegression.fit(formula, standardErrors: errors)
    case .logit: try LogisticRegression.fit(formula)
    }
  }
}

extension Call {
  /// The kind of model that the first word names.
  func modelKind() throws -> FittedModel.Kind {
    let kinds = FittedModel.Kind.allCases.map(\.rawValue)
    guard let word = words.first else {
      throw misuse("`\(verb)` needs a kind of model: \(kinds.joined(separator: ", "))")
    }
    guard let kind = FittedModel.Kind(rawValue: word.text) else {
      throw Diagnostic(
        .usage, "there is no model `\(word.text)`", span: word.span,
        label: nearest(word.text, among: kinds).map { "did you mean `\($0)`?" },
        notes: ["models: \(kinds.joined(separator: ", "))"])
    }
    return kind
  }
}
