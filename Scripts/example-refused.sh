#!/usr/bin/env bash
# Runs an example whose gate refuses, and expects status 3 and that the artifact named was not made.
# Usage: example-refused.sh FOLDER ARTIFACT
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
example=$1
absent=$2
Scripts/build.sh --product orchestrate
Scripts/build.sh --product support-tickets
bin=$(swift build -c release --show-bin-path)
"$bin/support-tickets" generate "$example/data" --tickets 1200
status=0
"$bin/orchestrate" run "$example/pipeline.yaml" || status=$?
[ "$status" -eq 3 ] || { echo "example-refused: status $status, expected 3" >&2; exit 1; }
if "$bin/orchestrate" artifacts get "$absent" --project "$example" --to "$example/out" >/dev/null 2>&1; then
  echo "example-refused: '$absent' was made" >&2
  exit 1
fi
echo "example-refused: $example refused with status 3, no '$absent'"
