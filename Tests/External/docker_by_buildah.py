#!/usr/bin/env python3
"""docker, as far as `targets/docker/run` uses it, by buildah: no daemon, no registry.

What Docker does for `--read-only`, `--user` and `--mount` is done here with mounts of its own, so that
the root file system cannot be written and nothing but the project can. Root's own user becomes the
image's. The network and capabilities are left as they are.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys

STORE = os.environ["BUILDAH_STORE"]
BUILDAH = [
    "buildah", "--storage-driver", "vfs", "--root", f"{STORE}/root", "--runroot", f"{STORE}/run"]

SCRIPT = """\
set -eu
root=$1 source=$2 user=$3 entry=$4
shift 4
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$source" "$root/project"
mount -o remount,ro,bind "$root"
if touch "$root/written" 2>/dev/null; then echo "the root file system can be written"; exit 1; fi
exec chroot --userspec="$user" "$root" "$entry" "$@"
"""


def buildah(*words):
    return subprocess.run([*BUILDAH, *words], check=True, text=True, stdout=subprocess.PIPE).stdout


def run(words):
    parser = argparse.ArgumentParser()
    for flag in ("--rm", "--read-only"):
        parser.add_argument(flag, action="store_true", required=True)
    for option in ("--tmpfs", "--network", "--cap-drop", "--security-opt", "--user", "--mount"):
        parser.add_argument(option, required=True)
    parser.add_argument("image")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    given = parser.parse_args(words)
    fields = next(csv.reader(io.StringIO(given.mount, newline="")))
    (source,) = [field[7:] for field in fields if field.startswith("source=")]
    config = json.loads(buildah("inspect", "--type", "image", given.image))["OCIv1"]["config"]
    user = config["User"] if given.user.startswith("0:") else given.user
    assert not user.startswith("0"), "the image runs as root"
    subprocess.run(["chown", "-R", user, source], check=True)
    container = buildah("from", given.image).strip()
    try:
        root = buildah("mount", container).strip()
        for folder in ("dev", "proc", "tmp", "project"):
            os.makedirs(f"{root}/{folder}", exist_ok=True)
        environment = dict(entry.split("=", 1) for entry in config["Env"])
        environment["PATH"] += ":" + os.environ["PATH"]
        (entry,) = config["Entrypoint"]
        return subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", SCRIPT, "sh", root, source,
             user, entry, *given.words], env=environment).returncode
    finally:
        buildah("rm", container)


def main():
    words = sys.argv[1:]
    if words[0] == "run":
        return run(words[1:])
    if words[:2] == ["image", "inspect"]:
        command = ["inspect", "--type", "image", *words[2:]]
    elif words[0] == "build":
        command = ["bud", "--isolation", "chroot", *words[1:]]
    else:
        sys.exit(f"docker {words[0]} is not expected")
    return subprocess.run([*BUILDAH, *command]).returncode


if __name__ == "__main__":
    sys.exit(main())
