import Display
import Notebooks

/// AWS: a state machine of Step Functions that runs a build of CodeBuild a step, in a template of
/// CloudFormation; what passes between them lies in a bucket.
package enum AWSTarget: PipelineTarget {
  package static let name = "aws"

  private static let file = "template.yaml"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated, commands: [.init("cfn-lint", file)], install: "pip install cfn-lint",
      proves: "cfn-lint holds the template against the schemas of CloudFormation and the state "
        + "machine against that of its language. In the tests of Kaizen the state machine was run "
        + "by moto, and each build that it started ran the commands of buildspec.yml in a clean copy "
        + "of the project: all digests were those of our own run",
      limits:
        "AWS itself, which moto is not: roles and rights, CodeBuild, the source, the image and "
        + "the schedule. In China and GovCloud `arn:aws:states` is another partition")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let folder = wiring.folder == "." ? "" : wiring.folder + "/"
    let header = [
      "# \(wiring.comment(spec.name)): made by promote. aws cloudformation deploy --capabilities",
      "# CAPABILITY_IAM --template-file (this file) --stack-name NAME --parameter-overrides …",
    ]
    let template = JSONValue.keyed([
      "AWSTemplateFormatVersion": .string("2010-09-09"),
      "Description": .string("A pipeline of Kaizen"),
      "Parameters": .object(parameters(wiring)),
      "Resources": .object(
        try AWSResources.all(
          buildspec: "\(folder)targets/\(name)/buildspec.yml", machine: machine(wiring),
          schedule: spec.schedule, secrets: wiring.secretVariables)),
      "Outputs": .keyed([
        "StateMachine": .keyed(["Value": .keyed(["Ref": .string("StateMachine")])]),
        "Bucket": .keyed(["Value": .keyed(["Ref": .string("Bucket")])]),
      ]),
    ])
    return [
      GeneratedFile(path: file, lines: header + YAML.lines(template)), buildspec(wiring),
    ] + StepScript.files(for: wiring)
  }

  private static func parameters(_ wiring: Wiring) -> [Fact] {
    func text(_ about: String, _ pattern: String?, _ value: String? = nil) -> JSONValue {
      var facts = [Fact("Type", .string("String")), Fact("Description", .string(about))]
      if let pattern { facts.append(Fact("AllowedPattern", .string(pattern))) }
      if let value { facts.append(Fact("Default", .string(value))) }
      return .object(facts)
    }
    return [
      Fact(
        "BuildImage",
        text(
          "Image of builds by its digest, with a shell, tar and the AWS CLI",
          "^[A-Za-z0-9./_:-]+@sha256:[0-9a-f]{64}$", wiring.pinnedImage)),
      Fact("Repository", text("URL of the Git repository", "^https://[^ ]+$")),
      Fact(
        "RepositoryType",
        .keyed([
          "Type": .string("String"), "Default": .string("GITHUB"),
          "AllowedValues": .texts(["BITBUCKET", "CODECOMMIT", "GITHUB", "GITLAB"]),
        ])),
      Fact("Revision", text("Commit that is run", "^[0-9a-f]{40}$")),
      Fact("ProgramUrl", text("Where kaizen is, if the image has none", nil, "")),
      Fact("ProgramSha256", text("Its SHA-256", "^([0-9a-f]{64})?$", "")),
    ]
  }

  /// The steps one after the other: a build that fails ends the machine. Exit status 75 is tried again
  /// in the build, where it can be told from others.
  private static func machine(_ wiring: Wiring) -> JSONValue {
    let names = wiring.spec.steps.map { LegalName.step($0.id, limit: 76) }
    var states: [Fact] = [
      Fact(
        "Given",
        .keyed([
          "Type": .string("Choice"),
          "Choices": .array([
            .keyed([
              "Variable": .string("$.parameters"), "IsPresent": .bool(true),
              "Next": .string(names[0]),
            ])
          ]),
          "Default": .string("Default"),
        ])),
      Fact(
        "Default",
        .keyed([
          "Type": .string("Pass"), "Result": .string(""), "ResultPath": .string("$.parameters"),
          "Next": .string(names[0]),
        ])),
    ]
    for (place, step) in wiring.spec.steps.enumerated() {
      var arguments: [Fact] = [
        Fact("ProjectName", .string("${Project}")),
        Fact(
          "EnvironmentVariablesOverride",
          .array([
            .keyed(["Name": .string("STEP"), "Value": .string(step.id)]),
            .keyed(["Name": .string("NAME"), "Value": .string(names[place])]),
            .keyed(["Name": .string("RUN"), "Value.$": .string("$$.Execution.Name")]),
            .keyed([
              "Name": .string("KAIZEN_PARAMETERS"), "Value.$": .string("$.parameters"),
            ]),
          ])),
      ]
      if let seconds = wiring.patience(step) {
        let minutes = min(max((seconds + 59) / 60, 5), 2160)
        arguments.append(Fact("TimeoutInMinutesOverride", .count(minutes)))
      }
      let next =
        place + 1 < names.count
        ? Fact("Next", .string(names[place + 1])) : Fact("End", .bool(true))
      states.append(
        Fact(
          names[place],
          .object([
            Fact("Type", .string("Task")),
            Fact("Resource", .string("arn:aws:states:::codebuild:startBuild.sync")),
            Fact("Parameters", .object(arguments)), Fact("ResultPath", .null), next,
          ])))
    }
    return .keyed(["StartAt": .string("Given"), "States": .object(states)])
  }

  private static func buildspec(_ wiring: Wiring) -> GeneratedFile {
    let folder = wiring.folder == "." ? "." : "./" + wiring.folder
    let script = Shell.inert("\(folder)/targets/\(name)/step.sh")
    let place = "s3://$BUCKET/runs/$RUN"
    let secrets = wiring.secretVariables
    var environment = [
      Fact(
        "variables",
        .keyed([
          "KAIZEN_IN": .string(".kaizen-in"), "KAIZEN_OUT": .string(".kaizen-out"),
          "KAIZEN_CACHE": .string(".kaizen-cache"),
        ]))
    ]
    if !secrets.isEmpty {
      environment.append(
        Fact("secrets-manager", .object(secrets.map { Fact($0, .string($0)) })))
    }
    let lines =
      [
        "# \(wiring.comment(wiring.spec.name)): made by promote. One step, STEP of the run RUN.",
        "# Secrets come from Secrets Manager, by their variables' names.",
      ]
      + YAML.lines(
        .keyed([
          "version": .number(0.2),
          "env": .object(environment),
          "phases": .keyed([
            "pre_build": .keyed([
              "commands": .texts([
                "mkdir -p .kaizen-in .kaizen-out",
                "aws s3 sync --no-progress \"\(place)/\" .kaizen-in/",
              ])
            ]),
            "build": .keyed([
              "commands": .texts(["sh \(script) \"$STEP\""])
            ]),
            // Done after a failure, too.
            "post_build": .keyed([
              "commands": .texts([
                "aws s3 sync --no-progress .kaizen-out/ \"\(place)/$NAME/\"",
                "[ \"$CODEBUILD_BUILD_SUCCEEDING\" = 1 ]",
              ])
            ]),
          ]),
          "cache": .keyed(["paths": .texts([".kaizen-cache/**/*"])]),
        ]))
    return GeneratedFile(path: "buildspec.yml", lines: lines)
  }
}
