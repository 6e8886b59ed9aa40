import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The events of a run as OpenLineage has them, a JSON object a line: which step read and wrote which
/// file, at which version.
struct Lineage {
  private let pipeline: PipelineRun
  private let file: String
  private let runID = Lineage.identifier()
  private var lines: [String] = []

  init(_ pipeline: PipelineRun, _ run: RunFolder) {
    self.pipeline = pipeline
    file = run.events
  }

  mutating func began() throws { try add("START", job: pipeline.spec.name, run: runID) }

  mutating func ended(_ failure: Diagnostic?) throws {
    try add(
      failure == nil ? "COMPLETE" : "FAIL", job: pipeline.spec.name, run: runID, error: failure)
  }

  mutating func ended(_ outcome: StepOutcome) throws {
    let name = "\(pipeline.spec.name).\(outcome.step)"
    let id = Self.identifier()
    let step = pipeline.spec.steps.first { $0.id == outcome.step }
    var inputs = (outcome.record?.inputs ?? []).map { Self.dataset($0.path, $0.sha256) }
    inputs += outcome.needs.map { Self.dataset($0.id, $0.object) }
    if outcome.record == nil { inputs += (step?.inputs ?? []).map { Self.dataset($0, nil) } }
    let known = outcome.record.map { pipeline.lineages(of: $0.key) } ?? []
    func origins(_ dataset: String) -> JSONValue? { known.first { $0.dataset == dataset }?.facet }
    var outputs = (outcome.record?.outputs ?? []).map {
      Self.dataset($0.path, $0.object, origins: origins($0.path))
    }
    outputs += (outcome.record?.artifacts ?? []).map { name, object in
      let id = "\(outcome.step).\(name)"
      return Self.dataset(id, object, schema: schema(outcome.step, name), origins: origins(id))
    }
    try add("START", job: name, run: id, parent: runID)
    try add(
      outcome.error == nil ? "COMPLETE" : "FAIL", job: name, run: id, parent: runID, inputs: inputs,
      outputs: outputs, error: outcome.error)
  }

  private func schema(_ step: String, _ name: String) -> Schema? {
    let artifact = pipeline.spec.artifacts.first { $0.step == step && $0.name == name }
    if case .frame(let schema)? = artifact?.kind { return schema }
    return nil
  }

  private static let producer = JSONValue.string("https://kaizen/\(Engine.version)")

  /// A facet of the kind `schema`, as that version of its definition has it.
  private static func facet(_ schema: String, _ version: String, _ facts: [Fact]) -> JSONValue {
    let page = "https://openlineage.io/spec/facets/\(version)/\(schema).json"
    return .object(
      [Fact("_producer", producer), Fact("_schemaURL", .string("\(page)#/$defs/\(schema)"))]
        + facts)
  }

  private static func dataset(
    _ name: String, _ version: String?, schema: Schema? = nil, origins: JSONValue? = nil
  ) -> JSONValue {
    var facets: [Fact] = []
    if let version {
      facets.append(
        Fact(
          "version",
          facet("DatasetVersionDatasetFacet", "1-0-1", [Fact("datasetVersion", .string(version))])))
    }
    if let schema {
      let fields = schema.fields.map {
        JSONValue.object([Fact("name", .string($0.name)), Fact("type", .string($0.type.rawValue))])
      }
      facets.append(
        Fact("schema", facet("SchemaDatasetFacet", "1-2-0", [Fact("fields", .array(fields))])))
    }
    if case .object(let facts)? = origins {
      facets.append(
        Fact(
          "columnLineage", facet("ColumnLineageDatasetFacet", "1-2-0", facts)))
    }
    return .object([
      Fact("namespace", .string("file")), Fact("name", .string(name)),
      Fact("facets", .object(facets)),
    ])
  }

  private mutating func add(
    _ type: String, job: String, run: String, parent: String? = nil, inputs: [JSONValue] = [],
    outputs: [JSONValue] = [], error: Diagnostic? = nil
  ) throws {
    var facets: [Fact] = []
    if let parent {
      facets.append(
        Fact(
          "parent",
          Self.facet(
            "ParentRunFacet", "1-2-0",
            [
              Fact("run", .object([Fact("runId", .string(parent))])),
              Fact(
                "job",
                .object([
                  Fact("namespace", .string("kaizen")), Fact("name", .string(pipeline.spec.name)),
                ])),
            ])))
    }
    if let error {
      facets.append(
        Fact(
          "errorMessage",
          Self.facet(
            "ErrorMessageRunFacet", "1-0-1",
            [
              Fact("message", .string(error.message)),
              Fact("programmingLanguage", .string("kaizen")),
            ])))
    }
    let event = JSONValue.object([
      Fact("eventType", .string(type)), Fact("eventTime", .string(Timestamp.now)),
      Fact("run", .object([Fact("runId", .string(run)), Fact("facets", .object(facets))])),
      Fact(
        "job",
        .object([
          Fact("namespace", .string("kaizen")), Fact("name", .string(job)),
          Fact("facets", .object([])),
        ])), Fact("inputs", .array(inputs)), Fact("outputs", .array(outputs)),
      Fact("producer", Self.producer),
      Fact(
        "schemaURL",
        .string("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent")),
    ])
    lines.append(event.text + "\n")
    try writeText(lines.joined(), to: file)
  }

  /// A random UUID, as OpenLineage names runs.
  private static func identifier() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0 ... .max) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (place, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(place) { text += "-" }
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return text
  }
}
