#!/usr/bin/env python3
"""Runs what `promote … target=NAME` writes with the real tools.

    targets.py KAIZEN [--tools FOLDER] [--jobs N] [NAME …]

Two notebooks are promoted to each target and run by its tool: what every step gives must have the
digests of `kaizen pipeline run`, with other values of parameters, too; a failing check and a failing
gate must stop what follows, and the tool's own log must say why; where the tool caches, a second run
must start no step; status 75 must be tried again; a secret must reach the step that needs it, and no
file; names that hold code must stay names; and the commands in docs/targets.md and VERIFY.md must do
what is said there.

Each tool is installed into an environment of its own, with the versions in `targets/*.txt`. A tool
that this machine does not let run is named with the reason, and not counted as executed.
"""

import argparse
import sys
import time
from pathlib import Path

import documented
import environments
import hostile
import secret_case
from projects import CASES, ROOT, Project, native, same
from target_tools import TOOLS


def run_case(tool, case, project):
    project.add(case)
    pipeline = project.promote(f"{case.name}.md", tool.name, "pipeline", "--retries", "1")
    project.run("kaizen", "promote", f"{case.name}.md", "pipeline", "--check")
    folder = tool.folder(pipeline)
    tool.prepare(project, folder)
    expected = native(project, pipeline, {})
    for _, outputs in expected.values():
        for path in outputs:
            (project.path / path).unlink()
    tool.run(project, folder, {})
    started = project.calls()
    if tool.counts_steps:
        assert sorted(started) == sorted(expected), f"{tool.name} started {started}"
    count = same(tool.found(pipeline, folder), expected, project.path, f"{tool.name}, {case.name}")
    if tool.caches:
        result = tool.run(project, folder, {})
        started = tool.started_again(project, result)
        assert not started, f"{tool.name}: the second run started {started}"
    others = native(project, pipeline, case.values)
    assert others != expected
    tool.run(project, folder, case.values)
    started = set(project.calls())
    if tool.caches and tool.counts_steps:
        assert started < set(expected), f"{tool.name}: other values started {started}"
    return count + same(tool.found(pipeline, folder), others, project.path, f"{tool.name}, other values")


def run_failures(tool, case, project):
    """A step that is busy at first, a failing check and a failing gate, with nothing kept before."""
    project.add(case)
    pipeline = project.promote(f"{case.name}.md", tool.name, "pipeline", "--retries", "1")
    folder = tool.folder(pipeline)
    tool.prepare(project, folder)
    if tool.retries:
        project.busy.touch()
        tool.run(project, folder, {})
        started = project.calls()
        assert not project.busy.exists() and len(started) == len(set(started)) + 1, (
            f"{tool.name}, 75: started {started}")
    for (spoil, cause), after in ((case.check, case.after_check), (case.gate, case.after_gate)):
        data = {name: (project.path / name).read_bytes() for name in case.files}
        tool.forget_all(pipeline)
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


def run_hostile(tool, kaizen):
    count = 0
    for project, notebook, place, values in hostile.projects(kaizen):
        place = project.allowed(notebook, tool, place)
        pipeline = project.promote(notebook, tool.name, place, "--retries", "1")
        folder = tool.folder(pipeline)
        tool.prepare(project, folder)
        expected = native(project, pipeline, values)
        tool.run(project, folder, values)
        count += same(tool.found(pipeline, folder), expected, project.path, f"{tool.name}, {notebook}")
    return count


def run_tool(tool, kaizen):
    """All of it; how many digests were those of our own run."""
    count = 0
    for case in CASES:
        for work in run_case, run_failures:
            project = Project(kaizen)
            try:
                count += work(tool, case, project) or 0
            finally:
                project.remove()
    for work in (
        secret_case.run, lambda tool, project: documented.run(tool, CASES[0], project)):
        project = Project(kaizen)
        try:
            count += work(tool, project)
        finally:
            project.remove()
    return count + run_hostile(tool, kaizen)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaizen")
    parser.add_argument("--tools", default=str(ROOT / ".build" / "targets"))
    parser.add_argument("--jobs", type=int, default=environments.cores())
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_intermixed_args()
    known = {tool.name: tool for tool in TOOLS}
    if unknown := set(given.names) - set(known):
        parser.error(f"unknown: {unknown}")
    if not given.alone:
        names = [name for name in known if not given.names or name in given.names]
        words = [given.kaizen, "--tools", given.tools]
        sys.exit(1 if environments.each(__file__, names, words, given.jobs) else 0)
    kaizen = Path(given.kaizen).resolve()
    start = time.monotonic()
    tool = known[given.alone](Path(given.tools).resolve(), kaizen)
    tool.install()
    installed = time.monotonic()
    try:
        count = run_tool(tool, kaizen)
    finally:
        tool.close()
    size = environments.megabytes(tool.place) if tool.place.exists() else 0
    print(
        f"{tool.name}: {tool.version()}: {tool.verdict()}, {count} digests as of our own run · "
        f"{time.monotonic() - installed:.0f} s, {installed - start:.0f} s and {size} MB to install")


if __name__ == "__main__":
    main()
