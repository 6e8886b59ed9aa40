#!/usr/bin/env python3
"""Holds what `promote … target=NAME` writes for services against their schemas and linters, and runs
the commands in it.

    services.py KAIZEN [--tools FOLDER] [NAME …]

No service can be had here. What can: the check that VERIFY.md names passes, and fails once a field is
misspelt; and the commands in the files, run in the order that the service would, each where the
service does it in a clean copy of the project, give the digests of `kaizen pipeline run`, with other
values of parameters, too. A failing check and a failing gate stop what follows, and the log says why;
status 75 is tried again; where nothing is installed the program is fetched and its digest looked at;
and names that hold code stay names.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PINS = HERE / "targets" / "services.txt"
sys.path.insert(0, str(HERE))

from targets import CASES, HOSTILE, Project, hostile_lines, native, sha256  # noqa: E402

IMAGE = "registry.example/kaizen@sha256:" + hashlib.sha256(b"an image").hexdigest()
# A parameter that a service would fill in or a shell would run.
EVIL = " 'x' $(touch pwned) `touch pwned` ${HOME} ${{ vars.X }} $(System.AccessToken) %24 {{ x }}"


class Service:
    def __init__(self, name, runner, misspelt, variables=None, isolated=True, fetches=True):
        self.name, self.runner, self.misspelt = name, runner, misspelt
        self.variables = variables or {}
        # Whether each job has a copy of the project of its own, and fetches the program.
        self.isolated, self.fetches = isolated, fetches


def services():
    import service_runners as runners

    return [
        Service("github-actions", runners.github, [
            ("runs-on:", "run-on:"), ("permissions: {}", "permissions: all"),
            ("@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@v5"), ("workflow_dispatch:", "dispatch:")]),
        Service("gitlab", runners.gitlab, [
            ("\n  script:", "\n  scripts:"), ("expire_in:", "expires:"), ("when: always", "when: ever")],
            {"KAIZEN_IMAGE": IMAGE}),
        Service("argo", runners.argo, [
            ("entrypoint:", "entrypiont:"), ("dependencies:", "dependecies:"),
            ("readOnlyRootFilesystem:", "readOnlyRoot:")], fetches=False),
        Service("kubernetes", runners.kubernetes, [
            ("concurrencyPolicy:", "concurencyPolicy:"), ("workingDir:", "workDir:"),
            ("backoffLimit: 1", "backoffLimit: one")], isolated=False, fetches=False),
        Service("jenkins", runners.jenkins, [
            ("agent {", "agnet {"), ("steps {", "step {"), ("numToKeepStr", "numToKeep"),
            ("stages {", "stages [")], isolated=False),
        Service("aws", runners.aws, [
            ("ServiceRole:", "ServiceRol:"), ("StartAt:", "StartsAt:"),
            ("BucketEncryption:", "BucketEncription:")]),
        Service("gcp", runners.gcp, [
            ("waitFor:", "waitsFor:"), ("MUST_MATCH", "MUST_MACH")],
            {"_IMAGE": IMAGE, "_BUCKET": "bucket"}, isolated=False),
        Service("azure-pipelines", runners.azure, [
            ("dependsOn:", "dependOn:"), ("timeoutInMinutes:", "timeoutMinutes:"), ("artifact:", "artefact:")]),
    ]


class ServiceProject(Project):
    """One with a stand-in for the AWS CLI."""

    def __init__(self, kaizen):
        from service_runners import AWS_CLI

        super().__init__(kaizen)
        tool = self.top / "bin" / "aws"
        tool.write_text(AWS_CLI)
        tool.chmod(0o755)


def promote(project, notebook, service, folder="pipeline", *options):
    if service.name in ("argo", "kubernetes"):
        refused = project.run(
            "kaizen", "promote", notebook, folder, "--target", service.name, check=False)
        assert refused.returncode == 2 and "by its digest" in refused.stdout, refused.stdout
        options = (*options, "--image", IMAGE)
    pipeline = project.promote(notebook, service.name, folder, *options)
    for file in (pipeline / "targets" / service.name).rglob("*"):
        assert ":latest" not in file.read_text(), file
    return pipeline


def verify(project, pipeline, service, check=True):
    """What VERIFY.md says, done by `promote verify`."""
    return project.run(
        "kaizen", "promote", "verify", pipeline, "--target", service.name, check=check)


def misspell(project, pipeline, service):
    folder = pipeline / "targets" / service.name
    for right, wrong in service.misspelt:
        (file,) = [file for file in folder.iterdir() if right in file.read_text()][:1] or [None]
        assert file, f"{service.name}: nothing says `{right}`"
        text = file.read_text()
        file.write_text(text.replace(right, wrong, 1))
        result = verify(project, pipeline, service, check=False)
        assert result.returncode == 3, f"{service.name}: `{wrong}` passes:\n{result.stdout}"
        file.write_text(text)
    return len(service.misspelt)


def perform(project, pipeline, service, values, **environment):
    from service_runners import Run

    run = Run(project, pipeline, values, environment)
    service.runner(run, pipeline / "targets" / service.name, service.variables)
    for folder in run.found:
        run.unpack(folder)
    assert not list(run.top.rglob("pwned")), f"{service.name}: something was run"
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


def run_case(service, case, kaizen):
    project = ServiceProject(kaizen)
    try:
        project.add(case)
        pipeline = promote(
            project, f"{case.name}.md", service, "pipeline", "--retries", "1", "--timeout", "10min",
            "--schedule", "30 6 * * 1-5")
        project.run("kaizen", "promote", f"{case.name}.md", "pipeline", "--check")
        verify(project, pipeline, service)
        count, misspelt = 0, 0
        for values in ({}, case.values):
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
        if case is CASES[0]:
            misspelt = misspell(project, pipeline, service)
            if service.fetches:
                run_fetching(project, pipeline, service, kaizen)
        return count, misspelt
    finally:
        project.remove()


def run_fetching(project, pipeline, service, kaizen):
    """Without the program on the PATH it is fetched, if its digest is known and right."""
    tools = project.top / "tools"
    tools.mkdir()
    for name in (
        "sh bash sed cat cp mkdir mktemp chmod rm tar sha256sum dirname sleep printf ls env "
        "uname expr").split():
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
    before = service.variables
    for given, reason in (
        ({}, "KAIZEN_URL"), ({url: "https://example.org/kaizen"}, "KAIZEN_SHA256"),
        ({url: "https://example.org/kaizen", digest: "0" * 64}, "is not what KAIZEN_SHA256 says"),
        ({url: "https://example.org/kaizen", digest: sha256(kaizen)}, None),
    ):
        service.variables = {**before, **given}
        run = perform(project, pipeline, service, {}, PATH=str(tools))
        if reason is None:
            assert not run.failed, f"{service.name}: {run.said}"
        else:
            assert run.failed and not run.done, f"{service.name} began without: {reason}"
            assert reason in run.said, f"{service.name} does not say {reason}: {run.said}"
        run.remove()
    image = {"gitlab": "KAIZEN_IMAGE", "gcp": "_IMAGE"}.get(service.name)
    if image:
        service.variables = {**before, image: "debian:12"}
        run = perform(project, pipeline, service, {})
        assert run.failed and "by its digest" in run.said, f"{service.name}: {run.said}"
        run.remove()
    service.variables = before
    project.calls()


def run_hostile(service, kaizen):
    """Each text that holds code stands in each place."""
    count = 0
    texts = list(HOSTILE.values())
    for turn in range(len(texts)):
        texts = texts[1:] + texts[:1]
        project = ServiceProject(kaizen)
        try:
            names = [text.replace("/", "") for text in texts[:3]]
            names = [names[0][:180] + ".md", names[1] + ".csv", names[2] + ".csv"] + texts[3:]
            shutil.copy(ROOT / "datasets" / "iris.csv", project.path / names[1])
            script = project.top / "lines.kz"
            script.write_text(hostile_lines(names))
            result = subprocess.run(
                ["kaizen"], cwd=project.path, stdin=script.open(), env=project.environment,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            assert result.returncode == 0, f"{turn}: {result.stdout}"
            folder = f"./p {texts[3].replace('/', '')[:180]}"
            if service.name == "argo" and "{{" in folder:
                refused = project.run(
                    "kaizen", "promote", f"./{names[0]}", folder, "--target", "argo", "--image",
                    IMAGE, check=False)
                assert refused.returncode == 2 and "Argo fills in" in refused.stdout
                folder = "./pipeline"
            pipeline = promote(project, f"./{names[0]}", service, folder, "--retries", "1")
            verify(project, pipeline, service)
            for value in None, texts[4] + EVIL:
                values = {"who": value} if value else {}
                expected = expect(project, pipeline, values)
                run = perform(project, pipeline, service, values)
                count += compare(run, expected, f"{service.name}, names {turn}")
                run.remove()
        finally:
            project.remove()
    return count


def install(tools):
    """An environment with the pinned packages; its Python."""
    python = tools / "services" / "bin" / "python"
    done = tools / "services" / "installed.txt"
    if not done.exists() or done.read_text() != PINS.read_text():
        shutil.rmtree(tools / "services", ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", tools / "services"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", PINS], check=True)
        done.write_text(PINS.read_text())
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaizen")
    parser.add_argument("--tools", default=str(ROOT / ".build" / "targets"))
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args()
    python = install(Path(given.tools).resolve())
    if Path(sys.prefix).resolve() != python.parents[1].resolve():
        os.execv(python, [str(python), __file__, *sys.argv[1:]])
    if not os.environ.get("JAVA_HOME") and (java := shutil.which("java")):
        os.environ["JAVA_HOME"] = str(Path(java).resolve().parents[1])
    os.environ["PATH"] = f"{python.parent}:{os.environ['PATH']}"
    known = services()
    for name in given.names:
        assert name in [service.name for service in known], f"there is no {name}"
    count = 0
    for service in known:
        if given.names and service.name not in given.names:
            continue
        start = time.monotonic()
        cases = [run_case(service, case, Path(given.kaizen).resolve()) for case in CASES]
        digests = sum(case[0] for case in cases) + run_hostile(
            service, Path(given.kaizen).resolve())
        count += 1
        print(
            f"{service.name}: {digests} digests as of our own run · {cases[0][1]} misspelt fields "
            f"found · {time.monotonic() - start:.0f} s", flush=True)
    print(f"{count} passed, 0 failed")


if __name__ == "__main__":
    main()
