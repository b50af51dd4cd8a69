#!/usr/bin/env bash
# Runs every escape program behind each set of walls and prints the verdicts and what was left
# outside; as root, then once more as an ordinary user. Uses the suites that are built.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# An ordinary user writes the table as well.
chmod 777 "$folder"
table=$folder/table
log=$folder/log
tests=${TESTS:-.build/release/orchestratePackageTests.xctest}

run() {
  rm -f "$table"
  local status=0
  "$@" env SANDBOX_TABLE="$table" "$tests" --testing-library swift-testing --filter EscapeTests \
    >"$log" 2>&1 || status=$?
  [ ! -e "$table" ] || cat "$table"
  if [ "$status" -ne 0 ]; then
    grep -E '✘|recorded an issue|error:' "$log" | head -40 || tail -5 "$log"
    exit "$status"
  fi
  [ -s "$table" ] || { echo "check-sandbox: nothing ran:"; tail -5 "$log"; exit 1; }
}

echo "== as $(id -un)"
run
if [ "$(id -u)" -eq 0 ]; then
  nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --inh-caps=-all)
  if "${nobody[@]}" test -x "$tests"; then
    echo "== as an ordinary user"
    run "${nobody[@]}" env -u TMPDIR HOME=/tmp
  else
    echo "check-sandbox: skipped the run as an ordinary user, who cannot read $tests"
  fi
fi
