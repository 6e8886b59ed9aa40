#!/usr/bin/env python3
"""Holds what `promote … target=NAME` writes for services against their schemas and linters, and runs
the commands in it.

    services.py KAIZEN [--tools FOLDER] [--jobs N] [NAME …]

No service can be had here. What can: the check that VERIFY.md names passes, and fails once a field is
misspelt; and the commands in the files, run in the order that the service would, each where the
service does it in a clean copy of the project, give the digests of `kaizen pipeline run`, with other
values of parameters, too. A failing check and a failing gate stop what follows, and the log says why;
status 75 is tried again; where nothing is installed the program is fetched and its digest looked at; a
secret reaches the step that needs it, by reference, and no file; names that hold code stay names; and
the commands in docs/targets.md fit what is there.
"""

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path

import documented
import environments
import hostile
import secret_case
from projects import CASES, HERE, ROOT, Project, native, sha256


class ServiceProject(Project):
    """One with stand-ins for the programs of services."""

    def __init__(self, kaizen):
        super().__init__(kaizen)
        for name in "aws", "kubectl", "argo", "gcloud":
            (self.top / "bin" / name).symlink_to(HERE / "cloud_stand_in.py")


def promote(project, notebook, service, folder="pipeline", *options):
    if service.needs_image:
        refused = project.run(
            "kaizen", "promote", notebook, folder, "--target", service.name, check=False)
        assert refused.returncode == 2 and "by its digest" in refused.stdout, refused.stdout
        options = (*options, "--image", service.image)
    pipeline = project.promote(notebook, service.name, folder, *options)
    for file in (pipeline / "targets" / service.name).rglob("*"):
        assert ":latest" not in file.read_text(), file
    return pipeline


def verify(project, pipeline, service):
    """What VERIFY.md says, done by `promote verify`."""
    project.run("kaizen", "promote", "verify", pipeline, "--target", service.name)


def perform(project, pipeline, service, values, variables=None, secrets=None, **environment):
    from service_runners import Run

    run = Run(project, pipeline, values, environment, secrets)
    folder = pipeline / "targets" / service.name
    service.runner(run, folder, service.variables if variables is None else variables)
    for folder in run.found:
        run.unpack(folder)
    assert not list(run.top.rglob("pwned")), f"{service.name}: something was run"
    # No line is a command of a service that reads along.
    said = [line for line in run.said.splitlines() if "##vso[" in line or line.lstrip().startswith("::")]
    assert not said, f"{service.name}: {said}"
    return run


def compare(run, expected, what):
    """What the steps gave against our own run; how many digests were the same."""
    assert not run.failed, f"{what}: {run.failed} failed:\n{run.said}"
    assert len(run.done) == len(expected), f"{what}: did {run.done}:\n{run.said}"
    found = {}
    for folder in run.found:
        for file in folder.glob("*.done"):
            mark = json.loads(file.read_text())
            for name, digest in mark["artifacts"].items():
                assert sha256(folder / name) == digest, f"{name} is not what {file.name} says"
            assert (folder / f"{mark['step']}.outcome.json").exists(), mark["step"]
            assert (folder / f"{mark['step']}.log.txt").exists(), mark["step"]
            found[mark["step"]] = (sorted(mark["artifacts"].values()), mark["outputs"])
    assert found == expected, f"{what}: {found}, not {expected}"
    for _, outputs in expected.values():
        for path, digest in outputs.items():
            assert sha256(run.root / path) == digest, f"{what}: {path} is something else"
    return sum(len(artifacts) + len(outputs) for artifacts, outputs in expected.values())


def expect(project, pipeline, values):
    """What our own run gives; the files that it writes do not stay."""
    expected = native(project, pipeline, values)
    for _, outputs in expected.values():
        for path in outputs:
            (project.path / path).unlink()
    return expected


