import Columnar
import Display
import Language

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A parameter whose value only the environment has.
///
/// The session knows the variable's name and nothing else: the value is looked up where it is used,
/// and is bound to no name, so that nothing which prints, saves or records what is bound can show it.
package struct Secret: Sendable, Hashable {
  /// The parameter.
  package let name: String
  /// The variable of the environment.
  package let variable: String

  package init(name: String, variable: String) {
    self.name = name
    self.variable = variable
  }

  /// The value. Throws `no-secret` where the environment has none.
  package func value() throws -> String {
    guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else {
      throw Diagnostic(
        .noSecret, "the secret `\(name)` is not there: \(variable) is not set in the environment",
        hints: ["export \(variable)=… in the shell, then start kaizen again"])
    }
    return value
  }

  /// Whether a variable of the environment can have this name.
  static func isVariable(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, bytes.count <= 200, !(0x30...0x39).contains(first) else {
      return false
    }
    return bytes.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x5F
    }
  }
}

extension Secret: SessionObject {
  package var typeName: String { "a secret" }

  package var output: Output {
    .message(
      Message(
        subject: name, text: summary, kind: "secret",
        facts: [
          Fact("variable", .string(variable))
        ]))
  }

  package var summary: String { "a secret, from \(variable)" }

  package func introduction(as name: String) -> Output { output }
}

extension Parameter {
  /// Itself as a secret; nil where it is none.
  package var asSecret: Secret? { secret.map { Secret(name: name, variable: $0) } }

  /// The default, or where a secret comes from.
  var declaredText: String { asSecret?.summary ?? defaultValue.literal }

  /// What its name is bound to.
  var binding: Value { asSecret.map { .object($0) } ?? .scalar(value) }
}

extension [Parameter] {
  /// Those that are no secrets: the ones with values that can be written down.
  package var plain: [Parameter] { filter { $0.secret == nil } }

  /// The values by name, in the spelling of the language; secrets have none.
  package var literals: [(name: String, value: String)] {
    plain.map { ($0.name, $0.value.literal) }
  }
}

extension Call {
  /// The secret that an option names, as `key=$salt`; nil where the option is not given. Throws for
  /// anything else: a secret is not written down.
  package func secretOption(_ name: String) throws -> Secret? {
    guard let value = option(name) else { return nil }
    switch value.kind {
    case .variable(let word), .name(let word):
      if let secret = secrets[word] { return secret }
      if boundNames[word] == nil {
        throw Diagnostic(
          .unknownName, "no secret `\(word)` is declared", span: value.span,
          label: nearest(word, among: secrets.keys.sorted()).map { "did you mean `$\($0)`?" },
          hints: ["param \(word) secret=\"\(word.uppercased())\""])
      }
    default: break
    }
    throw Diagnostic(
      .usage, "`\(name)` takes a secret, which is not written down", span: value.span,
      notes: ["its value comes from the environment"],
      hints: ["param token secret=\"TOKEN\"", "… \(name)=$token"])
  }
}
