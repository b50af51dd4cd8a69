#!/usr/bin/env python3
"""Packed JSON Lines: make.py FOLDER   needs zstandard (version in FOLDER/made-by.txt)

Each file holds {"text":"row N é"} for N in 0..<3000, but for the damaged ones; questions.jsonl.gz and
.zst hold three items of an evaluation set.
"""
import gzip, sys
import zstandard

folder = sys.argv[1]
lines = [f'{{"text":"row {n} é"}}\n'.encode() for n in range(3000)]
whole = b"".join(lines)
first, second = b"".join(lines[:1234])[:-5], b"".join(lines[:1234])[-5:] + b"".join(lines[1234:])


def gz(data):
    return gzip.compress(data, mtime=0)


def zst(data):
    return zstandard.ZstdCompressor(level=3).compress(data)


def put(name, data):
    with open(f"{folder}/{name}", "wb") as out:
        out.write(data)


put("one.jsonl.gz", gz(whole))
put("members.jsonl.gz", gz(first) + gz(b"") + gz(second))
put("one.jsonl.zst", zst(whole))
put("frames.jsonl.zst", zst(first) + zst(second))
put("damaged.jsonl.gz", gz(whole)[:3000] + b"\0\1\2\3" + gz(whole)[3004:])
put("damaged.jsonl.zst", zst(whole)[:2000] + b"\0\1\2\3" + zst(whole)[2004:])
questions = "".join(
    f'{{"question":"{text}"}}\n'
    for text in ("Which lamp burns in the hall?", "Who wound the clock?", "What is love?")).encode()
put("questions.jsonl.gz", gz(questions))
put("questions.jsonl.zst", zst(questions))
with open(f"{folder}/made-by.txt", "w") as out:
    out.write(f"make.py . with Python {sys.version.split()[0]}, zstandard {zstandard.__version__}\n")
