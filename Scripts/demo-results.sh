#!/usr/bin/env bash
# Fetches the example's artifacts into its out/ folder and compares them with what was planted.
set -euo pipefail
bin=$1
example=$2
rm -rf "$example/out"
for artifact in scrubbed clean_library clean_pairs tickets.quarantine unique.kept unique.clusters \
  splits.train splits.test gate.scores gate.report preference_gate.scores gguf; do
  "$bin/orchestrate" artifacts get "$artifact" --project "$example" --to "$example/out/$artifact" >/dev/null
done
"$bin/support-tickets" check "$example/data" "$example/out"
