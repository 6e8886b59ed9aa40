import Columnar
import Language
import Notebooks
import Yams

extension PipelineSpec {
  /// Reads `pipeline.yaml`. Throws `syntax` with what is missing or wrong.
  package init(parsing text: String, file: String) throws {
    func wrong(_ message: String) -> Diagnostic { Diagnostic(.syntax, "\(file): \(message)") }
    guard let root = try YAML.node(text, of: file)?.mapping else {
      throw wrong("a mapping is expected")
    }
    guard root["kaizen"]?.int == 1 else {
      throw wrong("`kaizen: 1` is missing: this program runs pipelines of format 1")
    }
    let known: Set<String> = [
      "kaizen", "pipeline", "source", "root", "schedule", "parameters", "artifacts", "steps",
    ]
    for (key, _) in root where !known.contains(key.string ?? "") {
      throw wrong("unknown key `\(key.string ?? "?")`")
    }
    guard let name = root["pipeline"]?.string, let folder = root["root"]?.string else {
      throw wrong("`pipeline` and `root` are needed")
    }
    self.name = name
    source = root["source"]?.string ?? ""
    self.root = folder
    parameters = try root["parameters"].map { try FrontMatter.parameters($0) } ?? []
    if let node = root["schedule"] {
      do {
        schedule = try Schedule(parsing: node.string ?? "")
      } catch let error as Diagnostic {
        throw wrong(error.message)
      }
    }
    artifacts = []
    if let node = root["artifacts"] {
      guard let mapping = node.mapping else { throw wrong("`artifacts` is a mapping") }
      for (key, value) in mapping {
        guard let id = key.string, let dot = id.firstIndex(of: "."),
          let fields = value.mapping, let type = fields["type"]?.string
        else { throw wrong("artifact `\(key.string ?? "?")` needs `step.name: {type: …}`") }
        let kind: Artifact.Kind
        switch type {
        case "model": kind = .model
        case "scalar":
          guard let type = fields["of"]?.string.flatMap({ DataType(rawValue: $0) }) else {
            throw wrong("artifact \(id) needs `of`, the type of its value")
          }
          kind = .scalar(type)
        case "frame": kind = .frame(try Self.schema(fields["columns"], id, wrong))
        default: throw wrong("artifact \(id): type is frame, scalar or model, not `\(type)`")
        }
        artifacts.append(
          Artifact(
            name: String(id[id.index(after: dot)...]), kind: kind, step: String(id[..<dot])))
      }
    }
    guard let sequence = root["steps"]?.sequence, !sequence.isEmpty else {
      throw wrong("`steps` is a list of one step or more")
    }
    steps = []
    for node in sequence {
      guard let fields = node.mapping, let id = fields["id"]?.string,
        let program = fields["program"]?.string
      else { throw wrong("step \(steps.count + 1) needs `id` and `program`") }
      let isName = id.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
      }
      guard let first = id.first, first != "-", id.utf8.count <= 200, isName else {
        throw wrong("step `\(id)`: an id has letters, digits, - and _ only, no - in front")
      }
      guard !steps.contains(where: { $0.id == id }) else { throw wrong("two steps `\(id)`") }
      let known: Set<String> = [
        "id", "kind", "needs", "gives", "inputs", "outputs", "after", "retries", "timeout",
        "program",
      ]
      for (key, _) in fields where !known.contains(key.string ?? "") {
        throw wrong("step \(id): unknown key `\(key.string ?? "?")`")
      }
      func texts(_ key: String) throws -> [String] {
        guard let node = fields[key] else { return [] }
        guard let sequence = node.sequence else { throw wrong("step \(id): `\(key)` is a list") }
        return try sequence.map { element in
          guard let text = element.string else { throw wrong("step \(id): `\(key)` has texts") }
          return text
        }
      }
      for need in try texts("needs") {
        guard let artifact = artifacts.first(where: { $0.id == need }),
          steps.contains(where: { $0.id == artifact.step && $0.gives.contains(artifact.name) })
        else { throw wrong("step \(id) needs `\(need)`, which no earlier step gives") }
      }
      for name in try texts("gives")
      where !artifacts.contains(where: { $0.step == id && $0.name == name }) {
        throw wrong("step \(id) gives `\(name)`, but there is no artifact `\(id).\(name)`")
      }
      for earlier in try texts("after") where !steps.contains(where: { $0.id == earlier }) {
        throw wrong("step \(id) comes after `\(earlier)`, which is no earlier step")
      }
      var retries = 0
      if let node = fields["retries"] {
        guard let count = node.int, (0...100).contains(count) else {
          throw wrong("step \(id): `retries` is a number from 0 to 100")
        }
        retries = count
      }
      var timeout: Double?
      if let node = fields["timeout"] {
        guard let seconds = node.string.flatMap({ Seconds.parse($0) }) else {
          throw wrong("step \(id): `timeout` is a time, as 30s, 10min or 2h")
        }
        timeout = seconds
      }
      steps.append(
        Step(
          id: id, kind: fields["kind"]?.string ?? "transform", program: program,
          needs: try texts("needs"), gives: try texts("gives"), inputs: try texts("inputs"),
          outputs: try texts("outputs"), after: try texts("after"), retries: retries,
          timeout: timeout))
    }
  }

  private static func schema(
    _ node: Node?, _ id: String, _ wrong: (String) -> Diagnostic
  ) throws -> Schema {
    guard let columns = node?.sequence else { throw wrong("artifact \(id) needs `columns`") }
    return Schema(
      try columns.map { column in
        guard let name = column.mapping?["name"]?.string,
          let type = column.mapping?["type"]?.string.flatMap({ DataType(rawValue: $0) })
        else { throw wrong("artifact \(id): a column needs {name: …, type: …}") }
        return Schema.Field(name: name, type: type)
      })
  }
}
