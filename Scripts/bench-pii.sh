#!/usr/bin/env bash
# Personal data: MB per CPU second of `orchestrate pii --json`, and its scores on labelled sets.
#
#   Scripts/bench-pii.sh [FILE.jsonl ...]      default: ../shared/data/pii/synthetic_visible.jsonl
#
# PYTHON: an interpreter with presidio-analyzer, whose figures are then printed beside.
# MB counts the bytes of the texts; CPU seconds are user + system of the whole command, on the file
# repeated until it holds SIZE_MB (default 64) of text.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
tool=${ORCHESTRATE:-.build/release/orchestrate}
python=${PYTHON:-}
size=${SIZE_MB:-64}
files=("$@")
[ ${#files[@]} -gt 0 ] || files=("$shared/data/pii/synthetic_visible.jsonl")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

text_bytes() {
  python3 -c '
import json, sys
print(sum(len(json.loads(line)["text"].encode()) for line in open(sys.argv[1], encoding="utf-8")))' "$1"
}

for file in "${files[@]}"; do
  echo "== $file"
  "$tool" pii "$file" --json > "$work/found.jsonl"
  python3 "$shared/bench/pii_score.py" "$file" "$work/found.jsonl" --map "$shared/bench/pii_map.json"
  bytes=$(text_bytes "$file")
  times=$((size * 1000000 / bytes + 1))
  for _ in $(seq "$times"); do cat "$file"; done > "$work/large.jsonl"
  TIMEFORMAT='%U %S'
  used=$({ time "$tool" pii "$work/large.jsonl" --json > /dev/null; } 2>&1)
  python3 -c '
import sys
bytes, times, file_bytes = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
cpu = sum(map(float, sys.argv[4].split()))
print(f"speed: {bytes * times / 1e6 / cpu:.1f} MB of text, {file_bytes / 1e6 / cpu:.1f} MB of file per CPU second")
' "$bytes" "$times" "$(stat -c %s "$work/large.jsonl")" "$used"
  if [ -n "$python" ]; then
    echo "-- Presidio, patterns alone"
    "$python" "$shared/bench/peers/pii_presidio.py" "$file" "$work/presidio.jsonl" \
      --tool presidio --threshold 0.35 || { echo "Presidio did not run"; continue; }
    python3 "$shared/bench/pii_score.py" "$file" "$work/presidio.jsonl" --map "$shared/bench/pii_map.json"
  fi
done
