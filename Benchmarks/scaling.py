#!/usr/bin/env python3
"""Measures what a second thread and ten times the rows do to Kaizen's own times.

    scaling.py [--rows N] [--turns N] [--only TEXT] [--out FILE]

Reads the benchmarks that run.py reads and the tables it makes. A query in memory runs with one thread
and with all in turn, within one process and again in each turn; the same query on a tenth of the rows
runs in a process beside it. Whole processes take turns as well. A factor is the median of those of
neighbours in time, so that a slow minute of the machine does not look like a bad factor.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import memory  # noqa: E402
import report  # noqa: E402
import run  # noqa: E402
from benchmark import Benchmark  # noqa: E402

THREADS = os.cpu_count()


class Figures:
    """Seconds of one benchmark: with one thread and with all, and with all on a tenth of the rows."""

    def __init__(self):
        self.one, self.all, self.tenth = [], [], []


def lines(benchmarks, tables, threads):
    """What loads the tables and times each query with each number of threads in turn. The first round
    is left out: it pays for memory that later ones find."""
    loads = memory.loads(benchmarks[0], tables)
    lines = [f'load "{path}" as {name}' for name, path in loads]
    for benchmark in benchmarks:
        for _ in range(memory.REPEATS + 1):
            for count in threads:
                lines += [f"set threads={count}", *memory.timed(benchmark, tables)]
    return lines


def in_memory(benchmarks, tables, threads):
    """The seconds of each query, a list for each number of threads."""
    command = [run.KAIZEN, "--json", "-c", "\n".join(lines(benchmarks, tables, threads))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"Kaizen failed: {done.stderr.strip()}")
    return memory.seconds(done.stdout, len(threads))


def process(benchmark, tables, threads, start):
    """The seconds of a whole process."""
    command = [run.KAIZEN, "--threads", str(threads)] + benchmark.options
    turn = run.Turn(start, command + ["-c", benchmark.text("kaizen", tables)])
    if turn.status != 0:
        sys.exit(f"{benchmark.name}: {run.problem('Kaizen', turn)}")
    return turn.seconds


def measure(benchmarks, whole, tenth, turns, start):
    """The figures of each benchmark by its name."""
    figures = {benchmark.name: Figures() for benchmark in benchmarks}
    for number in range(turns):
        print(f"turn {number + 1} of {turns}", file=sys.stderr, flush=True)
        for benchmark in benchmarks:
            if benchmark.mode == "process":
                here = figures[benchmark.name]
                here.one.append(process(benchmark, whole, 1, start))
                here.all.append(process(benchmark, whole, THREADS, start))
                here.tenth.append(process(benchmark, tenth, THREADS, start))
        for group in memory.groups([one for one in benchmarks if one.mode == "memory"]):
            in_turn = in_memory(group, whole, [1, THREADS])
            small = in_memory(group, tenth, [THREADS])
            for place, benchmark in enumerate(group):
                here = figures[benchmark.name]
                here.one += in_turn[2 * place]
                here.all += in_turn[2 * place + 1]
                here.tenth += small[place]
    return figures


def factor(slow, fast):
    """The median of the factors of neighbours in time."""
    return statistics.median(a / b for a, b in zip(slow, fast))


def markdown(benchmarks, figures, rows):
    def shown(seconds):
        return f"**{report.milliseconds(statistics.median(seconds))}** {report.milliseconds(min(seconds))}"

    lines = [
        "# Scaling", "",
        f"Tables of {rows:.0e} rows".replace("e+0", "e") + f"; {THREADS} × {report.processor()}. "
        f"**Median** and least of times in milliseconds. *Threads* is how many times as fast {THREADS} "
        "threads are as one; *rows* how many times as long the whole table takes as a tenth of it. "
        "Both are medians of neighbours in time.", "",
        f"| | 1 thread | {THREADS} threads | a tenth of the rows | threads | rows |",
        "|---|---|---|---|---|---|",
    ]
    for benchmark in benchmarks:
        here = figures[benchmark.name]
        kind = " (process)" if benchmark.mode == "process" else ""
        lines.append(
            f"| {benchmark.name}{kind} | {shown(here.one)} | {shown(here.all)} | {shown(here.tenth)} "
            f"| {factor(here.one, here.all):.2f} | {factor(here.all, here.tenth):.1f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e7, help="rows of the group-by table")
    parser.add_argument("--turns", type=int, default=3, help="processes of each kind")
    parser.add_argument("--only", default="", help="benchmarks whose name has this in it; several: a|b")
    parser.add_argument("--out", help="where the results go (SCALING.md)")
    options = parser.parse_args()
    wanted = options.only.split("|")
    benchmarks = [b for b in Benchmark.all(HERE)
                  if b.scales and any(text in b.name for text in wanted)]
    if not benchmarks:
        sys.exit(f"no benchmark has {options.only!r} in its name")
    programs = run.environment_folder()
    whole, tenth = (run.make_tables(programs, int(rows)) for rows in (options.rows, options.rows / 10))
    run.warm(whole)
    run.warm(tenth)
    start = run.launcher(os.path.dirname(programs))
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        whole["out"] = tenth["out"] = os.path.join(scratch, "out.csv")
        figures = measure(benchmarks, whole, tenth, options.turns, start)
    out = options.out or os.path.join(HERE, "SCALING.md")
    run.write_whole(out, markdown(benchmarks, figures, int(options.rows)))
    print(f"wrote {os.path.relpath(out)}", file=sys.stderr)


if __name__ == "__main__":
    main()
