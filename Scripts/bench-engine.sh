#!/usr/bin/env bash
# What the engine costs beside its peers, on the same generated pipelines, in one run.
# Usage: bench-engine.sh [--short]
#   BENCH   the generator and its cases (default ../shared/bench/peers/orchestrators)
#   BINS    virtual environments of peers: BINS/v-snakemake, BINS/v-dvc (left out where absent)
#   N       stages of the fan (default 1000); BYTES of the large input (default 2 GiB)
# Bars, in CPU seconds of the whole process tree: 4 ms a stage, 50 ms for nothing to do over 1,000
# stages, 0.3 s for 100,000 unchanged files, 1 GB/s of SHA-256. --short: a few stages, twice the bar, and more
# where a shell command alone costs more than on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
bench=$(cd "${BENCH:-../shared/bench/peers/orchestrators}" 2>/dev/null && pwd) || {
  echo "bench-engine: skipped: the generator is absent (set BENCH)"
  exit 0
}
bin=${ORCHESTRATE:-$(swift build -c release --show-bin-path)/orchestrate}
[ -x "$bin" ] || { echo "bench-engine: '$bin' is not built: type 'make build' first" >&2; exit 1; }
short=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
peers=()
command -v ninja >/dev/null && peers+=(ninja)
if [ -z "$short" ] && [ -n "${BINS:-}" ]; then
  for peer in snakemake dvc; do [ -x "$BINS/v-$peer/bin/$peer" ] && peers+=("$peer"); done
fi
new=(--new "exec '$bin' run --jobs 2" --new-plan "exec '$bin' plan" --new-gen "python3 '$root/Scripts/peers/graph2yaml.py'")
cases() { # case, tools…
  # Kept till the end: the next tool would pay for deleted trees, behind which ext4 seeks free inodes.
  python3 "$bench/run.py" --keep --bins "${BINS:-}" --work "$work" --out "$work/out.jsonl" --timeout 900 \
    --bytes "${BYTES:-2147483648}" "${new[@]}" "$@" 2>&1 | { grep -v '^{' || true; } | tee -a "$work/said"
}
with() { # suffix of the fan for slow peers
  for tool in ${peers[@]+"${peers[@]}"}; do case $tool in dvc) echo "dvc:100" ;; *) echo "$tool" ;; esac; done
}
floor=$(python3 "$root/Scripts/peers/command_floor.py" "$work")
echo "bench-engine: a shell command with one output costs $floor ms of CPU here"
if [ -n "$short" ]; then
  quick=()
  for tool in ${peers[@]+"${peers[@]}"}; do [ "$tool" = ninja ] && quick+=(ninja:50); done
  cases chain ${quick[@]+"${quick[@]}"} new:50
  cases fan "${quick[@]/%:50/:200}" new:200
  CRASH_SLEEP=1 cases crash new
  CRASH_SLEEP=1 cases orphan new
else
  cases chain ${peers[@]+"${peers[@]}"} new
  # shellcheck disable=SC2046
  cases fan $(with) "new:${N:-1000}"
  cases fan new:10000
  cases many ${peers[0]:+ninja} new
  cases big new
  CRASH_SLEEP=4 cases crash new
  CRASH_SLEEP=4 cases orphan new
  python3 "$bench/staleness.py" --bins "${BINS:-}" --work "$work" "${new[@]:0:2}" "${new[@]:4:2}" new | tee -a "$work/said"
fi
if grep -qE 'WRONG|!!' "$work/said"; then
  echo "bench-engine: a file is wrong or missing, see above" >&2
  exit 1
fi
python3 "$root/Scripts/peers/engine_table.py" "$work/out.jsonl" "${BYTES:-2147483648}" ${short:+--short "$floor"}
