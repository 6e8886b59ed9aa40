import Display
import Notebooks

/// Google Cloud Build: a build with a step each; what passes between them lies in the workspace that
/// they share.
package enum GCPTarget: PipelineTarget {
  package static let name = "gcp"

  private static let file = "cloudbuild.yaml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated,
      commands: [
        .init("check-jsonschema", "--builtin-schema", "vendor.cloudbuild", file)
      ],
      install: "pip install check-jsonschema",
      proves:
        "the file has the form that the schema of Cloud Build wants. In the tests of Kaizen its "
        + "scripts were run in the order of `waitFor`: all digests were those of our own run",
      limits: "Cloud Build itself: pulling the image, substitutions, the bucket, service accounts. "
        + "After a failure files are not uploaded; what the step said and its outcome are in the log"
    )
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. In the project's folder:",
      "#   gcloud builds submit --config (this file) --substitutions _IMAGE=NAME@sha256:…,_BUCKET=NAME",
      "# The image needs a shell; without `kaizen` in it, _KAIZEN_URL and _KAIZEN_SHA256 say where the",
      "# program is and its SHA-256. Secrets come from Secret Manager, by their variables' names.",
    ]
    if let schedule = spec.schedule {
      lines.append("# A trigger run by Cloud Scheduler, timezone Etc/UTC:  \(schedule.text)")
    }
    var substitutions = [Fact("_KAIZEN_URL", .string("")), Fact("_KAIZEN_SHA256", .string(""))]
    if let image = wiring.pinnedImage {
      substitutions.insert(Fact("_IMAGE", .string(image)), at: 0)
    }
    if !spec.parameters.isEmpty { substitutions.append(Fact("_PARAMETERS", .string(""))) }
    let secrets = wiring.secretVariables.map { variable -> JSONValue in
      .keyed([
        "versionName": .string("projects/$PROJECT_ID/secrets/\(variable)/versions/latest"),
        "env": .string(variable),
      ])
    }
    let available =
      secrets.isEmpty
      ? [] : [Fact("availableSecrets", .keyed(["secretManager": .array(secrets)]))]
    let times = spec.steps.map { wiring.patience($0) ?? 86_400 }
    let total = min(86_400, times.reduce(0) { min($0 + $1, 86_400) })
    lines += YAML.lines(
      .object(
        [
          Fact("steps", .array(spec.steps.map { step($0, wiring) })),
          Fact("substitutions", .object(substitutions)),
          Fact(
            "artifacts",
            .keyed([
              "objects": .keyed([
                "location": .string("gs://${_BUCKET}/$BUILD_ID"),
                "paths": .texts([".kaizen-files/*"]),
              ])
            ])),
        ] + available + [
          Fact("timeout", .string("\(total)s")),
          Fact(
            "options",
            .keyed([
              "logging": .string("CLOUD_LOGGING_ONLY"),
              "substitutionOption": .string("MUST_MATCH"),
            ])),
        ]))
    return [GeneratedFile(path: file, lines: lines)] + StepScript.files(for: wiring)
  }

  private static func step(_ step: PipelineSpec.Step, _ wiring: Wiring) -> JSONValue {
    let before = wiring.spec.dependencies(of: step).map { LegalName.step($0) }
    var environment = [
      "IMAGE=${_IMAGE}", "KAIZEN_FILES=.kaizen-files", "KAIZEN_CACHE=.kaizen-cache",
      "KAIZEN_URL=${_KAIZEN_URL}", "KAIZEN_SHA256=${_KAIZEN_SHA256}",
    ]
    if !wiring.spec.parameters.isEmpty { environment.append("KAIZEN_PARAMETERS=${_PARAMETERS}") }
    var facts = [
      Fact("id", .string(LegalName.step(step.id))),
      Fact("name", .string("${_IMAGE}")),
      Fact("waitFor", .texts(before.isEmpty ? ["-"] : before)),
      Fact("env", .texts(environment)),
      Fact(
        "script",
        .string(
          "case \"$IMAGE\" in *@sha256:*) ;; *) echo \"_IMAGE must be an image by its digest\"; "
            + "exit 1 ;; esac\nexec \(StepScript.command(step.id, for: name, wiring))\n")),
    ]
    let secrets = wiring.secretVariables(of: step)
    if !secrets.isEmpty { facts.append(Fact("secretEnv", .texts(secrets))) }
    if let seconds = wiring.patience(step) {
      facts.append(Fact("timeout", .string("\(min(seconds, 86_400))s")))
    }
    return .object(facts)
  }
}
