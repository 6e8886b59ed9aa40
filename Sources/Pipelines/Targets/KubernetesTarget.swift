import Display
import Notebooks

/// Kubernetes alone: a CronJob whose pod has a container a step, one after the other; what passes
/// between them lies on the volume of the project.
package enum KubernetesTarget: PipelineTarget {
  package static let name = "kubernetes"

  private static let file = "pipeline.yaml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated, commands: [.init("kubernetes-validate", "--strict", file)],
      install: "pip install kubernetes-validate",
      proves:
        "every object has the form that the schemas of Kubernetes want, and no unknown field. "
        + "In the tests of Kaizen the commands of the containers were run in their order: all "
        + "digests were those of our own run",
      limits:
        "a cluster: pulling the image, the volume claim `\(KubernetesParts.claim)`, rights and "
        + "admission rules. A pod that is tried again begins with its first step; those that were "
        + "done are not computed again, they are taken from the store on the volume")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let image = try KubernetesParts.image(wiring, name)
    let title = KubernetesParts.title(wiring)
    let containers = spec.steps.map { container($0, wiring, image) }
    var pod: [Fact] = [
      Fact("restartPolicy", .string("Never")),
      Fact("automountServiceAccountToken", .bool(false)),
      Fact("enableServiceLinks", .bool(false)),
      Fact("securityContext", KubernetesParts.podSecurity),
    ]
    if containers.count > 1 {
      pod.append(Fact("initContainers", .array(Array(containers.dropLast()))))
    }
    var volumes = [KubernetesParts.project, KubernetesParts.scratch]
    if !spec.parameters.isEmpty { volumes.append(KubernetesParts.parameters(title)) }
    pod += [
      Fact("containers", .array(Array(containers.suffix(1)))), Fact("volumes", .array(volumes)),
    ]
    var job: [Fact] = [
      Fact("backoffLimit", .count(spec.steps.map(\.retries).max() ?? 0)),
      // 75 asks to be tried again; every other failure is one of the whole job.
      Fact(
        "podFailurePolicy",
        .keyed([
          "rules": .array([
            .keyed([
              "action": .string("FailJob"),
              "onExitCodes": .keyed([
                "operator": .string("NotIn"), "values": .array([.int(75)]),
              ]),
            ])
          ])
        ])),
    ]
    let times = spec.steps.compactMap { wiring.patience($0) }
    if times.count == spec.steps.count {
      let limit = times.reduce(0) { min($0 + $1, 1_000_000_000) }
      job.append(Fact("activeDeadlineSeconds", .count(limit)))
    }
    job.append(Fact("template", .keyed(["spec": .object(pod)])))
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. kubectl apply -f (this file)",
      "# Needs a volume claim `\(KubernetesParts.claim)` with the project, which the user 65532 may write.",
      "# A run now: kubectl create job --from=cronjob/\(title) NAME. What a step said: kubectl logs POD -c STEP",
      "# Secrets: the Secret `\(title)`, if there is one, is in the environment of every step.",
    ]
    let schedule = JSONValue.keyed([
      "schedule": .string(spec.schedule?.text ?? "0 0 1 1 *"),
      "timeZone": .string("Etc/UTC"),
      // Without a schedule it runs when it is told to.
      "suspend": .bool(spec.schedule == nil),
      "concurrencyPolicy": .string("Forbid"),
      "startingDeadlineSeconds": .int(3600),
      "successfulJobsHistoryLimit": .int(3), "failedJobsHistoryLimit": .int(3),
      "jobTemplate": .keyed(["spec": .object(job)]),
    ])
    lines += KubernetesParts.documents(
      wiring, [KubernetesParts.object("batch/v1", "CronJob", title, schedule)])
    return [GeneratedFile(path: file, lines: lines)]
  }

  private static func container(
    _ step: PipelineSpec.Step, _ wiring: Wiring, _ image: String
  ) -> JSONValue {
    var facts: [Fact] = [
      Fact("name", .string(LegalName.step(step.id, others: "-", limit: 63, isSmall: true)))
    ]
    facts += KubernetesParts.container(
      wiring, target: name, image: image,
      words: wiring.command(step.id, values: KubernetesParts.values))
    return .object(facts)
  }
}
