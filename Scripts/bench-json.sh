#!/usr/bin/env bash
# JSON Lines read by Orchestrate beside orjson, in megabytes per second of processor time.
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
