import Display
import Language
import Notebooks

/// What the template of CloudFormation makes.
enum AWSResources {
  static func all(
    buildspec: String, machine: JSONValue, schedule: Schedule?, secrets: [String]
  ) throws -> [Fact] {
    let rules = [writing("Bucket"), logging] + (secrets.isEmpty ? [] : [reading(secrets)])
    var resources: [Fact] = [
      resource("Bucket", "AWS::S3::Bucket", bucket, isKept: true),
      resource("Logs", "AWS::Logs::LogGroup", .keyed(["RetentionInDays": .int(90)]), isKept: true),
      role("BuildRole", "codebuild", rules),
      resource("Project", "AWS::CodeBuild::Project", project(buildspec)),
      role("MachineRole", "states", [building, watching]),
      resource(
        "StateMachine", "AWS::StepFunctions::StateMachine",
        .keyed([
          "RoleArn": attribute("MachineRole", "Arn"),
          "Definition": machine,
          "DefinitionSubstitutions": .keyed(["Project": reference("Project")]),
        ])),
    ]
    if let schedule {
      resources += [
        role(
          "ScheduleRole", "scheduler",
          [
            .keyed([
              "Effect": .string("Allow"), "Action": .string("states:StartExecution"),
              "Resource": reference("StateMachine"),
            ])
          ]),
        resource(
          "Schedule", "AWS::Scheduler::Schedule",
          .keyed([
            "ScheduleExpression": .string("cron(\(try expression(schedule)))"),
            "ScheduleExpressionTimezone": .string("UTC"),
            "FlexibleTimeWindow": .keyed(["Mode": .string("OFF")]),
            "Target": .keyed([
              "Arn": reference("StateMachine"), "RoleArn": attribute("ScheduleRole", "Arn"),
            ]),
          ])),
      ]
    }
    return resources
  }

  /// The six fields of EventBridge: it has a year, counts days of the week from 1, Sunday, and wants
  /// `?` for one of the two fields of days.
  private static func expression(_ schedule: Schedule) throws -> String {
    var fields = schedule.fields
    guard fields.count == 5 else { return schedule.text + " *" }
    if fields[4] == "*" {
      fields[4] = "?"
    } else if fields[2] == "*" {
      fields[2] = "?"
      fields[4] = (0...6).filter { schedule.runs(onWeekday: $0) }.map { "\($0 + 1)" }
        .joined(separator: ",")
    } else {
      throw Diagnostic(
        .usage, "the schedule \"\(schedule.text)\" cannot be said to EventBridge",
        notes: ["it takes days of the month or days of the week, not both"])
    }
    return fields.joined(separator: " ") + " *"
  }

  private static func resource(
    _ name: String, _ type: String, _ properties: JSONValue, isKept: Bool = false
  ) -> Fact {
    var facts = [Fact("Type", .string(type))]
    if isKept {
      facts += [
        Fact("DeletionPolicy", .string("Retain")), Fact("UpdateReplacePolicy", .string("Retain")),
      ]
    }
    return Fact(name, .object(facts + [Fact("Properties", properties)]))
  }

  private static func reference(_ name: String) -> JSONValue { .keyed(["Ref": .string(name)]) }

  private static func attribute(_ name: String, _ attribute: String) -> JSONValue {
    .keyed(["Fn::GetAtt": .texts([name, attribute])])
  }

  private static func filled(_ text: String) -> JSONValue { .keyed(["Fn::Sub": .string(text)]) }

  private static func role(_ name: String, _ service: String, _ rules: [JSONValue]) -> Fact {
    resource(
      name, "AWS::IAM::Role",
      .keyed([
        "AssumeRolePolicyDocument": .keyed([
          "Version": .string("2012-10-17"),
          "Statement": .array([
            .keyed([
              "Effect": .string("Allow"),
              "Principal": .keyed(["Service": .string("\(service).amazonaws.com")]),
              "Action": .string("sts:AssumeRole"),
            ])
          ]),
        ]),
        "Policies": .array([
          .keyed([
            "PolicyName": .string("kaizen"),
            "PolicyDocument": .keyed([
              "Version": .string("2012-10-17"), "Statement": .array(rules),
            ]),
          ])
        ]),
      ]))
  }

