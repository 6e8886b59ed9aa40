"""Writes the fixtures of other programs, or checks ours with --check.

pip install pyarrow==26.0.1 polars==2.1.0
"""

import datetime as dt
import math
import pathlib
import sys

import polars as pl
import pyarrow as pa
import pyarrow.ipc as ipc

HERE = pathlib.Path(__file__).parent
N = 10
BASE = dt.datetime(1969, 12, 31, 23, 59, 58, 500000)
TEXTS = ["ä", "", "hello", "x", "日本語の長いテキストです", "a" * 40, "ä", "hello", "", 'q,"\n']


def holes(values):
    return [None if i % 4 == 3 else v for i, v in enumerate(values)]


def spelled(value):
    """A value in the spelling of `export`."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
        text = value.isoformat(timespec="microseconds")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        micros = value // dt.timedelta(microseconds=1)
        sign, micros = ("-" if micros < 0 else ""), abs(micros)
        seconds, fraction = divmod(micros, 1_000_000)
        days, seconds = divmod(seconds, 86_400)
        hours, seconds = divmod(seconds, 3600)
        minutes, seconds = divmod(seconds, 60)
        text = f"{days}D" if days else ""
        time = f"{hours}H" if hours else ""
        time += f"{minutes}M" if minutes else ""
        if seconds or fraction:
            time += (f"{seconds}.{fraction:06d}".rstrip("0") if fraction else f"{seconds}") + "S"
        text += "T" + time if time else ""
        return f"{sign}P{text}" if text else "PT0S"
    return str(value)


def quoted(value, text):
    if value == "":
        return '""'
    if isinstance(value, str) and any(c in value for c in ',"\n\r'):
        return '"' + value.replace('"', '""') + '"'
    return text


def lines(names, columns):
    out = [",".join(names)]
    for row in zip(*columns):
        out.append(",".join(quoted(v, spelled(v)) for v in row))
    return "\n".join(out) + "\n"


def save(name, text):
    (HERE / f"{name}.csv").write_text(text, newline="")


def plain(array):
    """The values as Python has them; nanoseconds, which it has not, cut off."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_timestamp(array.type):
        ticks = array.cast(pa.int64()).to_pylist()
        per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[array.type.unit]
        return [
            None if t is None else dt.datetime(1970, 1, 1) + dt.timedelta(
                microseconds=t * 10**6 // per_second) for t in ticks
        ]
    if pa.types.is_duration(array.type):
        ticks = array.cast(pa.int64()).to_pylist()
        per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[array.type.unit]
        return [
            None if t is None else dt.timedelta(microseconds=t * 10**6 // per_second)
            for t in ticks
        ]
    return array.to_pylist()


def write(name, table, chunk=None, **options):
    path = HERE / f"{name}.arrow"
    with ipc.new_file(path, table.schema, options=ipc.IpcWriteOptions(**options)) as file:
        file.write_table(table, max_chunksize=chunk)
    if not options.get("compression"):
        read = ipc.open_file(path).read_all()
        save(name, lines(read.column_names, [plain(c) for c in read.columns]))


def pyarrow_table():
    columns = {}
    for bits in (8, 16, 32, 64):
        columns[f"int{bits}"] = pa.array(
            holes([(-1) ** i * (2 ** (bits - 1) - 1 - i) for i in range(N)]),
            getattr(pa, f"int{bits}")())
        columns[f"uint{bits}"] = pa.array(
            holes([2 ** (bits - 1) + i if bits < 64 else 2**62 + i for i in range(N)]),
            getattr(pa, f"uint{bits}")())
    columns["float32"] = pa.array(holes([i / 4 for i in range(N)]), pa.float32())
    columns["float64"] = pa.array(
        [0.1, float("nan"), float("inf"), None, -0.0, 1e300, 5e-324, -1.5, 2.0, 3.0])
    columns["bool"] = pa.array(holes([i % 3 == 0 for i in range(N)]))
    columns["utf8"] = pa.array(holes(TEXTS), pa.string())
    columns["large_utf8"] = pa.array(holes(TEXTS), pa.large_string())
    columns["utf8_view"] = pa.array(holes(TEXTS), pa.string_view())
    columns["dict8"] = pa.array(holes(TEXTS)).dictionary_encode().cast(
        pa.dictionary(pa.int8(), pa.string()))
    columns["dict32"] = pa.array(holes(TEXTS), pa.large_string()).dictionary_encode()
    columns["dict_int"] = pa.DictionaryArray.from_arrays(
        pa.array([0, 1, None, 1, 0, 2, 2, 1, 0, 0], pa.uint16()), pa.array([7, None, -3]))
    columns["dict_repeats"] = pa.DictionaryArray.from_arrays(
        pa.array([2, 1, None, 1, 0, 2, 2, 1, 0, 3], pa.int16()), pa.array(["b", "a", "b", None]))
    columns["date32"] = pa.array(
        holes([dt.date(2024, 1, 1) + dt.timedelta(days=400 * i - 900) for i in range(N)]))
    columns["date64"] = columns["date32"].cast(pa.date64())
    times = pa.array(
        holes([BASE + dt.timedelta(seconds=86399 * i) for i in range(N)]), pa.timestamp("us"))
    lengths = pa.array(
        holes([dt.timedelta(seconds=i - 4, microseconds=250000) for i in range(N)]),
        pa.duration("us"))
    for unit in ("s", "ms", "us", "ns"):
        columns[f"ts_{unit}"] = times.cast(pa.timestamp(unit), safe=False)
        columns[f"dur_{unit}"] = lengths.cast(pa.duration(unit), safe=False)
    columns["ts_zone"] = times.cast(pa.timestamp("us", tz="Europe/Berlin"))
    columns["nulls"] = pa.nulls(N)
    return pa.table(columns)


def make_pyarrow():
    table = pyarrow_table()
    write("pyarrow-types", table)
    write("pyarrow-batches", pa.concat_tables([table] * 3).combine_chunks(), chunk=7)
    write("pyarrow-empty", table.select(["int8", "utf8"]).slice(0, 0))
    nanoseconds = pa.array([1, 1000, -1, None, 5, 6, 7, 8, 9, 10], pa.timestamp("ns"))
    write("pyarrow-nanoseconds", pa.table({"ts_ns": nanoseconds}))
    write("pyarrow-uint64", pa.table({"big": pa.array([1, 2**63, 3], pa.uint64())}))
    write("pyarrow-lz4", table.select(["int8", "utf8"]), compression="lz4")
    write("pyarrow-zstd", table.select(["int8", "utf8"]), compression="zstd")
    write(
        "pyarrow-nested",
        pa.table({
            "a": [1, 2], "l": [[1], [2, 3]], "s": [{"x": 1, "y": "u"}] * 2, "b": ["p", "q"]
        }))
    first = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "b"]))
    second = pa.DictionaryArray.from_arrays(pa.array([2, 0]), pa.array(["a", "b", "c"]))
    schema = pa.schema([("d", first.type)])
    with ipc.new_file(
        HERE / "pyarrow-delta.arrow", schema,
        options=ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as file:
        file.write_batch(pa.record_batch([first], schema=schema))
        file.write_batch(pa.record_batch([second], schema=schema))
    save("pyarrow-delta", "d\na\nb\nc\na\n")
    for name in ("pyarrow-nested", "pyarrow-uint64"):
        (HERE / f"{name}.csv").unlink()


def make_polars():
    frame = pl.DataFrame({
        "i8": pl.Series(holes(range(N)), dtype=pl.Int8),
        "u32": pl.Series(holes([2**31 + i for i in range(N)]), dtype=pl.UInt32),
        "i64": pl.Series(holes([10**12 * i for i in range(N)]), dtype=pl.Int64),
        "f32": pl.Series(holes([i / 8 for i in range(N)]), dtype=pl.Float32),
        "f64": pl.Series([i / 3 for i in range(N)]),
        "b": pl.Series(holes([i % 2 == 0 for i in range(N)])),
        "s": pl.Series(holes(TEXTS)),
        "cat": pl.Series(holes(TEXTS), dtype=pl.Categorical),
        "enum": pl.Series(["x", "y"] * 5, dtype=pl.Enum(["y", "x", "z"])),
        "d": pl.Series(holes([dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(N)])),
        "t": pl.Series(holes([BASE + dt.timedelta(seconds=86399 * i) for i in range(N)])),
        "dur": pl.Series(holes([dt.timedelta(seconds=i - 4) for i in range(N)])),
        "nulls": pl.Series([None] * N),
    })
    frame.write_ipc(HERE / "polars-types.arrow", compression="uncompressed")
    pl.concat([frame] * 3).write_ipc(
        HERE / "polars-batches.arrow", compression="uncompressed", record_batch_size=7)
    frame.write_ipc(
        HERE / "polars-compat.arrow", compression="uncompressed",
        compat_level=pl.CompatLevel.oldest())
    for name in ("polars-types", "polars-batches", "polars-compat"):
        read = pl.read_ipc(HERE / f"{name}.arrow")
        save(name, lines(read.columns, [c.to_list() for c in read.get_columns()]))


def check():
    """Our file holds for pyarrow and Polars what the CSV beside it says."""
    path = HERE / "kaizen-types.arrow"
    expected = (HERE / "kaizen-types.csv").read_text()
    file = ipc.open_file(path)
    table = file.read_all()
    table.validate(full=True)
    assert lines(table.column_names, [plain(c) for c in table.columns]) == expected
    stream = ipc.open_stream(path.read_bytes()[8:]).read_all()
    assert stream.equals(table)
    frame = pl.read_ipc(path)
    assert lines(frame.columns, [c.to_list() for c in frame.get_columns()]) == expected
    print(table.schema)
    print(file.num_record_batches, "batches,", table.num_rows, "rows: as they should be")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        make_pyarrow()
        make_polars()
