#!/usr/bin/env bash
# Compares ROUGE, stems, BLEU, chrF, SQuAD's scores and the harness' standard errors with sacrebleu,
# rouge_score and NLTK on random texts. Skipped with one line where python3 lacks them.
# Usage: check-metrics.sh [TEXTS [SEED]]     (4000 texts; four times as many stems)
# PYTHON: a Python with the packages (pip install sacrebleu rouge_score nltk). Needs built suites.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" -c 'import nltk, rouge_score, sacrebleu' 2>/dev/null || {
  echo "check-metrics: skipped: $python lacks one of sacrebleu, rouge_score and nltk"
  exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" Scripts/check-metrics.py "${1:-4000}" "${2:-7}" "$work/cases.jsonl" 2>"$work/log" || {
  tail -5 "$work/log"
  exit 1
}
METRICS_CASES=$work/cases.jsonl Scripts/test.sh MetricFixtureTests
echo "check-metrics: $(wc -l < "$work/cases.jsonl") cases equal"
