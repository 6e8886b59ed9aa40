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
    try wiring.refuse(["{{"], because: "Argo fills in what stands behind `{{`")
    let image = try KubernetesParts.image(wiring, name)
    let title = KubernetesParts.title(wiring)
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
        .array([dag(spec)] + spec.steps.map { template($0, wiring, image) })),
    ]
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. kubectl apply -f (this file)",
      "# Needs a service account `kaizen`, a repository of artifacts, and a volume claim",
      "# `\(KubernetesParts.claim)` with the project, which the user 65532 may write.",
      "# A run now: argo submit --from workflowtemplate/\(title)",
      "# Other values: -p parameters=NAME, of a ConfigMap like the one below. Secrets: the Secret",
      "# `\(title)`, if there is one, is in the environment of every step.",
    ]
    let version = "argoproj.io/v1alpha1"
    var objects = [
      KubernetesParts.object(version, "WorkflowTemplate", title, .object(facts))
    ]
    if let schedule = spec.schedule {
      objects.append(
        KubernetesParts.object(
          version, "CronWorkflow", title,
          .keyed([
            "schedules": .texts([schedule.text]), "timezone": .string("Etc/UTC"),
            "concurrencyPolicy": .string("Forbid"), "startingDeadlineSeconds": .int(3600),
            "workflowSpec": .keyed(["workflowTemplateRef": .keyed(["name": .string(title)])]),
          ])))
    }
    lines += KubernetesParts.documents(wiring, objects)
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
    _ step: PipelineSpec.Step, _ wiring: Wiring, _ image: String
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
    let container = KubernetesParts.container(
      wiring, target: name, image: image, words: words,
      mounts: [KubernetesParts.mount("files", "/files")])
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
      "",
      "def problem(path):",
      "    \"\"\"What is wrong with the file; None if nothing is.\"\"\"",
      "    count = 0",
      "    for read in yaml.safe_load_all(Path(path).read_text(encoding=\"utf-8\")):",
      "        kind = read.get(\"kind\")",
      "        if kind == \"ConfigMap\":",
      "            if set(read) != {\"apiVersion\", \"kind\", \"metadata\", \"data\"}:",
      "                return f\"ConfigMap: {sorted(read)}\"",
      "            # Its metadata are those of the other objects.",
      "            if not set(read[\"metadata\"]) <= {\"name\", \"labels\"}:",
      "                return f\"ConfigMap: {sorted(read['metadata'])}\"",
      "            continue",
      "        try:",
      "            model = getattr(models, str(kind)).model_validate(read)",
      "        except (AttributeError, ValueError) as error:",
      "            return f\"{kind}: {error}\"",
      "        written = model.model_dump(mode=\"json\", by_alias=True, exclude_unset=True)",
      "        if written != read:",
      "            return f\"{kind}: the models of Argo do not know all of it\"",
      "        count += 1",
      "    return None if count else \"no object of Argo\"",
      "",
      "",
      "if __name__ == \"__main__\":",
      "    sys.exit(problem(Path(__file__).resolve().parent / \"pipeline.yaml\"))",
    ])
}
