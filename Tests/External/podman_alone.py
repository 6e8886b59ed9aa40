#!/usr/bin/env python3
"""podman, with a store of its own and on machines that lack some of what it likes to have.

As root, what is mounted belongs to the user that the container runs as; where control groups of both
kinds are there, podman does not see the new ones, which crun refuses together with the old. Before the
first run it is looked at that a container has what `run` asks for. Where no container can be made,
PODMAN_OBSTACLE is set: the program of the image is then run without one, with the project where it is.
"""

import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

IS_ROOT = os.geteuid() == 0
# Who runs in the container where the tests are run by root.
USER = "65532:65532"
UNIFIED = "/sys/fs/cgroup/unified"
ASKED = {
    "--rm", "--read-only", "--network none", "--cap-drop ALL", "--security-opt no-new-privileges"}


def limits():
    """Not everyone may raise them, as podman would."""
    kinds = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    most = {
        name: min(each for each in (*resource.getrlimit(kind), 4096) if each > 0)
        for name, kind in kinds.items()}
    return [f"{name}={limit}:{limit}" for name, limit in most.items()]


def command(store, *words):
    """The words of a command of podman; its configuration is written on the way."""
    store.mkdir(parents=True, exist_ok=True)
    (store / "containers.conf").write_text(
        f'[containers]\ncgroups = "disabled"\ndefault_ulimits = {json.dumps(limits())}\n'
        '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n')
    found = [
        "env", f"CONTAINERS_CONF={store / 'containers.conf'}", "podman", "--storage-driver", "vfs",
        "--root", store / "root", "--runroot", store / "run", *words]
    if IS_ROOT and os.path.ismount(UNIFIED):
        found = [
            "unshare", "--mount", "sh", "-c", f"umount --lazy {UNIFIED} && exec \"$@\"", "sh", *found]
    return found


def asked(store, *words):
    """Runs a command of podman; its exit status and what it said."""
    result = subprocess.run(
        command(store, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace")
    return result.returncode, result.stdout


def obstacle(store, program):
    """Why no container can be made on this machine; None where one can."""
    if not shutil.which("podman"):
        return "apt install podman"
    folder = store / "trial"
    folder.mkdir(parents=True)
    shutil.copy(program, folder / "kaizen")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY kaizen /kaizen\nENTRYPOINT [\"/kaizen\"]\n")
    status, said = asked(store, "build", "--tag", "trial", folder)
    user = USER if IS_ROOT else f"{os.geteuid()}:{os.getegid()}"
    namespace = [] if IS_ROOT else ["--userns=keep-id"]
    if status == 0:
        status, said = asked(
            store, "run", "--rm", "--network", "none", "--user", user, *namespace, "trial",
            "--version")
    shutil.rmtree(folder)
    return None if status == 0 else " ".join((said.split("\n")[-2:]))


def place(words):
    """The folder that is mounted, and where the name of the image stands."""
    (mount,) = [words[at + 1] for at, word in enumerate(words) if word == "--mount"]
    fields = next(csv.reader(io.StringIO(mount, newline="")))
    (source,) = [field[7:] for field in fields if field.startswith("source=")]
    return source, words.index("--mount") + 2


def look(store, words, source, image):
    """Whether a container has what it was asked to have."""
    given = " ".join(words[:image])
    assert all(option in given for option in ASKED), given

    def save(path):
        return asked(store, *words[:image + 1], "-c", f"param x = 1\n$x\nsave \"{path}\"")

    status, said = save("/written.md")
    assert status != 0 and "Read-only file system" in said, f"the root can be written: {said}"
    status, said = save("/project/written.md")
    assert status == 0, said
    written = Path(source) / "written.md"
    assert written.stat().st_uid == int((USER if IS_ROOT else str(os.geteuid())).split(":")[0])
    for file in written, written.with_suffix(".md.lock"):
        file.unlink()


def run(store, words):
    source, image = place(words)
    if IS_ROOT:
        subprocess.run(["chown", "-R", USER, source], check=True)
    looked = store / "looked"
    if not looked.exists():
        look(store, words, source, image)
        looked.touch()


def without_container(store, words):
    program = store / "kaizen"
    if words[:2] == ["image", "inspect"]:
        return 0 if program.exists() else 1
    if words[0] == "build":
        shutil.copy("kaizen", program)
        return 0
    source, image = place(words)
    there = [
        source + word[8:] if word.startswith("/project") else word for word in words[image + 1:]]
    names = [words[at + 1] for at, word in enumerate(words) if word == "--env"]
    handed_over = {name: os.environ[name] for name in names if name in os.environ}
    environment = {"PATH": "", "KAIZEN_STORE": str(store / "state"), **handed_over}
    return subprocess.run([program, *there], env=environment).returncode


def main():
    words, store = sys.argv[1:], Path(os.environ["PODMAN_STORE"])
    if words[0] not in ("run", "build", "image"):
        sys.exit(f"podman {words[0]} is not expected")
    # This file is the `podman` that is found first.
    own = Path(sys.argv[0]).parent
    folders = os.environ["PATH"].split(":")
    os.environ["PATH"] = ":".join(folder for folder in folders if Path(folder) != own)
    if os.environ.get("PODMAN_OBSTACLE"):
        sys.exit(without_container(store, words))
    if words[0] == "run":
        run(store, words)
    found = [str(word) for word in command(store, *words)]
    os.execvp(found[0], found)


if __name__ == "__main__":
    main()
