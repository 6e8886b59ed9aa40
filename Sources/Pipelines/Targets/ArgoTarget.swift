import Display
import Language
import Notebooks

/// Argo Workflows: a task a step; what passes between them are Argo's artifacts.
package enum ArgoTarget: PipelineTarget {
  package static let name = "argo"

  private static let file = "pipeline.yaml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated, commands: [.init("python3", "check.py")], install: "pip install hera",
      proves: "the models of Argo's objects in Hera read every field and write the same again. In "
        + "the tests of Kaizen the commands of the containers were run in the order of the tasks, "
        + "with the artifacts of each put where it looks: all digests were those of our own run",
      limits: "a cluster: pulling the image, the repository of artifacts, the volume claim "
        + "`\(KubernetesParts.claim)`, the service account. Argo's memoization is not used: it "
        + "cannot see what files hold; Kaizen's own store, on the volume, can")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    if wiring.folder.contains("{{") {
      throw Diagnostic(
        .usage, "Argo fills in what stands behind `{{`, and the pipeline's folder has that",
        notes: ["folder: \(wiring.folder)"])
    }
    let image = try KubernetesParts.image(wiring, name)
    let title = "kaizen-" + LegalName.of(spec.name, others: "-", limit: 40, isSmall: true)
    var facts: [Fact] = [
      Fact("entrypoint", .string("pipeline")),
      Fact("serviceAccountName", .string("kaizen")),
      Fact("automountServiceAccountToken", .bool(false)),
      Fact("executor", .keyed(["serviceAccountName": .string("kaizen")])),
      Fact("archiveLogs", .bool(true)),
      Fact("securityContext", KubernetesParts.podSecurity),
    ]
    var volumes = [
      KubernetesParts.project, KubernetesParts.scratch,
      JSONValue.keyed(["name": .string("files"), "emptyDir": .object([])]),
    ]
    if !spec.parameters.isEmpty {
      // Which values: the name of an object that has them, since Argo would fill in what is in a text.
      facts.append(
        Fact(
          "arguments",
          .keyed([
            "parameters": .array([
              .keyed(["name": .string("parameters"), "value": .string(title)])
            ])
          ])))
      volumes.append(KubernetesParts.parameters("{{workflow.parameters.parameters}}"))
    }
    facts += [
      Fact("volumes", .array(volumes)),
      Fact(
        "templates",
        .array([dag(spec)] + spec.steps.map { template($0, wiring, image, title) })),
    ]
    let metadata = KubernetesParts.metadata(title)
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. kubectl apply -f (this file)",
      "# Needs a service account `kaizen`, a repository of artifacts, and a volume claim",
      "# `\(KubernetesParts.claim)` with the project, which the user 65532 may write.",
      "# A run now: argo submit --from workflowtemplate/\(title)",
      "# Other values: -p parameters=NAME, of a ConfigMap like the one below. Secrets: the Secret",
      "# `\(title)`, if there is one, is in the environment of every step.",
    ]
    if let parameters = KubernetesParts.configuration(wiring, title) {
      lines += YAML.lines(parameters) + ["---"]
    }
    lines += YAML.lines(
      .keyed([
        "apiVersion": .string("argoproj.io/v1alpha1"), "kind": .string("WorkflowTemplate"),
        "metadata": metadata, "spec": .object(facts),
      ]))
    if let schedule = spec.schedule {
      lines += ["---"]
      lines += YAML.lines(
        .keyed([
          "apiVersion": .string("argoproj.io/v1alpha1"), "kind": .string("CronWorkflow"),
          "metadata": metadata,
          "spec": .keyed([
            "schedules": .texts([schedule.text]), "timezone": .string("Etc/UTC"),
            "concurrencyPolicy": .string("Forbid"), "startingDeadlineSeconds": .int(3600),
            "workflowSpec": .keyed(["workflowTemplateRef": .keyed(["name": .string(title)])]),
          ]),
        ]))
    }
    return [GeneratedFile(path: file, lines: lines), check]
  }

  private static func label(_ step: String) -> String {
    LegalName.step(step, others: "-", limit: 60, isSmall: true)
  }

  /// The name of an artifact among all of the pipeline.
  private static func key(_ artifact: PipelineSpec.Artifact) -> String {
    LegalName.of(artifact.name, others: "-", limit: 40)
  }

  private static func dag(_ spec: PipelineSpec) -> JSONValue {
    let tasks = spec.steps.map { step -> JSONValue in
      var facts = [
        Fact("name", .string(label(step.id))), Fact("template", .string(label(step.id))),
      ]
      let before = spec.dependencies(of: step)
      if !before.isEmpty { facts.append(Fact("dependencies", .texts(before.map(label)))) }
      let needs = spec.needed(by: step).map { artifact -> JSONValue in
        let from = "tasks.\(label(artifact.step)).outputs.artifacts.\(key(artifact))"
        return .keyed([
          "name": .string(input(artifact)), "from": .string("{{\(from)}}"),
        ])
      }
      if !needs.isEmpty { facts.append(Fact("arguments", .keyed(["artifacts": .array(needs)]))) }
      return .object(facts)
    }
    return .keyed(["name": .string("pipeline"), "dag": .keyed(["tasks": .array(tasks)])])
  }

  /// Two steps may give artifacts of the same name.
  private static func input(_ artifact: PipelineSpec.Artifact) -> String {
    LegalName.of("\(artifact.step)-\(artifact.name)", others: "-", limit: 100)
  }

  private static func template(
    _ step: PipelineSpec.Step, _ wiring: Wiring, _ image: String, _ title: String
  ) -> JSONValue {
    let spec = wiring.spec
    var facts = [Fact("name", .string(label(step.id)))]
    let needs = spec.needed(by: step).map { artifact -> JSONValue in
      .keyed([
        "name": .string(input(artifact)), "path": .string("/files/\(artifact.fileName)"),
      ])
    }
    if !needs.isEmpty { facts.append(Fact("inputs", .keyed(["artifacts": .array(needs)]))) }
    func kept(_ name: String, _ file: String, isOptional: Bool) -> JSONValue {
      var facts = [
        Fact("name", .string(name)), Fact("path", .string("/files/\(file)")),
        Fact("archive", .keyed(["none": .object([])])),
      ]
      if isOptional { facts.append(Fact("optional", .bool(true))) }
      return .object(facts)
    }
    let gives =
      spec.given(by: step).map { kept(key($0), $0.fileName, isOptional: false) }
      + [
        kept("kaizen-mark", "\(step.id).done", isOptional: true),
        kept("kaizen-outcome", "\(step.id).outcome.json", isOptional: true),
        kept("kaizen-log", "\(step.id).log.txt", isOptional: true),
      ]
    facts.append(Fact("outputs", .keyed(["artifacts": .array(gives)])))
    var words = ["kaizen", "step", "run", wiring.pipeline, step.id, "--artifacts", "/files"]
    if !spec.parameters.isEmpty { words += ["--parameters", KubernetesParts.values] }
    var container = KubernetesParts.container(
      wiring, target: name, image: image, words: words,
      mounts: [KubernetesParts.mount("files", "/files")])
    container.append(
      Fact(
        "envFrom",
        .array([
          .keyed([
            "secretRef": .keyed(["name": .string(title), "optional": .bool(true)])
          ])
        ])))
    facts.append(Fact("container", .object(container)))
    if step.retries > 0 {
      facts.append(
        Fact(
          "retryStrategy",
          .keyed([
            "limit": .string("\(step.retries)"), "retryPolicy": .string("Always"),
            "expression": .string("lastRetry.exitCode == \"75\""),
            "backoff": .keyed([
              "duration": .string("10s"), "factor": .string("2"), "maxDuration": .string("1h"),
            ]),
          ])))
    }
    if let timeout = step.timeout {
      facts.append(Fact("activeDeadlineSeconds", .count(Int(timeout.rounded(.up)) + 300)))
    }
    return .object(facts)
  }

  /// Holds the file against Hera's models.
  private static let check = GeneratedFile(
    path: "check.py",
    lines: [
      "\"\"\"check.py: every object of pipeline.yaml, read by Hera's models of Argo and written again.",
      "",
      "What they do not know is lost on the way, and so found.",
      "\"\"\"",
      "",
      "import sys",
      "from pathlib import Path",
      "",
      "import yaml",
      "from hera.workflows import models",
      "",
      "text = (Path(__file__).resolve().parent / \"pipeline.yaml\").read_text(encoding=\"utf-8\")",
      "count = 0",
      "for read in yaml.safe_load_all(text):",
      "    if read[\"kind\"] == \"ConfigMap\":",
      "        if set(read) != {\"apiVersion\", \"kind\", \"metadata\", \"data\"}:",
      "            sys.exit(f\"ConfigMap: {sorted(read)}\")",
      "        continue",
      "    model = getattr(models, read[\"kind\"]).model_validate(read)",
      "    written = model.model_dump(mode=\"json\", by_alias=True, exclude_unset=True)",
      "    if written != read:",
      "        sys.exit(f\"{read['kind']}: the models of Argo do not know all of it\")",
      "    count += 1",
      "sys.exit(0 if count else \"no object of Argo\")",
    ])
}
