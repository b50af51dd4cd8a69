#!/usr/bin/env bash
# How often 95 % intervals hold the truth in simulated experiments, over the whole grid of
# CoverageTests: prints a row for each combination and fails below 93 %.
# Usage: bench-coverage.sh     EXPERIMENTS: of each combination of shares (default 2000). Needs built
# suites; some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
COVERAGE=${EXPERIMENTS:-2000} swift test -c release --skip-build --filter CoverageTests >"$log" 2>&1 || status=$?
grep -E '^coverage' "$log" | sed 's/^coverage  *//' || true
grep -E '✘|error:|Test run with' "$log" | cut -c1-200 | tail -20
exit "$status"
