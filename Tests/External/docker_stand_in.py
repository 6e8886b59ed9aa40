#!/usr/bin/env python3
"""docker, as far as `targets/docker/run` uses it, by buildah: no daemon, no registry.

What Docker does for `--read-only`, `--user` and `--mount` is done here with mounts of its own, so that
the root file system cannot be written and nothing but the project can. Who is not root has a user
namespace for it; root's own user becomes the image's. The network and capabilities are left as they
are. Where not even that is allowed, STAND_IN_OBSTACLE is set: the program of the image is then run
without a container, with the project where it is.
"""

import argparse
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

IS_ROOT = os.geteuid() == 0
# A namespace in which one is root, and its root may mount.
ENTER = [] if IS_ROOT else ["unshare", "--user", "--map-root-user"]

SCRIPT = """\
set -eu
root=$1 source=$2 user=$3
shift 3
mount --bind "$root" "$root"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$source" "$root/project"
mount -o remount,ro,bind "$root"
if touch "$root/written" 2>/dev/null; then echo "the root file system can be written"; exit 1; fi
"""
AS_ROOT = 'exec chroot --userspec="$user" "$root" "$@"\n'
AS_USER = """\
exec unshare --user --map-user="${user%:*}" --map-group="${user#*:}" --root="$root" -- "$@"
"""


def obstacle():
    """Why no container can be made on this machine; None where one can."""
    script = "mount -t tmpfs tmpfs /mnt && mount --rbind /proc /mnt"
    result = subprocess.run(
        [*ENTER, "unshare", "--mount", "--propagation", "private", "sh", "-c", script],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return " ".join(result.stdout.split()) or "no mounts" if result.returncode else None


def store():
    return Path(os.environ["STAND_IN_STORE"])


def buildah(*words, **options):
    command = [
        *ENTER, "buildah", "--storage-driver", "vfs", "--root", store() / "root", "--runroot",
        store() / "run", *words]
    environment = {**os.environ, "_CONTAINERS_USERNS_CONFIGURED": "done", "BUILDAH_ISOLATION": "chroot"}
    return subprocess.run(command, text=True, env=environment, **options)


def asked(*words):
    return buildah(*words, check=True, stdout=subprocess.PIPE).stdout.strip()


def parsed(words):
    """What `docker run` is asked for, and the folder that is the project."""
    parser = argparse.ArgumentParser()
    for flag in ("--rm", "--read-only"):
        parser.add_argument(flag, action="store_true", required=True)
    for option in ("--tmpfs", "--network", "--cap-drop", "--security-opt", "--user", "--mount"):
        parser.add_argument(option, required=True)
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("image")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    given = parser.parse_args(words)
    fields = next(csv.reader(io.StringIO(given.mount, newline="")))
    (source,) = [field[7:] for field in fields if field.startswith("source=")]
    return given, source


def handed_over(given):
    """Variables by their names, as `--env NAME` takes them from outside."""
    return {name: os.environ[name] for name in given.env if name in os.environ}


def run(words):
    given, source = parsed(words)
    config = json.loads(asked("inspect", "--type", "image", given.image))["OCIv1"]["config"]
    user = config["User"] if given.user.startswith("0:") else given.user
    assert not user.startswith("0"), "the image runs as root"
    if IS_ROOT:
        subprocess.run(["chown", "-R", user, source], check=True)
    container = asked("from", given.image)
    try:
        # Who is not root sees the mount in its own namespace only; with vfs it is a plain folder.
        root = asked("mount", container)
        for folder in ("dev", "proc", "tmp", "project"):
            os.makedirs(f"{root}/{folder}", exist_ok=True)
        environment = dict(entry.split("=", 1) for entry in config["Env"])
        environment["PATH"] += ":" + os.environ["PATH"]
        environment.update(handed_over(given))
        return subprocess.run(
            [*ENTER, "unshare", "--mount", "--propagation", "private", "sh", "-c",
             SCRIPT + (AS_ROOT if IS_ROOT else AS_USER), "sh", root, source, user,
             *config["Entrypoint"], *given.words], env=environment).returncode
    finally:
        asked("rm", container)


def without_container(words):
    program = store() / "kaizen"
    if words[:2] == ["image", "inspect"]:
        return 0 if program.exists() else 1
    if words[0] == "build":
        store().mkdir(parents=True, exist_ok=True)
        shutil.copy("kaizen", program)
        return 0
    given, source = parsed(words[1:])
    there = [source + word[8:] if word.startswith("/project") else word for word in given.words]
    environment = {
        "PATH": "", "KAIZEN_STORE": str(store() / "state"), **handed_over(given)}
    return subprocess.run([program, *there], env=environment).returncode


def main():
    words = sys.argv[1:]
    if words[0] not in ("run", "build", "image"):
        sys.exit(f"docker {words[0]} is not expected")
    if os.environ.get("STAND_IN_OBSTACLE"):
        return without_container(words)
    if words[0] == "run":
        return run(words[1:])
    if words[0] == "build":
        return buildah("bud", "--isolation", "chroot", *words[1:]).returncode
    return buildah("inspect", "--type", "image", *words[2:], stdout=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