  private static func writing(_ bucket: String) -> JSONValue {
    .keyed([
      "Effect": .string("Allow"),
      "Action": .texts(["s3:GetObject", "s3:ListBucket", "s3:PutObject"]),
      "Resource": .array([
        attribute(bucket, "Arn"), filled("${\(bucket).Arn}/runs/*"),
      ]),
    ])
  }

  private static let logging = JSONValue.keyed([
    "Effect": .string("Allow"),
    "Action": .texts(["logs:CreateLogStream", "logs:PutLogEvents"]),
    "Resource": attribute("Logs", "Arn"),
  ])

  /// Their ARNs end in six characters that nobody knows before.
  private static func reading(_ secrets: [String]) -> JSONValue {
    .keyed([
      "Effect": .string("Allow"), "Action": .string("secretsmanager:GetSecretValue"),
      "Resource": .array(
        secrets.map {
          filled(
            "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:\($0)-??????"
          )
        }),
    ])
  }

  private static let building = JSONValue.keyed([
    "Effect": .string("Allow"),
    "Action": .texts(["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"]),
    "Resource": attribute("Project", "Arn"),
  ])

  /// How Step Functions learns that a build has ended.
  private static let watching = JSONValue.keyed([
    "Effect": .string("Allow"),
    "Action": .texts(["events:DescribeRule", "events:PutRule", "events:PutTargets"]),
    "Resource": filled(
      "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/"
        + "StepFunctionsGetEventForCodeBuildStartBuildRule"),
  ])

  private static let bucket = JSONValue.keyed([
    "BucketEncryption": .keyed([
      "ServerSideEncryptionConfiguration": .array([
        .keyed([
          "ServerSideEncryptionByDefault": .keyed(["SSEAlgorithm": .string("AES256")])
        ])
      ])
    ]),
    "PublicAccessBlockConfiguration": .keyed([
      "BlockPublicAcls": .bool(true), "BlockPublicPolicy": .bool(true),
      "IgnorePublicAcls": .bool(true), "RestrictPublicBuckets": .bool(true),
    ]),
    "LifecycleConfiguration": .keyed([
      "Rules": .array([
        .keyed([
          "Id": .string("runs"), "Status": .string("Enabled"), "Prefix": .string("runs/"),
          "ExpirationInDays": .int(90),
        ])
      ])
    ]),
  ])

  private static func project(_ buildspec: String) -> JSONValue {
    func variable(_ name: String, _ value: JSONValue) -> JSONValue {
      .keyed(["Name": .string(name), "Type": .string("PLAINTEXT"), "Value": value])
    }
    return .keyed([
      "ServiceRole": attribute("BuildRole", "Arn"),
      "Source": .keyed([
        "Type": reference("RepositoryType"), "Location": reference("Repository"),
        "BuildSpec": .string(buildspec),
      ]),
      "SourceVersion": reference("Revision"),
      "Artifacts": .keyed(["Type": .string("NO_ARTIFACTS")]),
      "Cache": .keyed([
        "Type": .string("LOCAL"), "Modes": .texts(["LOCAL_CUSTOM_CACHE"]),
      ]),
      "Environment": .keyed([
        "Type": .string("LINUX_CONTAINER"), "ComputeType": .string("BUILD_GENERAL1_SMALL"),
        "Image": reference("BuildImage"),
        "EnvironmentVariables": .array([
          variable("BUCKET", reference("Bucket")),
          variable("KAIZEN_URL", reference("ProgramUrl")),
          variable("KAIZEN_SHA256", reference("ProgramSha256")),
        ]),
      ]),
      "LogsConfig": .keyed([
        "CloudWatchLogs": .keyed([
          "Status": .string("ENABLED"), "GroupName": reference("Logs"),
        ])
      ]),
    ])
  }
}
