"""Whether two tools gave the same answer."""

import csv
import io
import re

# Sums of floats in another order differ in the last digits.
RELATIVE = 1e-9
# What a table for people shows of a number.
SHOWN_DIGITS = 5


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def same(a, b):
    x, y = number(a), number(b)
    if x is None or y is None:
        return a == b
    return abs(x - y) <= RELATIVE * max(abs(x), abs(y))


def rows(text):
    """The records below the header, in an order that does not depend on who gave them."""
    records = [record for record in csv.reader(io.StringIO(text)) if record][1:]

    def key(record):
        return [f"{number(cell):.6g}" if number(cell) is not None else cell for cell in record]

    return sorted(records, key=key)


def differing_rows(text, wanted):
    ours, theirs = rows(text), rows(wanted)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, not {len(theirs)}"
    for mine, other in zip(ours, theirs):
        if len(mine) != len(other) or not all(map(same, mine, other)):
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


def difference(kind, text, wanted):
    """What is different, or None."""
    if kind == "rows":
        return differing_rows(text, wanted)
    if kind == "numbers":
        return missing_number(text, wanted)
    return None
