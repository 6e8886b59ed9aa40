"""Writes table.csv, partner.csv and cases.json: what DuckDB makes of each verb over generated tables.
Needs duckdb; see README.md."""

import datetime
import decimal
import json
import math
import os
import random

import duckdb

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random.seed(11)
ROWS = 72
# Rows in which everything but n is null.
EMPTY = range(60, 65)

TEXTS = ["", "a", "b", "B", "Ärger", "ärger", "é", "e\u0301", "日本", "🎉", "x,y", 'say "so"', "line\nbreak", "  ", "NULL"]
DATES = ["0001-01-01", "9999-12-31", "1970-01-01", "1969-12-31", "2024-02-29", "2023-12-31", "2000-01-01"]
TIMES = ["0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "1970-01-01T00:00:00", "1969-12-31T23:59:59.999999",
         "2024-02-29T12:30:00.5", "2024-03-01T00:00:00", "2000-01-01T06:00:00"]
BIG = [9223372036854775807, -9223372036854775807, 9223372036854775806, 9007199254740993, 9007199254740992, 0, -1, 1]
FLOATS = [0.0, 0.1, 0.2, 0.30000000000000004, -1.5, 1e300, -1e300, 5e-324, 1e-9, 123456.789, 2.5, 3.5]


def chance(values, share=0.12):
    return None if random.random() < share else random.choice(values)


def row(n):
    if n in EMPTY:
        return [n] + [None] * 10
    return [
        n, chance(["p", "q", "r", "ß"]), chance([1, 2, 3], 0.2), chance(list(range(-9, 10))), chance(BIG), chance(FLOATS),
        None if random.random() < 0.1 else round(random.gauss(10, 4), 3), chance(TEXTS), chance([True, False], 0.2),
        chance(DATES), chance(TIMES)]


NAMES = ["n", "g", "k", "i", "big", "x", "y", "s", "b", "d", "ts"]
KINDS = ["BIGINT", "VARCHAR", "BIGINT", "BIGINT", "BIGINT", "DOUBLE", "DOUBLE", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP"]
table = [row(n) for n in range(1, ROWS + 1)]
PARTNER_NAMES = ["g", "k", "d", "v", "y"]
PARTNER_KINDS = ["VARCHAR", "BIGINT", "DATE", "BIGINT", "DOUBLE"]
partner = [[chance(["p", "q", "r", "z"]), chance([1, 2, 4], 0.2), chance(DATES + ["2024-03-05"]), v, v / 8] for v in range(1, 19)]


def field(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value) if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if isinstance(value, str) and (text == "" or any(c in text for c in ',"\n ')) else text


def write(name, names, rows):
    with open(name, "w", newline="") as file:
        file.write(",".join(names) + "\n")
        for values in rows:
            file.write(",".join(field(v) for v in values) + "\n")


db = duckdb.connect()
for name, names, kinds, rows in [("t", NAMES, KINDS, table), ("u", PARTNER_NAMES, PARTNER_KINDS, partner)]:
    write({"t": "table.csv", "u": "partner.csv"}[name], names, rows)
    db.execute(f"CREATE TABLE {name} ({', '.join(f'{n} {k}' for n, k in zip(names, kinds))})")
    db.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(names))})", rows)
# The tables that each case runs over: all, no row, one row, only nulls.
VARIANTS = {"t": "true", "t_none": "false", "t_one": "n = 7", "t_null": f"n BETWEEN {EMPTY[0]} AND {EMPTY[-1]}"}
for name, condition in VARIANTS.items():
    if name != "t":
        db.execute(f"CREATE TABLE {name} AS SELECT * FROM t WHERE {condition}")

TYPES = {"BIGINT": "int", "INTEGER": "int", "HUGEINT": "int", "UBIGINT": "int", "DOUBLE": "float", "VARCHAR": "text", "BOOLEAN": "bool",
         "DATE": "date", "TIMESTAMP": "datetime", "FLOAT": "float", "UINTEGER": "int", "SMALLINT": "int"}
cases = []


def plain(value):
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def both(verb, line, sql, tables=None, report=None, types=()):
    """`line` is Kaizen's and `sql` DuckDB's for the same; `{t}` is the table. Rows come in the order
    of both. `report` is the table of a report that is compared, by the columns that `sql` names;
    `types` are types that the case is of, though its columns do not show them."""
    for name in tables or VARIANTS:
        try:
            result = db.execute(sql.replace("{t}", name))
        except duckdb.Error as error:
            raise SystemExit(f"{verb}: {sql}\n{error}")
        described = result.description
        rows = [[plain(v) for v in r] for r in result.fetchall()]
        cases.append({
            "verb": verb, "line": line.replace("{t}", name), "by": sql.replace("{t}", name), "report": report or "",
            "names": [c[0] for c in described], "types": [TYPES.get(str(c[1]), str(c[1])) for c in described],
            "covers": list(types), "rows": rows})


exec(open("verbs-cases.py").read())

with open("cases.json", "w") as out:
    out.write('{"versions": ' + json.dumps({"duckdb": duckdb.__version__}) + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in cases))
    out.write("\n]}\n")
print(len(cases), "cases of", len({c["verb"] for c in cases}), "verbs")
