"""Whether two tools gave the same answer."""

import csv
import io
import re

# Answers of more characters are compared by columns, for millions of rows are slow one by one.
LARGE = 4_000_000

# Sums of floats in another order differ in the last digits.
RELATIVE = 1e-9
# What a table for people shows of a number.
SHOWN_DIGITS = 5


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def same(a, b, near):
    x, y = number(a), number(b)
    if x is None or y is None:
        return a == b
    return abs(x - y) <= max(RELATIVE * max(abs(x), abs(y)), near)


def rows(text):
    """The records below the header, in an order that does not depend on who gave them."""
    records = [record for record in csv.reader(io.StringIO(text)) if record][1:]

    def key(record):
        return [f"{number(cell):.6g}" if number(cell) is not None else cell for cell in record]

    return sorted(records, key=key)


def differing_columns(text, wanted, near):
    """As differing_rows, for answers with many rows. Needs polars."""
    import polars as pl

    frames = []
    for answer in (text, wanted):
        frame = pl.read_csv(io.BytesIO(answer.strip().encode()), infer_schema_length=None)
        frame.columns = [f"c{index}" for index in range(frame.width)]
        # Sums differ in their last digits: what does not is what orders the rows, then the sums.
        frames.append(frame)
    ours, theirs = frames
    if ours.shape != theirs.shape:
        return f"{ours.shape} rows and columns, not {theirs.shape}"
    exact = [name for name in ours.columns
             if not (ours[name].dtype.is_float() or theirs[name].dtype.is_float())]
    order = exact + [name for name in ours.columns if name not in exact]
    ours, theirs = ours.sort(order, nulls_last=True), theirs.sort(order, nulls_last=True)
    for name in ours.columns:
        mine, other = ours[name], theirs[name]
        if name in exact:
            unequal = ~mine.cast(pl.String).eq_missing(other.cast(pl.String))
        else:
            mine, other = mine.cast(pl.Float64), other.cast(pl.Float64)
            bound = pl.select(pl.max_horizontal(mine.abs(), other.abs())).to_series() * RELATIVE + near
            unequal = ((mine - other).abs() > bound).fill_null(False) | (
                mine.is_null() != other.is_null())
        if unequal.any():
            row = unequal.arg_true()[0]
            return f"{ours.row(row)}, not {theirs.row(row)}"
    return None


def differing_rows(text, wanted, near):
    ours, theirs = rows(text), rows(wanted)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, not {len(theirs)}"
    for mine, other in zip(ours, theirs):
        if len(mine) != len(other) or not all(same(*cells, near) for cells in zip(mine, other)):
            return f"{','.join(mine)}, not {','.join(other)}"
    return None


def missing_number(text, wanted):
    """The first number of `wanted` that `text` does not show, to the digits that people are shown."""
    shown = {f"{float(found):.{SHOWN_DIGITS - 1}e}"
             for found in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text.replace(",", " "))}
    for record in rows(wanted):
        for cell in record:
            if f"{float(cell):.{SHOWN_DIGITS - 1}e}" not in shown:
                return f"{cell} is not shown"
    return None


def difference(benchmark, text, wanted):
    """What is different, or None."""
    if benchmark.compare == "rows":
        compare = differing_columns if len(text) > LARGE else differing_rows
        return compare(text, wanted, benchmark.near)
    if benchmark.compare == "numbers":
        return missing_number(text, wanted)
    return None
