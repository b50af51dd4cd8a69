#!/usr/bin/env bash
# Generation from GGUF files beside llama.cpp's llama-bench, in turn in one run: tokens per second of one text, with one thread
# and with all. Ours is the difference of a long and a short text, so that loading does not count.
#   bench-generate.sh FILE.gguf...      (env LLAMA_CPP: folder of llama.cpp's programs; RUNS: of each side, default 3)
# Prints the median of each side and their ratio; bar 0.8. Skipped with one line where llama-bench is absent.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
[ $# -gt 0 ] || { echo "usage: Scripts/bench-generate.sh FILE.gguf..."; exit 64; }
bench=${LLAMA_CPP:-}/llama-bench
tool=${ORCHESTRATE:-.build/release/orchestrate}
runs=${RUNS:-3}
short=16
long=${TOKENS:-144}
[ -x "$bench" ] || { echo "bench-generate: skipped: no llama-bench (set LLAMA_CPP to the folder that holds it)"; exit 0; }
[ -x "$tool" ] || { echo "bench-generate: build first: make build"; exit 1; }
export LD_LIBRARY_PATH=${LLAMA_CPP}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

seconds() { # FILE THREADS TOKENS: wall seconds and how many tokens were written
  local start=$(date +%s%N)
  local count=$("$tool" generate "$1" --threads "$2" --max-new-tokens "$3" --prompt "The" --json |
    sed -E 's/.*"ids":\[([^]]*)\].*/\1/' | awk -F, '{ print NF }')
  echo "$((($(date +%s%N) - start) / 1000)) $count"
}
ours() {
  local a b
  a=$(seconds "$1" "$2" "$short")
  b=$(seconds "$1" "$2" "$long")
  echo "$a $b" | awk '{ if ($4 <= $2) { print "the text ended after " $4 " tokens" > "/dev/stderr"; exit 1 } printf "%.2f\n", ($4 - $2) * 1e6 / ($3 - $1) }'
}
theirs() {
  "$bench" -m "$1" -t "$2" -p 0 -n $((long - short)) -r 1 -o json | sed -n 's/.*"avg_ts": *\([0-9.]*\).*/\1/p' | tail -1
}
middle() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
printf '%-28s %7s %10s %10s %6s\n' file threads ours llama.cpp ratio
for file in "$@"; do
  for threads in 1 "$(nproc)"; do
    mine="" peer=""
    for _ in $(seq "$runs"); do
      mine+="$(ours "$file" "$threads")"$'\n'
      peer+="$(theirs "$file" "$threads")"$'\n'
    done
    a=$(printf %s "$mine" | middle)
    b=$(printf %s "$peer" | middle)
    printf '%-28s %7s %10s %10s %6s\n' "$(basename "$file")" "$threads" "$a" "$b" "$(awk "BEGIN { printf \"%.2f\", $a / $b }")"
  done
done
