#!/usr/bin/env bash
# Kills the whole example again and again and compares every artifact with an undisturbed run.
# Usage: crash-example.sh [KILLS]
set -euo pipefail
cd "$(dirname "$0")/../.."
kills=${1:-5}
faults=${FAULTS:-../shared/faults}
[ -f "$faults/crashloop.py" ] && command -v python3 >/dev/null || {
  echo "crash-example: skipped: $faults/crashloop.py is absent (set FAULTS)"
  exit 0
}
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
Scripts/build.sh --product support-tickets
bin=$(cd "$(swift build -c release --show-bin-path)" && pwd)
template=$(mktemp -d)
trap 'rm -rf "$template"' EXIT
cp examples/01-support-triage/pipeline.yaml examples/01-support-triage/gold.jsonl "$template/"
"$bin/support-tickets" generate "$template/data" --seed 1
python3 "$faults/crashloop.py" --template "$template" \
  --run "$bin/orchestrate run pipeline.yaml" --resume "$bin/orchestrate resume" \
  --outputs '.orchestrate/objects/**' --litter '*.tmp' --litter '.orchestrate/attempts/*' \
  --rounds "$kills" --rekill 0.3 --timeout 900 --orphan-grace 3 --report "$template/crash.json"
