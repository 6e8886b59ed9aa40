"""Writes cases.json: what DuckDB (and Python where it has no such function) makes of a small table
of nulls, borders and odd values. Needs duckdb; see README.md."""

import datetime
import json
import math
import platform
import statistics

import duckdb

COLUMNS = [
    ("n", "int", list(range(1, 25))),
    ("i", "int", [0, 1, -1, 2, -2, 7, None, 10, -10, 100, 255, -255, 1000, 12, 18, 27, None, 64, 1023,
                  -4096, 99999, 3, 5, 2147483648]),
    ("j", "int", [3, 2, 5, 0, 1, 4, 2, None, 3, 7, 8, 1, 2, 18, 12, 9, 6, 3, 10, 4, 5, None, 0, 16]),
    ("x", "float", [0.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.14159, None, -7.25, 100.125, -100.5, 1e-9,
                    1e9, 0.1, 0.3, None, 12345.678, -0.001, 0.999999, 1.0, 1e300, -1e-300, 20.75]),
    ("y", "float", [1.0, 2.0, 0.25, -3.0, 4.5, None, 0.5, -0.75, 8.0, 1.1, 2.2, 3.3, 10.0, 0.1, 7.0,
                    -2.0, 5.5, 6.6, None, 0.01, 9.9, 1.0, 3.0, 2.0]),
    ("p", "float", [0.01, 0.99, 0.5, 0.25, 0.75, None, 0.1, 0.9, 0.05, 0.95, 0.025, 0.975, 1e-10, 0.3,
                    0.6, 0.7, 0.8, 0.2, 0.4, None, 0.001, 0.999, 0.45, 0.55]),
    ("s", "text", ["", "a", "Adelie", "grün", "Straße", "hello world", " padded  ", None, "ABC", "abc abc",
                   "x-y-z", "naïve café", "1234", "kitten", "MARTHA", "  ", "Ünïcödé", "DWAYNE", "banana",
                   "O'Neil's", None, "tab\tsep", "日本語", "z"]),
    ("t", "text", ["", "b", "Adele", "grun", "Strasse", "hello there", "padded", "x", "ABC", "abc", "x-y",
                   "naive cafe", "1243", "sitting", "MARHTA", "", "Unicode", "DUANE", "ananab", None, "q",
                   "sep", "日本", "zz"]),
    ("num", "text", ["1", "2.5", "-3", "x", "", None, "1e3", "42", "0", "-0.5", "007", "abc", "12.0", "true",
                     "no", "9", "10", "1", "8", "7", "6", "5", "4", "3"]),
    ("d", "date", ["1970-01-01", "1969-12-31", "2024-02-29", "2023-02-28", "2000-12-31", "2001-01-01",
                   None, "2020-12-31", "2021-01-01", "2021-01-03", "2021-01-04", "1900-02-28",
                   "1600-02-29", "2024-12-30", "2024-03-31", "2024-01-31", "1999-06-15", "2023-10-29",
                   "2012-05-17", None, "2038-01-19", "1582-10-15", "0001-01-01", "9999-12-31"]),
    ("e", "date", ["1970-01-02", "1970-01-01", "2024-03-31", "2024-02-29", "2001-01-01", "2000-12-31",
                   "2020-01-01", None, "2022-01-01", "2021-01-10", "2021-01-11", "2000-02-29", "2000-02-29",
                   "2025-01-05", "2024-04-30", "2024-02-29", "2024-06-14", "2023-11-30", "2012-05-17",
                   "2020-02-02", "2038-01-18", "1583-10-14", "2000-01-01", "1970-01-01"]),
    ("ts", "datetime", ["1970-01-01T00:00:00", "1969-12-31T23:59:59.999999", "2024-02-29T12:34:56.789012",
                        "2023-02-28T23:59:59", "2000-12-31T00:00:00", "2001-01-01T06:00:00", None,
                        "2020-12-31T18:45:30", "2021-01-01T00:00:01", "2021-01-03T09:08:07",
                        "2021-01-04T10:20:30.5", "1900-02-28T01:02:03", "1600-02-29T23:00:00",
                        "2024-12-30T11:11:11", "2024-03-31T02:30:00", "2024-01-31T08:30:15.25",
                        "1999-06-15T13:14:15", "2023-10-29T02:30:00", "2012-05-17T00:00:00.000001", None,
                        "2038-01-19T03:14:08", "1582-10-15T00:00:00", "1000-01-01T00:00:00",
                        "9999-12-31T23:59:59"]),
    ("b", "bool", [True, False, None] * 8),
    ("k", "text", ["u", "v", None, "u", "v", "v"] * 4),
]
TYPES = {"int": "BIGINT", "float": "DOUBLE", "text": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMP",
         "bool": "BOOLEAN"}


def literal(value, kind):
    if value is None:
        return "NULL"
    if kind == "text":
        return "'" + value.replace("'", "''") + "'"
    if kind in ("date", "datetime"):
        return f"'{value}'"
    return repr(value) if kind == "float" else str(value).upper()


db = duckdb.connect()
db.execute("CREATE TABLE t (" + ", ".join(f"{n} {TYPES[k]}" for n, k, _ in COLUMNS) + ")")
for row in range(24):
    values = ", ".join(f"{literal(v[row], k)}::{TYPES[k]}" for _, k, v in COLUMNS)
    db.execute(f"INSERT INTO t VALUES ({values})")

cases = []


def plain(value):
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    if isinstance(value, datetime.timedelta):
        return (value.days * 86400 + value.seconds) * 1000000 + value.microseconds
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    return float(value)


def case(function, stage, sql, where=None):
    """`stage` is what Kaizen derives; `sql` is DuckDB's for the same, a value a row in order of n.
    With `where`, both see only the rows that it holds for: pairs of Kaizen's and DuckDB's."""
    try:
        rows = db.execute(
            f"SELECT {sql} FROM t " + (f"WHERE {where} " if where else "") + "ORDER BY n").fetchall()
    except duckdb.Error as error:
        raise SystemExit(f"{function}: {sql}\n{error}")
    cases.append({"function": function, "line": stage, "where": where or "", "by": "DuckDB " + sql,
                  "values": [plain(r[0]) for r in rows]})


def python(function, stage, body, *columns):
    """Values that Python's own libraries make of columns; a null among them is null."""
    data = {n: v for n, _, v in COLUMNS}
    out = []
    for row in range(24):
        args = [data[c][row] for c in columns]
        try:
            out.append(None if any(a is None for a in args) else plain(body(*args)))
        except (ValueError, ZeroDivisionError, OverflowError, statistics.StatisticsError):
            out.append(None)
    cases.append({"function": function, "line": stage, "where": "", "by": "Python", "values": out})


def both(function, *pairs):
    for stage, sql in pairs:
        case(function, stage, sql)


exec(open(__file__.replace("make-functions.py", "functions-cases.py")).read())

with open(__file__.replace("make-functions.py", "cases.json"), "w") as out:
    head = {"versions": {"duckdb": duckdb.__version__, "python": platform.python_version()}}
    columns = [{"name": n, "type": k, "values": v} for n, k, v in COLUMNS]
    out.write('{"versions": ' + json.dumps(head["versions"]) + ',\n"columns": [\n')
    out.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in columns))
    out.write('\n],\n"cases": [\n')
    out.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in cases))
    out.write("\n]}\n")
print(len(cases), "cases of", len({c["function"] for c in cases}), "functions")
