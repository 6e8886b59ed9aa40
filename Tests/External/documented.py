"""The commands in docs/targets.md, as they are typed there."""

import re

from environments import PINS
from projects import ROOT, native, same

# What the commands are typed about, and the value that the last of them gives its parameter.
NOTEBOOK, VALUES = "analysis.md", {"floor": "4000"}


def commands(name):
    """The indented lines of a target's section: packages to install, and a script of the others."""
    text = (ROOT / "docs" / "targets.md").read_text()
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).group(1)
    lines = re.findall(r"^    (.*)$", section, re.MULTILINE)
    assert lines, f"docs/targets.md has no commands for {name}"
    packages = [
        word for line in lines if line.startswith("pip install ") for word in line.split()[2:]]
    return packages, "\n".join(
        line for line in lines if not line.startswith(("pip install ", "apt install ")))


def type_commands(project, case, name, pins, **variables):
    """Does what the section says in a project that has the notebook; the pipeline's folder and what was
    said."""
    packages, script = commands(name)
    pinned = {line.split("==")[0] for line in (PINS / f"{pins}.txt").read_text().split()} if pins else set()
    assert set(packages) <= pinned, f"docs/targets.md: {packages} are not what is tried"
    project.add(case)
    for ending in ".md", ".md.lock":
        (project.path / f"{case.name}{ending}").rename(project.path / f"analysis{ending}")
    result = project.run("sh", "-eu", "-c", script, **variables)
    return project.path / "pipeline", result.stdout


def run(tool, case, project):
    """The commands for a tool that runs here, and the digests of what they gave; then VERIFY.md's."""
    pipeline, _ = type_commands(
        project, case, tool.name, tool.pins, **tool.environment(project, None))
    expected = native(project, pipeline, VALUES)
    found = tool.found(pipeline, tool.folder(pipeline))
    count = same(found, expected, project.path, f"{tool.name}, as docs/targets.md says")
    if tool.name != "native":
        project.run(
            "kaizen", "promote", "verify", pipeline, "--target", tool.name,
            **tool.environment(project, None))
    return count
