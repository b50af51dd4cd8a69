#!/usr/bin/env bash
# Tokenizers, chat templates, GGUF export and generation beside their peers, each by its own script; what a script lacks it says
# in one line.
#   FORMATS   folder with vocab/NAME/tokenizer.json.gz (default ../shared/formats)
#   CORPUS    text to encode (default: the project's own sources, several times over, 20 MB)
#   MODEL     Hugging Face folder to export and to generate from (default ../shared/models/stories260k)
#   PYTHON, LLAMA_CPP, LLAMA_SOURCE, PRE, RUNS: as of bench-tokenizers.sh, bench-gguf.sh, bench-generate.sh
set -euo pipefail
cd "$(dirname "$0")/.."
formats=${FORMATS:-../shared/formats}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "bench-formats: $(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
corpus=${CORPUS:-$work/corpus.txt}
if [ -z "${CORPUS:-}" ]; then
  git ls-files 'Sources/*.swift' 'Sources/*.[ch]' '*.md' | xargs cat >"$work/text"
  while [ "$(stat -c %s "$corpus" 2>/dev/null || echo 0)" -lt 20000000 ]; do cat "$work/text" >>"$corpus"; done
fi
tokenizers=()
for name in gpt-2 llama-bpe qwen2 llama-spm; do
  [ -f "$formats/vocab/$name/tokenizer.json.gz" ] || continue
  mkdir -p "$work/$name"
  gzip -dc "$formats/vocab/$name/tokenizer.json.gz" >"$work/$name/tokenizer.json"
  tokenizers+=("$work/$name/tokenizer.json")
done
if [ ${#tokenizers[@]} -gt 0 ]; then
  Scripts/bench-tokenizers.sh "$corpus" "${tokenizers[@]}"
else
  echo "bench-tokenizers: skipped: no vocabularies in $formats/vocab (set FORMATS)"
fi
Scripts/bench-templates.sh
Scripts/bench-gguf.sh
model=${MODEL:-../shared/models/stories260k}
if [ -d "$model" ]; then
  .build/release/orchestrate export "$model" --to "$work/gguf" --type q8_0 --type q4_k_m >/dev/null 2>&1
  Scripts/bench-generate.sh "$work"/gguf/*.gguf
else
  echo "bench-generate: skipped: there is no folder $model (set MODEL)"
fi
