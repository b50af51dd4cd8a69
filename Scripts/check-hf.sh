#!/usr/bin/env bash
# Trains a small adapter on models of several families, exports it by hf_export, and compares what
# transformers and PEFT make of the folders with ours. Skipped with one line where they are absent.
#   PYTHON   python with torch, transformers, peft (default python3)
#   MODELS   folder of model folders (default ../shared/oracles/models)
#   FAMILIES names of the models to check (default the small float32 ones)
# Usage: check-hf.sh
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
models=${MODELS:-../shared/oracles/models}
families=${FAMILIES:-"llama qwen2 qwen3 mistral gemma2 gemma3_text phi3 smollm3"}
"$python" -c 'import torch, transformers, peft' 2>/dev/null || {
  echo "check-hf: skipped: $python cannot import torch, transformers and peft (set PYTHON)"
  exit 0
}
[ -d "$models" ] || {
  echo "check-hf: skipped: there is no folder $models (set MODELS)"
  exit 0
}
models=$(cd "$models" && pwd)
orchestrate=$(swift build -c release --show-bin-path)/orchestrate
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for family in $families; do
  project=$work/$family
  mkdir -p "$project"
  for row in "the sky is blue." "the sun is gold." "the sea is teal." "ash is grey."; do
    printf '{"text": "%s"}\n' "$row"
  done >"$project/rows.jsonl"
  cat >"$project/pipeline.yaml" <<YAML
name: check-hf
stages:
  rows: { uses: ingest, with: { sources: [ { path: ./rows.jsonl, type: completion } ] } }
  tuned:
    uses: sft
    inputs: { model: $models/$family, train: rows }
    with: { adapter: lora, lora_r: 4, learning_rate: 1e-2, num_epochs: 2, micro_batch_size: 2 }
  hub:
    uses: hf_export
    inputs: { model: tuned }
    with: { form: [merged, adapter], base_model_name: $models/$family, name: $family }
YAML
  echo "check-hf: $family"
  (cd "$project" && "$orchestrate" run pipeline.yaml >run.log 2>&1) || {
    tail -20 "$project/run.log"
    failed=1
    continue
  }
  (cd "$project" && "$orchestrate" artifacts get hub.files --to "$project/hub" >/dev/null)
  "$python" Scripts/check-peft.py "$orchestrate" "$models/$family" "$project/hub/merged" \
    "$project/hub/adapter" "$project/made" 2>"$project/errors" || { tail -3 "$project/errors"; failed=1; }
done
exit "$failed"