def run_case(service, case, project, kaizen):
    project.add(case)
    pipeline = promote(
        project, f"{case.name}.md", service, "pipeline", "--retries", "1", "--timeout", "10min",
        "--schedule", "30 6 * * 1-5")
    project.run("kaizen", "promote", f"{case.name}.md", "pipeline", "--check")
    verify(project, pipeline, service)
    count = 0
    for values in {}, case.values:
        expected = expect(project, pipeline, values)
        run = perform(project, pipeline, service, values)
        count += compare(run, expected, f"{service.name}, {case.name} {values}")
        started = set(project.calls())
        assert started == set(expected), f"{service.name}: started {started}"
        run.remove()
    project.busy.touch()
    run = perform(project, pipeline, service, {})
    assert not run.failed and not project.busy.exists(), f"{service.name}: 75:\n{run.said}"
    project.calls()
    run.remove()
    for (spoil, cause), after in ((case.check, case.after_check), (case.gate, case.after_gate)):
        data = {name: (project.path / name).read_bytes() for name in case.files}
        spoil(project.path)
        run = perform(project, pipeline, service, {})
        assert len(run.failed) == 1, f"{service.name}: {run.failed} failed:\n{run.said}"
        assert cause in run.said, f"{service.name} does not say \"{cause}\":\n{run.said}"
        started = project.calls()
        assert not after & set(started), f"{service.name} went on with {started}"
        left = [name for folder in run.found for name in os.listdir(folder)]
        assert any(name.endswith(".outcome.json") for name in left), left
        run.remove()
        for name, content in data.items():
            (project.path / name).write_bytes(content)
    if service.fetches and case is CASES[0]:
        run_fetching(project, pipeline, service, kaizen)
    return count


def run_fetching(project, pipeline, service, kaizen):
    """Without the program on the PATH it is fetched, if its digest is known and right."""
    tools = project.top / "tools"
    tools.mkdir()
    for name in (
        "sh bash sed cat cp mkdir mktemp chmod rm tar sha256sum dirname sleep printf ls env "
        "uname expr python3").split():
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    (tools / "aws").symlink_to(project.top / "bin" / "aws")
    curl = tools / "curl"
    curl.write_text(
        "#!/bin/sh\nfor word; do [ \"${before-}\" != --output ] || to=$word; before=$word; done\n"
        "[ \"$word\" = https://example.org/kaizen ] || exit 22\nexec cp \"$KAIZEN_PROGRAM\" \"$to\"\n")
    curl.chmod(0o755)
    prefix = "_" if service.name == "gcp" else ""
    url, digest = prefix + "KAIZEN_URL", prefix + "KAIZEN_SHA256"
    for given, reason in (
        ({}, "KAIZEN_URL"), ({url: "https://example.org/kaizen"}, "KAIZEN_SHA256"),
        ({url: "https://example.org/kaizen", digest: "0" * 64}, "is not what KAIZEN_SHA256 says"),
        ({url: "https://example.org/kaizen", digest: sha256(kaizen)}, None),
    ):
        run = perform(
            project, pipeline, service, {}, {**service.variables, **given}, PATH=str(tools))
        if reason is None:
            assert not run.failed, f"{service.name}: {run.said}"
        else:
            assert run.failed and not run.done, f"{service.name} began without: {reason}"
            assert reason in run.said, f"{service.name} does not say {reason}: {run.said}"
        run.remove()
    image = {"gitlab": "KAIZEN_IMAGE", "gcp": "_IMAGE"}.get(service.name)
    if image:
        run = perform(project, pipeline, service, {}, {**service.variables, image: "debian:12"})
        assert run.failed and "by its digest" in run.said, f"{service.name}: {run.said}"
        run.remove()
    project.calls()


def run_secret(service, project):
    """A secret that the service keeps: with it, and without it."""
    project.add(secret_case.CODES)
    given = {secret_case.VARIABLE: secret_case.VALUE}
    project.environment.update(given)
    pipeline = promote(project, "codes.md", service)
    verify(project, pipeline, service)
    expected = expect(project, pipeline, {})
    # No job has it but by what the files say.
    del project.environment[secret_case.VARIABLE]
    run = perform(project, pipeline, service, {}, secrets=given)
    count = compare(run, expected, f"{service.name}, a secret")
    assert secret_case.VALUE not in run.said, f"{service.name} says the secret:\n{run.said}"
    secret_case.absent(project.top)
    run.remove()
    run = perform(project, pipeline, service, {})
    assert len(run.failed) == 1 and secret_case.MISSING in run.said, f"{service.name}: {run.said}"
    run.remove()
    return count


