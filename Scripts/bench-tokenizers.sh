#!/usr/bin/env bash
# Encoding and loading beside `tokenizers` and tiktoken, one after the other in one run.
#   Scripts/bench-tokenizers.sh CORPUS.txt TOKENIZER.json...   (PYTHON: an interpreter that has the peers)
# Prints MB/s of UTF-8 text in documents of 4 kB, one thread, and the ratios. Without the peers it
# says so in one line and prints ours alone.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 2 ] || { echo "usage: Scripts/bench-tokenizers.sh CORPUS.txt TOKENIZER.json..."; exit 64; }
corpus=$1; shift
python=${PYTHON:-python3}
bench=${FORMATS_BENCH:-.build/release/formats-bench}
[ -x "$bench" ] || swift build -c release --product formats-bench
has() { "$python" -c "import $1" 2>/dev/null; }
has tokenizers || echo "skipped: $python has no 'tokenizers'; ours alone"

number() { sed -E "s/.*$1 ([0-9.]+) $2.*/\1/"; }
printf '%-16s %8s %8s | %10s %8s | %8s %8s %8s\n' tokenizer ours ours/N tokenizers tiktoken load 'x HF' 'x tikt.'
for file in "$@"; do
  one=$("$bench" tokenize "$corpus" "$file" --repeat 3 | number 'threads' 'MB')
  many=$("$bench" tokenize "$corpus" "$file" --repeat 3 --threads "$(nproc)" | number 'threads' 'MB')
  load=$("$bench" load "$file" --repeat 3 | number 'load' 'ms')
  peers="- -"
  if has tokenizers; then peers=$("$python" Scripts/peers/bench_tokenizers.py "$corpus" "$file"); fi
  read -r hf tiktoken <<<"$peers"
  ratio() { [ "$2" = - ] && echo - || awk "BEGIN { printf \"%.1f\", $1 / $2 }"; }
  printf '%-16s %8s %8s | %10s %8s | %5s ms %8s %8s\n' "$(basename "$(dirname "$file")")" \
    "$one" "$many" "$hf" "$tiktoken" "$load" "$(ratio "$one" "$hf")" "$(ratio "$one" "$tiktoken")"
done
