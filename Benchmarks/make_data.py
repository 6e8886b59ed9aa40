"""Makes the large tables that the benchmarks read, from a seed.

    make_data.py FOLDER ROWS

G1 is the group-by table of the h2o.ai benchmark, x and its three partners its join tables, messy is
what people really have: quotes, line ends inside quotes, dates, nulls, and wide has twenty columns of
numbers. Runs in the environment that
run.py makes, where numpy and polars are pinned, for another version of numpy may draw other numbers.
"""

import os
import sys

import numpy as np
import polars as pl

GROUPS = 100


def coded(prefix, codes, width):
    """Text like id042 for each of `codes`."""
    names = pl.Series([f"{prefix}{code:0{width}d}" for code in range(int(codes.max()) + 1)])
    return names.gather(pl.Series(codes))


def group_by_table(rows):
    draw = np.random.default_rng(108)
    many = max(rows // GROUPS, 1)

    def sample(count):
        return draw.integers(1, count + 1, rows)

    return pl.DataFrame({
        "id1": coded("id", sample(GROUPS), 3),
        "id2": coded("id", sample(GROUPS), 3),
        "id3": coded("id", sample(many), 10),
        "id4": sample(GROUPS),
        "id5": sample(GROUPS),
        "id6": sample(many),
        "v1": sample(5),
        "v2": sample(15),
        "v3": np.round(draw.random(rows) * 100, 6),
    })


def join_tables(rows):
    """The left table and its partners of rows / 1e6, rows / 1e3 and rows / 10 rows; nine tenths of the
    keys on either side are on the other, too. Every partner has each of its keys once."""
    draw = np.random.default_rng(109)
    sizes = {"small": max(rows // 1_000_000, 10), "medium": rows // 1_000, "big": rows // 10}
    left = {}
    partners = {}
    for number, (name, size) in enumerate(sizes.items(), 1):
        keys = draw.permutation(size + size // 10) + 1
        chosen = draw.choice(keys[:size], rows)
        left[f"id{number}"] = chosen
        left[f"id{number + 3}"] = coded("id", chosen, 0)
        other = draw.permutation(keys[size // 10 :])[:size]
        partners[name] = pl.DataFrame({
            f"id{number}": other,
            f"id{number + 3}": coded("id", other, 0),
            "v2": np.round(draw.random(size) * 100, 6),
        })
    left["v1"] = np.round(draw.random(rows) * 100, 6)
    return pl.DataFrame({name: left[name] for name in sorted(left)}), partners


def messy_table(rows):
    draw = np.random.default_rng(110)
    words = np.array(
        "late paid again by phone, see \"Annex B\" refund café naïve 12% off; as agreed\nsecond line "
        "checked twice, closed".split(" "), dtype=object)

    def with_nulls(values, share):
        return pl.Series(values).scatter(np.flatnonzero(draw.random(rows) < share), None)

    def phrases(length):
        picks = draw.integers(0, len(words), (4096, length))
        phrases = pl.Series([" ".join(words[pick]) for pick in picks])
        return phrases.gather(pl.Series(draw.integers(0, 4096, rows)))

    seconds = draw.integers(0, 365 * 86_400, rows)
    placed = np.datetime64("2023-01-01T00:00:00", "ms") + seconds.astype("timedelta64[s]")
    return pl.DataFrame({
        "order_id": np.arange(1, rows + 1),
        "customer": coded("Customer, no. ", draw.integers(1, 50_001, rows), 1),
        "zip": pl.Series(draw.integers(501, 99_951, rows)).cast(pl.String).str.zfill(5),
        "placed": placed,
        "due": with_nulls((placed + np.timedelta64(14, "D")).astype("datetime64[D]"), 0.2),
        "amount": with_nulls(np.round(draw.lognormal(4, 1.5, rows), 2), 0.05),
        "quantity": with_nulls(draw.integers(1, 500, rows), 0.01),
        "paid": pl.Series(draw.random(rows) < 0.8),
        "note": with_nulls(phrases(6), 0.3),
        "comment": phrases(9),
    })


def wide_table(rows):
    """Twenty columns of numbers, each of which depends a little on the one before."""
    draw = np.random.default_rng(111)
    columns = {}
    before = np.zeros(rows)
    for number in range(1, 21):
        before = 0.3 * before + draw.normal(0, 10, rows)
        columns[f"x{number}"] = np.round(before, 6)
    return pl.DataFrame(columns)


def write(frame, path):
    # Written aside first: a run that is ended leaves no half table behind.
    frame.write_csv(path + ".part", datetime_format="%Y-%m-%dT%H:%M:%S")
    os.rename(path + ".part", path)
    print(f"{path}  {frame.height} rows × {frame.width} columns, {os.path.getsize(path) >> 20} MB")


def main(folder, rows):
    os.makedirs(folder, exist_ok=True)

    def missing(name):
        return not os.path.exists(os.path.join(folder, name))

    def path(name):
        return os.path.join(folder, name)

    if missing("g1.csv"):
        write(group_by_table(rows), path("g1.csv"))
    if any(missing(f"join_{name}.csv") for name in ["left", "small", "medium", "big"]):
        left, partners = join_tables(rows)
        for name, partner in partners.items():
            write(partner, path(f"join_{name}.csv"))
        write(left, path("join_left.csv"))
    if missing("messy.csv"):
        write(messy_table(rows // 5), path("messy.csv"))
    if missing("wide.csv"):
        write(wide_table(rows // 10), path("wide.csv"))


if __name__ == "__main__":
    main(sys.argv[1], int(float(sys.argv[2])))
