import Notebooks

/// Jenkins: a declarative pipeline, a stage a step; what passes between them lies in the workspace,
/// and is archived.
package enum JenkinsTarget: PipelineTarget {
  package static let name = "jenkins"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .validated, commands: [.init("groovy", "check.groovy", "Jenkinsfile")],
      install: "apt install groovy default-jre-headless",
      proves: "Groovy parses the Jenkinsfile, and knows every directive and step in it; "
        + "check.groovy stands in for Jenkins. In the tests of Kaizen its commands were run in the "
        + "order of the stages: all digests were those of our own run",
      limits: "Jenkins itself: its own checks of declarative pipelines, agents, plugins "
        + "(Pipeline is needed, and Timestamper is not), the schedule and archiving")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    var lines = [
      "// \(comment(wiring, spec.name)): made by promote. New item > Pipeline > Pipeline script from SCM,",
      "// with the path of this file. Agents labelled `kaizen` need `kaizen`, or KAIZEN_URL and",
      "// KAIZEN_SHA256 in their environment: where the program is, and its SHA-256. A secret goes into",
      "// `environment`: NAME = credentials('its id').",
      "pipeline {",
      "  agent { label 'kaizen' }",
      "  options {",
      "    buildDiscarder(logRotator(numToKeepStr: '30'))",
      "    disableConcurrentBuilds()",
      "  }",
    ]
    if let schedule = spec.schedule {
      lines += [
        "  triggers {", "    cron(\(Self.text("TZ=Etc/UTC\n" + schedule.text)))", "  }",
      ]
    }
    if !spec.parameters.isEmpty {
      lines += [
        "  parameters {",
        "    text(name: 'KAIZEN_PARAMETERS', defaultValue: '', description: "
          + "\(Self.text(comment(wiring, wiring.parameterHint))))",
        "  }",
      ]
    }
    lines += [
      "  environment {", "    KAIZEN_FILES = '.kaizen-files'",
      "    KAIZEN_CACHE = '.kaizen-cache'",
    ]
    lines += wiring.secretVariables.map { "    \($0) = credentials('\($0)')" }
    lines += ["  }", "  stages {"]
    for step in spec.steps {
      lines.append("    stage('\(step.id)') {")
      if let seconds = wiring.patience(step) {
        lines.append("      options { timeout(time: \(seconds), unit: 'SECONDS') }")
      }
      lines += [
        "      steps {",
        "        sh \(Self.text(StepScript.command(step.id, for: name, wiring)))",
        "      }",
        "    }",
      ]
    }
    lines += [
      "  }",
      "  post {",
      "    always {",
      "      archiveArtifacts artifacts: '.kaizen-files/**', allowEmptyArchive: true",
      "    }",
      "  }",
      "}",
    ]
    return [GeneratedFile(path: "Jenkinsfile", lines: lines), check]
      + StepScript.files(for: wiring)
  }

  /// A text in a comment: Groovy reads `\u000a` as the end of a line even there.
  private static func comment(_ wiring: Wiring, _ text: String) -> String {
    wiring.comment(text).replacing("\\", with: "/")
  }

  /// A literal that is this text, in which Groovy fills in nothing.
  private static func text(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x27, 0x5C: result += "\\" + String(scalar)
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0x20..<0x7F: result.unicodeScalars.append(scalar)
      default:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      }
    }
    return result + "'"
  }

  /// Stands in for Jenkins: knows the directives and steps that are used here, and says in JSON what
  /// each stage would run.
  private static let check = GeneratedFile(
    path: "check.groovy",
    lines: [
      "// groovy check.groovy Jenkinsfile: reads it with every directive and step intercepted, and says",
      "// in JSON what would be run. Unknown ones, and such as stand where they may not, are errors.",
      "import groovy.json.JsonOutput",
      "",
      "class Section {",
      "  static known = [",
      "    '': ['pipeline'],",
      "    pipeline: ['agent', 'options', 'triggers', 'parameters', 'environment', 'stages', 'post'],",
      "    agent: ['label'], triggers: ['cron'], parameters: ['text'], stages: ['stage'],",
      "    options: ['buildDiscarder', 'logRotator', 'disableConcurrentBuilds', 'timeout'],",
      "    stage: ['options', 'steps'], steps: ['sh'], post: ['always'], always: ['archiveArtifacts'],",
      "  ]",
      "  static named = [",
      "    logRotator: ['numToKeepStr'], timeout: ['time', 'unit'],",
      "    text: ['name', 'defaultValue', 'description'],",
      "    archiveArtifacts: ['artifacts', 'allowEmptyArchive'],",
      "  ]",
      "  static needed = [pipeline: ['agent', 'stages'], stages: ['stage'], stage: ['steps']]",
      "  static found = [environment: [:], stages: [], cron: [], parameters: []]",
      "  String kind",
      "  Set seen = []",
      "",
      "  def invokeMethod(String name, Object arguments) {",
      "    if (!(name in known[kind])) throw new Exception(\"`${kind}` knows no `${name}`\")",
      "    seen << name",
      "    def words = arguments as List",
      "    def options = words.findAll { it instanceof Map }.collectMany { it.keySet() as List }",
      "    options.each {",
      "      if (!(it in (named[name] ?: []))) throw new Exception(\"`${name}` knows no `${it}`\")",
      "    }",
      "    if (name == 'stage') found.stages << [name: words[0], commands: []]",
      "    if (name == 'sh') found.stages[-1].commands << words[0]",
      "    if (name == 'timeout') found.stages[-1].timeout = words[0].time",
      "    if (name == 'cron') found.cron << words[0]",
      "    if (name == 'text') found.parameters << words[0].name",
      "    if (words && words[-1] instanceof Closure) {",
      "      def inner = new Section(kind: name)",
      "      if (name == 'environment') inner = new Variables()",
      "      def body = words[-1].rehydrate(inner, inner, inner)",
      "      body.resolveStrategy = Closure.DELEGATE_ONLY",
      "      body()",
      "      if (inner instanceof Section) {",
      "        def missing = (needed[name] ?: []).findAll { !(it in inner.seen) }",
      "        if (missing) throw new Exception(\"`${name}` has no ${missing.join(', ')}\")",
      "      }",
      "    } else if (name in ['pipeline', 'stages', 'stage', 'steps', 'post', 'environment']) {",
      "      throw new Exception(\"`${name}` has no block\")",
      "    }",
      "    return null",
      "  }",
      "}",
      "",
      "class Variables {",
      "  void setProperty(String name, Object value) { Section.found.environment[name] = value }",
      "  String credentials(String id) { 'credentials of ' + id }",
      "}",
      "",
      "def shell = new GroovyShell()",
      "def script = shell.parse(new File(args[0]).getText('UTF-8'))",
      "def top = new Section(kind: '')",
      "script.metaClass.methodMissing = { String name, arguments -> top.invokeMethod(name, arguments) }",
      "script.run()",
      "if (!('pipeline' in top.seen)) throw new Exception('there is no `pipeline`')",
      "println JsonOutput.toJson(Section.found)",
    ])
}
