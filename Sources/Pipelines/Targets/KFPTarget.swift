import Display
import Language
import Notebooks

/// Kubeflow Pipelines and Vertex AI: the intermediate representation of KFP 2, a component and a task
/// a step. What passes between steps are artifacts of the platform's own.
package enum KFPTarget: PipelineTarget {
  package static let name = "kfp"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .executed, commands: [.init("python3", "local.py")], install: "pip install kfp",
      proves: "kfp.local ran every task in the order of the DAG, with the executor's contract "
        + "(`{{$}}` in, ExecutorOutput out); its runner refuses commands of containers, and local.py "
        + "lifts that",
      limits: "a cluster: pulling the image, the volume `\(claim)` with the project at /project, "
        + "uploading artifacts, caching, retries and schedules of the platform. Vertex AI has no "
        + "volumes of Kubernetes: there, mount the project by Cloud Storage and give `pipeline_yaml`"
    )
  }

  /// The claim of the volume with the project.
  private static let claim = "project"

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let reason = "KFP fills in what stands behind `{{$`"
    try wiring.refuse(["{{$"], because: reason)
    if let parameter = spec.parameters.first(where: { $0.typed.contains("{{$") }) {
      throw Diagnostic(
        .usage, "\(reason), and the parameter `\(parameter.name)` has that",
        notes: ["value: \(parameter.value.literal)"])
    }
    if let secret = wiring.secrets.first {
      throw Diagnostic(
        .usage, "Kubeflow's format has no secrets, and the pipeline has `\(secret.name)`",
        notes: ["a platform's own extensions do, which this target does not write"])
    }
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote, for Kubeflow Pipelines.",
      "# Needs a volume claim `\(claim)` with the project. Values are texts, as behind -p.",
    ]
    if let schedule = spec.schedule {
      lines.append("# As a recurring run, in UTC:  0 \(schedule.text)")
    }
    let file = Path.normalized("/project/\(wiring.folder)/pipeline.yaml")
    let digest = digest(spec.text)
    lines += YAML.lines(
      .object([
        Fact("components", .object(spec.steps.map { component($0, spec) })),
        Fact(
          "deploymentSpec",
          .object([
            Fact("executors", .object(spec.steps.map { executor($0, wiring.image, digest) }))
          ])),
        Fact("pipelineInfo", .object([Fact("name", .string(label(spec.name)))])),
        Fact(
          "root",
          .object([
            Fact("dag", .object([Fact("tasks", .object(spec.steps.map { task($0, spec) }))])),
            Fact(
              "inputDefinitions",
              .object([
                Fact(
                  "parameters",
                  .object(
                    [input(PipelineSpec.fileKey, file, "where pipeline.yaml lies")]
                      + spec.parameters.map {
                        input(spec.key(of: $0), $0.typed, about($0, spec))
                      }))
              ])),
          ])),
        Fact("schemaVersion", .string("2.1.0")),
        Fact("sdkVersion", .string("kfp-2.16.0")),
      ]))
    let platform = JSONValue.object(
      spec.steps.map { step in
        var facts: [Fact] = []
        if let timeout = step.timeout {
          facts.append(
            Fact("activeDeadlineSeconds", .string("\(Int(timeout.rounded(.up)) + 30)")))
        }
        facts.append(
          Fact(
            "pvcMount",
            .array([
              .object([
                Fact("constant", .string(claim)), Fact("mountPath", .string("/project")),
                Fact(
                  "pvcNameParameter",
                  .object([
                    Fact("runtimeValue", .object([Fact("constant", .string(claim))]))
                  ])),
              ])
            ])))
        return Fact("exec-\(label(step.id))", .object(facts))
      })
    lines.append("---")
    lines += YAML.lines(
      .object([
        Fact(
          "platforms",
          .object([
            Fact(
              "kubernetes",
              .object([Fact("deploymentSpec", .object([Fact("executors", platform)]))]))
          ]))
      ]))
    return [GeneratedFile(path: "pipeline.yaml", lines: lines), local(spec)]
  }

  private static func input(_ key: String, _ value: String, _ about: String) -> Fact {
    Fact(
      key,
      .object([
        Fact("defaultValue", .string(value)), Fact("description", .string(about)),
        Fact("isOptional", .bool(true)), Fact("parameterType", .string("STRING")),
      ]))
  }

  /// What a parameter is, with its name where that is not its key.
  private static func about(_ parameter: Parameter, _ spec: PipelineSpec) -> String {
    let name = spec.key(of: parameter) == parameter.name ? nil : parameter.name
    let texts = [name, parameter.documentation].compactMap { $0 }
    return texts.isEmpty ? parameter.name : texts.joined(separator: ": ")
  }

  private static func component(_ step: PipelineSpec.Step, _ spec: PipelineSpec) -> Fact {
    func artifacts(_ list: [PipelineSpec.Artifact]) -> [Fact] {
      if list.isEmpty { return [] }
      let types = list.map { artifact in
        let title = if case .model = artifact.kind { "system.Model" } else { "system.Dataset" }
        return Fact(
          spec.key(of: artifact),
          .object([
            Fact(
              "artifactType",
              .object([
                Fact("schemaTitle", .string(title)), Fact("schemaVersion", .string("0.0.1")),
              ]))
          ]))
      }
      return [Fact("artifacts", .object(types))]
    }
    let parameters = keys(of: step, spec).map {
      Fact($0, .object([Fact("parameterType", .string("STRING"))]))
    }
    let gives = artifacts(spec.given(by: step))
    var facts = [
      Fact("executorLabel", .string("exec-\(label(step.id))")),
      Fact(
        "inputDefinitions",
        .object(artifacts(spec.needed(by: step)) + [Fact("parameters", .object(parameters))])),
    ]
    if !gives.isEmpty { facts.append(Fact("outputDefinitions", .object(gives))) }
    return Fact("comp-\(label(step.id))", .object(facts))
  }

  /// The digest goes along so that a changed pipeline is no hit in the platform's cache.
  private static func executor(_ step: PipelineSpec.Step, _ image: String, _ digest: String) -> Fact
  {
    let words = [
      "kaizen", "step", "run", "{{$.inputs.parameters['\(PipelineSpec.fileKey)']}}", step.id,
      "--made-for", digest, "--executor-input", "{{$}}",
    ]
    return Fact(
      "exec-\(label(step.id))",
      .object([
        Fact(
          "container",
          .object([
            Fact("command", .array(words.map { .string($0) })), Fact("image", .string(image)),
          ]))
      ]))
  }

  private static func task(_ step: PipelineSpec.Step, _ spec: PipelineSpec) -> Fact {
    // What reads files or writes them is done anew: the platform does not see those.
    let isPure = step.inputs.isEmpty && step.outputs.isEmpty
    let name = label(step.id)
    var inputs = [
      Fact(
        "parameters",
        .object(
          keys(of: step, spec).map {
            Fact($0, .object([Fact("componentInputParameter", .string($0))]))
          }))
    ]
    let needs = spec.needed(by: step).map { artifact in
      let key = spec.key(of: artifact)
      return Fact(
        key,
        .object([
          Fact(
            "taskOutputArtifact",
            .object([
              Fact("outputArtifactKey", .string(key)),
              Fact("producerTask", .string(label(artifact.step))),
            ]))
        ]))
    }
    if !needs.isEmpty { inputs.insert(Fact("artifacts", .object(needs)), at: 0) }
    var facts = [
      Fact("cachingOptions", .object(isPure ? [Fact("enableCache", .bool(true))] : [])),
      Fact("componentRef", .object([Fact("name", .string("comp-\(name)"))])),
    ]
    let before = spec.dependencies(of: step)
    if !before.isEmpty {
      facts.append(Fact("dependentTasks", .array(before.map { .string(label($0)) })))
    }
    facts.append(Fact("inputs", .object(inputs)))
    if step.retries > 0 {
      facts.append(
        Fact(
          "retryPolicy",
          .object([
            Fact("backoffDuration", .string("10s")), Fact("backoffFactor", .number(2)),
            Fact("backoffMaxDuration", .string("3600s")),
            Fact("maxRetryCount", .int(Int64(step.retries))),
          ])))
    }
    facts.append(Fact("taskInfo", .object([Fact("name", .string(name))])))
    return Fact(name, .object(facts))
  }

  private static func keys(of step: PipelineSpec.Step, _ spec: PipelineSpec) -> [String] {
    let read = Set(spec.parametersRead(by: step))
    return [PipelineSpec.fileKey]
      + spec.parameters.filter { read.contains($0.name) }.map { spec.key(of: $0) }
  }

  /// The id of a step where only small letters, digits and `-` may stand.
  private static func label(_ id: String) -> String {
    LegalName.of(id, others: "-", limit: 60, isSmall: true)
  }
}
