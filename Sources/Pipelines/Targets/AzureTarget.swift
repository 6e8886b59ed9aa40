import Display
import Notebooks

/// Azure Pipelines: a job a step; what passes between them are artifacts of the run.
package enum AzureTarget: PipelineTarget {
  package static let name = "azure-pipelines"

  private static let file = "azure-pipelines.yml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated,
      commands: [
        .init(
          "check-jsonschema", "--builtin-schema", "vendor.azure-pipelines", "--regex-variant",
          "nonunicode", "--data-transform", "azure-pipelines", file)
      ],
      install: "pip install check-jsonschema",
      proves:
        "the file has the form that the schema of Azure Pipelines wants. In the tests of Kaizen "
        + "its scripts were run in the order of `dependsOn`, each in a clean copy of the project: "
        + "all digests were those of our own run",
      limits: "Azure itself: agents, tasks, the cache and schedules")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let lines = [
      "# \(wiring.comment(spec.name)): made by promote. Pipelines > New pipeline > Existing YAML file.",
      "# Agents need `kaizen`, or the variables KAIZEN_URL and KAIZEN_SHA256 of the pipeline: where the",
      "# program is, and its SHA-256. A secret goes into `env` of the steps that need it.",
    ]
    var facts = [Fact("trigger", .string("none")), Fact("pr", .string("none"))]
    if let schedule = spec.schedule {
      facts.append(
        Fact(
          "schedules",
          .array([
            .keyed([
              "cron": .string(schedule.text), "displayName": .string("kaizen"),
              "branches": .keyed(["include": .texts(["main"])]), "always": .string("true"),
            ])
          ])))
    }
    if !spec.parameters.isEmpty {
      facts.append(
        Fact(
          "parameters",
          .array([
            .keyed([
              "name": .string("parameters"), "displayName": .string(plain(wiring.parameterHint)),
              "type": .string("string"), "default": .string(""),
            ])
          ])))
    }
    facts += [
      Fact("pool", .keyed(["vmImage": .string("ubuntu-24.04")])),
      Fact("jobs", .array(spec.steps.map { job($0, wiring) })),
    ]
    return [GeneratedFile(path: file, lines: lines + YAML.lines(.object(facts)))]
      + StepScript.files(for: wiring)
  }

  private static func job(_ step: PipelineSpec.Step, _ wiring: Wiring) -> JSONValue {
    let place = "$(Pipeline.Workspace)"
    let id = LegalName.variable(step.id)
    let before = wiring.spec.dependencies(of: step).map(LegalName.variable)
    var steps: [JSONValue] = [
      .keyed(["checkout": .string("self"), "persistCredentials": .string("false")])
    ]
    steps += before.map { earlier in
      .keyed([
        "task": .string("DownloadPipelineArtifact@2"),
        "inputs": .keyed([
          "buildType": .string("current"), "artifactName": .string(earlier),
          "targetPath": .string("\(place)/in/\(earlier)"),
        ]),
      ])
    }
    steps.append(
      .keyed([
        "task": .string("Cache@2"),
        "inputs": .keyed([
          "key": .string("kaizen | \"\(id)\" | \"$(Build.BuildId)\""),
          "restoreKeys": .string("kaizen | \"\(id)\""), "path": .string("\(place)/cache"),
        ]),
      ]))
    var script = "set -eu\n"
    var environment = [
      Fact("KAIZEN_IN", .string("\(place)/in")), Fact("KAIZEN_OUT", .string("\(place)/out")),
      Fact("KAIZEN_CACHE", .string("\(place)/cache")),
    ]
    if !wiring.spec.parameters.isEmpty {
      // A value is text to Azure only where no `$(` is in it: it comes in with its `$` spelled out.
      environment.append(
        Fact(
          "GIVEN",
          .string("${{ replace(replace(parameters.parameters, '%', '%25'), '$', '%24') }}")))
      script += "KAIZEN_PARAMETERS=`printf '%s' \"$GIVEN\" | sed -e 's/%24/$/g' -e 's/%25/%/g'`\n"
      script += "export KAIZEN_PARAMETERS\n"
    }
    for variable in wiring.secretVariables(of: step) {
      environment.append(Fact(variable, .string("$(\(variable))")))
      // The name of a variable that there is none of stays as it is: that is no secret.
      script += "[ \"$\(variable)\" != '$''(\(variable))' ] || unset \(variable)\n"
    }
    script += "mkdir -p \"$KAIZEN_IN\"\n"
    steps.append(
      .keyed([
        "bash": .string(script + StepScript.command(step.id, for: name, wiring) + "\n"),
        "displayName": .string(step.id), "env": .object(environment),
      ]))
    steps.append(
      .keyed([
        "publish": .string("\(place)/out"), "artifact": .string(id),
        "condition": .string("always()"),
      ]))
    let minutes = wiring.patience(step).map { ($0 + 59) / 60 } ?? 360
    // The schema wants texts for truth values and numbers, and Azure takes them.
    return .keyed([
      "job": .string(id), "displayName": .string(step.id), "dependsOn": .texts(before),
      "timeoutInMinutes": .string("\(minutes)"), "steps": .array(steps),
    ])
  }

  /// A text in which Azure sees no expression and no variable.
  private static func plain(_ text: String) -> String {
    text.replacing("$", with: "$ ")
  }
}
