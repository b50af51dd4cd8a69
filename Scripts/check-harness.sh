#!/usr/bin/env bash
# Compares tasks of lm-evaluation-harness item by item with ours: prompts, log-likelihoods, answers,
# metrics, standard errors. Skipped with one line where it or the material is absent.
#   PYTHON   python with lm_eval, torch (CPU) and transformers (default python3)
#   ORACLES  folder with models/ of tiny models (default ../shared/oracles)
#   MODELS   folder with stories260k (default ../shared/models)
#   DATA     folder with eval/ of rows (default ../shared/data)
#   FAMILIES names of the tiny models (default "llama qwen2 smollm3 gemma2")
#   ROWS     documents of a task (default 12), SEED of the choice of rows (default 0)
# Usage: check-harness.sh
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
oracles=${ORACLES:-../shared/oracles}
models=${MODELS:-../shared/models}
data=${DATA:-../shared/data}
families=${FAMILIES:-"llama qwen2 smollm3 gemma2"}
"$python" -c 'import lm_eval, torch, transformers' 2>/dev/null || {
  echo "check-harness: skipped: $python cannot import lm_eval, torch and transformers (set PYTHON)"
  exit 0
}
for folder in "$oracles/models" "$models/stories260k" "$data/eval"; do
  [ -d "$folder" ] || {
    echo "check-harness: skipped: there is no folder $folder (set ORACLES, MODELS, DATA)"
    exit 0
  }
done
orchestrate=${ORCHESTRATE:-$(swift build -c release --show-bin-path)/orchestrate}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folders=("$models/stories260k")
for family in $families; do folders+=("$oracles/models/$family"); done
export HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 TRANSFORMERS_OFFLINE=1 HF_HOME=$work/home
export TOKENIZERS_PARALLELISM=false OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
"$python" Scripts/check-harness.py "$orchestrate" "$data/eval" "$work" "${folders[@]}"
