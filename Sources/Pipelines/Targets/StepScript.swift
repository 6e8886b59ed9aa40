import Notebooks

/// The script that runs a step in a job of a service for continuous integration: it takes what
/// earlier jobs handed over, runs the one command, and hands over what the step gave.
///
/// All names of users are in it, in single quotes, and none in the files of the services, which would
/// take some texts for templates of theirs.
enum StepScript {
  private static let name = "step.sh"

  /// The script and the values of parameters.
  static func files(for wiring: Wiring) -> [GeneratedFile] {
    [GeneratedFile(path: name, lines: lines(wiring))] + [wiring.valuesFile].compactMap { $0 }
  }

  /// A command for a shell in the project's folder that runs a step of `target`.
  static func command(_ step: String, for target: String, _ wiring: Wiring) -> String {
    let folder = wiring.folder == "." ? "." : "./" + wiring.folder
    return "sh \(Shell.inert("\(folder)/targets/\(target)/\(name)")) \(step)"
  }

  private static func lines(_ wiring: Wiring) -> [String] {
    let spec = wiring.spec
    let root = Shell.inert(wiring.path("."))
    let hasParameters = !spec.parameters.isEmpty
    var lines = [
      "#!/bin/sh",
      "# \(wiring.comment(spec.name)): made by promote. Runs one step: sh step.sh STEP",
      "#   KAIZEN_FILES       the folder of what passes between steps, where all jobs share one; else",
      "#   KAIZEN_IN          a folder that has a folder for each step before, what it handed over, and",
      "#   KAIZEN_OUT         the folder for what this one hands over, its log and its outcome",
      "#   KAIZEN_CACHE       the folder of what was computed before; if not set, nothing was",
      "#   KAIZEN_PARAMETERS  values in YAML; if empty, those of parameters.yaml",
      "#   KAIZEN_URL, KAIZEN_SHA256  the program and its digest, for where none is installed",
      "set -eu",
      "",
      "# What the step gives, and the files that it writes.",
      "case ${1-} in",
    ]
    for step in spec.steps {
      let gives = spec.given(by: step).map(\.fileName).joined(separator: " ")
      let outputs = step.outputs.uniqued.map { " " + Shell.inert("./" + $0) }.joined()
      lines.append(
        "  \(step.id)) retries=\(step.retries) gives='\(gives)'; set -- \(step.id)\(outputs) ;;")
    }
    lines += [
      "  *) echo \"there is no step ${1-}\" >&2; exit 2 ;;",
      "esac",
      "step=$1",
      "shift",
      "",
      "folder() { mkdir -p -- \"$1\" && (cd -- \"$1\" && pwd -P); }",
      "out= scratch=$(mktemp -d)",
      "trap 'rm -rf -- \"$scratch\"' EXIT",
      "if [ -n \"${KAIZEN_FILES:-}\" ]; then",
      "  files=$(folder \"$KAIZEN_FILES\")",
      "else",
      "  out=$(folder \"${KAIZEN_OUT:?a folder for what this step hands over}\")",
      "  files=$(folder \"$scratch/files\")",
      "  for each in \"${KAIZEN_IN:?the folder of what earlier steps handed over}\"/*/; do",
      "    [ ! -d \"$each\" ] || cp -R -- \"$each.\" \"$files/\"",
      "  done",
      "fi",
      "cache=$(folder \"${KAIZEN_CACHE:-$scratch/cache}\")",
      "cd -- \"$(dirname -- \"$0\")\"",
      "",
      "if ! command -v kaizen >/dev/null 2>&1; then",
      "  : \"${KAIZEN_URL:?kaizen is not installed: say where the program is}\"",
      "  : \"${KAIZEN_SHA256:?kaizen is not installed: say which SHA-256 the program has}\"",
      "  mkdir \"$scratch/bin\"",
      "  curl --fail --silent --show-error --location --proto =https --retry 3 \\",
      "    --output \"$scratch/bin/kaizen\" -- \"$KAIZEN_URL\"",
      "  printf '%s  %s\\n' \"$KAIZEN_SHA256\" \"$scratch/bin/kaizen\" | sha256sum -c - >/dev/null || {",
      "    echo \"what KAIZEN_URL has is not what KAIZEN_SHA256 says\" >&2; exit 1;",
      "  }",
      "  chmod 755 \"$scratch/bin/kaizen\"",
      "  PATH=$scratch/bin:$PATH",
      "fi",
      "",
      "# Files that earlier steps wrote.",
      "if [ -n \"$out\" ]; then",
      "  for archive in \"$files\"/*.tar; do",
      "    [ ! -f \"$archive\" ] || tar -xf \"$archive\" -C \(root)",
      "  done",
      "fi",
    ]
    if hasParameters {
      lines += [
        "values=\(wiring.values)",
        "if [ -n \"${KAIZEN_PARAMETERS:-}\" ]; then",
        "  values=$scratch/given.yaml",
        "  printf '%s\\n' \"$KAIZEN_PARAMETERS\" >\"$values\"",
        "fi",
      ]
    }
    let given = hasParameters ? " --parameters \"$values\"" : ""
    return lines + [
      "",
      "# Of an earlier run.",
      "rm -f -- \"$files/$step.done\" \"$files/$step.outcome.json\" \"$files/$step.log.txt\"",
      "",
      "# What a step says must be no command of the service that reads along.",
      "plainly() { sed -e 's/##/# #/g' -e 's/^\\([[:space:]]*\\)::/\\1: :/'; }",
      "tries=0",
      "while :; do",
      "  {",
      "    status=0",
      "    kaizen step run \(wiring.pipeline) \"$step\" --artifacts \"$files\" --store \"$cache\"\(given) \\",
      "      2>&1 || status=$?",
      "    echo \"$status\" >\"$scratch/status\"",
      "  } | plainly",
      "  status=$(cat \"$scratch/status\")",
      "  # 75 asks to be tried again, no other exit status does.",
      "  [ \"$status\" -eq 75 ] && [ \"$tries\" -lt \"$retries\" ] || break",
      "  tries=$((tries + 1))",
      "  sleep $((tries * tries))",
      "done",
      "",
      "if [ \"$status\" -ne 0 ] && [ -f \"$files/$step.outcome.json\" ]; then",
      "  plainly <\"$files/$step.outcome.json\"",
      "fi",
      "if [ -n \"$out\" ]; then",
      "  for file in $gives \"$step.done\" \"$step.outcome.json\" \"$step.log.txt\"; do",
      "    [ ! -f \"$files/$file\" ] || cp -- \"$files/$file\" \"$out/\"",
      "  done",
      "  [ \"$status\" -ne 0 ] || [ $# -eq 0 ] || tar -cf \"$out/$step.tar\" -C \(root) -- \"$@\"",
      "fi",
      "exit \"$status\"",
    ]
  }
}

extension Shell {
  /// A word in which nothing but a shell sees anything either: no two characters that begin a
  /// template or an escape of a service stand side by side.
  static func inert(_ text: String) -> String {
    guard word(text) != text else { return text }
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += "'\\''"
      case "$", "\\", "{", "}", "#", "%", "[", "<":
        result.unicodeScalars.append(scalar)
        result += "''"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}
