"""The notebooks that are promoted, a project to do it in, and what our own run gives."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import environments

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

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
        self.environment = environments.plain()
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

    def allowed(self, notebook, target, folder, *options):
        """The folder, or another one where the target has no way to take it, and says so."""
        if not target.refused or target.refused[0] not in folder:
            return folder
        result = self.run(
            "kaizen", "promote", notebook, folder, "--target", target.name, *options, check=False)
        assert result.returncode == 2 and target.refused[1] in result.stdout, result.stdout
        return "./pipeline"

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
