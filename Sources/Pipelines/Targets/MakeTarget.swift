import Notebooks

/// GNU make: a rule a step, whose targets are all that the step writes.
package enum MakeTarget: PipelineTarget {
  package static let name = "make"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .executed, commands: [.init("make", "--always-make", "--jobs=2"), .init("make")],
      install: "apt install make",
      proves: "GNU make ran every step, several at once, and a second run had nothing to do",
      limits: "make goes by the times of files, not by their contents (Kaizen's own store goes by "
        + "contents); a file whose name make cannot write is looked at by Kaizen in each run. make "
        + "has no schedule: the crontab line is a comment")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let hasParameters = !spec.parameters.isEmpty
    let values = "\(wiring.artifacts)/\(wiring.values)"
    let command = wiring.command("$(1)", values: values).dropFirst().map {
      $0 == wiring.pipeline ? "$(PIPELINE)" : $0
    }
    var lines = [
      "# \(wiring.comment(spec.name)): made by promote. `make` runs what is out of date.", "",
      "ifeq ($(filter grouped-target,$(.FEATURES)),)",
      "  $(error GNU make 4.3 or later is needed)",
      "endif", "",
      "MAKEFLAGS += --no-builtin-rules",
      "SHELL := /bin/sh",
      "KAIZEN ?= kaizen",
      "PIPELINE := \(wiring.pipeline)",
    ]
    if hasParameters {
      lines += [
        "# Other values: make PARAMETERS=other.yaml", "PARAMETERS ?= \(wiring.values)",
      ]
    }
    if let schedule = spec.schedule {
      lines.append("# For a crontab, in UTC:  \(schedule.text)  make -C (this folder)")
    }
    lines += [
      "", "# $(call run,STEP,RETRIES): exit status 75 asks to be tried again, no other does.",
      "define run",
      "@n=0; until $(KAIZEN) \(command.joined(separator: " ")); do \\",
      "  status=$$?; [ $$status -eq 75 ] && [ $$n -lt $(2) ] || exit $$status; \\",
      "  n=$$((n + 1)); sleep $$((n * n)); \\",
      "done",
      "endef", "",
      ".PHONY: all clean always",
      "all: \(spec.steps.map { wiring.mark($0.id) }.joined(separator: " "))", "",
      "always: ;", "",
      "clean:",
      "\trm -rf \(wiring.artifacts)",
    ]
    if hasParameters {
      lines += [
        "", "# Values that are the same make nothing out of date.",
        "\(values): always",
        "\t@mkdir -p \(wiring.artifacts); cmp -s '$(PARAMETERS)' $@ || cp '$(PARAMETERS)' $@",
      ]
    }
    for step in spec.steps { lines += rule(step, wiring, values) }
    return [GeneratedFile(path: "Makefile", lines: lines)] + [wiring.valuesFile].compactMap { $0 }
  }

  private static func rule(
    _ step: PipelineSpec.Step, _ wiring: Wiring, _ values: String
  ) -> [String] {
    let spec = wiring.spec
    let targets =
      [wiring.mark(step.id)] + wiring.gives(step)
      + wiring.outputs(step).compactMap { escaped($0) }
    var prerequisites = ["$(PIPELINE)"] + spec.dependencies(of: step).map(wiring.mark)
    if !spec.parametersRead(by: step).isEmpty { prerequisites.append(values) }
    // A file that make cannot name is looked at by Kaizen, every time.
    let sources = wiring.sources(step).map { escaped($0) }
    prerequisites += sources.contains(nil) ? ["always"] : []
    prerequisites += sources.compactMap { $0 }
    var lines = [
      "", "\(targets.joined(separator: " ")) &: \(prerequisites.joined(separator: " "))",
    ]
    // So that the values are there before the first step asks for them.
    if !spec.parameters.isEmpty, spec.parametersRead(by: step).isEmpty {
      lines[1] += " | \(values)"
    }
    return lines + ["\t$(call run,\(step.id),\(step.retries))"]
  }

  /// A path as a target or prerequisite; nil for one that make has no way to write, or in which it
  /// would see a pattern, a variable or an archive.
  static func escaped(_ path: String) -> String? {
    var result = ""
    for scalar in path.unicodeScalars {
      switch scalar {
      case " ": result += "\\ "
      case "$": result += "$$"
      case "A"..."Z", "a"..."z", "0"..."9", "_", "-", ".", "/", ",", "+", "@", "^", "'", "(":
        result.unicodeScalars.append(scalar)
      case _ where scalar.value >= 0xA1 && scalar.properties.generalCategory != .format:
        result.unicodeScalars.append(scalar)
      default: return nil
      }
    }
    return result
  }
}
