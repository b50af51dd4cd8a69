#!/usr/bin/env bash
# What a card computes: the conformance list in float32 and bfloat16, with own products and with cuBLAS,
# then training beside the host, twice for its bits, and a pipeline that is killed and resumed.
#   CARD   its number (default 0)
# A machine without a card says so in one line and passes. A program that is handed over
# (cuda-check beside this script, of 'make cuda-bundle') needs no Swift.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
card=${CARD:-0}
if [ -x "$here/cuda-check" ]; then
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
"$check" resume "$card"
[ -x "$tool" ] || { [ -f Package.swift ] && Scripts/build.sh --product orchestrate; }
"$here/test-cuda-pipeline.sh" "$tool" "$card"
echo "test-cuda: passed"
