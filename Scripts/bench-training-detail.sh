#!/usr/bin/env bash
# Where the time of a step goes, in a line per case, and what longer rows cost; bench-training.sh ends
# with it and describes CASES, PROFILE, RUNS, STEPS, THREADS.
#   OURS  the program (default that of the release build)
#   PEAK  GFLOP/s taken as the whole (default: not known)
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/bench-lines.sh
ours=${OURS:-$(swift build -c release --show-bin-path)/training-bench}
common=(--threads "${THREADS:-$(nproc)}" --steps "${STEPS:-3}" --peak "${PEAK:-0}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

profiled() {
  case "${PROFILE:-1}" in
    0) ;;
    all) cases ;;
    *) cases | grep '^smol135m lora f32' || true ;;
  esac
}

profile() {
  # shellcheck disable=SC2046 # several words
  "$ours" --shape "$1" --method "$2" --dtype "$3" --batch "$4" $(own_flags "$2" "$3") "${common[@]}" \
    --profile >"$work/profile"
  echo "$1 $2 $3 $4: $(sed -n 's/^in short: //p' "$work/profile")"
}

# The same number of tokens in rows of four times the length: all that may grow is attention, which
# the count of operations has in it.
growth() {
  local case=(--shape smol135m --method lora --dtype f32)
  : >"$work/long" && : >"$work/short"
  for _ in $(seq "${RUNS:-5}"); do
    "$ours" "${case[@]}" --seq 2048 --batch 1 "${common[@]}" >>"$work/long"
    "$ours" "${case[@]}" --seq 512 --batch 4 "${common[@]}" >>"$work/short"
  done
  awk -v a="$(middle "$work/long" model_gflops)" -v b="$(middle "$work/short" model_gflops)" \
    -v m="$(middle "$work/long" peak_rss_mb)" -v n="$(middle "$work/short" peak_rss_mb)" 'BEGIN {
      printf "smol135m lora f32, a row of 2048 beside 4 of 512: GFLOP/s %.1f, %.1f, ratio %.2f (bar 0.9); ", a, b, a / b
      printf "peak KB per token %.0f, %.0f, ratio %.2f (bar 1.1)\n", m / 2, n / 2, m / n
    }'
}

while read -r shape method dtype batch _; do
  profile "$shape" "$method" "$dtype" "$batch"
done < <(profiled)
if [ -n "$(cases | grep '^smol135m lora f32' || true)" ]; then growth; fi
