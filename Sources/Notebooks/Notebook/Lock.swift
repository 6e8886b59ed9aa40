import Columnar
import Display
import Language

/// What a notebook gave when it was last accepted: digests and typed values of its outputs, beside
/// the notebook as `NAME.md.lock`.
package struct Lock: Sendable {
  package struct Cell: Sendable {
    package var id: String?
    /// The SHA-256 of the printed text.
    package var output: String
    package var values: [JSONValue]
  }

  package var inputs: [FrontMatter.Input]
  package var parameters: [(name: String, value: String)]
  /// Types and bounds of parameters, and where secrets come from, in words.
  package var declarations: [(name: String, text: String)]
  package var cells: [Cell]

  package init(
    inputs: [FrontMatter.Input], parameters: [Parameter], runs: [CellRun]
  ) {
    self.inputs = inputs
    self.parameters = parameters.literals
    declarations = parameters.map { ($0.name, $0.boundsText) }
    cells = runs.map { Cell(id: $0.id, output: digest($0.text), values: $0.values) }
  }

  /// The text of the file: JSON, a cell a line so that it diffs and merges by line.
  package var text: String {
    let inputs = self.inputs.map {
      Fact(
        $0.path,
        .object([Fact("sha256", .string($0.sha256)), Fact("bytes", .int(Int64($0.bytes)))]))
    }
    var lines = [
      "{", "\"kaizen\": 1,", "\"inputs\": \(JSONValue.object(inputs).text),",
      "\"parameters\": "
        + JSONValue.object(parameters.map { Fact($0.name, .string($0.value)) }).text + ",",
    ]
    if !declarations.isEmpty {
      let facts = declarations.map { Fact($0.name, .string($0.text)) }
      lines.append("\"declarations\": \(JSONValue.object(facts).text),")
    }
    lines.append("\"cells\": [")
    for (index, cell) in cells.enumerated() {
      let value = JSONValue.object([
        Fact("id", cell.id.map { .string($0) } ?? .null), Fact("output", .string(cell.output)),
        Fact("values", .array(cell.values)),
      ])
      lines.append(value.text + (index + 1 < cells.count ? "," : ""))
    }
    return (lines + ["]", "}"]).joined(separator: "\n") + "\n"
  }

  /// Reads a lock. Throws `corrupt` with the file's name.
  package init(parsing text: String, file: String) throws {
    let damaged = Diagnostic(
      .corrupt, "\(file) is damaged", notes: ["replay with --accept writes it anew"])
    guard let root = try? JSONValue.parse(text), root["kaizen"] == .int(1),
      case .array(let cells)? = root["cells"], case .object(let inputs)? = root["inputs"],
      case .object(let parameters)? = root["parameters"]
    else { throw damaged }
    self.inputs = try inputs.map { fact in
      guard case .string(let digest)? = fact.value["sha256"],
        case .int(let bytes)? = fact.value["bytes"]
      else { throw damaged }
      return FrontMatter.Input(path: fact.key, sha256: digest, bytes: Int(bytes))
    }
    self.parameters = try parameters.map { fact in
      guard case .string(let value) = fact.value else { throw damaged }
      return (fact.key, value)
    }
    declarations = []
    if let facts = root["declarations"] {
      guard case .object(let facts) = facts else { throw damaged }
      declarations = try facts.map { fact in
        guard case .string(let text) = fact.value else { throw damaged }
        return (fact.key, text)
      }
    }
    self.cells = try cells.map { cell in
      guard case .string(let output)? = cell["output"], case .array(let values)? = cell["values"]
      else { throw damaged }
      if case .string(let id)? = cell["id"] { return Cell(id: id, output: output, values: values) }
      return Cell(id: nil, output: output, values: values)
    }
  }
}

extension JSONValue {
  /// Whether two values are the same but for numbers that differ by at most `tolerance`, relative
  /// to the larger.
  package func agrees(with other: JSONValue, tolerance: Double) -> Bool {
    switch (self, other) {
    case (.array(let left), .array(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { $0.agrees(with: $1, tolerance: tolerance) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy {
          $0.key == $1.key && $0.value.agrees(with: $1.value, tolerance: tolerance)
        }
    case (.number, .number), (.number, .int), (.int, .number):
      guard let left = number, let right = other.number else { return false }
      return left == right || abs(left - right) <= tolerance * max(abs(left), abs(right))
    default: return self == other
    }
  }

  private var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
