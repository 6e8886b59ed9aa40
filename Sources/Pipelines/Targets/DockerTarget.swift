import Notebooks

/// A container image with the program in it and nothing else, and a script that runs the whole
/// pipeline in it: as any user but root, with a root file system that cannot be written and no network.
package enum DockerTarget: PipelineTarget {
  package static let name = "docker"

  package static func verification(of wiring: Wiring) -> Verification {
    Verification(
      level: .executed, commands: [.init("sh", "run")],
      programs: [Tool.variable("CONTAINER_TOOL") ?? "docker"],
      install:
        "apt install docker.io, or podman with CONTAINER_TOOL=podman; and the static program, "
        + "`make static` in the sources of Kaizen, as targets/docker/kaizen",
      proves: "podman built the image, hadolint had nothing to say, and the pipeline ran in it as "
        + "another user than root, on a root file system that could not be written, without a network "
        + "or capabilities",
      limits:
        "Docker's own daemon. The image has no schedule: the crontab line is a comment. It has no "
        + "resolver for names of hosts either, so `runs push` does not work in it")
  }

  package static func files(for wiring: Wiring) throws -> [GeneratedFile] {
    let spec = wiring.spec
    let about = wiring.comment(spec.name)
    let depth = wiring.folder == "." ? 0 : wiring.folder.split(separator: "/").count
    let project = (["..", ".."] + Array(repeating: "..", count: depth)).joined(separator: "/")
    let file = Path.normalized("/project/\(wiring.folder)/pipeline.yaml")
    var script = [
      "#!/bin/sh",
      "# \(about): made by promote. Runs the pipeline in a container: sh run [-p name=value] …",
      "# The container may write below the project, and nowhere else; CONTAINER_TOOL=podman works, too.",
    ]
    if let schedule = spec.schedule {
      script.append("# For a crontab, in UTC:  \(schedule.text)  sh (this folder)/run")
    }
    script += [
      "set -eu",
      "cd \"$(dirname \"$0\")\"",
      "tool=${CONTAINER_TOOL:-docker}",
      "user=${CONTAINER_USER:-$(id -u):$(id -g)}",
      "case $user in",
      "  0 | 0:* | root | root:*)",
      "    echo \"run: not as root: CONTAINER_USER=UID:GID says who may write the project\" >&2",
      "    exit 2 ;;",
      "esac",
      "# To podman without root, a user inside is somebody else outside, if it is not told otherwise.",
      "same=",
      "case ${tool##*/} in podman*) [ \"$(id -u)\" = 0 ] || same=--userns=keep-id ;; esac",
      "image=\(Shell.word(wiring.image))",
      "if ! \"$tool\" image inspect \"$image\" >/dev/null 2>&1; then",
      "  if [ -e kaizen ]; then",
      "    \"$tool\" build --tag \"$image\" .",
      "  else",
      "    \"$tool\" pull \"$image\"",
      "  fi",
      "fi",
      "# A field of CSV, whatever the path holds.",
      "source=$(cd \(project) && pwd -P | sed 's/\"/\"\"/g')",
      "exec \"$tool\" run --rm --read-only --tmpfs /tmp --network none --cap-drop ALL \\",
      "  --security-opt no-new-privileges --user \"$user\" ${same:+\"$same\"} \\",
    ]
    // By name: the tool takes the values from its own environment.
    script += wiring.secretVariables.map { "  --env \($0) \\" }
    script += [
      "  --mount \"type=bind,\\\"source=$source\\\",target=/project\" \"$image\" \\",
      "  pipeline run \(Shell.word(file)) \"$@\"",
    ]
    return [
      GeneratedFile(
        path: "Dockerfile",
        lines: [
          "# \(about): made by promote. Beside this file belongs `kaizen`, the static program, which",
          "# needs no libraries: `make static` in the sources of Kaizen makes it.",
          "FROM scratch",
          "COPY --chmod=0555 kaizen /usr/local/bin/kaizen",
          "ENV PATH=/usr/local/bin KAIZEN_STORE=/tmp/kaizen",
          "USER 65532:65532",
          "ENTRYPOINT [\"/usr/local/bin/kaizen\"]",
          "CMD [\"--version\"]",
        ]), GeneratedFile(path: "run", lines: script),
    ]
  }
}
