import Columnar
import Display
import Language
import Query

/// `param name = default min=… max=… choices=[…] doc="…"`, `param name secret="VARIABLE"`
extension Session {
  func declare(_ declaration: ParameterDeclaration) throws {
    let name = declaration.name
    if declaration.options.contains(where: { $0.name.text == "secret" }) {
      try declareSecret(declaration)
      return
    }
    guard let value = declaration.value else {
      throw Diagnostic(
        .parameterType, "a parameter needs a default that says its type", span: name.span,
        hints: ["param \(name.text) = …", "param \(name.text) secret=\"VARIABLE\""])
    }
    let standard = try scalar(value)
    guard let type = standard.type else {
      throw Diagnostic(
        .parameterType, "a parameter needs a default that says its type", span: value.span)
    }
    var parameter = Parameter(name: name.text, type: type, value: standard)
    for (option, value) in declaration.options {
      switch option.text {
      case "min": parameter.minimum = try bound(value, type)
      case "max": parameter.maximum = try bound(value, type)
      case "doc":
        guard case .text(let text) = try scalar(value) else {
          throw Diagnostic(.arguments, "`doc` takes text", span: value.span)
        }
        parameter.documentation = text
      case "choices":
        guard case .list(let elements) = value.kind else {
          throw Diagnostic(.arguments, "`choices` takes a list", span: value.span)
        }
        parameter.choices = try elements.map { try bound($0, type) }
      default:
        throw Diagnostic(
          .unknownOption, "`param` has no option `\(option.text)`", span: option.span,
          notes: ["options: min, max, choices, doc, secret"])
      }
    }
    if let violation = parameter.violation(of: standard) {
      throw Diagnostic(.value, "the default \(violation)", span: value.span)
    }
    if let given = parameterValues[name.text] {
      parameter.value = try parameter.checked(given)
    }
    add(parameter)
  }

  private func add(_ parameter: Parameter) {
    state.parameters.removeAll { $0.name == parameter.name }
    state.parameters.append(parameter)
    bind(parameter.name, to: parameter.binding)
    state.constants.insert(parameter.name)
  }

  private func declareSecret(_ declaration: ParameterDeclaration) throws {
    let name = declaration.name
    if let value = declaration.value {
      throw Diagnostic(
        .usage, "a secret has no default: its value comes from the environment", span: value.span,
        hints: ["param \(name.text) secret=\"\(name.text.uppercased())\""])
    }
    var parameter: Parameter?
    var documentation: String?
    for (option, value) in declaration.options {
      switch (option.text, value.kind) {
      case ("secret", .text(let variable)) where Secret.isVariable(variable):
        parameter = Parameter(name: name.text, secret: variable)
      case ("secret", _):
        throw Diagnostic(
          .usage, "`secret` takes the name of a variable of the environment", span: value.span,
          notes: ["letters, digits and _"],
          hints: ["param \(name.text) secret=\"\(name.text.uppercased())\""])
      case ("doc", .text(let text)): documentation = text
      case ("doc", _): throw Diagnostic(.arguments, "`doc` takes text", span: value.span)
      default:
        throw Diagnostic(
          .unknownOption, "a secret has no option `\(option.text)`", span: option.span,
          notes: ["options: secret, doc"])
      }
    }
    guard var parameter else { return }
    parameter.documentation = documentation
    if parameterValues[name.text] != nil { throw parameter.givenSecret }
    add(parameter)
  }

  private func bound(_ expression: Expr, _ type: DataType) throws -> Scalar {
    let value = try scalar(expression)
    if let converted = value.converted(to: type) { return converted }
    throw Diagnostic(
      .parameterType, "\(value.literal) is not of the parameter's type, \(type.rawValue)",
      span: expression.span)
  }
}

extension Parameter {
  /// `value` as a value of this parameter. Throws `parameter-type` or `value`.
  package func checked(_ value: Scalar) throws -> Scalar {
    if secret != nil { throw givenSecret }
    guard let converted = value.converted(to: type) else {
      throw Diagnostic(
        .parameterType, "parameter `\(name)` is \(type.rawValue), and \(value.literal) is not")
    }
    if let violation = violation(of: converted) {
      throw Diagnostic(.parameterType, "parameter `\(name)`: \(violation)")
    }
    return converted
  }

