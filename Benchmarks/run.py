#!/usr/bin/env python3
"""Runs Kaizen and its peers side by side on the same files and writes what it measured.

    run.py [--quick] [--data-only] [--rows N] [--runs N] [--only TEXT] [--out FILE]

Each benchmark is a file *.bench beside this one; README.md says what stands in it. The tools take turns,
one whole process a turn, so that a slow moment of the machine hits all of them; the answers are
compared. Exits with 1 if a tool failed or answers differ.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import memory  # noqa: E402
import report  # noqa: E402
from answers import difference  # noqa: E402
from benchmark import Benchmark  # noqa: E402

KAIZEN = os.environ.get("KAIZEN_BINARY", os.path.join(HERE, "..", ".build", "release", "kaizen"))
TOOLS = ["Kaizen", "DuckDB", "Polars"]


def environment_folder():
    """The folder of programs of an environment with the peers, made if it is not there."""
    folder = os.path.join(HERE, ".venv")
    wanted = os.path.join(HERE, "requirements.txt")
    mark = os.path.join(folder, "requirements.txt")
    with open(wanted) as file:
        text = file.read()
    if not os.path.exists(mark) or open(mark).read() != text:
        print("installing the peers:", ", ".join(text.split()), file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [os.path.join(folder, "bin", "pip"), "install", "--quiet"]
        subprocess.run(pip + ["--disable-pip-version-check", "-r", wanted], check=True)
        with open(mark, "w") as file:
            file.write(text)
    return os.path.join(folder, "bin")


def make_tables(programs, rows):
    """The paths of the tables by their names; they are made if they are not there."""
    folder = os.path.join(HERE, "data", f"{rows:.0e}".replace("e+0", "e"))
    python = os.path.join(programs, "python")
    subprocess.run([python, os.path.join(HERE, "make_data.py"), folder, str(rows)], check=True)
    return {
        name[:-4]: os.path.join(folder, name)
        for name in sorted(os.listdir(folder)) if name.endswith(".csv")}


def warm(tables):
    """Brings the tables into the page cache, so that who comes first does not pay for the disk."""
    for path in tables.values():
        with open(path, "rb") as file:
            while file.read(1 << 24):
                pass


def write_whole(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


def launcher(folder):
    """The program that runs a tool and measures it, compiled from turn.c if it is not there."""
    source, program = os.path.join(HERE, "turn.c"), os.path.join(folder, "turn")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        compiler = next(filter(None, map(shutil.which, ["cc", "clang", "gcc"])), None)
        if not compiler:
            sys.exit("a C compiler is needed")
        subprocess.run([compiler, "-O1", "-o", program, source], check=True)
    return program


class Share:
    """What one query took in the process of a turn: the seconds of each time, the process's peak."""

    def __init__(self, times, megabytes):
        self.times = times
        self.megabytes = megabytes


class Turn:
    """One run of one tool: seconds, peak memory in MB, exit status, what it printed."""

    def __init__(self, launcher, command):
        with tempfile.NamedTemporaryFile("r") as figures:
            done = subprocess.run(
                [launcher, figures.name] + command, stdin=subprocess.DEVNULL, capture_output=True,
                check=False)
            nanoseconds, kilobytes, status = map(int, figures.read().split())
        self.seconds = nanoseconds / 1e9
        self.megabytes = kilobytes / 1024
        self.status = os.waitstatus_to_exitcode(status)
        self.output = done.stdout.decode("utf-8", "replace")
        self.errors = done.stderr.decode("utf-8", "replace")


def commands(benchmark, programs, tables):
    """The command of each tool."""
    polars = (
        "import polars as pl\n"
        f"result = ({benchmark.text('polars', tables)})\n"
        "print(result.write_csv() if isinstance(result, pl.DataFrame) else f'value\\n{result}')\n")
    kaizen = [KAIZEN] + benchmark.options + ["-c", benchmark.text("kaizen", tables)]
    return {
        "Kaizen": kaizen,
        "DuckDB": [os.path.join(programs, "duckdb"), "-csv", "-c", benchmark.text("duckdb", tables)],
        "Polars": [os.path.join(programs, "python"), "-c", polars],
    }


def problem(tool, turn):
    """What is wrong with a run that failed."""
    said = (turn.errors or turn.output).strip().splitlines()
    return f"status {turn.status}" + (f": {said[-1 if tool == 'Polars' else 0]}" if said else "")


def compared(benchmark, answers, programs, tables, start):
    """What is wrong with the answers, which are texts by tool."""
    wanted = None
    if benchmark.compare == "numbers":
        sql = benchmark.text("numbers", tables)
        wanted = Turn(start, [os.path.join(programs, "duckdb"), "-csv", "-c", sql]).output
    elif benchmark.compare == "rows":
        # A peer gives the answer; where there is none, there is nothing to compare with.
        wanted = next((answers[tool] for tool in TOOLS[1:] if tool in answers), None)
    said = {tool: wanted and difference(benchmark, text, wanted)
            for tool, text in answers.items()}
    return {tool: f"another answer: {text}" for tool, text in said.items() if text}


