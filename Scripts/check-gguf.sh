#!/usr/bin/env bash
# Loads the example's GGUF files in llama.cpp and compares them with what Orchestrate generates from
# the model they were made of. Skipped with one line where python3 has no llama_cpp.
# Usage: check-gguf.sh BIN EXAMPLE (after demo-results.sh)
set -euo pipefail
bin=$1
example=$2
out=$example/out
python=${PYTHON:-python3}
"$python" -c 'import llama_cpp' 2>/dev/null || {
  echo "check-gguf: skipped: $python has no llama_cpp (pip install llama-cpp-python)"
  exit 0
}
for artifact in dpo base; do
  "$bin/orchestrate" artifacts get "$artifact" --project "$example" --to "$out/$artifact" >/dev/null
done
# Twenty messages to answer, and the beginnings of the same texts to continue.
prompts=()
beginnings=()
while IFS= read -r prompt; do
  prompts+=(--prompt "$prompt")
  beginnings+=(--prompt "$(cut -d ' ' -f 1-16 <<<"$prompt")")
done < <("$bin/support-tickets" prompts 20)
ours=("$bin/orchestrate" generate "$out/dpo" --base "$out/base" --max-new-tokens 48 --json)
"${ours[@]}" --chat "${prompts[@]}" >"$out/generated.jsonl"
"${ours[@]}" "${beginnings[@]}" >>"$out/generated.jsonl"
cd "$(dirname "$0")/.."
echo "check-gguf: F32"
"$python" Scripts/check-llama-cpp.py "$out/gguf/model-F32.gguf" "$out/generated.jsonl" --tolerance 1e-3
echo "check-gguf: F16"
"$python" Scripts/check-llama-cpp.py "$out/gguf/model-F16.gguf" "$out/generated.jsonl" --tolerance 1e-2
echo "check-gguf: Q8_0 against F32"
"$python" Scripts/check-llama-cpp.py "$out/gguf/model-Q8_0.gguf" "$out/generated.jsonl" \
  --reference "$out/gguf/model-F32.gguf" --kl-max 1e-2
