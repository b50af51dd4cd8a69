#!/usr/bin/env bash
# JSON Lines read by Orchestrate beside orjson, in megabytes per second of processor time: on a tape,
# as a tree, as encoded rows with their ids, and all of 'orchestrate run' with an ingest stage: the
# digest of the file, both processes, chunks written, digested, flushed and published.
#   FILE    rows to read (default: 200 MB of generated chat rows)
#   PYTHON  a Python with orjson (default python3); without it the peer is left out, and it says so
#   RUNS    rounds, of which the best counts (default 3)
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
file=${FILE:-$work/chat.jsonl}
[ -n "${FILE:-}" ] || "$python" Scripts/peers/chat_jsonl.py "$file" 200
.build/release/data-bench json "$file" --repeat "${RUNS:-3}" | sed 's/^/orchestrate /'
program=$PWD/.build/release/orchestrate
bytes=$(wc -c <"$file")
for ((round = 0; round < ${RUNS:-3}; round++)); do
  mkdir "$work/$round"
  cat >"$work/$round/pipeline.yaml" <<YAML
name: bench
stages:
  rows: { uses: ingest, with: { sources: [ { path: "$(realpath "$file")", format: jsonl } ] } }
YAML
  (cd "$work/$round" && TIMEFORMAT='%U %S %R' && time "$program" run >/dev/null 2>run.log) 2>&1
done | awk -v bytes="$bytes" '
  $1 + $2 > 0 && (!best || $1 + $2 < best) { best = $1 + $2; wall = $3 }
  END { printf "orchestrate run %.0f MB/cpu_s (%.2f CPU s, %.2f s)\n", bytes / best / 1e6, best, wall }'
if "$python" -c 'import orjson' 2>/dev/null; then
  "$python" - "$file" "${RUNS:-3}" <<'PYTHON'
import orjson, sys, time
data = open(sys.argv[1], "rb").read()
lines = data.split(b"\n")[:-1]
best = 1e9
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    for line in lines:
        orjson.loads(line)
    best = min(best, time.process_time() - start)
print(f"orjson {orjson.__version__} {len(data) / best / 1e6:.0f} MB/cpu_s")
PYTHON
else
  echo "orjson: left out: '$python' has no orjson (set PYTHON)"
fi
