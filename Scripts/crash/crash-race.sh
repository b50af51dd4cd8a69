#!/usr/bin/env bash
# Starts the crash fixture several times at once in one folder, one of them killed now and then: no
# work twice, no mixed outputs, whoever comes second ends with 75 (R8).
# Usage: crash-race.sh [ROUNDS [COPIES]]      crash-race.sh 200 "2 8"
. "$(dirname "$0")/fixture.sh"
rounds=${1:-200}
part() {
  python3 "$work/race.py" --cmd "$work/ends run" --template "$work/template" \
    --outputs '.orchestrate/objects/*' --did '^\[(\w+)\] \S+ (?:done|refused) in' \
    --check "$check" --copies "$copies" --rounds $(((rounds + parts - 1) / parts)) \
    --seed $((part + 1)) --kill 0.3 --timeout 120 | sed 's/^/race: /'
}
status=0
for copies in ${2:-2 8}; do together part || status=1; done
exit $status
