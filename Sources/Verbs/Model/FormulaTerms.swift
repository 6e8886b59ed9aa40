import Columnar
import Language
import Modeling
import Notebooks
import Query

/// The right side of a formula taken apart and computed on a frame.
struct FormulaTerms {
  let text: String
  let responseName: String
  let response: Column
  private(set) var terms: [ModelTerm] = []
  private(set) var hasIntercept = true
  /// What the response and the terms are computed from, by their names.
  private(set) var expressions: [String: TypedExpr] = [:]
  private let call: Call
  private let frame: Frame

  init(_ expression: Expr, call: Call, frame: Frame) throws {
    guard case .formula(let left, let right) = expression.kind else {
      throw call.misuse("`fit` needs a formula, as y ~ x + z", at: expression.span)
    }
    self.call = call
    self.frame = frame
    text = Language.print(expression)
    responseName = Language.print(left)
    let typed = try bind(left, in: call.scope(frame.schema))
    expressions[FormulaTerms.responseKey] = typed
    response = try typed.evaluate(on: frame).column
    try add(right, isAdded: true)
    if terms.isEmpty, !hasIntercept {
      throw call.misuse("the formula has no term", at: right.span)
    }
  }

  /// The response's place among the expressions: a name that begins with NUL is no term's.
  static let responseKey = "\0"

  var formula: ModelFormula {
    ModelFormula(
      text: text, responseName: responseName, response: response, terms: terms,
      hasIntercept: hasIntercept)
  }

  private mutating func add(_ expression: Expr, isAdded: Bool) throws {
    switch expression.kind {
    case .binary(.add, let left, let right):
      try add(left, isAdded: isAdded)
      try add(right, isAdded: isAdded)
    case .binary(.subtract, let left, let right):
      try add(left, isAdded: isAdded)
      try add(right, isAdded: !isAdded)
    case .unary(.minus, let operand):
      try add(operand, isAdded: !isAdded)
    case .integer(let number) where number == 0 || number == 1:
      hasIntercept = (number == 1) == isAdded
    default:
      for factors in try expanded(expression) { append(term(of: factors), isAdded) }
    }
  }

  private mutating func append(_ term: ModelTerm, _ isAdded: Bool) {
    if isAdded {
      if !terms.contains(where: { $0.name == term.name }) { terms.append(term) }
    } else {
      terms.removeAll { $0.name == term.name }
    }
  }

  /// The terms that an expression stands for, each as its factors: Wilkinson and Rogers (1973), as
  /// in R. `a * b` is a + b + a:b, `(a + b):c` is a:c + b:c, `(a + b)^2` all products of two.
  private mutating func expanded(_ expression: Expr) throws -> [[ModelTerm]] {
    switch expression.kind {
    case .binary(.add, let left, let right):
      return union(try expanded(left), try expanded(right))
    case .binary(.multiply, let left, let right):
      for side in [left, right] where side.isNumber { throw arithmetic(expression) }
      let (left, right) = (try expanded(left), try expanded(right))
      return union(union(left, right), crossed(left, right))
    case .binary(.interaction, let left, let right):
      return crossed(try expanded(left), try expanded(right))
    case .binary(.power, let base, let exponent):
      let terms = try expanded(base)
      guard terms.count > 1 else { break }
      guard case .integer(let order) = exponent.kind, (1...10).contains(order) else {
        throw arithmetic(expression)
      }
      var powers = terms
      for _ in 1..<order { powers = union(powers, crossed(powers, terms)) }
      return powers
    case .binary(.subtract, _, _): throw arithmetic(expression)
    default: break
    }
    return [[try factor(expression)]]
  }

  private func arithmetic(_ expression: Expr) -> Diagnostic {
    Diagnostic(
      .arguments, "in a formula `*`, `^` and `-` combine terms; this is arithmetic",
      span: expression.span, hints: ["I(\(Language.print(expression)))"])
  }

  private func crossed(_ left: [[ModelTerm]], _ right: [[ModelTerm]]) -> [[ModelTerm]] {
    var products: [[ModelTerm]] = []
    for first in left {
      for second in right {
        let names = Set(first.map(\.name))
        products = union(products, [first + second.filter { !names.contains($0.name) }])
      }
    }
    return products
  }

