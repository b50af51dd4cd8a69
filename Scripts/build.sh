#!/usr/bin/env bash
# Builds in release with imports checked against Package.swift; prints warnings as errors.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "build: swift build -c release $*"
start=$SECONDS
if ! swift build -c release --explicit-target-dependency-import-check error "$@" >"$log" 2>&1; then
  grep -E 'error:' "$log" | sort -u | head -40 || tail -40 "$log"
  tail -5 "$log"
  echo "build: failed; the first errors are above" >&2
  exit 1
fi
warnings=$(grep -E '/(Sources|Tests|examples)/.*warning:' "$log" | sort -u || true)
if [ -n "$warnings" ]; then
  echo "$warnings"
  echo "build: warnings are errors here" >&2
  exit 1
fi
echo "build: done in $((SECONDS - start)) s"
