import Columnar
import Display
import Language
import Query
import Yams

/// What stands between the `---` lines of a notebook: version, title, parameters, pinned inputs.
package struct FrontMatter: Sendable {
  /// A file that the notebook reads, with the content it had when the outputs were recorded.
  package struct Input: Sendable, Hashable {
    /// Relative to the notebook's folder.
    package var path: String
    package var sha256: String
    package var bytes: Int

    package init(path: String, sha256: String, bytes: Int) {
      self.path = path
      self.sha256 = sha256
      self.bytes = bytes
    }
  }

  package var title: String?
  package var parameters: [Parameter] = []
  package var inputs: [Input] = []
  /// The relative difference of numbers up to which `--check` takes them for the same.
  package var tolerance = 1e-9

  package init() {}

  /// Reads the raw element with its `---` lines. Unknown keys are left alone.
  package init(parsing raw: String) throws {
    let body = raw.unixLines.dropFirst().prefix { $0 != "---" }.joined(separator: "\n")
    guard let node = try YAML.node(body, of: "front matter", after: 1) else { return }
    guard let mapping = node.mapping else {
      throw Diagnostic(.syntax, "front matter: a mapping is expected")
    }
    for (key, value) in mapping {
      switch key.string {
      case "kaizen":
        guard value.int == 1 else {
          throw Diagnostic(
            .format,
            "this notebook has format \(value.string ?? "?"); this program reads format 1")
        }
      case "title": title = value.string
      case "tolerance":
        guard let number = value.string.flatMap({ Double($0) }), number >= 0, number < 1 else {
          throw Diagnostic(.syntax, "front matter: tolerance is a number from 0 to 1")
        }
        tolerance = number
      case "params": parameters = try Self.parameters(value)
      case "inputs": inputs = try Self.inputs(value)
      default: break
      }
    }
  }

  /// Parameter declarations by name.
  package static func parameters(_ node: Node) throws -> [Parameter] {
    guard let mapping = node.mapping else {
      throw Diagnostic(.syntax, "front matter: params is a mapping of name to declaration")
    }
    return try mapping.map { key, value in
      if let name = key.string, let fields = value.mapping, let variable = fields["secret"] {
        return try secret(name, variable, fields)
      }
      guard let name = key.string, let fields = value.mapping,
        let typeName = fields["type"]?.string, let type = DataType(rawValue: typeName),
        let standard = fields["default"]?.string
      else {
        throw Diagnostic(
          .syntax,
          "front matter: parameter \(key.string ?? "?") needs {type: …, default: …}; types are "
            + DataType.allCases.map(\.rawValue).joined(separator: ", "))
      }
      var parameter = Parameter(name: name, type: type, value: .null)
      let value = try parameter.parsed(standard)
      parameter.value = value
      parameter.defaultValue = value
      parameter.minimum = try fields["min"]?.string.map { try parameter.parsed($0) }
      parameter.maximum = try fields["max"]?.string.map { try parameter.parsed($0) }
      if let choices = fields["choices"]?.sequence {
        parameter.choices = try choices.map { try parameter.parsed($0.string ?? "") }
      }
      parameter.documentation = fields["doc"]?.string
      if let violation = parameter.violation(of: value) {
        throw Diagnostic(.syntax, "front matter: the default of \(name): \(violation)")
      }
      return parameter
    }
  }

  /// `{type: text, secret: VARIABLE, doc: …}`
  private static func secret(
    _ name: String, _ variable: Node, _ fields: Node.Mapping
  ) throws -> Parameter {
    let others = fields.compactMap(\.key.string).filter { !["type", "secret", "doc"].contains($0) }
    if let other = others.first {
      throw Diagnostic(
        .syntax, "front matter: \(name) is a secret, which has no \(other)",
        notes: ["its value comes from the environment"])
    }
    guard let variable = variable.string, Secret.isVariable(variable),
      fields["type"] == nil || fields["type"]?.string == "text"
    else {
      throw Diagnostic(
        .syntax,
        "front matter: the secret \(name) needs {type: text, secret: VARIABLE}, a variable of the "
          + "environment")
    }
    return Parameter(name: name, secret: variable, documentation: fields["doc"]?.string)
  }

  private static func inputs(_ node: Node) throws -> [Input] {
    guard let mapping = node.mapping else {
      throw Diagnostic(.syntax, "front matter: inputs is a mapping of path to digest")
    }
    return try mapping.map { key, value in
      guard let path = key.string, let fields = value.mapping,
        let digest = fields["sha256"]?.string, digest.utf8.count == 64
      else {
        throw Diagnostic(
          .syntax, "front matter: input \(key.string ?? "?") needs {sha256: 64 digits}")
      }
      return Input(path: path, sha256: digest, bytes: fields["bytes"]?.int ?? 0)
    }
  }

  /// The element as `save` writes it: plain YAML, the same for the same content.
  package var text: String {
    var lines = ["---", "kaizen: 1"]
    if let title { lines.append("title: \(YAML.scalar(title))") }
    lines += parameterLines + inputLines
    if tolerance != 1e-9 { lines.append("tolerance: \(tolerance)") }
    return (lines + ["---"]).joined(separator: "\n") + "\n"
  }

  /// The element as it was, `raw`, with these parameters and inputs in it and all else left alone;
  /// as `save` writes it where there was none, or where YAML written by hand is laid out in ways that
  /// a replacement by line does not foresee.
  func text(over raw: String?) -> String {
    guard let raw, let known = try? FrontMatter(parsing: raw) else { return text }
    var updated = raw
    if inputs != known.inputs {
      updated = FrontMatter.replacing("inputs", in: updated, with: inputLines)
    }
    if parameters.map(\.yaml) != known.parameters.map(\.yaml) {
      updated = FrontMatter.replacing("params", in: updated, with: parameterLines)
    }
    guard let read = try? FrontMatter(parsing: updated), read.inputs == inputs,
      read.parameters.map(\.yaml) == parameters.map(\.yaml)
    else { return text }
    return updated
  }

  var parameterLines: [String] {
    parameters.isEmpty ? [] : ["params:"] + parameters.map { "  " + $0.yaml }
  }

  var inputLines: [String] {
    if inputs.isEmpty { return [] }
    return ["inputs:"]
      + inputs.map {
        "  \(YAML.scalar($0.path)): {sha256: \($0.sha256), bytes: \($0.bytes)}"
      }
  }

  /// `raw`, an element with its `---` lines, with what stands under a top-level key replaced by
  /// `lines`, which bring the key with them; put at the end where the key is not there. All else
  /// stays as it is.
  static func replacing(_ key: String, in raw: String, with lines: [String]) -> String {
    let usesCRLF = raw.utf8.prefix { $0 != UInt8(ascii: "\n") }.last == UInt8(ascii: "\r")
    var old = raw.unixLines
    let last = old.count - 1
    var start = old.firstIndex { $0.hasPrefix("\(key):") } ?? last
    start = min(start, last)
    var end = start
    if start < last {
      end += 1
      // A block goes on as long as lines are indented; blank ones and comments may stand within.
      while end < last, old[end].isEmpty || " \t}]#".contains(old[end].first ?? "a") { end += 1 }
      while end > start + 1, old[end - 1].isEmpty || old[end - 1].hasPrefix("#") { end -= 1 }
    }
    old.replaceSubrange(start..<end, with: lines)
    let text = old.joined(separator: "\n") + "\n"
    return usesCRLF ? text.withCRLF : text
  }
}

extension Parameter {
  /// The declaration as a line of YAML: `min_mass: {type: float, default: 2500}`.
  package var yaml: String {
    var fields = ["type: \(type.rawValue)"]
    fields.append(secret.map { "secret: \(YAML.scalar($0))" } ?? "default: \(yaml(defaultValue))")
    if let minimum { fields.append("min: \(yaml(minimum))") }
    if let maximum { fields.append("max: \(yaml(maximum))") }
    if !choices.isEmpty {
      fields.append("choices: [\(choices.map(yaml).joined(separator: ", "))]")
    }
    if let documentation { fields.append("doc: \(YAML.scalar(documentation))") }
    return "\(YAML.scalar(name)): {\(fields.joined(separator: ", "))}"
  }

  private func yaml(_ scalar: Scalar) -> String {
    switch scalar {
    case .text(let text): YAML.scalar(text)
    case .date, .datetime: YAML.scalar(String(scalar.literal.drop { $0 == "@" }))
    case .duration: YAML.scalar(scalar.literal)
    default: scalar.literal
    }
  }
}
