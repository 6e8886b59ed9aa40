"""Benchmarks of tables in memory: each tool loads the tables once, then times each query by itself.

What looks at the same tables is measured together, one process of a tool a turn, a few at a time so that
the turns stay short. The first time of a query is left out: it pays for memory that later ones find."""

import json
import os
import re

REPEATS = 3
TOGETHER = 8
# What stands between two answers; a name stands above it, as of any column, but for Polars.
MARK = "=== answer ==="
NAME = "answer_mark"

DUCKDB = """
import duckdb, time
con = duckdb.connect()
con.execute("SET enable_progress_bar = false")
for name, path in {loads}:
    con.execute(f"CREATE TABLE {{name}} AS FROM read_csv('{{path}}')")
for query in {queries}:
    for _ in range({repeats} + 1):
        start = time.perf_counter()
        con.execute(query)
        print(time.perf_counter() - start)
"""

POLARS = """
import polars as pl, time
for name, path in {loads}:
    globals()[name] = pl.read_csv(path)
for query in {queries}:
    query = compile(query, "query", "eval")
    for _ in range({repeats} + 1):
        start = time.perf_counter()
        r = eval(query)
        print(time.perf_counter() - start)
"""


def groups(benchmarks):
    """The benchmarks that are measured together, in their order."""
    by_tables = {}
    for benchmark in benchmarks:
        by_tables.setdefault((benchmark.table, benchmark.beside), []).append(benchmark)
    return [same[start:start + TOGETHER]
            for same in by_tables.values() for start in range(0, len(same), TOGETHER)]


def loads(benchmark, tables):
    """The names and paths of what is loaded: `t`, and `u` where there is a table beside it."""
    named = [("t", tables[benchmark.table])]
    return named + ([("u", tables[benchmark.beside])] if benchmark.beside else [])


def timed(benchmark, tables):
    """The lines that time Kaizen's query once."""
    query = benchmark.text("kaizen", tables)
    # The peers let go of a result when the next one has its name; here that takes an undo, or all of
    # them would be kept.
    return [f"time {query}"] if benchmark.shows else [f"time r = {query}", "undo"]


def commands(benchmarks, kaizen, programs, tables):
    """What loads the tables and prints the seconds of each run of each query."""
    named = loads(benchmarks[0], tables)
    lines = [f'load "{path}" as {name}' for name, path in named]
    for benchmark in benchmarks:
        lines += timed(benchmark, tables) * (REPEATS + 1)
    python = os.path.join(programs, "python")

    def script(text, section):
        asked = [benchmark.text(section, tables) for benchmark in benchmarks]
        if section == "duckdb":
            asked = [one if one.startswith("COPY") else "CREATE OR REPLACE TEMP TABLE r AS " + one
                     for one in asked]
        return [python, "-c", text.format(loads=named, repeats=REPEATS, queries=asked)]

    return {
        "Kaizen": [kaizen, "--json", "-c", "\n".join(lines)],
        "DuckDB": script(DUCKDB, "duckdb"),
        "Polars": script(POLARS, "polars"),
    }


def answer_commands(benchmarks, kaizen, programs, tables):
    """What prints the answers as whole processes would, each behind a line that is `MARK`."""
    named = loads(benchmarks[0], tables)
    kaizen_lines = [f'load "{path}" as {name}' for name, path in named]
    polars = ["import polars as pl"] + [f'{name} = pl.read_csv("{path}")' for name, path in named]
    sql = [f"CREATE TABLE {name} AS FROM read_csv('{path}');" for name, path in named]
    for benchmark in benchmarks:
        kaizen_lines += [f't | head 1 | derive {NAME} = "{MARK}" | select {NAME}',
                         benchmark.answer("kaizen", tables)]
        polars += [f"print({MARK!r})", f'print(({benchmark.answer("polars", tables)}).write_csv())']
        sql += [f"SELECT '{MARK}' AS {NAME};", benchmark.answer("duckdb", tables) + ";"]
    return {
        "Kaizen": [kaizen] + benchmarks[0].options + ["-c", "\n".join(kaizen_lines)],
        "DuckDB": [os.path.join(programs, "duckdb"), "-csv", "-c", "\n".join(sql)],
        "Polars": [os.path.join(programs, "python"), "-c", "\n".join(polars)],
    }


def answers(output):
    """The answers that `answer_commands` made a tool print."""
    return output.replace(f"{NAME}\n{MARK}\n", f"{MARK}\n").split(f"{MARK}\n")[1:]


def seconds(output, kinds=1):
    """The times that a tool printed, a list for each query, without its first; where a query ran in
    several kinds in turn, a list for each of them."""
    times = []
    for line in output.splitlines():
        if line.startswith("{"):
            value = json.loads(line)
            if value.get("kind") == "time":
                times.append(value["seconds"])
        elif re.fullmatch(r"[0-9.e-]+", line):
            times.append(float(line))
    size = (REPEATS + 1) * kinds
    return [times[start + kinds + kind:start + size:kinds]
            for start in range(0, len(times) - size + 1, size) for kind in range(kinds)]
