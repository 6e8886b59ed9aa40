import Display
import Notebooks

/// GitLab CI: a job a step; what passes between them are artifacts of jobs.
package enum GitLabTarget: PipelineTarget {
  package static let name = "gitlab"

  private static let file = "pipeline.gitlab-ci.yml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated,
      commands: [
        .init(
          "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform",
          "gitlab-ci", file)
      ],
      install: "pip install check-jsonschema",
      proves:
        "the file has the form that GitLab's schema wants. In the tests of Kaizen its commands "
        + "were run in the order of `needs`, each in a clean copy of the project: all digests were "
        + "those of our own run",
      limits:
        "GitLab itself: runners, pulling the image, the cache; and that the schedule is made, "
        + "which is no matter of files there")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. In .gitlab-ci.yml: include this file, or copy it.",
      "# The variable KAIZEN_IMAGE is the image of jobs by its digest, NAME@sha256:…, with a shell in it;",
      "# without `kaizen` in it, KAIZEN_URL and KAIZEN_SHA256 say where the program is and its SHA-256.",
      "# Secrets: variables of the project, masked and protected; every job sees them.",
    ]
    if let schedule = spec.schedule {
      lines.append("# Build > Pipeline schedules > New, timezone UTC:  \(schedule.text)")
    }
    var variables: [Fact] = []
    if let image = wiring.pinnedImage {
      variables.append(Fact("KAIZEN_IMAGE", .string(image)))
    }
    if !spec.parameters.isEmpty {
      variables.append(
        Fact(
          "KAIZEN_PARAMETERS",
          .object([
            Fact("value", .string("")), Fact("description", .string(wiring.parameterHint)),
            Fact("expand", .bool(false)),
          ])))
    }
    var facts: [Fact] = []
    if !variables.isEmpty { facts.append(Fact("variables", .object(variables))) }
    let sources = ["schedule", "web", "api", "trigger", "pipeline"].map {
      JSONValue.object([Fact("if", .string("$CI_PIPELINE_SOURCE == \"\($0)\""))])
    }
    facts.append(
      Fact(
        ".kaizen",
        .object([
          Fact("stage", .string("test")),
          Fact(
            "image",
            .object([
              Fact("name", .string("$KAIZEN_IMAGE")), Fact("entrypoint", .array([.string("")])),
            ])),
          Fact("rules", .array(sources)),
          Fact("interruptible", .bool(false)),
          Fact(
            "before_script",
            .array([
              .string(
                "case \"$KAIZEN_IMAGE\" in *@sha256:*) ;; *) "
                  + "echo \"KAIZEN_IMAGE must be an image by its digest\" >&2; exit 1 ;; esac")
            ])),
        ])))
    facts += spec.steps.map { Fact(LegalName.step($0.id), job($0, wiring)) }
    lines += YAML.lines(.object(facts))
    return [GeneratedFile(path: file, lines: lines)] + StepScript.files(for: wiring)
  }

  private static func job(_ step: PipelineSpec.Step, _ wiring: Wiring) -> JSONValue {
    let id = LegalName.step(step.id)
    let folder = ".kaizen-steps"
    var facts = [
      Fact("extends", .string(".kaizen")),
      Fact(
        "needs",
        .array(
          wiring.spec.dependencies(of: step).map {
            .object([
              Fact("job", .string(LegalName.step($0))), Fact("artifacts", .bool(true)),
            ])
          })),
    ]
    if let seconds = wiring.patience(step) {
      facts.append(Fact("timeout", .string("\((seconds + 59) / 60) minutes")))
    }
    return .object(
      facts + [
        Fact(
          "variables",
          .object([
            Fact("KAIZEN_IN", .string(folder)), Fact("KAIZEN_OUT", .string("\(folder)/\(id)")),
            Fact("KAIZEN_CACHE", .string(".kaizen-cache")),
          ])),
        Fact("script", .array([.string(StepScript.command(step.id, for: name, wiring))])),
        Fact(
          "cache",
          .object([
            Fact("key", .string("kaizen-\(id)")),
            Fact("paths", .array([.string(".kaizen-cache/")])),
          ])),
        Fact(
          "artifacts",
          .object([
            Fact("when", .string("always")),
            Fact("paths", .array([.string("\(folder)/\(id)/")])),
            Fact("expire_in", .string("30 days")),
          ])),
      ])
  }
}
