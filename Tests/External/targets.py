#!/usr/bin/env python3
"""Runs what `promote … target=NAME` writes with the real tools.

    targets.py KAIZEN [--tools FOLDER] [NAME …]

Two notebooks are promoted to each target and run by its tool: what every step gives must have the
digests of `kaizen pipeline run`, with other values of parameters, too; a failing check and a failing
gate must stop what follows, and the tool's own log must say why; where the tool caches, a second run
must start no step; status 75 must be tried again; and names that hold code must stay names.

Each tool is installed into an environment of its own, with the versions in `targets/*.txt`.
"""

import argparse
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from target_tools import TOOLS  # noqa: E402

WRAPPER = """\
#!/bin/sh
# Says which steps were started; the first time that a file `busy` is there, ends with 75.
if [ "$1 $2" = "step run" ]; then
  echo "$4" >>"$CALLS"
  if rm "$BUSY" 2>/dev/null; then echo "busy: try again"; exit 75; fi
fi
exec "$KAIZEN_PROGRAM" "$@"
"""


class Case:
    """A notebook with what goes wrong with its data."""

    def __init__(self, name, files, values, check, gate, steps):
        self.name, self.files, self.values = name, files, values
        self.check, self.gate = check, gate
        # Behind the check, and behind the gate.
        self.after_check, self.after_gate = steps


def first_lines(path, count):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:count]))


def any_mass(path):
    """Masses that have nothing to do with the birds."""
    rows = [line.split(",") for line in path.read_text().splitlines()]
    for number, row in enumerate(rows[1:]):
        row[5] = str(3000 + number * 37 % 1000)
    path.write_text("\n".join(",".join(row) for row in rows) + "\n")


def survived_by_turns(path):
    lines = path.read_text().splitlines()
    fields = [line.split(",", 2) for line in lines[1:]]
    rows = [f"{row[0]},{number % 2},{row[2]}" for number, row in enumerate(fields)]
    path.write_text("\n".join(lines[:1] + rows) + "\n")


CASES = [
    Case(
        "mass", ["penguins.csv"], {"floor": "4000"},
        (lambda folder: first_lines(folder / "penguins.csv", 101), "count() > 300: count() is 100"),
        (lambda folder: any_mass(folder / "penguins.csv"), "gate failed: r2 >= 0.5"),
        ({"fit-m", "gate-m", "export-scored"}, {"export-scored"})),
    Case(
        "ports", ["titanic.csv", "ports.csv"], {"older": "18.5"},
        (lambda folder: first_lines(folder / "titanic.csv", 201), "count() > 1000: count() is 200"),
        (lambda folder: survived_by_turns(folder / "titanic.csv"), "gate failed: auc >= 0.7"),
        ({"fit-who", "gate-test", "export-by-port"}, {"export-by-port"})),
]


