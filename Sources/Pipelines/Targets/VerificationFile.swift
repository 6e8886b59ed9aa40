import Notebooks

extension Verification {
  /// The file that says how the targets were tried.
  package static let fileName = "VERIFY.md"

  /// What is known of the targets, and how to see it oneself.
  static func file(
    for targets: [any PipelineTarget.Type], _ wiring: Wiring
  ) -> GeneratedFile {
    var lines = [
      "# How these files were tried", "",
      "- executed: the tool itself ran pipelines, and all that they gave had the digests of",
      "  `kaizen pipeline run`",
      "- validated: held against the tool's own schema or checker; the tool ran nothing",
      "- emitted: written as its documentation says, and not tried", "",
      "That was done in the tests of Kaizen \(Engine.version), with pipelines of theirs. With this one",
      "`kaizen promote verify FOLDER --target NAME` does it, where the tool is installed. `kaizen` must",
      "be on the `PATH` of whatever runs a target.",
    ]
    for target in targets {
      let verification = target.verification(of: wiring)
      lines += ["", "## \(target.name): \(verification.level.rawValue)", ""]
      if !verification.commands.isEmpty {
        lines += ["In `targets/\(target.name)`:", ""]
        lines += verification.commands.map { "    \($0.text)" }
        lines.append("")
      }
      lines += sentences("To install", verification.install)
      lines += sentences("It shows", verification.proves)
      lines += sentences("It does not show", verification.limits)
    }
    return GeneratedFile(path: fileName, lines: lines)
  }

  /// `- Title: text`, in lines of at most 100 characters.
  private static func sentences(_ title: String, _ text: String) -> [String] {
    if text.isEmpty { return [] }
    var lines = ["- \(title):"]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count < 100 {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append("  \(word)")
      }
    }
    return lines
  }
}
