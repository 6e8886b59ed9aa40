import Notebooks

/// DVC: a stage a step. What passes between steps are its outputs, which DVC caches; files that are
/// exported stay where they are.
package enum DVCTarget: PipelineTarget {
  package static let name = "dvc"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .executed,
      commands: [
        .init("dvc", "init", "--no-scm", "--force", "--quiet"), .init("dvc", "repro", "--force"),
        .init("dvc", "status"),
      ],
      install: "pip install dvc",
      proves: "dvc repro ran every stage, and a second run found all of them unchanged",
      limits: "remotes, and repositories of DVC above this folder. In a project that has DVC, "
        + "leave `dvc init` out. DVC has no schedule")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. `dvc repro` runs what has changed.",
      "stages:",
    ]
    for step in spec.steps {
      let command = Shell.retrying(wiring.command(step.id), step.retries)
      lines += ["  \(step.id):", "    cmd: \(YAML.quoted(command))", "    deps:"]
      let read = spec.parametersRead(by: step)
      // DVC takes a dot for a way into a mapping, and cannot read some names in its own lock: with
      // such names the whole file counts.
      let isListed = !read.isEmpty && read.allSatisfy(isPlain)
      let dependencies =
        [wiring.pipeline] + step.inputs.map(wiring.path) + wiring.needs(step)
        + wiring.guards(step).map(wiring.mark) + (read.isEmpty || isListed ? [] : [wiring.values])
      lines += dependencies.uniqued.map { "      - \(text($0))" }
      if isListed {
        lines += ["    params:", "      - \(wiring.values):"]
        lines += read.map { "          - \(text($0))" }
      }
      lines.append("    outs:")
      lines += (wiring.gives(step) + [wiring.mark(step.id)]).map { "      - \(text($0))" }
      for output in wiring.outputs(step) {
        lines += ["      - \(text(output)):", "          cache: false"]
      }
    }
    return [GeneratedFile(path: "dvc.yaml", lines: lines)] + [wiring.valuesFile].compactMap { $0 }
  }

  private static func isPlain(_ name: String) -> Bool {
    name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// A text in YAML in which DVC sees no `${…}` to fill in.
  private static func text(_ text: String) -> String {
    YAML.quoted(text.replacing("${", with: "\\${"))
  }
}