  /// Reads a value given as text, on a command line. Throws `parameter-type` or `value`.
  package func parsed(_ text: String) throws -> Scalar {
    if secret != nil { throw givenSecret }
    if type == .text { return try checked(.text(text)) }
    let wrong = Diagnostic(
      .parameterType, "parameter `\(name)` is \(type.rawValue), and \"\(text)\" is not")
    let temporal = type == .date || type == .datetime
    let source = temporal && !text.hasPrefix("@") ? "@" + text : text
    guard let statements = try? Parser.parse(source, grammar: Grammar(verbs: [])),
      statements.count == 1, case .expression(let expression) = statements[0].kind,
      let value = try? evaluateScalar(expression, scope: Scope())
    else { throw wrong }
    guard value.converted(to: type) != nil else { throw wrong }
    return try checked(value)
  }

  /// Reads a value in the spelling of the language, as `"Adelie"` or `@2024-03-01`. Throws
  /// `parameter-type`.
  package func read(_ literal: String) throws -> Scalar {
    guard type == .text else { return try parsed(literal) }
    guard let statements = try? Parser.parse(literal, grammar: Grammar(verbs: [])),
      statements.count == 1, case .expression(let expression) = statements[0].kind,
      case .text(let text) = expression.kind
    else {
      throw Diagnostic(.parameterType, "parameter `\(name)` is text, and \(literal) is not")
    }
    return try checked(.text(text))
  }

  /// The type and the bounds: `float min=1.0 max=5.0`.
  var boundsText: String {
    if let asSecret { return asSecret.summary }
    var words = [type.rawValue]
    if let minimum { words.append("min=\(minimum.literal)") }
    if let maximum { words.append("max=\(maximum.literal)") }
    if !choices.isEmpty {
      words.append("choices=[\(choices.map(\.literal).joined(separator: ", "))]")
    }
    return words.joined(separator: " ")
  }

  /// The parameter with the value that it has where none is given.
  var withDefault: Parameter {
    var parameter = self
    parameter.value = defaultValue
    return parameter
  }

  /// The error for a secret that was given a value, which is not repeated.
  var givenSecret: Diagnostic {
    Diagnostic(
      .usage,
      "parameter `\(name)` is a secret: it is given no value, but read from the environment variable "
        + "\(secret ?? "")")
  }

  /// What is wrong with `value`, in words; nil if it is within bounds.
  func violation(of value: Scalar) -> String? {
    if let minimum, value.precedes(minimum) {
      return "\(value.literal) is below the minimum \(minimum.literal)"
    }
    if let maximum, maximum.precedes(value) {
      return "\(value.literal) is above the maximum \(maximum.literal)"
    }
    if !choices.isEmpty, !choices.contains(value) {
      return "\(value.literal) is none of \(choices.map(\.literal).joined(separator: ", "))"
    }
    return nil
  }
}

extension [Parameter] {
  /// The parameters with the values that `arguments` give, as typed. Throws `unknown-parameter` for
  /// a name that is not among them, `parameter-type` for a value that does not fit.
  package func given(
    _ arguments: [(name: String, value: String)], file: String
  ) throws -> [Parameter] {
    for argument in arguments where !contains(where: { $0.name == argument.name }) {
      let known = map(\.name)
      throw Diagnostic(
        .unknownParameter, "\(file) has no parameter `\(argument.name)`",
        label: nearest(argument.name, among: known).map { "did you mean `\($0)`?" },
        notes: known.isEmpty
          ? ["it has no parameters"] : ["parameters: \(known.joined(separator: ", "))"])
    }
    return try map { declared in
      var parameter = declared
      if let argument = arguments.last(where: { $0.name == declared.name }) {
        parameter.value = try declared.parsed(argument.value)
      }
      return parameter
    }
  }
}

extension Scalar {
  /// The value as one of `type` without loss: an int as a float, a date as a datetime.
  package func converted(to type: DataType) -> Scalar? {
    if self.type == type { return self }
    switch (self, type) {
    case (.int(let value), .float): return .float(Double(value))
    case (.date(let days), .datetime): return .datetime(Int64(days) * 86_400_000_000)
    default: return nil
    }
  }

  /// Whether the value comes before `other`, of the same type, in that type's order.
  package func precedes(_ other: Scalar) -> Bool {
    switch (self, other) {
    case (.int(let left), .int(let right)): left < right
    case (.float(let left), .float(let right)): left < right
    case (.date(let left), .date(let right)): left < right
    case (.datetime(let left), .datetime(let right)): left < right
    case (.duration(let left), .duration(let right)):
      (left.months, left.microseconds) < (right.months, right.microseconds)
    case (.text(let left), .text(let right)):
      left.utf8.lexicographicallyPrecedes(right.utf8)
    default: false
    }
  }
}
