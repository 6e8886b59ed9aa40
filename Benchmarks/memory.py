"""Benchmarks of tables in memory: each tool loads the table, or two, once, then times the query by itself.

The first time of a process is left out: it pays for memory that later ones find."""

import json
import os
import re

REPEATS = 5

DUCKDB = """
import duckdb, time
con = duckdb.connect()
for name, path in {loads}:
    con.execute(f"CREATE TABLE {{name}} AS FROM read_csv('{{path}}')")
for _ in range({repeats} + 1):
    start = time.perf_counter()
    con.execute('''{query}''')
    print(time.perf_counter() - start)
"""

POLARS = """
import polars as pl, time
for name, path in {loads}:
    globals()[name] = pl.read_csv(path)
for _ in range({repeats} + 1):
    start = time.perf_counter()
    r = ({query})
    print(time.perf_counter() - start)
"""


def loads(benchmark, tables):
    """The names and paths of what is loaded: `t`, and `u` where there is a table beside it."""
    named = [("t", tables[benchmark.table])]
    return named + ([("u", tables[benchmark.beside])] if benchmark.beside else [])


def commands(benchmark, kaizen, programs, tables):
    """What loads the tables and prints the seconds of each run."""
    named = loads(benchmark, tables)
    query = benchmark.text("kaizen", tables)
    timed = query if benchmark.shows else "r = " + query
    lines = [f'load "{path}" as {name}' for name, path in named]
    # The peers let go of a result when the next one has its name; here that takes an undo, or all
    # of them would be kept.
    lines += [f"time {timed}"] + ([] if benchmark.shows else ["undo"])
    lines += lines[len(named):] * REPEATS
    python = os.path.join(programs, "python")

    def script(text, section):
        asked = benchmark.text(section, tables)
        if section == "duckdb" and not asked.startswith("COPY"):
            asked = "CREATE OR REPLACE TEMP TABLE r AS " + asked
        return [python, "-c", text.format(loads=named, repeats=REPEATS, query=asked)]

    return {
        "Kaizen": [kaizen, "--json", "-c", "\n".join(lines)],
        "DuckDB": script(DUCKDB, "duckdb"),
        "Polars": script(POLARS, "polars"),
    }


def answer_commands(benchmark, kaizen, programs, tables):
    """What prints the answer as a whole process would."""
    named = loads(benchmark, tables)
    kaizen_lines = "\n".join(
        [f'load "{path}" as {name}' for name, path in named]
        + [benchmark.answer("kaizen", tables)])
    polars = "\n".join(
        ["import polars as pl"] + [f'{name} = pl.read_csv("{path}")' for name, path in named]
        + [f'print(({benchmark.answer("polars", tables)}).write_csv())'])
    sql = " ".join(
        [f"CREATE TABLE {name} AS FROM read_csv('{path}');" for name, path in named]
        + [benchmark.answer("duckdb", tables)])
    return {
        "Kaizen": [kaizen] + benchmark.options + ["-c", kaizen_lines],
        "DuckDB": [os.path.join(programs, "duckdb"), "-csv", "-c", sql],
        "Polars": [os.path.join(programs, "python"), "-c", polars],
    }


def seconds(output):
    """The times that a tool printed, without the first."""
    times = []
    for line in output.splitlines():
        if line.startswith("{"):
            value = json.loads(line)
            if value.get("kind") == "time":
                times.append(value["seconds"])
        elif re.fullmatch(r"[0-9.e-]+", line):
            times.append(float(line))
    return times[1:]
