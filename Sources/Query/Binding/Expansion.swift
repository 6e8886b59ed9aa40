import Language

/// Replaces calls of `def`s of expressions by their bodies.
///
/// Parameters are replaced all at once by what was given, so that names in an argument are never
/// taken for parameters. What comes of a body has the span of its call.
struct Expansion {
  let definitions: [String: Definition]

  /// How many parts an expression may have once expanded: `def`s that double can grow without end.
  private static let sizeLimit = 20_000

  func expand(_ expression: Expr) throws(Diagnostic) -> Expr {
    if definitions.isEmpty { return expression }
    var size = 0
    return try expand(expression, within: [], &size)
  }

  private func expand(
    _ expression: Expr, within open: [String], _ size: inout Int
  ) throws(Diagnostic) -> Expr {
    var failure: Diagnostic?
    let result = expression.rewritten { part in
      size += 1
      guard failure == nil, case .call(let function, let arguments) = part.kind,
        let definition = definitions[function.text]
      else { return part }
      do throws(Diagnostic) {
        return try body(of: definition, function, arguments, part.span, open, &size)
      } catch {
        failure = error
        return part
      }
    }
    if let failure { throw failure }
    return result
  }

  private func body(
    of definition: Definition, _ function: Name, _ arguments: [Expr], _ span: Span,
    _ open: [String], _ size: inout Int
  ) throws(Diagnostic) -> Expr {
    let parameters = definition.parameters.map(\.text)
    let signature = "\(function.text)(\(parameters.joined(separator: ", ")))"
    guard case .expression(let body) = definition.body else {
      throw Diagnostic(
        .type, "`\(function.text)` is a def of stages and cannot stand in an expression",
        span: function.span)
    }
    guard !open.contains(function.text) else {
      throw Diagnostic(.value, "`\(function.text)` calls itself", span: span)
    }
    guard arguments.count == parameters.count else {
      throw Diagnostic(
        .arguments,
        "`\(function.text)` takes \(parameters.count) argument\(parameters.count == 1 ? "" : "s"), "
          + "and \(arguments.count) \(arguments.count == 1 ? "is" : "are") given",
        span: span, label: signature)
    }
    guard size < Expansion.sizeLimit else {
      throw Diagnostic(.value, "the expression is too large once expanded", span: span)
    }
    let given = Dictionary(zip(parameters, arguments)) { first, _ in first }
    let substituted = body.rewritten { part in
      if case .name(let name) = part.kind, let argument = given[name] { return argument }
      return Expr(part.kind, span)
    }
    try substituted.checkHeight(span: span)
    // Arguments hold no calls of definitions any more, so only those of the body expand here, and
    // the names in their bodies never meet these parameters.
    return try expand(substituted, within: open + [function.text], &size)
  }
}
