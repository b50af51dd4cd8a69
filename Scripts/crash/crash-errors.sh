#!/usr/bin/env bash
# Lets every STRIDE-th file operation of the crash fixture fail once with each error, and some for
# ever: the run ends with 74 and names file and error, or is none the worse; a resume ends with the
# same bytes. Then a disk that is really full (R4).
# Usage: crash-errors.sh [STRIDE [ERRORS]]      crash-errors.sh 1 "ENOSPC EIO EMFILE EROFS EDQUOT"
. "$(dirname "$0")/fixture.sh"
stride=${1:-1}
part() {
  "${loop[@]}" --mode op --action "$error" --count "$count" --first $((1 + part * stride)) \
    --stride $((stride * parts)) --rounds 100000 --rekill 0 --expect-exit 74 --ops "$ops" \
    --report "$work/report.$part.json" --keep-bad "$keep/$error.$count.$part" \
    | sed "s/^/$error ($count): /"
}
status=0
for error in ${2:-ENOSPC EDQUOT EIO EROFS EMFILE}; do
  case $error in
  ENOSPC | EDQUOT) ops=open,write,fsync,rename,ftruncate,link,mkdir,copy ;;
  EROFS) ops=open,write,rename,unlink,ftruncate,link,mkdir,copy ;;
  EMFILE) ops=open ;;
  *) ops=open,read,write,fsync,rename,ftruncate,unlink,link,mkdir,copy,lock ;;
  esac
  count=1
  together part || status=1
  if [ "$error" = ENOSPC ]; then
    count=sticky
    together part || status=1
  fi
done

# A disk of 2 MB with ever less room on it. Then there is room again, and it goes on.
python3 - "$work" "$bin" "$stride" <<'EOF' || status=1
import hashlib, os, subprocess, sys
work, bin, stride = sys.argv[1], sys.argv[2], int(sys.argv[3])
script = r'''
cp "$1/template/pipeline.yaml" . && head -c $3 /dev/zero >filler
"$1/ends" run >"$1/full.out" 2>"$1/full.err"; first=$?
rm filler
if [ $first != 0 ]; then "$1/ends" resume >>"$1/full.out" 2>"$1/full.err2"; last=$?; else last=0; fi
echo "$first $last $(cd .orchestrate/objects && find . -type f | sort | xargs sha256sum | sha256sum)"
python3 "$4" .orchestrate'''
check = os.path.abspath("Tests/Fixtures/crash/check.py")
def run(room):
    at = os.path.join(work, "disk"); os.makedirs(at, exist_ok=True)
    filler = (2 << 20) - room
    p = subprocess.run(["python3", f"{work}/limits.py", "--disk", "2", "--at", at, "--", "bash", "-c",
        f"cd {at}; " + script, "full", work, bin, str(max(0, filler)), check], capture_output=True, text=True)
    return p.stdout.split("\n")[0].split(" "), p.returncode, p.stdout + p.stderr
reference, code, text = run(2 << 20)
if reference[:1] != ["0"] or code: sys.exit(f"full disk: the undisturbed run fails: {text}")
bad = full = 0
rooms = range(8 << 10, 1200 << 10, (8 << 10) * stride)
for room in rooms:
    found, code, text = run(room)
    full += found[0] == "74"
    if found[0] not in ("0", "74") or found[1:2] != ["0"] or found[2:] != reference[2:] or code:
        bad += 1
        print(f"full disk: {room >> 10} kB of room: BAD {text.strip()[:300]}")
        print(open(f"{work}/full.err").read()[:600])
print(f"full disk: {len(rooms)} sizes, {full} ended with 74 and went on, {bad} bad")
sys.exit(bad > 0 or full == 0)
EOF
exit $status
