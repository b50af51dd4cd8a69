#!/usr/bin/env bash
# Turns the clock of the crash fixture a day back or a year on, from the start or while it runs: same
# artifacts, no duration below zero, no lock or lease lost (R9).
# Usage: crash-clock.sh
. "$(dirname "$0")/fixture.sh"
status=0 rounds=0
objects() { (cd "$1/.orchestrate/objects" && find . -type f | sort | xargs sha256sum | sha256sum); }
cp -r "$work/template" "$work/reference"
(cd "$work/reference" && "$work/ends" run >/dev/null 2>&1)
reference=$(objects "$work/reference")
for network in 0 1; do
  for jump in -86400 31536000 -3600; do
    for at in 1 20 60 200; do
      folder=$work/clock
      rm -rf "$folder"
      cp -r "$work/template" "$folder"
      # Half of the run, a kill, the rest by another clock.
      env=(ORCHESTRATE_NETWORK_FOLDER=$network LD_PRELOAD="$work/faultio.so"
        FAULT_CLOCK_JUMP=$jump FAULT_CLOCK_AT=$at)
      (cd "$folder" && env "${env[@]}" ORCHESTRATE_CRASH_AT=attempt-swept:3 "$bin" run pipeline.yaml) \
        >"$work/out" 2>&1 || true
      (cd "$folder" && env "${env[@]}" FAULT_CLOCK_JUMP=$((-jump)) "$work/ends" resume) \
        >>"$work/out" 2>&1 || { echo "clock: $jump s at $at: ended with $?"; tail -5 "$work/out"; status=1; }
      [ "$(objects "$folder")" = "$reference" ] || { echo "clock: $jump s at $at: other bytes"; status=1; }
      (cd "$folder" && "$bin" status) >>"$work/out"
      if grep -Eq '(in|[0-9]s) -[0-9]' "$work/out"; then
        echo "clock: $jump s at $at: a duration below zero"; grep -E ' -[0-9]' "$work/out"; status=1
      fi
      python3 Tests/Fixtures/crash/check.py "$folder/.orchestrate" || status=1
      rounds=$((rounds + 1))
    done
  done
done
echo "clock: $rounds rounds with jumps, $([ $status = 0 ] && echo none bad || echo some bad)"
exit $status
