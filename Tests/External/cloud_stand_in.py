#!/usr/bin/env python3
"""The programs of services, as far as docs/targets.md and files of promotion use them.

kubectl, argo and gcloud hold what they are asked for against the files that are there. aws copies to
and from a folder that is the bucket. What is not known is an error.
"""

import re
import shutil
import sys
from pathlib import Path

HERE = Path.cwd()


def fail(why):
    sys.exit(f"{Path(sys.argv[0]).name}: {why}")


def yaml_of(path):
    import yaml

    return list(yaml.safe_load_all(Path(path).read_text()))


def applied(kind):
    """The names of objects of a kind in the files that were applied."""
    places = HERE / ".applied"
    files = places.read_text().splitlines() if places.exists() else []
    return [
        each["metadata"]["name"] for file in files for each in yaml_of(file) if each["kind"] == kind]


def kubectl(words):
    if words[:2] == ["apply", "-f"]:
        yaml_of(words[2])
        with open(HERE / ".applied", "a") as file:
            print(words[2], file=file)
        return
    if words[:2] == ["create", "job"]:
        kind, name = words[2].removeprefix("--from=").split("/")
        if kind == "cronjob" and name in applied("CronJob") and re.fullmatch("[a-z0-9-]+", words[3]):
            return
    fail(words)


def argo(words):
    if words[:2] == ["submit", "--from"]:
        kind, name = words[2].split("/")
        if kind == "workflowtemplate" and name in applied("WorkflowTemplate"):
            return
    fail(words)


def gcloud(words):
    if words[:3] != ["builds", "submit", "--config"] or words[4] != "--substitutions":
        fail(words)
    (build,) = yaml_of(words[3])
    given = dict(word.split("=", 1) for word in words[5].split(","))
    used = set(re.findall(r"\$\{(_[A-Z0-9_]+)\}", Path(words[3]).read_text()))
    if not set(given) <= used or used - set(given) - set(build["substitutions"]):
        fail(f"{sorted(given)} are given, {sorted(used)} are used")


def cloudformation(words):
    options = {}
    for word in words:
        if word.startswith("--"):
            options[word] = []
            last = options[word]
        else:
            last.append(word)
    known = {"--template-file", "--stack-name", "--capabilities", "--parameter-overrides"}
    if set(options) != known or options["--capabilities"] != ["CAPABILITY_IAM"]:
        fail(options)
    (template,) = yaml_of(options["--template-file"][0])
    given = dict(word.split("=", 1) for word in options["--parameter-overrides"])
    for name, about in template["Parameters"].items():
        if name not in given and "Default" not in about:
            fail(f"{name} is not given")
        if not re.fullmatch(about.get("AllowedPattern", ".*"), given.pop(name, about.get("Default", ""))):
            fail(f"{name} is not as it must be")
    if given:
        fail(f"{given} are not known")


def aws(words):
    if words[:2] == ["cloudformation", "deploy"]:
        return cloudformation(words[2:])
    if words[:3] != ["s3", "sync", "--no-progress"] or len(words) != 5:
        fail(words)
    source, place = (
        word.replace("s3:/", "", 1) if word.startswith("s3://") else word for word in words[3:])
    if Path(source).is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True)


if __name__ == "__main__":
    {"kubectl": kubectl, "argo": argo, "gcloud": gcloud, "aws": aws}[Path(sys.argv[0]).name](sys.argv[1:])
