#!/usr/bin/env bash
# How long every command takes over a history of 10,000 runs and a pipeline of 1,000 stages.
# Usage: bench-history.sh     RUNS, STAGES, BAR (milliseconds), TRIES
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${ORCHESTRATE:-$PWD/.build/release/orchestrate}
[ -x "$bin" ] || { echo "bench-history: '$bin' is not built: type 'make build' first" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 Scripts/bench-history.py "$bin" "$work" --runs "${RUNS:-10000}" --stages "${STAGES:-1000}" \
  --bar "${BAR:-100}" --tries "${TRIES:-5}"
