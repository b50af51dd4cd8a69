#!/usr/bin/env bash
# Kills the crash fixture at random moments, resumes too, and compares every artifact, metric and
# record with an undisturbed run (R1).
# Usage: crash-fixture.sh [ROUNDS]
. "$(dirname "$0")/fixture.sh"
rounds=${1:-25}
part() {
  "${loop[@]}" --mode time --rounds $(((rounds + parts - 1) / parts)) --seed $((part + 1)) \
    --rekill 0.3 --report "$work/report.$part.json" --keep-bad "$keep/kills.$part" | sed 's/^/kills: /'
}
together part
