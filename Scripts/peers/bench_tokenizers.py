#!/usr/bin/env python3
"""bench_tokenizers.py CORPUS.txt TOKENIZER.json: MB/s of `tokenizers` and of tiktoken ("-" where it has no such
vocabulary), one thread, best of two rounds, on two words of one line."""
import json, os, sys, time
os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer

text = open(sys.argv[1], encoding="utf-8").read()
megabytes, documents, lines, count = len(text.encode()) / 1e6, [], [], 0
for line in text.splitlines(True):
    lines.append(line); count += len(line)
    if count > 4000: documents.append("".join(lines)); lines, count = [], 0
documents.append("".join(lines))


def best(encode):
    seconds = 1e9
    for _ in range(2):
        start = time.perf_counter()
        for document in documents: encode(document)
        seconds = min(seconds, time.perf_counter() - start)
    return f"{megabytes / seconds:.2f}"


source = open(sys.argv[2], encoding="utf-8").read()
tokenizer, description = Tokenizer.from_str(source), json.loads(source)
ours = best(lambda d: tokenizer.encode(d, add_special_tokens=False).ids)
other = "-"
try:
    import tiktoken
    model = description["model"]
    if model["type"] == "BPE" and not model.get("byte_fallback"):
        printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
        rest = [b for b in range(256) if b not in printable]
        byte = {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(rest)}
        ranks = {bytes(byte[c] for c in t): i for t, i in model["vocab"].items() if all(c in byte for c in t)}
        steps = description["pre_tokenizer"].get("pretokenizers", [description["pre_tokenizer"]])
        splits = [s["pattern"]["Regex"] for s in steps if s["type"] == "Split"]
        pattern = splits[0] if splits else r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        encoding = tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        other = best(encoding.encode_ordinary)
except ImportError:
    pass
print(ours, other)
