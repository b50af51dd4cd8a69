#!/usr/bin/env bash
# Exports every family in every type and compares the files in llama.cpp with Orchestrate: greedy
# text, distributions, perplexity. Prints a table. Skipped with one line where python3 has no
# llama_cpp, or where the tiny models cannot be made.
# Usage: check-formats.sh [--types f16,q4_k_m] [--families llama,qwen2]
# FORMATS: the folder with gguf/make_tiny_models.py; PYTHON: a Python with llama_cpp and numpy.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
formats=${FORMATS:-../shared/formats}
"$python" -c 'import llama_cpp' 2>/dev/null || {
  echo "check-formats: skipped: $python has no llama_cpp (pip install llama-cpp-python)"
  exit 0
}
[[ -f $formats/gguf/make_tiny_models.py ]] || {
  echo "check-formats: skipped: no tiny models ($formats/gguf/make_tiny_models.py)"
  exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" "$formats/gguf/make_tiny_models.py" "$formats/gguf/models.json" "$work/models" > /dev/null
"$python" Scripts/check-formats.py "${BIN:-.build/release/orchestrate}" "$work/models" \
  "$work/out" "$@"
