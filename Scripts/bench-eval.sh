#!/usr/bin/env bash
# Requests of evaluation beside lm-evaluation-harness (hf), the same ones on the same model, in turn in one run: seconds of both,
# their ratio, and how far answers are apart. The harness runs at each batch size; its best one counts.
#   bench-eval.sh MODEL REQUESTS.jsonl...
#     A request is {"context", "continuation"}, {"text"}, or {"prompt", "max_gen_toks", "until"}; a file holds one kind.
#   EVAL_PYTHON  python with lm_eval, torch and transformers (default python3)
#   BATCHES      batch sizes of the harness (default "1 8 32")
#   THREADS      of each side (default: all)
#   RUNS         of each side (default 3); the least seconds count
# Bars: 3 for likelihoods, 2 for generation. Where other work shares the processors, compare cpu: seconds of all threads.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
[ $# -gt 1 ] || { echo "usage: Scripts/bench-eval.sh MODEL REQUESTS.jsonl..."; exit 64; }
model=$1
shift
python=${EVAL_PYTHON:-python3}
threads=${THREADS:-$(nproc)}
runs=${RUNS:-3}
ours=${EVALUATION_BENCH:-$(swift build -c release --show-bin-path)/evaluation-bench}
[ -x "$ours" ] || swift build -c release --product evaluation-bench >&2
"$python" -c "import lm_eval, torch, transformers" 2>/dev/null ||
  { echo "bench-eval: skipped: $python cannot import lm_eval, torch and transformers (set EVAL_PYTHON)"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
field() { sed -nE "s/.*\"$1\": \"?([^,\"}]*).*/\1/p"; }
least() { sort -n | head -1; }

for file in "$@"; do
  name=$(basename "$file" .jsonl)
  : > "$work/ours"; : > "$work/peer"
  for _ in $(seq "$runs"); do
    "$ours" "$model" "$file" "$work/ours.jsonl" "$threads" | tail -1 >> "$work/ours"
    for batch in ${BATCHES:-1 8 32}; do
      "$python" Scripts/peers/lm_eval_requests.py "$model" "$file" "$work/peer.jsonl" "$batch" "$threads" 2> "$work/error" |
        tail -1 | sed "s/^{/{\"batch\": $batch, /" >> "$work/peer"
    done
  done
  echo "bench-eval: $name: $(field requests < "$work/ours" | head -1) requests, $threads threads, $(field arithmetic < "$work/ours" | head -1); torch $(field torch < "$work/peer" | head -1) $(field capability < "$work/peer" | head -1)"
  for kind in seconds cpu_seconds; do
    a=$(field "$kind" < "$work/ours" | least)
    best=$(while read -r line; do echo "$(echo "$line" | field "$kind") $(echo "$line" | field batch)"; done < "$work/peer" | sort -n | head -1)
    echo "$best" | awk -v a="$a" -v kind="$kind" '{ printf "  %-12s ours %8.2f  harness %8.2f (batch %s)  ratio %.2f\n", kind, a, $1, $2, $1 / a }'
  done
  "$python" - "$work/ours.jsonl" "$work/peer.jsonl" <<'END'
import json, sys
ours, peer = ([json.loads(l) for l in open(f, encoding="utf-8")] for f in sys.argv[1:3])
if "logprob" in peer[0]:
    worst = max(abs(a["logprob"] - b["logprob"]) for a, b in zip(ours, peer))
    greedy = sum(a.get("greedy") != b.get("greedy") for a, b in zip(ours, peer))
    print(f"  log-likelihoods differ by {worst:.2e} at most; greedy differs in {greedy}")
else:
    print(f"  texts that are equal: {sum(a['text'] == b['text'] for a, b in zip(ours, peer))} of {len(peer)}")
END
done
