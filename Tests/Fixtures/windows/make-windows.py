"""Window functions of DuckDB over a generated table: table.csv, expected.csv and cases.tsv.

Run beside a Python with duckdb; its version is written into cases.tsv.
"""

import os
import random

import duckdb

random.seed(20240301)
here = os.path.dirname(os.path.abspath(__file__))
rows = []
for row in range(420):
    # Few groups of many rows, and many of one row; null is a group.
    group = random.choice(["a", "b", "c", None]) if random.random() < 0.9 else f"only{row}"
    day = None if random.random() < 0.04 else random.randint(0, 200)
    minute = None if random.random() < 0.04 else random.randint(0, 3000)
    x = None if random.random() < 0.2 else round(random.uniform(-50, 50), 2)
    k = None if random.random() < 0.2 else random.randint(-4, 9)
    s = None if random.random() < 0.2 else random.choice(["", "a", "B", "ä", "zz", "a b"])
    rows.append((row, group, day, minute, x, k, s))

db = duckdb.connect()
db.execute(
    "create table t (id int, g varchar, d date, ts timestamp, x double, k bigint, s varchar)")
for row, group, day, minute, x, k, s in rows:
    db.execute(
        "insert into t select ?, ?, date '2023-11-20' + ?::int, "
        "timestamp '2024-02-28 22:10:00' + to_minutes(?), ?, ?, ?",
        [row, group, day, minute, x, k, s])

G = "partition by g"
BY_DAY = f"{G} order by d nulls last, id"
DOWN = f"{G} order by d desc nulls last, id"
ALL = "order by d nulls last, id"
RUN = "rows between unbounded preceding and current row"
WHOLE = "rows between unbounded preceding and unbounded following"


def rolling(function, width, minimum, value="x", over=BY_DAY):
    window = f"over ({over} rows between {width - 1} preceding and current row)"
    return f"case when count({value}) {window} >= {minimum} then {function}({value}) {window} end"


def over_time(function, lower, minimum, value="x", time="d", upper=None):
    where = f"b.g is not distinct from a.g and b.{time} > {lower} and b.{time} <= a.{time}"
    if upper:
        where = f"b.g is not distinct from a.g and b.{time} < {upper} and b.{time} >= a.{time}"
    return (
        f"case when a.{time} is not null then (select case when count(b.{value}) >= {minimum} "
        f"then {function}(b.{value}) end from t b where {where}) end")


def between(value="x", over=BY_DAY):
    """On the line between the known values around, by days."""
    behind = f"over ({over} rows between current row and unbounded following)"
    before = f"over ({over} {RUN})"
    known = f"case when d is not null then {value} end"
    day = f"case when {value} is not null then d end"
    low, high = f"last_value({known} ignore nulls) {before}", f"first_value({known} ignore nulls) {behind}"
    start, end = f"last_value({day} ignore nulls) {before}", f"first_value({day} ignore nulls) {behind}"
    share = f"date_diff('day', {start}, d) / date_diff('day', {start}, {end})"
    return (
        f"case when {value} is not null then {value}::double when d is null then null "
        f"when {end} = {start} then {low} else {low} + ({high} - {low}) * {share} end")


def by_value(function, argument=""):
    return (
        f"case when x is not null then {function}({argument}) "
        "over (partition by g, x is null order by x) end")