class Project:
    """A folder with notebooks and data, and a `kaizen` that notes which steps are started."""

    def __init__(self, kaizen):
        self.top = Path(tempfile.mkdtemp(prefix="kaizen-targets-"))
        self.path = self.top / "project"
        self.path.mkdir()
        # DVC and promotion take the folder above for the project's.
        (self.path / ".git").mkdir()
        self.calls_file, self.busy = self.top / "calls", self.top / "busy"
        wrapper = self.top / "bin" / "kaizen"
        wrapper.parent.mkdir()
        wrapper.write_text(WRAPPER)
        wrapper.chmod(0o755)
        self.environment = {
            name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH", "VIRTUAL_ENV")}
        self.environment.update(
            PATH=f"{wrapper.parent}:{os.environ['PATH']}", KAIZEN_PROGRAM=str(kaizen),
            KAIZEN_STORE=str(self.top / "state"), CALLS=str(self.calls_file), BUSY=str(self.busy),
            HOME=str(self.top / "home"), LC_ALL="C.UTF-8")
        (self.top / "home").mkdir()

    def add(self, case):
        for name in [f"{case.name}.md", f"{case.name}.md.lock", *case.files]:
            here = HERE / "targets" / name
            shutil.copy(here if here.exists() else ROOT / "datasets" / name, self.path / name)

    def run(self, *words, cwd=None, check=True, **variables):
        result = subprocess.run(
            [str(word) for word in words], cwd=cwd or self.path, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            env={**self.environment, **variables})
        if check and result.returncode != 0:
            raise AssertionError(f"{words} ended with {result.returncode}:\n{result.stdout}")
        return result

    def promote(self, notebook, target, folder="pipeline", *options):
        self.run("kaizen", "promote", notebook, folder, "--target", target, *options)
        return self.path / folder

    def calls(self):
        """The steps that were started since this was last asked."""
        text = self.calls_file.read_text() if self.calls_file.exists() else ""
        self.calls_file.write_text("")
        return text.split()

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def native(project, pipeline, values):
    """What our own run gives: the digests of artifacts and files, by step."""
    store = project.top / f"native-{len(os.listdir(project.top))}"
    words = [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
    project.run("kaizen", "pipeline", "run", pipeline / "pipeline.yaml", "--store", store, *words)
    project.calls()
    return recorded(store)


def recorded(store):
    """What the last run in a store of ours gave, by step; nothing for a step that failed."""
    run = max((store / "runs").iterdir())
    found = {}
    for file in run.glob("*/outcome.json"):
        outcome = json.loads(file.read_text())
        artifacts = sorted(value[:64] for value in outcome.get("artifacts", {}).values())
        found[outcome["step"]] = (artifacts, outcome.get("outputs", {}))
    return found


def marks(pipeline, folder):
    """The same, as a step leaves it beside what it gives; the files must be what it says."""
    found = {}
    for file in folder.glob("*.done"):
        mark = json.loads(file.read_text())
        for name, digest in mark["artifacts"].items():
            assert sha256(folder / name) == digest, f"{name} is not what {file.name} says"
        found[mark["step"]] = (sorted(mark["artifacts"].values()), mark["outputs"])
    return found


def same(found, expected, root, what):
    assert found.keys() == expected.keys(), f"{what}: steps {sorted(found)}, not {sorted(expected)}"
    for step, (artifacts, outputs) in expected.items():
        assert found[step] == (artifacts, outputs), f"{what}: step {step} gave something else"
        for path, digest in outputs.items():
            assert sha256(root / path) == digest, f"{what}: {path} is something else"
    return sum(len(artifacts) + len(outputs) for artifacts, outputs in expected.values())


def fresh(project, pipeline, tool):
    """Forgets all that was done, so that nothing is taken from an earlier run."""
    shutil.rmtree(pipeline / ".kaizen", ignore_errors=True)
    tool.forget(pipeline / "targets" / tool.name)


def run_case(tool, case, kaizen):
    project = Project(kaizen)
    try:
        project.add(case)
        pipeline = project.promote(f"{case.name}.md", tool.name, "pipeline", "--retries", "1")
        project.run("kaizen", "promote", f"{case.name}.md", "pipeline", "--check")
        folder = pipeline / "targets" / tool.name
        tool.prepare(project, folder)
        expected = native(project, pipeline, {})
        for outputs in [step[1] for step in expected.values()]:
            for path in outputs:
                (project.path / path).unlink()
        tool.run(project, folder, {})
        started = project.calls()
        if tool.counts_steps:
            assert sorted(started) == sorted(expected), f"{tool.name} started {started}"
        count = same(tool.found(pipeline, folder), expected, project.path, f"{tool.name}, {case.name}")
        if tool.caches:
            tool.run(project, folder, {})
            started = project.calls()
            assert not started, f"{tool.name}: the second run started {started}"
        others = native(project, pipeline, case.values)
        assert others != expected
        tool.run(project, folder, case.values)
        started = set(project.calls())
        if tool.caches:
            assert started < set(expected), f"{tool.name}: other values started {started}"
        count += same(tool.found(pipeline, folder), others, project.path, f"{tool.name}, other values")
        if not tool.is_thorough and case is not CASES[0]:
            return count
        # Steps that nothing was kept of, one of which is busy at first.
        fresh(project, pipeline, tool)
        project.busy.touch()
        if tool.retries:
            tool.run(project, folder, {})
            started = project.calls()
            assert len(started) == len(expected) + 1, f"{tool.name}: started {started}"
        project.busy.unlink(missing_ok=True)
        for (spoil, cause), after in ((case.check, case.after_check), (case.gate, case.after_gate)):
            data = {name: (project.path / name).read_bytes() for name in case.files}
            fresh(project, pipeline, tool)
            project.calls()
            spoil(project.path)
            result = tool.run(project, folder, {}, check=False)
            assert result.returncode != 0, f"{tool.name} goes on:\n{result.stdout}"
            said = tool.log(result, folder)
            assert cause in said, f"{tool.name} does not say \"{cause}\":\n{said}"
            started = tool.started(project, pipeline)
            assert not after & set(started), f"{tool.name} went on with {started}"
            for name, content in data.items():
                (project.path / name).write_bytes(content)
        return count
    finally:
        project.remove()


# What shells, templates and formats would take for more than text.
HOSTILE = {
    "quotes": "a'b \"c\" `touch pwned` $(touch pwned) ; touch pwned #",
    "templates": "${{ x }} ${HOME} {{ 7*7 }} {% raw %} {wildcard} %(s)s $$ $x \\",
    "yaml": "- *a &b !c %d @e: f ? | > [g] {h}",
    "lines": "one\ntouch pwned\n\ttwo\r\u2028three",
    "long": "ab" * 100,
}


def literal(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'


def hostile_lines(names):
    """A notebook in which everything is called like these."""
    notebook, source, result, frame, value = names
    # A name may hold anything but its quotes, backslashes and ends of lines.
    frame = "`" + "".join(" " if char in "`\\\r\n\t\u2028" else char for char in frame) + "`"
    return "\n".join([
        "param who = " + literal(value) + " doc=" + literal(value),
        f"# # {value.splitlines()[0]}",
        f"load {literal(source)} as {frame}",
        f"check {frame}: count() == 150",
        f"big = {frame} | filter sepal_length > 7 | derive who = $who",
        "m = big | fit ols sepal_length ~ petal_length",
        "gate m on big: r2 >= 0",
        "export big " + literal("out " + result),
        "save " + literal(notebook),
    ]) + "\n"


def run_hostile(tool, kaizen):
    """Each text stands in each place, or where the tool takes its time, in some of them."""
    count = 0
    texts = list(HOSTILE.values())
    for turn in range(tool.turns):
        texts = texts[1:] + texts[:1]
        project = Project(kaizen)
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
            pipeline = project.promote(
                f"./{names[0]}", tool.name, f"./p {texts[3].replace('/', '')[:180]}",
                "--retries", "1")
            folder = pipeline / "targets" / tool.name
            tool.prepare(project, folder)
            for value in None, texts[4] + " 'x' $(touch pwned)":
                values = {"who": value} if value else {}
                expected = native(project, pipeline, values)
                tool.run(project, folder, values)
                what = f"{tool.name}, names {turn}"
                count += same(tool.found(pipeline, folder), expected, project.path, what)
            run = [path for path in project.top.rglob("*") if path.name == "pwned"]
            assert not run, f"{tool.name}: something was run: {run}"
        finally:
            project.remove()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaizen")
    parser.add_argument("--tools", default=str(ROOT / ".build" / "targets"))
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_intermixed_args()
    unknown = set(given.names) - {tool.name for tool in TOOLS}
    if unknown:
        parser.error(f"unknown: {unknown}")
    kaizen = Path(given.kaizen).resolve()
    summary = []
    for make_tool in TOOLS:
        if given.names and make_tool.name not in given.names:
            continue
        start = time.monotonic()
        tool = make_tool(Path(given.tools).resolve(), kaizen)
        tool.install()
        installed = time.monotonic()
        count = sum(run_case(tool, case, kaizen) for case in CASES)
        count += run_hostile(tool, kaizen)
        ended = time.monotonic()
        summary.append(
            f"{tool.name}: {tool.version()}: {count} digests as of our own run · "
            f"{ended - installed:.0f} s, {installed - start:.0f} s to install")
        print(summary[-1], flush=True)
    print(f"{len(summary)} passed, 0 failed")


if __name__ == "__main__":
    main()
