#!/usr/bin/env bash
# Speed and peak memory of the training core beside PyTorch and PEFT, case by case, in turn on the
# same machine: medians, ratios, share of the arithmetic peak. Then where the time of steps goes, and
# how cost grows with length (bench-training-detail.sh).
#   TORCH_PYTHON  python with torch, transformers, peft, bitsandbytes (default python3)
#   RUNS          runs of each side per case (default 5)
#   STEPS         timed steps of a run (default 3)
#   CASES         a pattern of the cases to run, such as 'smol135m lora' (default all)
#   PROFILE       the cases whose time is told apart: 1: smol135m lora f32 (default), all, 0: none
#   PEERS         folder of torch_train.py, fma_peak.c and mkl_amd_shim.c (default
#                 ../shared/bench/peers)
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/bench-lines.sh
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
python=${TORCH_PYTHON:-python3}
runs=${RUNS:-5}
steps=${STEPS:-3}
peers=${PEERS:-../shared/bench/peers}
threads=${THREADS:-$(nproc)}
ours=$(swift build -c release --show-bin-path)/training-bench
[ -x "$ours" ] || swift build -c release --product training-bench >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

peak=0
if [ -f "$peers/fma_peak.c" ] && gcc -O2 -march=native -pthread "$peers/fma_peak.c" -o "$work/peak" 2>/dev/null; then
  peak=$("$work/peak" "$threads" | awk '/f32/ { if ($3 > best) best = $3 } END { print best + 0 }')
fi
torch=yes
if ! "$python" -c "import torch, transformers, peft" 2>/dev/null; then
  torch=no
  echo "bench: no peer: $python cannot import torch, transformers and peft (set TORCH_PYTHON)"
elif [ ! -f "$peers/torch_train.py" ]; then
  torch=no
  echo "bench: no peer: $peers/torch_train.py is not there (set PEERS)"
fi
# The peer's best configuration in float32: MKL takes its AVX-512 kernels on any processor.
shim="$work/mkl_amd_shim.so"
gcc -shared -fPIC "$peers/mkl_amd_shim.c" -o "$shim" 2>/dev/null || rm -f "$shim"

peer() { [ $torch = no ] || "$python" "$peers/torch_train.py" "$@" 2>/dev/null | tail -1; }
# Only of cases that have a bar for it.
best_peer() { [ "$best_bar" = - ] || [ ! -f "$shim" ] || LD_PRELOAD="$shim" peer "$@"; }

heading() {
  echo "bench: $(tail -1 "$work/ours" | field arithmetic), $threads threads, peak ${peak} GFLOP/s, medians of $runs runs"
  printf '%-9s %-8s %-5s %5s | %9s %9s %6s %5s | %9s %6s %5s | %7s %7s %6s %5s | %7s %6s %6s\n' \
    shape method dtype batch 'tokens/s' peer ratio bar 'its best' ratio bar 'peak MB' peer ratio bar \
    GFLOP/s 'of peak' planned
}

line() {
  awk -v name="$(printf '%-9s %-8s %-5s %5d' "$shape" "$method" "$dtype" "$batch")" -v peak="$peak" \
    -v bar="$bar" -v best_bar="$best_bar" -v memory="$memory" \
    -v a="$(middle "$work/ours" tokens_per_s)" -v b="$(middle "$work/peer" tokens_per_s)" \
    -v c="$(middle "$work/best" tokens_per_s)" \
    -v m="$(middle "$work/ours" peak_rss_mb)" -v n="$(middle "$work/peer" peak_rss_mb)" \
    -v g="$(middle "$work/ours" model_gflops)" -v p="$(middle "$work/ours" planned_mb)" '
    function ratio(x, y) { return y > 0 ? sprintf("%.2f", x / y) : "-" }
    BEGIN {
      printf "%s | %9.1f %9.1f %6s %5s | %9.1f %6s %5s | %7d %7d %6s %5s | %7.1f %6s %6d\n", name,
        a, b, ratio(a, b), bar, c, ratio(a, c), best_bar, m, n, ratio(m, n), memory,
        g, (peak > 0 ? sprintf("%.0f %%", 100 * g / peak) : "-"), p
    }'
}

header=0
while read -r shape method dtype batch bar memory best_bar; do
  flags=(--shape "$shape" --method "$method" --dtype "$dtype" --batch "$batch" --threads "$threads" --steps "$steps")
  : >"$work/ours" && : >"$work/peer" && : >"$work/best"
  for _ in $(seq "$runs"); do
    # shellcheck disable=SC2046 # several words
    "$ours" "${flags[@]}" $(own_flags "$method") >>"$work/ours"
    peer "${flags[@]}" >>"$work/peer" || true
    best_peer "${flags[@]}" >>"$work/best" || true
  done
  [ $header = 1 ] || heading
  header=1
  line
done < <(cases)

OURS=$ours THREADS=$threads RUNS=$runs STEPS=$steps PEAK=$peak Scripts/bench-training-detail.sh
