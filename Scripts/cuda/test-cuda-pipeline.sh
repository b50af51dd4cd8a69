#!/usr/bin/env bash
# A short pipeline on a device: once to the end, once killed three times and resumed; the trained
# weights must be the same bytes.
#   test-cuda-pipeline.sh TOOL [CARD | cpu]
set -euo pipefail
tool=$1
device=${2:-0}
[ "$device" = cpu ] || device="cuda:$device"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rows() {
  for i in $(seq 1 400); do
    echo "{\"text\": \"row $i: the sum of $i and $((i * 7 % 13)) is $((i + i * 7 % 13))\"}"
  done
}
project() {
  mkdir -p "$1"
  rows >"$1/rows.jsonl"
  cat >"$1/pipeline.yaml" <<YAML
name: card
stages:
  rows:
    uses: ingest
    with: { sources: [{ path: ./rows.jsonl, license: cc0-1.0 }] }
  words:
    uses: tokenizer_train
    inputs: { records: rows }
    with: { vocab_size: 300 }
  base:
    uses: pretrain
    inputs: { model: words, train: rows }
    with: { device: "$device", hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 64, sequence_len: 64, max_steps: 400, saves_per_epoch: 20 }
YAML
}
weights() { find "$1" -name '*.safetensors' -exec sha256sum {} + | cut -d' ' -f1 | sort -u; }

project "$work/whole"
(cd "$work/whole" && "$tool" run pipeline.yaml)
project "$work/killed"
cd "$work/killed"
for delay in 4 5 6; do
  "$tool" run pipeline.yaml >"$work/log" 2>&1 &
  pid=$!
  sleep "$delay"
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
done
"$tool" run pipeline.yaml
cd - >/dev/null
if [ "$(weights "$work/whole")" != "$(weights "$work/killed")" ]; then
  echo "test-cuda: the killed and resumed run has other weights" >&2
  exit 1
fi
echo "a pipeline killed and resumed has the same bytes"
