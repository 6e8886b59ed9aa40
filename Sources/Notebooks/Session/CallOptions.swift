import Columnar
import Language
import Query

/// Options as typed values.
extension Call {
  /// The value of an option; nil where it is not given. A bare word is text.
  package func scalarOption(_ name: String) throws -> Scalar? {
    guard let value = option(name) else { return nil }
    return try scalar(value)
  }

  /// A literal, `$name` or constant expression as a value; a bare word is text.
  package func scalar(_ expression: Expr) throws -> Scalar {
    if case .name(let word) = expression.kind { return .text(word) }
    return try evaluateScalar(expression, scope: scope(Schema([])))
  }

  package func integerOption(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let value = try scalarOption(name) else { return nil }
    guard case .int(let number) = value, range.contains(Int(number)) else {
      throw invalid(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return Int(number)
  }

  package func numberOption(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = try scalarOption(name) else { return nil }
    guard let number = value.number, range.contains(number) else {
      throw invalid(
        name, "a number from \(Casts.text(range.lowerBound)) to \(Casts.text(range.upperBound))")
    }
    return number
  }

  package func flagOption(_ name: String) throws -> Bool {
    guard let value = try scalarOption(name) else { return false }
    guard case .bool(let flag) = value else { throw invalid(name, "true or false") }
    return flag
  }

  package func textOption(_ name: String) throws -> String? {
    guard let value = try scalarOption(name) else { return nil }
    guard case .text(let text) = value else { throw invalid(name, "text") }
    return text
  }

  /// One of a few words.
  package func choiceOption(_ name: String, among choices: [String]) throws -> String? {
    guard let value = try scalarOption(name) else { return nil }
    guard case .text(let word) = value, choices.contains(word) else {
      throw invalid(name, choices.joined(separator: ", "), isChoice: true)
    }
    return word
  }

  /// The diagnostic for an option whose value does not fit.
  package func invalid(_ name: String, _ expected: String, isChoice: Bool = false) -> Diagnostic {
    Diagnostic(
      .usage, "`\(name)` takes \(isChoice ? "one of " : "")\(expected)",
      span: option(name)?.span, notes: ["usage: \(declaration.synopsis)"])
  }

  /// The text literal or bare word that an item is; throws a usage error for anything else.
  package func word(_ item: Item, _ what: String) throws -> String {
    switch item.value.kind {
    case .text(let text): return text
    case .name(let name): return name
    case .variable:
      if case .text(let text) = try scalar(item.value) { return text }
      throw misuse("\(what) must be text", at: item.value.span)
    default: throw misuse("\(what) must be a name or text", at: item.value.span)
    }
  }

  /// The path that an item gives as a text literal, an f-string or a text variable.
  package func path(_ item: Item, _ what: String = "the file") throws -> String {
    switch item.value.kind {
    case .text(let text): return text
    case .format, .variable:
      if case .text(let text) = try scalar(item.value) { return text }
    default: break
    }
    throw misuse("\(what) must be in quotes", at: item.value.span)
  }
}
