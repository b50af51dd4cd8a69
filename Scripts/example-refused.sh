#!/usr/bin/env bash
# Runs examples/02-refused-gate and expects a refusal: status 3, and nothing exported.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
Scripts/build.sh --product orchestrate
Scripts/build.sh --product support-tickets
bin=$(swift build -c release --show-bin-path)
example=examples/02-refused-gate
"$bin/support-tickets" generate "$example/data" --tickets 1200
status=0
"$bin/orchestrate" run "$example/pipeline.yaml" || status=$?
[ "$status" -eq 3 ] || { echo "example-refused: status $status, expected 3" >&2; exit 1; }
if "$bin/orchestrate" artifacts get gguf --project "$example" --to "$example/out" >/dev/null 2>&1; then
  echo "example-refused: something was exported" >&2
  exit 1
fi
echo "example-refused: refused with status 3, nothing exported"
