#!/usr/bin/env bash
# Ends the crash fixture at every STRIDE-th file operation, once each: as a kill, as a torn write, as a
# loss of power (R2, R3).
# Usage: crash-operations.sh [STRIDE [ACTIONS]]      crash-operations.sh 1 "kill torn lose"
. "$(dirname "$0")/fixture.sh"
stride=${1:-1}
part() {
  "${loop[@]}" --mode op --action "$action" --first $((1 + part * stride)) \
    --stride $((stride * parts)) --rounds 100000 --rekill 0 --seed "${SEED:-1}" \
    --ops write,fsync,rename,ftruncate,unlink,link,mkdir,copy \
    --report "$work/report.$part.json" --keep-bad "$keep/$action.$part" | sed "s/^/$action: /"
}
status=0
for action in ${2:-kill torn lose}; do
  unset LOST_POWER
  [ "$action" = lose ] && export LOST_POWER=1
  together part || status=1
done
exit $status
