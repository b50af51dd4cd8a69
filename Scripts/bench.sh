#!/usr/bin/env bash
# Start-up, validation and training speed of the build that is there, with the BLAS core in use.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
bin=$(swift build -c release --show-bin-path)/orchestrate
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  echo "name: long"
  echo "stages:"
  echo "  s0: { uses: ingest, with: { sources: [ { path: ./rows.jsonl, type: completion } ] } }"
  for i in $(seq 1 66); do
    echo "  s$i:"
    echo "    uses: minhash_dedup"
    echo "    inputs: { records: s$((i - 1)) }"
  done
} >"$work/pipeline.yaml"
echo '{"text":"one row"}' >"$work/rows.jsonl"
median() { # median of 11 runs in milliseconds
  for _ in $(seq 11); do
    local start=$(date +%s%N)
    "$@" >/dev/null 2>&1
    echo $((($(date +%s%N) - start) / 1000))
  done | sort -n | sed -n 6p | awk '{ printf "%.1f ms", $1 / 1000 }'
}
echo "bench: --help $(median "$bin" --help)"
echo "bench: validate of $(wc -l <"$work/pipeline.yaml") lines $(median "$bin" validate "$work/pipeline.yaml")"
"$bin" run "$work/pipeline.yaml" --project "$work" >/dev/null 2>&1 || true
echo "bench: run with nothing to do, 67 stages $(median "$bin" run "$work/pipeline.yaml" --project "$work")"
for method in lora full score; do
  echo "bench: $method, 4 rows of 512: $("$(dirname "$bin")/training-bench" --shape tiny15m --method $method --batch 4)"
done
