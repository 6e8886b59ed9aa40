import Notebooks

/// Snakemake: a rule a step, over the files that pass between steps.
package enum SnakemakeTarget: PipelineTarget {
  package static let name = "snakemake"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .executed,
      commands: [
        .init("snakemake", "--cores", "2", "--forceall"), .init("snakemake", "--cores", "2"),
      ],
      install: "pip install snakemake",
      proves: "snakemake ran every rule, and a second run had nothing to do",
      limits: "executors for clusters and remote storage. Snakemake has no schedule")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    try wiring.refuse(
      ["{", "}"], because: "Snakemake does not run in a folder with braces in its name")
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. `snakemake --cores 2` runs what has changed."
    ]
    if !spec.parameters.isEmpty {
      lines += [
        "# Other values: snakemake --cores 2 --config name=value",
        "configfile: \(Python.text(wiring.values))", "", "",
        "def given(*names):",
        "    \"\"\"Options of kaizen for the values of parameters.\"\"\"",
        "    words = []",
        "    for name in names:",
        "        value = config[name]",
        "        spelled = str(value).lower() if isinstance(value, bool) else str(value)",
        "        words += [\"-p\", name + \"=\" + spelled]",
        "    return words", "",
      ]
    }
    if spec.steps.contains(where: { !wiring.sources($0).allSatisfy(isPlain) }) {
      lines += [
        "", "def state(*paths):",
        "    \"\"\"Sizes and times of files whose names Snakemake would take for patterns.\"\"\"",
        "    import os",
        "    return [(os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in paths]", "",
      ]
    }
    lines += ["", "rule all:", "    input:"]
    lines += spec.steps.flatMap { [wiring.mark($0.id)] + outputs($0, wiring) }
      .map { "        \(Python.text($0))," }
    for step in spec.steps {
      // What other steps write is there when their marks are.
      let inputs =
        [wiring.pipeline] + wiring.sources(step) + wiring.needs(step)
        + wiring.guards(step).map(wiring.mark)
      let outputs = [wiring.mark(step.id)] + wiring.gives(step) + outputs(step, wiring)
      lines += ["", "", "rule \(LegalName.variable(step.id)):", "    input:"]
      lines += inputs.uniqued.filter(isPlain).map { "        \(Python.text($0))," }
      lines.append("    output:")
      lines += outputs.map { "        \(Python.text($0))," }
      let read = spec.parametersRead(by: step)
      // A file that cannot be an input counts by its size and time.
      let others = inputs.uniqued.filter { !isPlain($0) }.map(Python.text)
      if !read.isEmpty || !others.isEmpty { lines.append("    params:") }
      if !others.isEmpty {
        lines.append("        files=lambda wildcards: state(\(others.joined(separator: ", "))),")
      }
      var words = wiring.command(step.id).prefix { $0 != "--parameters" }.map { $0 }
      if !read.isEmpty {
        let names = read.map(Python.text).joined(separator: ", ")
        lines.append("        values=lambda wildcards: given(\(names)),")
        words.append("{params.values:q}")
      }
      lines += ["    shell:", "        \(Python.text(Shell.retrying(words, step.retries)))"]
    }
    return [GeneratedFile(path: "Snakefile", lines: lines)] + [wiring.valuesFile].compactMap { $0 }
  }

  /// The files that a step writes, but for those in whose names Snakemake would see wildcards: it has
  /// no other way to write these. The mark stands for them.
  private static func outputs(_ step: PipelineSpec.Step, _ wiring: Wiring) -> [String] {
    wiring.outputs(step).filter(isPlain)
  }

  private static func isPlain(_ path: String) -> Bool {
    !path.contains("{") && !path.contains("}")
  }
}
