#!/usr/bin/env bash
# Retraining from CI, end to end: a bare remote, pushes, 'orchestrate ci' in a clean clone each time.
# Usage: check-ci.sh [FOLDER], which is kept when it is given.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE GITHUB_ACTIONS GITHUB_OUTPUT GITHUB_STEP_SUMMARY
here=$PWD
tool=${ORCHESTRATE:-$here/.build/release/orchestrate}
[ -x "$tool" ] || { echo "check-ci: '$tool' is not built" >&2; exit 1; }
root=${1:-$(mktemp -d)}
[ -n "${1:-}" ] || trap 'rm -rf "$root"' EXIT
mkdir -p "$root"
export ORCHESTRATE_CACHE=$root/cache ORCHESTRATE_REGISTRY=$root/registry
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=check GIT_AUTHOR_EMAIL=check@example.org
export GIT_COMMITTER_NAME=check GIT_COMMITTER_EMAIL=check@example.org
# Nobody may find these anywhere afterwards.
for number in $(seq 1 20); do
  export "PLANTED_${number}_TOKEN=canary-$number-$(printf '%s' "$number$root" | sha256sum | cut -c1-24)"
done

fail() { echo "check-ci: $*" >&2; exit 1; }
expect() { [ "$2" = "$3" ] || fail "$1 is '$2', expected '$3'"; }
champion() { "$tool" registry show triage@champion --json | sed 's/.*"version":\([0-9]*\).*/\1/'; }

git init -q --bare -b main "$root/remote.git"
git clone -q "$root/remote.git" "$root/work" 2>/dev/null
push() { git -C "$root/work" add -A && git -C "$root/work" commit -q -m "$1" && git -C "$root/work" push -q origin HEAD:main; }

# Runs CI on a clean clone of the remote, as the runner would; leaves status, summary and outputs.
runs=0
last=
ci() {
  runs=$((runs + 1))
  clone=$root/clone-$runs
  git clone -q "$root/remote.git" "$clone"
  last=$clone
  export GITHUB_STEP_SUMMARY=$root/summary-$runs.md GITHUB_OUTPUT=$root/output-$runs
  local start
  start=$(date +%s%N)
  status=0
  (cd "$clone" && GITHUB_ACTIONS=true GITHUB_WORKSPACE=$clone "$tool" ci pipeline.yaml "$@") >"$root/log-$runs" 2>&1 || status=$?
  milliseconds=$((($(date +%s%N) - start) / 1000000))
  summary=$GITHUB_STEP_SUMMARY
  output=$GITHUB_OUTPUT
  unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT
}
result() { sed -n 's/^result=//p' "$output"; }
stage() { tr -d '\n ' <"$last/orchestrate-ci/report.json" | grep -o "{\"stage\":\"$1\",\"plan\":\"[a-z]*\"[^}]*}" | head -1; }

echo "check-ci: the first push"
cp -r "$here/examples/ci/pipeline.yaml" "$root/work/"
mkdir -p "$root/work/data/tickets"
printf '.orchestrate\norchestrate-ci\n' >"$root/work/.gitignore"
rows=$here/examples/ci/rows.sh
"$rows" texts 0 600 >"$root/work/data/library.jsonl"
"$rows" chats 3000 240 >"$root/work/data/tickets/first.jsonl"
"$rows" chats 9000 120 >"$root/work/data/gold.jsonl"
push "first rows"
ci
[ "$status" -eq 0 ] || { tail -30 "$root/log-$runs" >&2; fail "the first push ended with $status"; }
expect "the result" "$(result)" promoted
expect "the champion" "$(champion)" 1
first=$milliseconds

echo "check-ci: a push of new rows"
"$rows" chats 4000 120 >"$root/work/data/tickets/second.jsonl"
push "more rows"
ci
[ "$status" -eq 0 ] || { tail -30 "$root/log-$runs" >&2; fail "the push of rows ended with $status"; }
expect "the result" "$(result)" promoted
expect "the champion" "$(champion)" 2
for name in library tokenizer base; do
  stage "$name" | grep -q '"reused":true' || fail "'$name' was made again"
