#!/usr/bin/env bash
# Runs the suites of the build that is there; arguments are filters.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
filters=()
for name in "$@"; do filters+=(--filter "$name"); done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if swift test -c release --skip-build "${filters[@]}" >"$log" 2>&1; then
  grep -E 'skipped: "' "$log" | sed 's/^/test: /' | sort -u | head -20 || true
  grep -E 'Test run with' "$log" | tail -1
else
  status=$?
  grep -E '✘|error:|recorded an issue|Fatal|Crash' "$log" | head -60 || true
  tail -5 "$log"
  exit "$status"
fi
