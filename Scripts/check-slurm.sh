#!/usr/bin/env bash
# Runs the example on a private Slurm of this machine, while slurmd, slurmctld and the engine are killed at
# random, and compares every artifact with a run without Slurm.
# Usage: check-slurm.sh [KILLS]     SLURM (folder with slurm.sh), SEED, GAP (seconds between kills, at most), LIMIT (seconds)
set -euo pipefail
cd "$(dirname "$0")/.."
slurm=${SLURM:-../shared/slurm}
[ -x "$slurm/slurm.sh" ] || { echo "check-slurm: skipped: $slurm/slurm.sh is absent (set SLURM)"; exit 0; }
slurm=$(cd "$slurm" && pwd)
kills=${1:-10}
RANDOM=${SEED:-1}
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
Scripts/build.sh --product support-tickets
bin=$(cd "$(swift build -c release --show-bin-path)" && pwd)/orchestrate
[ -x "$bin" ] || { echo "check-slurm: '$bin' is not built: type 'make build' first" >&2; exit 1; }
work=$(mktemp -d)
export SLURM_ROOT=$work/slurm
finish() {
  [ -n "${engine:-}" ] && kill -9 "$engine" 2>/dev/null || true
  "$slurm/slurm.sh" stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
for place in local cluster; do
  mkdir "$work/$place"
  cp examples/01-support-triage/{pipeline.yaml,gold.jsonl} "$work/$place/"
  "$(dirname "$bin")/support-tickets" generate "$work/$place/data" --seed 1 >/dev/null
done
objects() { (cd "$1/.orchestrate/objects" && find . -type f | sort); }
expected=0
(cd "$work/local" && "$bin" run >"$work/local.log" 2>&1) || expected=$?
[ "$expected" = 0 ] || [ "$expected" = 3 ] || { tail -20 "$work/local.log"; exit 1; }
"$slurm/slurm.sh" start >/dev/null
eval "$("$slurm/slurm.sh" env)"

cd "$work/cluster"
status=none
count=0
command=(run --executor slurm --jobs 4)
start=$SECONDS
while [ $((SECONDS - start)) -lt "${LIMIT:-900}" ]; do
  "$bin" "${command[@]}" >>"$work/cluster.log" 2>&1 &
  engine=$!
  while kill -0 "$engine" 2>/dev/null && [ "$count" -lt "$kills" ]; do
    sleep "$((RANDOM % ${GAP:-16})).$((RANDOM % 10))"
    count=$((count + 1))
    case $((RANDOM % 3)) in
      0) "$slurm/slurm.sh" kill-node 2>/dev/null || true
        sleep $((RANDOM % 15)); "$slurm/slurm.sh" start-node || true; what=slurmd ;;
      1) "$slurm/slurm.sh" kill-ctl 2>/dev/null || true
        sleep $((RANDOM % 5)); "$slurm/slurm.sh" start-ctl || true; what=slurmctld ;;
      2) kill -9 "$engine" 2>/dev/null || true; what=engine ;;
    esac
    echo "check-slurm: $((SECONDS - start)) s: killed $what ($count of $kills)"
  done
  status=0
  wait "$engine" || status=$?
  engine=
  [ "$status" = "$expected" ] && break
  command=(resume --executor slurm --jobs 4)
  # A kill before the run was recorded leaves nothing to resume.
  [ "$status" = 65 ] && command=(run --executor slurm --jobs 4)
done
[ "$status" = "$expected" ] || { echo "check-slurm: ended with $status, expected $expected"; tail -30 "$work/cluster.log"; exit 1; }
if ! diff <(objects "$work/local") <(objects "$work/cluster") >"$work/diff"; then
  echo "check-slurm: objects differ:"; head -20 "$work/diff"; exit 1
fi
twice=$(python3 - .orchestrate/state.sqlite <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("""SELECT count(*) FROM (SELECT fingerprint FROM attempt WHERE state IN ('succeeded', 'refused')
  GROUP BY fingerprint HAVING count(*) > 1)""").fetchone()[0])
P
)
[ "$twice" = 0 ] || { echo "check-slurm: $twice results were published twice"; exit 1; }
left=$(squeue -h -o '%j %T' | grep -c '^orchestrate-' || true)
[ "$left" = 0 ] || { echo "check-slurm: $left jobs are left in the cluster"; squeue; exit 1; }
echo "check-slurm: $count kills, same $(objects "$work/cluster" | wc -l) objects as without Slurm, nothing published twice, $((SECONDS - start)) s"