  private func union(_ left: [[ModelTerm]], _ right: [[ModelTerm]]) -> [[ModelTerm]] {
    var all = left
    for factors in right {
      let names = Set(factors.map(\.name))
      if !all.contains(where: { Set($0.map(\.name)) == names }) { all.append(factors) }
    }
    return all
  }

  private func term(of factors: [ModelTerm]) -> ModelTerm {
    if factors.count == 1 { return factors[0] }
    return ModelTerm(
      name: factors.map(\.name).joined(separator: ":"), role: .interaction(factors))
  }

  private mutating func factor(_ expression: Expr) throws -> ModelTerm {
    let name = Language.print(expression)
    switch expression.kind {
    case .call(let function, let arguments) where function.text == "C":
      guard arguments.count == 1 else {
        throw call.misuse("C(…) takes one column", at: expression.span)
      }
      return ModelTerm(name: name, role: .categorical(try column(arguments[0], name)))
    case .call(let function, let arguments) where function.text == "I":
      guard arguments.count == 1 else {
        throw call.misuse("I(…) takes one expression", at: expression.span)
      }
      return ModelTerm(name: name, column: try column(arguments[0], name))
    case .call(let function, let arguments) where function.text == "poly":
      guard arguments.count == 2, case .integer(let degree) = arguments[1].kind,
        (1...50).contains(degree)
      else {
        throw call.misuse("poly(x, degree) takes a column and a degree", at: expression.span)
      }
      return ModelTerm(
        name: name, role: .polynomial(try column(arguments[0], name), degree: Int(degree)))
    default:
      return ModelTerm(name: name, column: try column(expression, name))
    }
  }

  private mutating func column(_ expression: Expr, _ name: String) throws -> Column {
    let typed = try bind(expression, in: call.scope(frame.schema))
    expressions[name] = typed
    return try typed.evaluate(on: frame).column
  }
}

extension Expr {
  fileprivate var isNumber: Bool {
    switch kind {
    case .integer, .float, .percentage: true
    default: false
    }
  }
}

extension FittedModel {
  /// The columns that prediction needs, computed on the rows of a frame.
  func inputs(on frame: Frame, _ call: Call) throws -> [Column] {
    try inputNames.map { name in
      var expression = try parsed(name)
      if case .call(let function, let arguments) = expression.kind,
        ["C", "I", "poly"].contains(function.text), let argument = arguments.first
      {
        expression = argument
      }
      return try column(expression, on: frame, call)
    }
  }

  /// The columns of a frame that prediction reads.
  func predictorNames() throws -> [String] {
    try inputNames.flatMap { try parsed($0).freeNames.map(\.text) }
  }

  /// The response on the rows of a frame, coded as the model was fitted.
  func observed(on frame: Frame, _ call: Call) throws -> Column {
    try response.observed(in: try column(try parsed(response.name), on: frame, call))
  }

  private func column(_ expression: Expr, on frame: Frame, _ call: Call) throws -> Column {
    do {
      return try bind(expression, in: call.scope(frame.schema)).evaluate(on: frame).column
    } catch var error as Diagnostic {
      // The span lies in the formula, not in the line that is running.
      error.span = call.stage.span
      error.notes.append("the model needs \(inputNames.joined(separator: ", "))")
      throw error
    }
  }

  /// The formula as an expression. Throws `corrupt` for the text of a model file that is none.
  func parsedFormula() throws -> Expr {
    let statements = try Parser.parse(
      "fit \(kind.rawValue) \(formula)", grammar: Grammar(verbs: [FitVerb.declaration.syntax]))
    guard statements.count == 1, case .pipeline(let pipeline) = statements[0].kind,
      let item = pipeline.stages.first?.items.first
    else { throw Diagnostic(.corrupt, "the model's formula cannot be read: \(formula)") }
    return item.value
  }

  private func parsed(_ text: String) throws -> Expr {
    // In parentheses, so that a name that is also a verb is read as a column.
    let statements = try Parser.parse("(\(text))", grammar: Grammar(verbs: []))
    guard statements.count == 1, case .expression(let expression) = statements[0].kind else {
      throw Diagnostic(.corrupt, "the model's formula cannot be read: \(text)")
    }
    return expression
  }
}
