"""Joins of DuckDB over two generated tables: left.csv, right.csv and what comes of them.

Run beside a Python with duckdb; the files here are of its version 2.0.0.
"""

import os
import random

import duckdb

random.seed(5)
os.chdir(os.path.dirname(os.path.abspath(__file__)))


def moment(second):
    return f"2024-01-01T00:{second // 60:02d}:{second % 60:02d}"


with open("left.csv", "w") as file:
    file.write("id,sym,ts,q\n")
    for row in range(400):
        symbol = random.choice(["A", "B", "C", "D", ""])
        second = random.randrange(0, 3000)
        time = "" if random.random() < 0.05 else moment(second)
        file.write(f"{row},{symbol},{time},{random.randrange(9)}\n")

with open("right.csv", "w") as file:
    file.write("sym,ts,bid\n")
    # No two of one key and moment: which of them SQL takes is not said.
    seen = set()
    for row in range(300):
        key = random.choice(["A", "B", "C", "E", ""]), random.randrange(0, 3000)
        if key not in seen:
            seen.add(key)
            file.write(f"{key[0]},{moment(key[1])},{row}\n")

db = duckdb.connect()
db.execute("create table l as from read_csv('left.csv'); create table r as from read_csv('right.csv')")
for name, sign in [("backward", ">="), ("forward", "<=")]:
    db.execute(
        f"copy (select l.id, r.bid from l asof left join r on l.sym = r.sym and l.ts {sign} r.ts "
        f"order by id) to '{name}.csv' (header)")
db.execute(
    "copy (select l.id, coalesce(l.sym, r.sym) sym, l.q, r.bid from l full join "
    "(from r where bid % 8 = 0) r on l.sym = r.sym order by id, bid) to 'full.csv' (header)")
