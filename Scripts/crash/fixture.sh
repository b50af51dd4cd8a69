# Sourced by the campaigns: the crash fixture, the program, and how its ends are read.
#   FAULTS       folder with crashloop.py, corrupt.py, race.py, limits.py, faultio.c (../shared/faults)
#   ORCHESTRATE  the program (the release build)
#   JOBS         parts of a campaign at the same time (half of the processors)
#   KEEP         folder that keeps what went wrong
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$(basename "$0" .sh)
faults=${FAULTS:-../shared/faults}
[ -f "$faults/crashloop.py" ] && command -v python3 >/dev/null && command -v cc >/dev/null || {
  echo "$name: skipped: $faults/crashloop.py, python3 or cc is absent (set FAULTS)"
  exit 0
}
bin=${ORCHESTRATE:-$(swift build -c release --show-bin-path)/orchestrate}
[ -x "$bin" ] || { echo "$name: '$bin' is not built: type 'make build' first" >&2; exit 1; }
jobs=${JOBS:-$(($(nproc) > 1 ? $(nproc) / 2 : 1))}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keep=${KEEP:-$work/bad}
mkdir "$work/template"
cp Tests/Fixtures/crash/pipeline.yaml "$work/template/"
cp "$faults"/*.py "$faults"/faultio.c "$work/"
cc -O1 -fPIC -shared -o "$work/faultio.so" "$work/faultio.c" -ldl -lpthread
unset ORCHESTRATE_CACHE ORCHESTRATE_CRASH_AT

# ends RUN|RESUME: the fixture ends with a refusal, so that 3 is its success and 0 is wrong. A kill
# before the run was recorded leaves nothing to resume: then it is run again.
cat >"$work/ends" <<EOF
#!/bin/bash
errors='$work'/errors.\$\$
if [ "\$1" = run ]; then '$bin' run pipeline.yaml 2>"\$errors"; s=\$?
else
  '$bin' resume 2>"\$errors"; s=\$?
  if [ \$s = 65 ]; then cat "\$errors" >&2; '$bin' run pipeline.yaml 2>"\$errors"; s=\$?; fi
fi
cat "\$errors" >&2
case \$s in
3) s=0 ;;
0) s=9 ;;
74) # Whoever is told of trouble with a file learns which file and what trouble.
  grep -Eq "'[^']*'.*\((E[A-Z0-9]+|SQLITE_[A-Z_]+)(, SQLITE_[A-Z_]+)?\)|process.spawn" "\$errors" || s=91 ;;
1) # A command of the user's met the trouble itself.
  grep -q 'command-failed' "\$errors" && s=74 ;;
esac
rm -f "\$errors"
exit \$s
EOF
chmod +x "$work/ends"
check="python3 $PWD/Tests/Fixtures/crash/check.py {work}/.orchestrate"
acks=(--ack '^\[(\w+)\] \S+ (?:done|refused) in'
  --list-acks "'$bin' status | sed -n 's/^  \\(\\w*\\) .*\\(done\\|cached\\|refused\\).*/[\\1] 0s done in/p'")
loop=(python3 "$work/crashloop.py" --template "$work/template" --tmp "$work" --run "$work/ends run"
  --resume "$work/ends resume" --check "$check" --outputs '.orchestrate/objects/*'
  --litter '*.tmp-orchestrate*' --litter '.orchestrate/attempts/*'
  --litter '.orchestrate/checkpoints/*' "${acks[@]}" --timeout 60 --orphan-grace 2)

# together COMMAND...: runs it for the parts 0 to JOBS-1 at the same time, with $part and $parts set;
# fails when one fails.
together() {
  local pids=() status=0 part
  for ((part = 0; part < jobs; part++)); do
    part=$part parts=$jobs "$@" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || status=1; done
  return $status
}
