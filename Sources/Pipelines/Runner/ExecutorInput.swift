import Display
import Language
import Notebooks

/// What Kubeflow Pipelines and Vertex AI give a step, in place of `{{$}}` in its command: values, where
/// the files lie that it needs, and where to put those that it gives.
package struct ExecutorInput: Sendable {
  /// By keys, as typed.
  private var parameters: [(key: String, value: String)] = []
  private var inputs: [String: String] = [:]
  /// With the objects that describe them.
  private var outputs: [(key: String, path: String, artifact: [Fact])] = []
  private let outputFile: String

  /// Reads the message in JSON. Throws `syntax`.
  package init(parsing text: String) throws {
    func wrong(_ what: String) -> Diagnostic { Diagnostic(.syntax, "the executor input \(what)") }
    guard let root = try? JSONValue.parse(text), case .object = root else {
      throw wrong("is no object of JSON")
    }
    guard case .string(let file)? = root["outputs"]?["outputFile"], file.hasPrefix("/") else {
      throw wrong("names no outputFile")
    }
    outputFile = file
    for (key, value) in root["inputs"]?["parameterValues"]?.facts ?? [] {
      switch value {
      case .string(let text): parameters.append((key, text))
      case .bool, .int, .number: parameters.append((key, value.text))
      default: throw wrong("has no single value for the parameter `\(key)`")
      }
    }
    func artifacts(_ side: String) throws -> [(key: String, path: String, artifact: [Fact])] {
      try (root[side]?["artifacts"]?.facts ?? []).map { key, list in
        guard case .array(let elements)? = list["artifacts"], elements.count == 1,
          case .object(let artifact) = elements[0], case .string(let uri)? = elements[0]["uri"],
          let path = Self.path(of: uri)
        else { throw wrong("does not say where `\(key)` lies") }
        return (key, path, artifact)
      }
    }
    for input in try artifacts("inputs") { inputs[input.key] = input.path }
    outputs = try artifacts("outputs")
  }

  /// Where a URI is mounted, as the launcher of Kubeflow does it; nil for one that has no place.
  private static func path(of uri: String) -> String? {
    if uri.hasPrefix("/") { return uri }
    let places = [
      ("gs://", "/gcs/"), ("s3://", "/s3/"), ("minio://", "/minio/"), ("oci://", "/oci/"),
    ]
    guard let place = places.first(where: { uri.hasPrefix($0.0) }) else { return nil }
    return place.1 + uri.dropFirst(place.0.utf8.count)
  }

  /// The values by the names of the pipeline's parameters, as typed.
  package func arguments(of spec: PipelineSpec) -> [(name: String, value: String)] {
    parameters.compactMap { parameter in
      spec.parameters.first { spec.key(of: $0) == parameter.key }
        .map { ($0.name, parameter.value) }
    }
  }

  /// The folder in which a step finds what it needs and leaves what it gives.
  package func folder(of spec: PipelineSpec) -> StepFolder {
    var places: [String: String] = [:]
    for artifact in spec.artifacts {
      let key = spec.key(of: artifact)
      places[artifact.id] = outputs.first { $0.key == key }?.path ?? inputs[key]
    }
    return StepFolder(Path.parent(outputFile), places: places)
  }

  /// Says what the step gave, with the digests of files.
  package func write(_ outcome: StepOutcome, of spec: PipelineSpec) throws {
    let artifacts = outputs.map { output in
      var facts = output.artifact.filter { $0.key != "metadata" }
      let artifact = spec.artifacts.first {
        $0.step == outcome.step && spec.key(of: $0) == output.key
      }
      if let artifact, let object = outcome.record?.object(of: artifact.name) {
        facts.append(
          Fact("metadata", .object([Fact("sha256", .string(String(object.prefix(64))))])))
      }
      return Fact(output.key, .object([Fact("artifacts", .array([.object(facts)]))]))
    }
    try Path.createFolders(Path.parent(outputFile))
    try writeText(
      JSONValue.object([Fact("artifacts", .object(artifacts))]).text + "\n", to: outputFile)
  }
}

extension PipelineSpec {
  /// The name of a parameter where only ASCII letters, digits and `_` may stand.
  package func key(of parameter: Parameter) -> String {
    let names = parameters.plain.map(\.name)
    let keys = LegalName.variables(names, besides: [Self.fileKey])
    return zip(names, keys).first { $0.0 == parameter.name }?.1 ?? parameter.name
  }

  /// The same for an artifact: its name, if none before has that.
  package func key(of artifact: Artifact) -> String {
    let keys = LegalName.variables(artifacts.map(\.name))
    return zip(artifacts, keys).first { $0.0.id == artifact.id }?.1 ?? artifact.name
  }

  /// The parameter that says where pipeline.yaml is.
  static let fileKey = "pipeline_yaml"
}

extension JSONValue {
  fileprivate var facts: [(key: String, value: JSONValue)] {
    guard case .object(let facts) = self else { return [] }
    return facts.map { ($0.key, $0.value) }
  }
}
