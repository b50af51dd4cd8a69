#!/usr/bin/env bash
# Speed and peak memory of the training core beside PyTorch and PEFT, case by case, in turn on the
# same machine: medians, ratios, share of the arithmetic peak.
#   TORCH_PYTHON  python with torch, transformers, peft, bitsandbytes (default python3)
#   RUNS          runs of each side per case (default 5)
#   STEPS         timed steps of a run (default 3)
#   CASES         a pattern of the cases to run, such as 'smol135m lora' (default all)
#   PEERS         folder of torch_train.py and fma_peak.c (default ../shared/bench/peers)
set -euo pipefail
cd "$(dirname "$0")/.."
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

# Bars: speed at least, memory at most, as ratios to the same case of the peer. Memory of scoring and
# generation is held against weights + cache + 150 MB; QLoRA's against the peer's float32 LoRA.
cases() {
  cat <<LIST
tiny15m lora f32 2 2.0 0.4
smol135m lora f32 2 2.0 0.4
qwen0.5b lora f32 2 2.0 0.4
smol135m lora bf16 2 2.0 0.4
qwen0.5b lora bf16 2 2.0 0.4
smol135m dpo f32 1 3.0 0.4
smol135m full f32 2 1.8 0.6
smol135m score f32 2 2.0 -
smol135m generate f32 1 1.4 -
smol135m generate f32 8 2.0 -
qwen0.5b qlora f32 2 1.5 -
LIST
}

peak=0
if [ -f "$peers/fma_peak.c" ] && gcc -O2 -march=native -pthread "$peers/fma_peak.c" -o "$work/peak" 2>/dev/null; then
  peak=$("$work/peak" "$threads" | awk '/f32/ { if ($4 > best) best = $4 } END { print best + 0 }')
fi
torch=yes
if ! "$python" -c "import torch, transformers, peft" 2>/dev/null; then
  torch=no
  echo "bench: no peer: $python cannot import torch, transformers and peft (set TORCH_PYTHON)"
elif [ ! -f "$peers/torch_train.py" ]; then
  torch=no
  echo "bench: no peer: $peers/torch_train.py is not there (set PEERS)"
fi

field() { sed -n "s/.*\"$1\": \"\{0,1\}\([^,\"}]*\).*/\1/p"; }
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2; else print 0 }'; }
# What of one side's runs, from its file of JSON lines.
middle() { field "$2" <"$1" | median; }

header=0
while read -r shape method dtype batch bar memory; do
  case "$shape $method $dtype $batch" in *"${CASES:-}"*) ;; *) continue ;; esac
  flags=(--shape "$shape" --method "$method" --dtype "$dtype" --batch "$batch" --threads "$threads" --steps "$steps")
  # The same optimizer step, one row at a time, where memory is what counts.
  extra=()
  case "$method" in full | qlora) extra=(--micro 1) ;; esac
  : >"$work/ours" && : >"$work/peer"
  for _ in $(seq "$runs"); do
    "$ours" "${flags[@]}" "${extra[@]}" >>"$work/ours"
    [ $torch = no ] || "$python" "$peers/torch_train.py" "${flags[@]}" 2>/dev/null | tail -1 >>"$work/peer" || true
  done
  if [ $header = 0 ]; then
    echo "bench: $(tail -1 "$work/ours" | field arithmetic), $threads threads, peak ${peak} GFLOP/s, medians of $runs runs"
    printf '%-9s %-8s %-5s %5s | %9s %9s %6s %5s | %7s %7s %6s %5s | %7s %6s %6s\n' shape method dtype batch \
      'tokens/s' peer ratio bar 'peak MB' peer ratio bar GFLOP/s 'of peak' planned
    header=1
  fi
  awk -v shape="$shape" -v method="$method" -v dtype="$dtype" -v batch="$batch" -v bar="$bar" -v memory="$memory" -v peak="$peak" \
    -v a="$(middle "$work/ours" tokens_per_s)" -v b="$(middle "$work/peer" tokens_per_s)" \
    -v m="$(middle "$work/ours" peak_rss_mb)" -v n="$(middle "$work/peer" peak_rss_mb)" \
    -v g="$(middle "$work/ours" model_gflops)" -v p="$(middle "$work/ours" planned_mb)" 'BEGIN {
      printf "%-9s %-8s %-5s %5d | %9.1f %9.1f %6s %5s | %7d %7d %6s %5s | %7.1f %6s %6d\n", shape, method, dtype, batch,
        a, b, b > 0 ? sprintf("%.2f", a / b) : "-", bar, m, n, n > 0 ? sprintf("%.2f", m / n) : "-", memory,
        g, peak > 0 ? sprintf("%.0f %%", 100 * g / peak) : "-", p }'
done < <(cases)
