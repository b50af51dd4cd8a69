#!/usr/bin/env bash
# Damages files at rest: of a finished project ('verify --all' must see each, 'run' must heal it or say
# which file), and of interrupted ones, with checkpoints and a journal that was never closed (R7).
# Usage: crash-damage.sh [TRIALS]
. "$(dirname "$0")/fixture.sh"
trials=${1:-1000}
make() { # make STATE CRASH_POINT
  cp -r "$work/template" "$work/$1"
  (cd "$work/$1" && ORCHESTRATE_CRASH_AT=$2 "$bin" run pipeline.yaml >/dev/null 2>&1 || true)
  rm -rf "$work/$1/.orchestrate/lock"
}
make finished ""
make early checkpoint-published:2
make late attempt-finished:1
make journal attempt-swept:3
part() {
  python3 "$work/corrupt.py" --state "$work/$state" "${files[@]}" --cmd "$work/ends $what" \
    --outputs '.orchestrate/objects/*' --trials $(((share + parts - 1) / parts)) --seed $((part + 1)) \
    --timeout 60 --report "$work/damage.$part.json" "${verify[@]}" | sed "s/^/$state: /"
}
status=0
state=finished what=run share=$((trials / 2))
files=(--files '.orchestrate/objects/*' --files '.orchestrate/state.sqlite')
verify=(--verify "'$bin' verify --all")
together part || status=1
for state in early late journal; do
  what=resume share=$((trials / 6)) verify=()
  files=(--files '.orchestrate/objects/*' --files '.orchestrate/checkpoints/*'
    --files '.orchestrate/state.sqlite' --files '.orchestrate/state.sqlite-wal')
  together part || status=1
done
exit $status
