#!/usr/bin/env bash
# Kills the crash fixture again and again and compares every artifact with an undisturbed run.
# Usage: crash-fixture.sh [ROUNDS]            random kills, resumes killed too
#        crash-fixture.sh --every-operation [STRIDE [ACTION]]   a kill (or ACTION: torn, lose, ENOSPC,
#                                                  EIO) at every STRIDE-th file operation, once each
set -euo pipefail
cd "$(dirname "$0")/../.."
faults=${FAULTS:-../shared/faults}
[ -f "$faults/crashloop.py" ] && command -v python3 >/dev/null || {
  echo "crash-fixture: skipped: $faults/crashloop.py is absent (set FAULTS)"
  exit 0
}
bin=${ORCHESTRATE:-$(swift build -c release --show-bin-path)/orchestrate}
[ -x "$bin" ] || { echo "crash-fixture: '$bin' is not built: type 'make build' first" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/template"
cp Tests/Fixtures/crash/pipeline.yaml "$work/template/"
cp "$faults"/crashloop.py "$faults"/faultio.c "$work/"
check="python3 $PWD/Tests/Fixtures/crash/check.py {work}/.orchestrate"
# The fixture ends with a refusal: 3 is its success. A kill before the run was recorded leaves
# nothing to resume: then it is run again.
expect3='s=$?; [ $s = 3 ] && exit 0; [ $s = 0 ] && exit 9; exit $s'
run="'$bin' run pipeline.yaml; $expect3"
resume="'$bin' resume; s=\$?; [ \$s = 65 ] && { '$bin' run pipeline.yaml; s=\$?; }; (exit \$s); $expect3"
options=(--mode time --rounds "${1:-25}" --rekill 0.3)
if [ "${1:-}" = --every-operation ]; then
  cc -O1 -fPIC -shared -o "$work/faultio.so" "$work/faultio.c" -ldl -lpthread
  action=${3:-kill}
  options=(--mode op --action "$action" --stride "${2:-1}" --rounds 100000 --rekill 0
    --ops write,fsync,rename,ftruncate,unlink,link,mkdir)
fi
python3 "$work/crashloop.py" --template "$work/template" --tmp "$work" --run "$run" \
  --resume "$resume" --check "$check" --outputs '.orchestrate/objects/*' \
  --litter '*.tmp-orchestrate*' --litter '.orchestrate/attempts/*' \
  --litter '.orchestrate/checkpoints/*' \
  --ack '^\[(\w+)\] \S+ (?:done|refused) in' --list-acks "'$bin' status | sed -n 's/^  \\(\\w*\\) .*\\(done\\|cached\\|refused\\).*/[\\1] 0s done in/p'" \
  --timeout 60 --orphan-grace 2 --report "$work/crash.json" --keep-bad "${KEEP:-$work/bad}" \
  "${options[@]}"
