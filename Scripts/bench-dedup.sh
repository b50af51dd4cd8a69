#!/usr/bin/env bash
# Deduplication of generated corpora: speed, memory, and precision and recall by an exact join.
#   Scripts/bench-dedup.sh SIZE...   (PYTHON: an interpreter with numpy and scipy, and the peers)
# BENCH_FOLDER holds gen_dedup_corpus.py, exact_jaccard.py and peers/dedup_peers.py (../shared/bench);
# WORK the corpora (default: a temporary folder); THREADS and MEMORY are handed on. The exact join is
# made up to 200,000 texts, the peers of PEERS (datasketch rensa gaoya daft) run up to 100,000.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { echo "usage: Scripts/bench-dedup.sh SIZE..."; exit 64; }
python=${PYTHON:-python3}
folder=${BENCH_FOLDER:-../shared/bench}
bench=${DATA_BENCH:-.build/release/data-bench}
[ -x "$bench" ] || swift build -c release --product data-bench
[ -f "$folder/gen_dedup_corpus.py" ] || { echo "skipped: $folder has no gen_dedup_corpus.py"; exit 0; }
"$python" -c 'import numpy' 2>/dev/null || { echo "skipped: $python has no 'numpy'"; exit 0; }
work=${WORK:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

for size in "$@"; do
  corpus=$work/c$size.jsonl
  [ -f "$corpus" ] || "$python" "$folder/gen_dedup_corpus.py" "$corpus" -n "$size" --seed 7
  [ -f "$work/r$size/records.json" ] || "$bench" dedup-records "$corpus" "$work/r$size" >"$work/log"
  echo "== $size texts"
  "$bench" dedup "$work/r$size" "$work/o$size" --threads "${THREADS:-1}" \
    --memory "${MEMORY:-3000000000}"
  if [ "$size" -le 200000 ] && "$python" -c 'import scipy' 2>/dev/null; then
    [ -f "$work/c$size.pairs" ] || "$python" "$folder/exact_jaccard.py" pairs "$corpus" \
      "$work/c$size.pairs" --shingle word5 --min 0.5 >"$work/log"
    awk -F'\t' '{ printf "d%07d\td%07d\n", $1, $2 }' "$work/o$size/labels.tsv" >"$work/pred.tsv"
    "$python" "$folder/exact_jaccard.py" score "$work/c$size.pairs" "$work/pred.tsv" --threshold 0.8
  fi
  if [ "$size" -le 100000 ] && [ -n "${PYTHON:-}" ]; then
    for peer in ${PEERS:-rensa gaoya daft}; do
      "$python" "$folder/peers/dedup_peers.py" "$peer" "$corpus" "$work/peer.tsv" \
        || echo "skipped: $python has no '$peer'"
    done
  fi
done