done
for name in tickets sft gate register; do
  stage "$name" | grep -q '"state":"succeeded","reused":false' || fail "'$name' did not run: $(stage "$name")"
done
grep -q 'went from version 1 to 2' "$summary" || fail "the summary does not tell the promotion"
[ -s "$last/orchestrate-ci/gate-gate.svg" ] || fail "there is no picture of the gate"
[ -s "$last/orchestrate-ci/loss-sft.svg" ] || fail "there is no picture of the loss"
grep -q '^orchestrate_score{gate="gate",task="triage",metric="exact_match",model="champion"}' "$last/orchestrate-ci/metrics.txt" ||
  fail "metrics.txt does not compare with the champion"
second=$milliseconds

echo "check-ci: what the shipped file says of itself"
(cd "$last" && "$tool" artifacts get gguf --to shipped >/dev/null)
said=$("$tool" artifacts trace "$last/shipped/triage-Q8_0.gguf" --project "$root")
model=$("$tool" registry show triage@champion | sed -n 's/^  model *//p')
recipe=$("$tool" registry show triage@champion | sed -n 's/^  recipe *//p')
for digest in "$model" "$recipe"; do
  echo "$said" | grep -q "$digest" || fail "the file does not tell $digest: $said"
done
echo "$said" | grep -q 'cc-by-4.0: ./data/tickets' || fail "the file does not tell its licences: $said"
(cd "$last" && "$tool" artifacts trace shipped/triage-Q8_0.gguf) >"$root/trace"
grep -q 'second.jsonl' "$root/trace" || fail "the trace does not reach the rows"
grep -q '  triage/2' "$root/trace" || fail "the trace does not name the version"

echo "check-ci: a push of a comment"
printf '\n# nothing changes\n' >>"$root/work/pipeline.yaml"
push "a comment"
ci
expect "the status" "$status" 4
expect "the result" "$(result)" nothing_to_do
[ "$milliseconds" -lt "${MILLISECONDS_MAX:-1000}" ] || fail "nothing to do took $milliseconds ms"
idle=$milliseconds

echo "check-ci: a harmful push"
"$rows" wrong 5000 1080 >"$root/work/data/tickets/third.jsonl"
push "rows with the wrong team"
ci
expect "the status" "$status" 3
expect "the result" "$(result)" refused
expect "the champion" "$(champion)" 2
grep -q 'triage: exact_match is 0' "$summary" || fail "the summary does not tell the reason"
grep -q '^::error file=pipeline.yaml,line=[0-9]*,col=[0-9]*,title=gate.refused::' "$root/log-$runs" || fail "no annotation"
grep -q '<failure message="triage: exact_match' "$last/orchestrate-ci/junit.xml" || fail "JUnit has no failure"
stage gguf | grep -q '"state":"blocked"' || fail "the refused model was exported"
reason=$(sed -n 's/^reason=//p' "$output")
third=$milliseconds

echo "check-ci: the same commit again"
ci
expect "the status" "$status" 3
expect "the champion" "$(champion)" 2
stage sft | grep -q '"reused":true' || fail "a refused model was trained again"

echo "check-ci: the harmful push taken back"
git -C "$root/work" rm -q data/tickets/third.jsonl
push "take it back"
ci
expect "the status" "$status" 4
expect "the champion" "$(champion)" 2

echo "check-ci: promotion and rollback by hand"
"$tool" registry rollback triage --reason "customers complain" >/dev/null
expect "the champion" "$(champion)" 1
"$tool" registry promote triage 2 >/dev/null
expect "the champion" "$(champion)" 2

echo "check-ci: webhooks"
"$here/Scripts/check-hooks.sh" "$tool" "$last" "$root/hooks"

# Only what this script wrote itself may hold them.
if found=$(grep -rlF -e "canary-" "$root" 2>/dev/null | head -3) && [ -n "$found" ]; then
  fail "secrets were found in $found"
fi
echo "check-ci: the refusal: $reason"
echo "check-ci: first run $first ms, new rows $second ms, a comment $idle ms, refused $third ms, 20 secrets in no file"
echo "check-ci: passed"
