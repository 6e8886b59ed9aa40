import Display
import Notebooks

/// GitHub Actions: a job a step; what passes between them are artifacts of the run.
package enum GitHubActionsTarget: PipelineTarget {
  package static let name = "github-actions"

  private static let file = "pipeline.yml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated,
      commands: [
        .init("check-jsonschema", "--builtin-schema", "vendor.github-workflows", file),
        .init("zizmor", "--offline", "--no-progress", file),
      ],
      install: "pip install check-jsonschema zizmor",
      proves:
        "the workflow has the form that GitHub's schema wants, and zizmor finds no risk in it. "
        + "In the tests of Kaizen its commands were run in the order of the jobs, each in a clean "
        + "copy of the project: all digests were those of our own run",
      limits: "GitHub itself: runners, the actions, the cache, schedules and permissions")
  }

  /// Released versions, by their commits.
  private static let actions = [
    "checkout": ("08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0"),
    "upload-artifact": ("ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2"),
    "download-artifact": ("d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0"),
    "cache": ("5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3"),
  ]

  private static func uses(_ action: String) -> Fact {
    Fact("uses", .string("actions/\(action)@\(actions[action]?.0 ?? "")"))
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    var on: [Fact] = []
    var inputs: [Fact] = []
    if !spec.parameters.isEmpty {
      inputs.append(
        Fact(
          "inputs",
          .object([
            Fact(
              "parameters",
              .object([
                Fact("description", .string(plain(wiring.parameterHint))),
                Fact("required", .bool(false)), Fact("type", .string("string")),
                Fact("default", .string("")),
              ]))
          ])))
    }
    on.append(Fact("workflow_dispatch", .object(inputs)))
    if let schedule = spec.schedule {
      on.append(
        Fact("schedule", .array([.object([Fact("cron", .string(schedule.text))])])))
    }
    let workflow = JSONValue.object([
      Fact("name", .string(plain(wiring.comment(spec.name)))),
      Fact("on", .object(on)),
      Fact("permissions", .object([])),
      Fact(
        "concurrency",
        .object([
          Fact("group", .string("kaizen-" + LegalName.of(spec.name, limit: 80))),
          Fact("cancel-in-progress", .bool(false)),
        ])),
      Fact("jobs", .object(spec.steps.map { Fact(LegalName.step($0.id), job($0, wiring)) })),
    ])
    let lines = [
      "# Made by promote. Copy this file to .github/workflows/. Runners need `kaizen`, or the variables",
      "# KAIZEN_URL and KAIZEN_SHA256 of the repository: where the program is, and its SHA-256.",
      "# A secret of the pipeline is the secret of the repository with its variable's name.",
    ]
    let body = YAML.lines(workflow).map { line in
      let version = actions.values.first { line.contains($0.0) }?.1
      return version.map { "\(line) # \($0)" } ?? line
    }
    return [GeneratedFile(path: file, lines: lines + body)] + StepScript.files(for: wiring)
  }

  private static func job(_ step: PipelineSpec.Step, _ wiring: Wiring) -> JSONValue {
    let folder = "${{ runner.temp }}/kaizen"
    let before = wiring.spec.dependencies(of: step)
    let id = LegalName.step(step.id)
    var steps: [[Fact]] = [
      [uses("checkout"), Fact("with", .object([Fact("persist-credentials", .bool(false))]))]
    ]
    steps += before.map { earlier in
      let name = LegalName.step(earlier)
      return [
        uses("download-artifact"),
        Fact(
          "with",
          .object([
            Fact("name", .string(name)), Fact("path", .string("\(folder)/in/\(name)")),
          ])),
      ]
    }
    steps.append([
      uses("cache"),
      Fact(
        "with",
        .object([
          Fact("path", .string("\(folder)/cache")),
          Fact("key", .string("kaizen-\(id)-${{ github.run_id }}-${{ github.run_attempt }}")),
          Fact("restore-keys", .string("kaizen-\(id)-")),
        ])),
    ])
    var environment = [
      Fact("KAIZEN_IN", .string("\(folder)/in")), Fact("KAIZEN_OUT", .string("\(folder)/out")),
      Fact("KAIZEN_CACHE", .string("\(folder)/cache")),
      Fact("KAIZEN_URL", .string("${{ vars.KAIZEN_URL }}")),
      Fact("KAIZEN_SHA256", .string("${{ vars.KAIZEN_SHA256 }}")),
    ]
    if !wiring.spec.parameters.isEmpty {
      environment.append(Fact("KAIZEN_PARAMETERS", .string("${{ inputs.parameters }}")))
    }
    environment += wiring.secretVariables(of: step).map {
      Fact($0, .string("${{ secrets.\($0) }}"))
    }
    steps.append([
      Fact("run", .string(StepScript.command(step.id, for: name, wiring))),
      Fact("env", .object(environment)),
    ])
    steps.append([
      Fact("if", .string("always()")),
      uses("upload-artifact"),
      Fact(
        "with",
        .object([
          Fact("name", .string(id)), Fact("path", .string("\(folder)/out")),
          Fact("if-no-files-found", .string("error")), Fact("overwrite", .bool(true)),
          Fact("retention-days", .int(30)),
        ])),
    ])
    var facts = [Fact("name", .string(step.id)), Fact("runs-on", .string("ubuntu-24.04"))]
    if !before.isEmpty {
      facts.append(Fact("needs", .array(before.map { .string(LegalName.step($0)) })))
    }
    let minutes = wiring.patience(step).map { ($0 + 59) / 60 } ?? 360
    return .object(
      facts + [
        Fact("timeout-minutes", .int(Int64(minutes))),
        Fact("permissions", .object([Fact("contents", .string("read"))])),
        Fact("steps", .array(steps.map { .object($0) })),
      ])
  }

  /// A text in which GitHub sees no expression.
  private static func plain(_ text: String) -> String { text.replacing("${{", with: "$ {{") }
}
