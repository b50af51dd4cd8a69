#!/usr/bin/env python3
"""Small Parquet files of every form that is read, and the rows they hold.

make.py FOLDER     needs pyarrow and polars (versions in FOLDER/made-by.txt)

NAME.parquet   the file
NAME.jsonl     its rows, as JSON objects with a member for every column; one for all NAME-FORM.parquet
"""
import datetime, decimal, json, math, sys
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1]


def default(value):
    if isinstance(value, datetime.datetime):
        text = value.isoformat(timespec="microseconds").rstrip("0").rstrip(".")
        return text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode()
    raise TypeError(type(value))


def write(name, table, **options):
    pq.write_table(table, f"{folder}/{name}.parquet", **options)
    rows(name, table.to_pylist())


def rows(name, items):
    with open(f"{folder}/{name.split(chr(45))[0]}.jsonl", "w", encoding="utf-8") as out:
        for item in items:
            out.write(json.dumps(item, ensure_ascii=False, default=default) + "\n")


words = ["", "a", "Ünïcode 漢字 🙂", "line\nfeed \"quoted\" back\\slash", None, "the same", "the same"]
scalars = pa.table({
    "flag": pa.array([True, False, None, True, True, False, True] * 20),
    "small": pa.array([1, -2, None, 127, 0, 5, -128] * 20, pa.int8()),
    "int": pa.array([2**31 - 1, -2**31, 0, None, 7, 8, 9] * 20, pa.int32()),
    "long": pa.array([2**63 - 1, -2**63, 0, None, 7, 8, 9] * 20, pa.int64()),
    "unsigned": pa.array([2**32 - 1, 0, None, 1, 2, 3, 4] * 20, pa.uint32()),
    "float": pa.array([0.5, -1.25, None, 3.0, 1e10, 0.0, 2.5] * 20, pa.float32()),
    "double": pa.array([0.1, -1e300, None, 3.0, 5e-324, 0.0, 2.5] * 20, pa.float64()),
    "text": pa.array(words * 20),
    "binary": pa.array([b"x", b"yz", None, b"", b"q", b"r", b"s"] * 20),
    "fixed": pa.array([b"abcd", b"efgh", None, b"ijkl", b"mnop", b"qrst", b"uvwx"] * 20, pa.binary(4)),
    "day": pa.array([datetime.date(1969, 12, 31), datetime.date(2024, 2, 29), None] * 46 + [None] * 2),
    "time": pa.array([datetime.datetime(2024, 2, 29, 12, 30, 1, 500000), datetime.datetime(1901, 1, 1),
                      None, datetime.datetime(2026, 11, 27, 0, 0, 0, 1)] * 35, pa.timestamp("us")),
    "money": pa.array([decimal.Decimal("1.25"), decimal.Decimal("-0.50"), None, decimal.Decimal("123456.75")] * 35,
                      pa.decimal128(12, 2)),
    "category": pa.array(["red", "green", None, "blue"] * 35).dictionary_encode(),
})
write("scalars", scalars)
write("scalars-plain-v2", scalars, use_dictionary=False, compression="none", data_page_version="2.0")
write("scalars-pages", scalars, data_page_size=64, row_group_size=33, compression="gzip")

turn = pa.struct([("role", pa.string()), ("content", pa.string()), ("tags", pa.list_(pa.string()))])
chats = pa.table({
    "messages": pa.array([
        [{"role": "user", "content": f"Question {i} é"}, {"role": "assistant", "content": None if i % 5 == 4 else "answer " * (i % 7), "tags": ["x", None] if i % 2 else []}][: 1 + i % 2]
        if i % 9 != 8 else ([] if i % 2 else None)
        for i in range(200)], pa.list_(turn)),
    "meta": pa.array([{"id": i, "deep": {"scores": [[0.5, i / 4], []] if i % 3 else None}} if i % 4 else None for i in range(200)]),
    "source": pa.array(["forum"] * 200),
    "n": pa.array(list(range(200)), pa.int64()),
})
for codec in ["snappy", "gzip", "zstd", "none"]:
    write(f"chats-{codec}", chats, compression=codec, data_page_version="2.0" if codec in ("zstd", "none") else "1.0",
          row_group_size=70)
write("chats-pages", chats, data_page_size=128, write_batch_size=7)

plain = pa.table({
    "id": pa.array([i * 1000003 - 500000 for i in range(400)], pa.int64()),
    "small": pa.array([i % 13 - 6 if i % 11 else None for i in range(400)], pa.int32()),
    "text": pa.array([f"row {i // 3} of the set" for i in range(400)]),
    "length": pa.array(["x" * (i % 17) + "é" for i in range(400)]),
    "real": pa.array([i / 8 for i in range(400)], pa.float64()),
    "real32": pa.array([i / 8 for i in range(400)], pa.float32()),
})
encodings = {"id": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY",
             "length": "DELTA_LENGTH_BYTE_ARRAY", "real": "BYTE_STREAM_SPLIT", "real32": "BYTE_STREAM_SPLIT"}
write("deltas", plain, use_dictionary=False, column_encoding=encodings, data_page_version="2.0", compression="zstd")
write("deltas-v1", plain, use_dictionary=False, column_encoding=encodings, data_page_size=256, compression="snappy")

frame = pl.DataFrame({
    "prompt": [f"p{i} ü" for i in range(300)], "n": list(range(300)),
    "turns": [[{"role": "user", "content": f"c{i}"}] * (i % 3) for i in range(300)],
    "flag": [i % 2 == 0 for i in range(300)], "score": [i / 16 if i % 7 else None for i in range(300)],
})
frame.write_parquet(f"{folder}/polars.parquet")
rows("polars", frame.to_dicts())

with open(f"{folder}/made-by.txt", "w") as out:
    out.write(f"make.py . with pyarrow {pa.__version__}, polars {pl.__version__}\n")
