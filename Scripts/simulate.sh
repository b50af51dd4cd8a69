#!/usr/bin/env bash
# Random schedules through the scheduler: SEED=first N=count; N=1 prints what happens in one.
set -euo pipefail
cd "$(dirname "$0")/.."
export SIMULATE_SEED="${SEED:-1}" SIMULATE_N="${N:-100000}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if swift test -c release --skip-build --filter SimulationTests >"$log" 2>&1; then
  [ "$SIMULATE_N" != 1 ] || grep -E '^[0-9.]+  ' "$log" || true
  grep -E '^simulation:' "$log"
else
  status=$?
  grep -E '^[0-9.]+  ' "$log" || true
  grep -oE 'seed [0-9]+: .*' "$log" | sort -u | head -20 || tail -20 "$log"
  seed=$(grep -oE 'seed [0-9]+: ' "$log" | head -1 | tr -dc 0-9)
  [ -z "$seed" ] || echo "replay with: SEED=$seed N=1 make simulate"
  exit "$status"
fi