def run_documented(service, case, project):
    """The commands in docs/targets.md, with stand-ins for the programs of services."""
    _, script = documented.commands(service.name)
    pipeline, _ = documented.type_commands(
        project, case, service.name, "services", IMAGE=service.image, COMMIT="0" * 40)
    assert (pipeline / "targets" / service.name).is_dir(), script


def run_hostile(service, kaizen):
    """Each text that holds code stands in each place."""
    count = 0
    for project, notebook, folder, values in hostile.projects(kaizen, ServiceProject):
        options = ("--image", service.image) if service.needs_image else ()
        folder = project.allowed(notebook, service, folder, *options)
        pipeline = promote(project, notebook, service, folder, "--retries", "1")
        verify(project, pipeline, service)
        expected = expect(project, pipeline, values)
        run = perform(project, pipeline, service, values)
        count += compare(run, expected, f"{service.name}, {notebook}")
        run.remove()
    return count


def run_service(service, kaizen):
    """All of it; how many digests were those of our own run."""
    count = 0
    for work in [
        *(lambda project, case=case: run_case(service, case, project, kaizen) for case in CASES),
        lambda project: run_secret(service, project),
        lambda project: run_documented(service, CASES[0], project)]:
        project = ServiceProject(kaizen)
        try:
            count += work(project) or 0
        finally:
            project.remove()
    return count + run_hostile(service, kaizen)


def sweep(service, kaizen):
    """Every field misspelt: how many there are, and how many of these are not noticed."""
    import misspelling

    project = ServiceProject(kaizen)
    try:
        project.add(CASES[0])
        pipeline = promote(
            project, f"{CASES[0].name}.md", service, "pipeline", "--retries", "1", "--timeout", "10min",
            "--schedule", "30 6 * * 1-5")
        return misspelling.sweep(project, pipeline / "targets" / service.name, service)
    finally:
        project.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaizen")
    parser.add_argument("--tools", default=str(ROOT / ".build" / "targets"))
    parser.add_argument("--jobs", type=int, default=environments.cores())
    parser.add_argument("--fields", action="store_true", help="misspell fields, and do no more")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_intermixed_args()
    place = Path(given.tools).resolve() / "services"
    if not given.alone:
        start = time.monotonic()
        environments.install(place, "services")
        print(
            f"installed in {time.monotonic() - start:.0f} s, {environments.megabytes(place)} MB",
            flush=True)
        # Those that take longest come first: some run at once.
        names = [
            "aws", "jenkins", "azure-pipelines", "argo", "github-actions", "kubernetes", "gitlab", "gcp"]
        if unknown := set(given.names) - set(names):
            parser.error(f"unknown: {unknown}")
        names = [name for name in names if not given.names or name in given.names]
        words = [given.kaizen, "--tools", given.tools, *["--fields"] * given.fields]
        failed = environments.each(__file__, names, words, given.jobs, place / "bin/python")
        sys.exit(1 if failed else 0)
    if not os.environ.get("JAVA_HOME") and (java := shutil.which("java")):
        os.environ["JAVA_HOME"] = str(Path(java).resolve().parents[1])
    os.environ["PATH"] = f"{place / 'bin'}:{os.environ['PATH']}"
    from service_list import SERVICES

    kaizen = Path(given.kaizen).resolve()
    service = SERVICES[given.alone]
    start = time.monotonic()
    fields, missed = sweep(service, kaizen)
    count = 0 if given.fields else run_service(service, kaizen)
    print(
        f"{service.name}: {count} digests as of our own run · {fields - missed} of {fields} fields "
        f"noticed when misspelt · {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
