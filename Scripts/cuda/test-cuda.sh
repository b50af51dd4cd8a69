#!/usr/bin/env bash
# What a card computes: the conformance list in float32 and bfloat16, with own products and with cuBLAS,
# the oracles, training beside the host, twice for its bits, and a pipeline that is killed and resumed.
#   CARD      its number (default 0)
#   ORACLES   the folder of oracles (default: beside this script, or ../shared/oracles)
# A machine without a card says so in one line and passes. A program that is handed over
# (cuda-check beside this script, of 'make cuda-bundle') needs no Swift.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
card=${CARD:-0}
if [ -x "$here/cuda-check" ]; then
  export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  check="$here/cuda-check"
  tool="$here/orchestrate"
else
  cd "$here/../.."
  Scripts/build.sh --product cuda-check
  check=$(swift build -c release --show-bin-path)/cuda-check
  tool=$(dirname "$check")/orchestrate
fi
if ! found=$("$check" cards); then
  echo "test-cuda: skipped: $found"
  exit 0
fi
echo "$found"
"$check" conform "$card"
oracles=${ORACLES:-../shared/oracles}
[ -d "$here/oracles" ] && oracles=$here/oracles
if [ -d "$oracles/models" ]; then
  "$check" oracles "$card" "$oracles/models"
else
  echo "test-cuda: the oracles are absent (set ORACLES)"
fi
"$check" resume "$card"
[ -x "$tool" ] || { [ -f Package.swift ] && Scripts/build.sh --product orchestrate; }
"$here/test-cuda-pipeline.sh" "$tool" "$card"
echo "test-cuda: passed"
