#!/usr/bin/env bash
# Exports a Hugging Face folder to GGUF beside llama.cpp's programs, in turn on the same machine:
# the converter for BF16, llama-quantize for Q4_K_M, with one thread and with all; wall time,
# processor time and peak memory of each. The Q4_K_M files must be equal.
#   MODEL         the folder (default ../shared/models/stories260k; a large one tells more)
#   LLAMA_SOURCE  source of llama.cpp, with convert_hf_to_gguf.py
#   LLAMA_CPP     folder of llama.cpp's programs
#   PYTHON        python with what the converter imports (default python3)
#   PRE           the pre-tokenizer's name, where the converter does not know it by its hash
#   RUNS          runs of each side (default 1); the fastest is shown
#   ORCHESTRATE   the binary (default .build/release/orchestrate)
# Exit status 1 where the files differ.
set -euo pipefail
cd "$(dirname "$0")/.."
model=$(realpath "${MODEL:-../shared/models/stories260k}" 2>/dev/null || true)
python=${PYTHON:-python3}
ours=$(realpath "${ORCHESTRATE:-.build/release/orchestrate}" 2>/dev/null || true)
converter=${LLAMA_SOURCE:-}/convert_hf_to_gguf.py
quantize=${LLAMA_CPP:-}/llama-quantize
runs=${RUNS:-1}
for file in "$model" "$ours" "$converter" "$quantize" /usr/bin/time; do
  [ -e "$file" ] || { echo "bench-gguf: skipped: '$file' is not there (set MODEL, ORCHESTRATE, LLAMA_SOURCE, LLAMA_CPP)"; exit 0; }
done
if ! "$python" -c "import torch, transformers, gguf" 2>/dev/null; then
  echo "bench-gguf: skipped: $python cannot import torch, transformers and gguf (set PYTHON)"
  exit 0
fi
export LD_LIBRARY_PATH=$LLAMA_CPP${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# timed LABEL CMD...: the fastest of the runs as "wall cpu MiB", into $work/LABEL.
timed() {
  local label=$1
  shift
  for _ in $(seq "$runs"); do
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/$label.log" 2>&1 || { cat "$work/$label.log"; exit 1; }
    awk '{ printf "%.2f %.2f %.0f\n", $1, $2 + $3, $4 / 1024 }' "$work/time"
  done | sort -n | head -1 >"$work/$label"
  awk -v label="$label" '{ printf "%-28s wall %7s s   cpu %7s s   peak %6s MiB\n", label, $1, $2, $3 }' "$work/$label"
}

# project TYPE: a pipeline of one export below $work.
project() {
  mkdir -p "$work/$1"
  cat >"$work/$1/pipeline.yaml" <<YAML
name: bench
stages:
  gguf:
    uses: gguf_export
    inputs: { model: $model }
    with: { quantization: [$1], metadata: minimal, name: bench${PRE:+, pre_tokenizer: $PRE} }
YAML
}

# Ours run in a fresh project each time: inputs are digested, files checked, digested and published.
export_with() {
  rm -rf "$work/$1/.orchestrate"
  (cd "$work/$1" && taskset -c "$2" "$ours" run pipeline.yaml)
}
export -f export_with
export work ours PRE=${PRE:-}

cat >"$work/convert.py" <<'PY'
import os, runpy, sys
root = os.path.dirname(sys.argv[1])
sys.path[:0] = [root, root + "/gguf-py"]
if os.environ.get("PRE"):
    from conversion.base import TextModel
    TextModel.get_vocab_base_pre = lambda self, tokenizer: os.environ["PRE"]
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
PY

all=0-$(($(nproc) - 1))
bytes=$(cat "$model"/*.safetensors | wc -c)
echo "bench-gguf: $model, $((bytes >> 20)) MiB of weights, $(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg)"
cat "$model"/* >/dev/null
project bf16
project q4_k_m
timed ours-bf16-run bash -c "export_with bf16 $all"
timed ours-bf16 "$ours" export "$model" --to "$work/direct" --type bf16 --name bench --metadata minimal ${PRE:+--pre-tokenizer $PRE}
timed converter-bf16 "$python" "$work/convert.py" "$converter" "$model" --outtype bf16 --outfile "$work/peer-bf16.gguf" --model-name bench
timed ours-q4_k_m-1 bash -c "export_with q4_k_m 0"
timed quantize-q4_k_m-1 taskset -c 0 "$quantize" "$work/peer-bf16.gguf" "$work/peer-q4.gguf" Q4_K_M 1
timed ours-q4_k_m bash -c "export_with q4_k_m $all"
timed quantize-q4_k_m "$quantize" "$work/peer-bf16.gguf" "$work/peer-q4.gguf" Q4_K_M "$(nproc)"
ratio() { awk 'NR == FNR { a = $1; next } { printf "%.1f", $1 / a }' "$work/$1" "$work/$2"; }
echo "bench-gguf: BF16 $(ratio ours-bf16 converter-bf16)x the converter ($(ratio ours-bf16-run converter-bf16)x as a run that digests, records and publishes); Q4_K_M $(ratio ours-q4_k_m-1 quantize-q4_k_m-1)x llama-quantize on one processor, $(ratio ours-q4_k_m quantize-q4_k_m)x on all"
(cd "$work/q4_k_m" && "$ours" artifacts get gguf.files --to "$work/out" >/dev/null)
if cmp -s "$work/out/bench-Q4_K_M.gguf" "$work/peer-q4.gguf"; then
  echo "bench-gguf: the Q4_K_M files are equal"
else
  echo "bench-gguf: the Q4_K_M files differ"
  exit 1
fi