def measure(benchmark, programs, tables, runs):
    """The turns of each tool in whole processes, and what is wrong with it: a failure or another answer."""
    start = launcher(os.path.dirname(programs))
    todo = commands(benchmark, programs, tables)
    turns, problems = {tool: [] for tool in TOOLS}, {}
    for _ in range(runs or benchmark.runs):
        for tool in TOOLS:
            if tool in problems:
                continue
            turn = Turn(start, todo[tool])
            turn.times = [turn.seconds]
            turns[tool].append(turn)
            if turn.status != 0:
                problems[tool] = problem(tool, turn)
                turns[tool] = []
    answers = {tool: turns[tool][0].output for tool in TOOLS if turns[tool]}
    problems.update(compared(benchmark, answers, programs, tables, start))
    return turns, problems


def measure_together(benchmarks, programs, tables, runs):
    """As measure, of queries on the same tables in memory: a pair for each. Where one of several fails,
    each is measured alone."""
    start = launcher(os.path.dirname(programs))
    todo = memory.commands(benchmarks, KAIZEN, programs, tables)
    turns = [{tool: [] for tool in TOOLS} for _ in benchmarks]
    problems = [{} for _ in benchmarks]

    def run(tool, count, read):
        """A turn and what `read` finds in its output, `count` of it; None where that went wrong."""
        if tool in problems[0]:
            return None
        turn = Turn(start, todo[tool])
        found = read(turn.output)
        if turn.status == 0 and len(found) == count:
            return turn, found
        if len(benchmarks) > 1:
            raise RuntimeError
        problems[0][tool] = problem(tool, turn) if turn.status else "not all that was asked for"
        turns[0][tool] = []
        return None

    try:
        for _ in range(runs or max(benchmark.runs for benchmark in benchmarks)):
            for tool in TOOLS:
                done = run(tool, len(benchmarks), memory.seconds)
                for place, seconds in enumerate(done[1] if done else []):
                    turns[place][tool].append(Share(seconds, done[0].megabytes))
        checked = [place for place, one in enumerate(benchmarks) if one.compare != "none"]
        if checked:
            asked = [benchmarks[place] for place in checked]
            todo = memory.answer_commands(asked, KAIZEN, programs, tables)
            answers = {place: {} for place in checked}
            for tool in TOOLS:
                done = run(tool, len(asked), memory.answers)
                for place, text in zip(checked, done[1] if done else []):
                    answers[place][tool] = text
            for place in checked:
                problems[place].update(
                    compared(benchmarks[place], answers[place], programs, tables, start))
    except RuntimeError:
        return [pair for benchmark in benchmarks
                for pair in measure_together([benchmark], programs, tables, runs)]
    return list(zip(turns, problems))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1e6 rows, to standard output")
    parser.add_argument("--data-only", action="store_true", help="make the tables and stop")
    parser.add_argument("--rows", type=float, help="rows of the group-by table (1e7; quick: 1e6)")
    parser.add_argument("--runs", type=int, help="turns of each tool, whatever a benchmark says")
    parser.add_argument("--only", default="", help="benchmarks whose name has this in it")
    parser.add_argument("--out", help="where the results go (RESULTS.md; quick: standard output)")
    options = parser.parse_args()
    rows = int(options.rows or (1e6 if options.quick else 1e7))
    benchmarks = [b for b in Benchmark.all(HERE) if options.only in b.name]
    if not benchmarks:
        sys.exit(f"no benchmark has {options.only!r} in its name")

    programs = environment_folder()
    if sys.prefix == sys.base_prefix:
        # Large answers are compared with the peers' own means.
        os.execv(os.path.join(programs, "python"), [os.path.join(programs, "python")] + sys.argv)
    tables = make_tables(programs, rows)
    if options.data_only:
        return
    if not os.access(KAIZEN, os.X_OK):
        sys.exit("no program at .build/release/kaizen: make build")
    warm(tables)

    results = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        tables["out"] = os.path.join(scratch, "out.csv")
        out = options.out or (None if options.quick else os.path.join(HERE, "RESULTS.md"))

        def text():
            requirements = os.path.join(HERE, "requirements.txt")
            return report.markdown(results, len(benchmarks), TOOLS, rows, KAIZEN, requirements)

        def add(benchmark, turns, problems):
            results.append((benchmark, turns, problems))
            said = report.line(benchmark, turns, problems, TOOLS)
            print(f"{benchmark.name}: {said}", file=sys.stderr, flush=True)

        def keep():
            # A run takes long: one that is ended leaves what it has measured.
            if out:
                write_whole(out, text())

        for benchmark in benchmarks:
            if benchmark.mode == "process":
                # Three turns keep the quick form under two minutes.
                runs = options.runs or (min(benchmark.runs, 3) if options.quick else None)
                add(benchmark, *measure(benchmark, programs, tables, runs))
                keep()
        for group in memory.groups([one for one in benchmarks if one.mode == "memory"]):
            pairs = measure_together(group, programs, tables, options.runs)
            for benchmark, (turns, problems) in zip(group, pairs):
                add(benchmark, turns, problems)
            keep()
    if out:
        print(f"wrote {os.path.relpath(out)}", file=sys.stderr)
    else:
        print(text(), end="")
    sys.exit(1 if any(problems for _, _, problems in results) else 0)


if __name__ == "__main__":
    main()
