"""Benchmarks of tables in memory: each tool loads the table once, then times the query by itself.

The first time of a process is left out: it pays for memory that later ones find."""

import json
import os
import re

REPEATS = 5

DUCKDB = """
import duckdb, time
con = duckdb.connect()
con.execute("CREATE TABLE t AS FROM read_csv('{path}')")
for _ in range({repeats} + 1):
    start = time.perf_counter()
    con.execute('''CREATE OR REPLACE TEMP TABLE r AS {query}''')
    print(time.perf_counter() - start)
"""

POLARS = """
import polars as pl, time
t = pl.read_csv("{path}")
for _ in range({repeats} + 1):
    start = time.perf_counter()
    r = ({query})
    print(time.perf_counter() - start)
"""


def commands(benchmark, kaizen, programs, tables):
    """What loads the table `t` and prints the seconds of each run."""
    path = tables[benchmark.table]
    query = benchmark.text("kaizen", tables)
    timed = query if benchmark.shows else "r = " + query
    lines = [f'load "{path}" as t'] + [f"time {timed}"] * (REPEATS + 1)
    python = os.path.join(programs, "python")

    def script(text, section):
        return [python, "-c", text.format(
            path=path, repeats=REPEATS, query=benchmark.text(section, tables))]

    return {
        "Kaizen": [kaizen, "--json", "-c", "\n".join(lines)],
        "DuckDB": script(DUCKDB, "duckdb"),
        "Polars": script(POLARS, "polars"),
    }


def answer_commands(benchmark, kaizen, programs, tables):
    """What prints the answer as a whole process would."""
    path = tables[benchmark.table]
    kaizen_lines = f'load "{path}" as t\n{benchmark.text("kaizen", tables)}'
    polars = (f'import polars as pl\nt = pl.read_csv("{path}")\n'
              f'print(({benchmark.text("polars", tables)}).write_csv())')
    sql = f"CREATE TABLE t AS FROM read_csv('{path}'); {benchmark.text('duckdb', tables)}"
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
