#!/usr/bin/env bash
# An epoch of supervised LoRA tuning on real rows (answers only, real lengths) beside TRL's
# SFTTrainer, in turn on the same machine: time, memory, and the loss both end with.
#   TORCH_PYTHON  python with torch, transformers, peft, trl (default python3)
#   DATA          JSON lines with columns question and answer
#                 (default ../shared/data/sft/gsm8k_train_first2000.jsonl.gz)
#   TOKENIZER     folder of a tokenizer (default ../shared/formats/vocab/gpt-2)
#   SHAPE         of the base, which has random weights: tiny15m (default) or smol135m
#   BASE          a model folder instead
#   ROWS          training rows (default 600); the last HELD_OUT rows (default 200) measure the loss
#   RATE          learning rate (default 2e-4)
#   RUNS          runs of each side (default 1); medians are shown
#   TRL_LOSS      trl (default), or logits: the loss of transformers instead of SFTTrainer's own
#   TRL_CONFIG    fields of SFTConfig to change, as JSON
#   ORCHESTRATE   the binary (default .build/release/orchestrate)
# Exit status 1 where the two sides train other tokens, or end more than 1 % apart in loss.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/bench-lines.sh
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
python=${TORCH_PYTHON:-python3}
data=${DATA:-../shared/data/sft/gsm8k_train_first2000.jsonl.gz}
tokenizer=${TOKENIZER:-../shared/formats/vocab/gpt-2}
shape=${SHAPE:-tiny15m}
rows=${ROWS:-600}
runs=${RUNS:-1}
threads=${THREADS:-$(nproc)}
ours=${ORCHESTRATE:-.build/release/orchestrate}
bar=3.0
peer=Scripts/peers/trl_sft.py
if ! "$python" -c "import torch, transformers, peft, trl" 2>/dev/null; then
  echo "bench-sft: skipped: $python cannot import torch, transformers, peft and trl (set TORCH_PYTHON)"
  exit 0
fi
for file in "$data" "${BASE:-$tokenizer}" "$ours"; do
  [ -e "$file" ] || { echo "bench-sft: skipped: $file is not there (set DATA, TOKENIZER, BASE or ORCHESTRATE)"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
settings=(--folder "$work" --rate "${RATE:-2e-4}" --threads "$threads")

# Runs one action of the peer script; what it says on the way is shown only where it fails.
act() { "$python" "$peer" "$@" "${settings[@]}" 2>"$work/log" | tail -1 || { tail -5 "$work/log" >&2; return 1; }; }

made=$(act prepare --data "$data" --tokenizer "$tokenizer" --shape "$shape" --rows "$rows" \
  --held-out "${HELD_OUT:-200}" ${BASE:+--base "$BASE"})
"$ours" preview "$work/base" "$work/train.jsonl" --rows "$rows" --json >"$work/preview.jsonl"
for _ in $(seq "$runs"); do
  act ours --orchestrate "$ours" >>"$work/ours"
  act peer --loss "${TRL_LOSS:-trl}" --config "${TRL_CONFIG:-{\}}" >>"$work/peer"
done

echo "bench-sft: ${BASE:-$shape}, $made, batch 8, float32, LoRA r 16, $threads threads, medians of $runs runs"
printf '%-6s | %9s %9s | %7s %7s %9s | %7s | %7s %7s | %9s %9s\n' '' 'train s' 'stage s' tokens \
  trained tokens/s 'peak MB' first last 'held out' after
for side in ours peer; do
  values=()
  for name in seconds whole_seconds tokens trained_tokens tokens_per_s peak_mb first_loss last_loss held_out_before held_out_after; do
    values+=("$(middle "$work/$side" $name)")
  done
  echo "$side ${values[*]}" >>"$work/table"
done
awk -v bar="$bar" '
  {
    for (i = 2; i <= 11; i++) v[$1, i] = $i
    printf "%-6s | %9.1f %9s | %7d %7d %9.1f | %7d | %7.3f %7.3f | %9.4f %9.4f\n", ($1 == "peer" ? "TRL" : $1),
      $2, ($3 > 0 ? sprintf("%.1f", $3) : "-"), $4, $5, $6, $7, $8, $9, $10, $11
  }
  END {
    apart = 100 * (v["ours", 11] / v["peer", 11] - 1)
    fall = v["ours", 10] - v["ours", 11]; other = v["peer", 10] - v["peer", 11]
    printf "speed %.2f of TRL (bar %s), memory %.2f; loss of held-out rows %+.2f %% (bar 1), fell by %.3f and %.3f\n",
      v["peer", 2] / v["ours", 2], bar, v["ours", 7] / v["peer", 7], apart, fall, other
    if (v["ours", 4] != v["peer", 4] || v["ours", 5] != v["peer", 5]) {
      print "bench-sft: the two sides did not train the same tokens"; exit 1
    }
    if (apart > 1 || apart < -1) { print "bench-sft: the two sides did not reach the same loss"; exit 1 }
  }' "$work/table"