D = "by g sort d"
cases = [
    (f"lag(x) {D}", f"lag(x) over ({BY_DAY})"),
    (f"lag(s, 3) {D}", f"lag(s, 3) over ({BY_DAY})"),
    (f"lag(k, 2, 0) {D}", f"lag(k, 2, 0) over ({BY_DAY})"),
    ("lag(k, 1, id) sort d", f"lag(k, 1, id) over ({ALL})"),
    (f"lead(x) {D}", f"lead(x) over ({BY_DAY})"),
    (f"lead(s, 2, \"end\") {D}", f"lead(s, 2, 'end') over ({BY_DAY})"),
    ("lead(d, 1) by g sort -d", f"lead(d) over ({DOWN})"),
    (f"row_number() {D}", f"row_number() over ({BY_DAY})"),
    ("row_number() sort d", f"row_number() over ({ALL})"),
    ("rank() by g sort d", f"rank() over ({G} order by d nulls last)"),
    ("rank() by g sort -k, s", f"rank() over ({G} order by k desc nulls last, s nulls last)"),
    ("dense_rank() by g sort d", f"dense_rank() over ({G} order by d nulls last)"),
    ("percent_rank() by g sort k", f"percent_rank() over ({G} order by k nulls last)"),
    ("cume_dist() by g sort k", f"cume_dist() over ({G} order by k nulls last)"),
    (f"ntile(4) {D}", f"ntile(4) over ({BY_DAY})"),
    ("ntile(7) sort d", f"ntile(7) over ({ALL})"),
    ("rank(x) by g", by_value("rank")),
    ("dense_rank(x) by g", by_value("dense_rank")),
    ("percent_rank(x) by g", by_value("percent_rank")),
    ("cume_dist(x) by g", by_value("cume_dist")),
    ("ntile(x, 3) by g", by_value("ntile", "3")),
    (f"cumsum(x) {D}", f"sum(x) over ({BY_DAY} {RUN})"),
    (f"cumsum(k) {D}", f"sum(k) over ({BY_DAY} {RUN})"),
    ("cumsum(k > 2) sort d", f"sum((k > 2)::int) over ({ALL} {RUN})"),
    (f"cumprod(float(k)) {D}", f"product(k) over ({BY_DAY} {RUN})"),
    (f"cummin(x) {D}", f"min(x) over ({BY_DAY} {RUN})"),
    (f"cummax(s) {D}", f"max(s) over ({BY_DAY} {RUN})"),
    (f"cummax(d) {D}", f"max(d) over ({BY_DAY} {RUN})"),
    (f"cumcount(s) {D}", f"count(s) over ({BY_DAY} {RUN})"),
    (f"cummean(x) {D}", f"avg(x) over ({BY_DAY} {RUN})"),
    (f"diff(k) {D}", f"k - lag(k) over ({BY_DAY})"),
    (f"diff(x, 3) {D}", f"x - lag(x, 3) over ({BY_DAY})"),
    (f"days(diff(d)) {D}", f"(d - lag(d) over ({BY_DAY}))::double"),
    (f"pct_change(x) {D}", f"x / nullif(lag(x) over ({BY_DAY}), 0) - 1"),
    (f"first(x) {D}",
     f"first_value(x ignore nulls) over ({BY_DAY} {WHOLE})"),
    (f"last(s) {D}", f"last_value(s ignore nulls) over ({BY_DAY} {WHOLE})"),
    (f"nth(s, 2) {D}", f"nth_value(s, 2) over ({BY_DAY} {WHOLE})"),
    (f"nth(k, -1) {D}", f"last_value(k) over ({BY_DAY} {WHOLE})"),
    (f"fill_forward(x) {D}", f"last_value(x ignore nulls) over ({BY_DAY} {RUN})"),
    (f"fill_back(s) {D}",
     f"first_value(s ignore nulls) over ({BY_DAY} "
     "rows between current row and unbounded following)"),
    (f"fill_forward(k, 1) {D}", f"coalesce(k, lag(k) over ({BY_DAY}))"),
    (f"interpolate(x) {D}", between()),
    ("interpolate(k) by g sort -d", between("k", DOWN)),
    ("share(k) by g", f"k / nullif(sum(k) over ({G}), 0)"),
    (f"rolling_mean(x, 5) {D}", rolling("avg", 5, 5)),
    (f"rolling_mean(x, 5, 1) {D}", rolling("avg", 5, 1)),
    ("rolling_sum(k, 3, 2) sort d", rolling("sum", 3, 2, "k", ALL)),
    (f"rolling_sum(x, 40, 10) {D}", rolling("sum", 40, 10)),
    (f"rolling_min(x, 4, 1) {D}", rolling("min", 4, 1)),
    (f"rolling_max(s, 6, 2) {D}", rolling("max", 6, 2, "s")),
    (f"rolling_sd(x, 6, 2) {D}", rolling("stddev_samp", 6, 2)),
    (f"rolling_median(x, 9, 3) {D}", rolling("median", 9, 3)),
    ("rolling_median(x, 200, 1) sort d", rolling("median", 200, 1, "x", ALL)),
    (f"rolling_count(x, 5) {D}",
     f"count(x) over ({BY_DAY} rows between 4 preceding and current row)"),
    (f"rolling_mean(x, 7d) {D}", over_time("avg", "a.d - 7", 1)),
    (f"rolling_sum(k, 30d, 3) {D}", over_time("sum", "a.d - 30", 3, "k")),
    (f"rolling_max(x, 1mo) {D}", over_time("max", "(a.d - interval 1 month)", 1)),
    (f"rolling_min(s, 36h) {D}", over_time("min", "a.d - 2", 1, "s")),
    (f"rolling_median(x, 60d) {D}", over_time("median", "a.d - 60", 1)),
    (f"rolling_sd(x, 45d) {D}", over_time("stddev_samp", "a.d - 45", 1)),
    ("rolling_mean(x, 6h) by g sort ts",
     over_time("avg", "a.ts - interval 6 hour", 1, "x", "ts")),
    ("rolling_count(k, 1d) by g sort ts",
     over_time("count", "a.ts - interval 1 day", 0, "k", "ts")),
    ("rolling_mean(x, 20d) by g sort -d",
     over_time("avg", "", 1, upper="a.d + 20")),
]

names = [f"c{index}" for index in range(len(cases))]
selected = ", ".join(f"{sql} as {name}" for name, (_, sql) in zip(names, cases))
db.execute(f"copy (select {selected} from t a order by id) to '{here}/expected.csv' (header)")
db.execute(f"copy t to '{here}/table.csv' (header)")
with open(f"{here}/cases.tsv", "w") as file:
    file.write(f"# DuckDB {duckdb.__version__}\n")
    for name, (line, _) in zip(names, cases):
        file.write(f"{name}\t{line}\n")
