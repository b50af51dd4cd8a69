#!/usr/bin/env bash
# What appending one row in a hundred costs the map stages: seconds of each stage of a first run over
# ROWS rows, then of the run after the append, and whether that one made the bytes of a run from
# scratch. Usage: bench-append.sh [ROWS]
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
rows=${1:-1000000}
bin=$(cd "$(swift build -c release --show-bin-path)" && pwd)
folder=$(mktemp -d)
scratch=$(mktemp -d)
trap 'rm -rf "$folder" "$scratch"' EXIT
cat >"$folder/pipeline.yaml" <<'YAML'
name: append
stages:
  rows: { uses: ingest, with: { sources: [ { path: ./rows.jsonl } ] } }
  scrubbed: { uses: pii_scrub, inputs: { records: rows } }
  good: { uses: quality_filter, inputs: { records: scrubbed }, with: { rules: [instruction] } }
  english: { uses: language_filter, inputs: { records: good }, with: { languages: [en] } }
  safe: { uses: scan_injection, inputs: { records: english } }
  unique: { uses: minhash_dedup, inputs: { records: safe } }
YAML
python3 Scripts/data-rows.py "$folder/rows.jsonl" "$rows"
seconds() { # seconds FOLDER: "stage seconds" lines of the last run
  (cd "$1" && "$bin/orchestrate" status --json) | python3 -c '
import json, sys
for stage in json.load(sys.stdin)["stages"]:
    print(stage["stage"], round(stage.get("seconds", 0), 3))'
}
run() { (cd "$1" && "$bin/orchestrate" run pipeline.yaml >run.txt 2>&1) || { cat "$1/run.txt"; exit 1; }; }
run "$folder"
first=$(seconds "$folder")
python3 Scripts/data-rows.py "$folder/rows.jsonl" $((rows / 100)) --start "$rows"
run "$folder"
again=$(seconds "$folder")
cp "$folder/pipeline.yaml" "$folder/rows.jsonl" "$scratch/"
run "$scratch"
join <(sort <<<"$first") <(sort <<<"$again") | awk '
  { printf "%-10s first %7.2f s, after the append %6.2f s, %5.1f %%\n", $1, $2, $3, 100 * $3 / ($2 > 0 ? $2 : 1)
    if ($1 != "rows" && $1 != "unique") { a += $2; b += $3 } }
  END { printf "map stages first %.2f s, after %.2f s: %.1f %% (bar: 5 %%)\n", a, b, 100 * b / a }'
for stage in scrubbed good english safe unique; do
  a=$(cd "$folder" && "$bin/orchestrate" artifacts ls --json | grep "\"stage\":\"$stage\"" | sort)
  b=$(cd "$scratch" && "$bin/orchestrate" artifacts ls --json | grep "\"stage\":\"$stage\"" | sort)
  [ "$a" = "$b" ] || { echo "bench-append: $stage differs from a run from scratch" >&2; exit 1; }
done
echo "bench-append: the same bytes as a run from scratch"
